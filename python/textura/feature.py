"""scikit-image's functions for texture, by the kernels of textura.

``from skimage.feature import graycomatrix, graycoprops, local_binary_pattern, multiblock_lbp`` may become
``from textura.feature import ...``: arguments, results, dtypes, errors and warnings are those of scikit-image 0.26.
Statistics agree to the last digits but not in every bit; counts, and local binary patterns, are equal.
"""

import math
import operator
import warnings

import numpy as np

from . import _textura

__all__ = ["graycomatrix", "graycoprops", "local_binary_pattern", "multiblock_lbp"]


def graycomatrix(image, distances, angles, levels=None, symmetric=False, normed=False):
    """How often one grey level stands at a distance and an angle from another.

    Parameters
    ----------
    image : array_like
        Shape (rows, columns), of any integer dtype, no value negative.
    distances : array_like
        Distances in pixels, shape (n,).
    angles : array_like
        Angles in radians, shape (m,). The second pixel of a pair lies ``sin(angle) * distance`` rows down and
        ``cos(angle) * distance`` columns to the right, both rounded to the nearest whole number, halves away
        from zero.
    levels : int, optional
        The side of the matrices, more than the largest value; needed for other dtypes than uint8 and int8,
        where it is 256.
    symmetric : bool, default False
        Whether both orders of every pair are counted.
    normed : bool, default False
        Whether each matrix is divided by its sum.

    Returns
    -------
    numpy.ndarray
        Shape (levels, levels, n, m), uint32, or float64 if `normed`.

    Raises
    ------
    ValueError
        For images of floats, other shapes, negative values, values of `levels` or more, missing levels.
    TypeError
        For bools, complex numbers, and levels that are no integer.
    """
    _check_dimensions(image, 2, "image")
    _check_dimensions(distances, 1, "distances")
    _check_dimensions(angles, 1, "angles")
    image = np.asarray(image)
    largest = image.max()
    if np.issubdtype(image.dtype, np.floating):
        raise ValueError(
            "Float images are not supported by graycomatrix. Convert the image to an unsigned integer type."
        )
    if image.dtype not in (np.uint8, np.int8) and levels is None:
        raise ValueError(
            "The levels argument is required for data types other than uint8. The resulting matrix will be at "
            "least levels ** 2 in size."
        )
    if np.issubdtype(image.dtype, np.signedinteger) and np.any(image < 0):
        raise ValueError("Negative-valued images are not supported.")
    if levels is None:
        levels = 256
    if largest >= levels:
        raise ValueError(
            "The maximum grayscale value in the image should be smaller than the number of levels."
        )
    levels = operator.index(levels)
    if image.dtype.kind not in "iu":
        raise TypeError(f"expected an image of integers, found {image.dtype}")
    distances = np.asarray(distances, dtype=np.float64)
    angles = np.asarray(angles, dtype=np.float64)
    offsets = [
        (_rounded(math.sin(angle) * distance), _rounded(math.cos(angle) * distance))
        for distance in distances
        for angle in angles
    ]
    shape = (len(distances), len(angles))
    if levels > 2**16:
        raise ValueError(f"levels: expected at most 65536, found {levels}")
    levels_of_pixels = image.astype(np.uint16)
    return _textura.count_pairs(levels_of_pixels, offsets, shape, levels, bool(symmetric), bool(normed))


def graycoprops(P, prop="contrast"):
    """A statistic of co-occurrence matrices.

    Parameters
    ----------
    P : numpy.ndarray
        Matrices, shape (levels, levels, n, m): counts or shares. Each is divided by its sum first.
    prop : str, default "contrast"
        "contrast", "dissimilarity", "homogeneity", "ASM", "energy", "correlation", "mean", "variance", "std"
        or "entropy" (in nats).

    Returns
    -------
    numpy.ndarray
        Shape (n, m), float64. A matrix of zeros has the correlation 1 and everything else 0.

    Raises
    ------
    ValueError
        For other shapes and other names.
    """
    _check_dimensions(P, 4, "P")
    n_rows, n_columns, _, _ = P.shape
    if n_rows != n_columns:
        raise ValueError("num_level and num_level2 must be equal.")
    found = _textura.properties(P.astype(np.float64, copy=False), prop) if isinstance(prop, str) else None
    if found is None:
        raise ValueError(f"{prop} is an invalid property")
    return found


def local_binary_pattern(image, P, R, method="default"):
    """The local binary pattern of every pixel.

    Parameters
    ----------
    image : numpy.ndarray
        Shape (rows, columns). Images of floats give a warning, since small differences then decide.
    P : int
        Samples on the ring, at most 31 except for "var".
    R : float
        Its radius in pixels.
    method : str, default "default"
        "default" (the pattern as a number), "ror" (its smallest turn), "uniform" (the number of ones where the
        pattern changes at most twice, P + 1 otherwise), "nri_uniform" (the same with each direction by itself),
        "var" (the variance of the samples, NaN where it is 0). Upper and lower case are the same.

    Returns
    -------
    numpy.ndarray
        Shape (rows, columns), float64. Beyond the border there are zeros.

    Raises
    ------
    ValueError
        For other shapes and a P that cannot be used.
    KeyError
        For other methods.
    """
    _check_dimensions(image, 2, "image")
    methods = ("default", "ror", "uniform", "nri_uniform", "var")
    names = {name: name for name in methods}
    if np.issubdtype(image.dtype, np.floating):
        warnings.warn(
            "Applying `local_binary_pattern` to floating-point images may "
            "give unexpected results when small numerical differences between "
            "adjacent pixels are present. It is recommended to use this "
            "function with images of integer dtype.",
            stacklevel=2,
        )
    image = np.ascontiguousarray(image, dtype=np.float64)
    method = names[method.lower()]
    n_samples = int(P)
    if n_samples < 0:
        raise ValueError("negative dimensions are not allowed")
    radius = _real(R)
    angles = 2 * np.pi * np.arange(n_samples, dtype=np.float64) / n_samples if n_samples else np.zeros(0)
    rows = np.round(-radius * np.sin(angles), 5)
    columns = np.round(radius * np.cos(angles), 5)
    return _textura.ring_patterns(image, rows.tolist(), columns.tolist(), radius, method)


def multiblock_lbp(int_image, r, c, width, height):
    """The local binary pattern of nine blocks.

    Parameters
    ----------
    int_image : array_like
        An integral image, shape (rows, columns).
    r, c : int
        Row and column of the top left corner of the first block.
    width, height : int
        Of every block.

    Returns
    -------
    int
        0 to 255; the highest bit belongs to the block at the top left, the next ones follow clockwise, and a bit
        is set where the sum of the block is at least that of the middle one.

    Raises
    ------
    IndexError
        Where the blocks do not lie inside the image (scikit-image reads beyond it).
    TypeError
        For an image of another number of dimensions, and for numbers that are no integers.
    """
    int_image = np.ascontiguousarray(int_image, dtype=np.float32)
    if int_image.ndim != 2:
        raise TypeError(f"expected an integral image of 2 dimensions, found {int_image.ndim}")
    place = [operator.index(number) for number in (r, c, width, height)]
    return _textura.multiblock_code(int_image, *place)


def _check_dimensions(array, n_dimensions, name):
    array = np.asanyarray(array)
    if array.size == 0:
        raise ValueError(f"The parameter `{name}` cannot be an empty array")
    if array.ndim != n_dimensions:
        raise ValueError(f"The parameter `{name}` must be a {n_dimensions}-dimensional array")


def _rounded(length):
    """The nearest whole number, halves away from zero."""
    return int(length + 0.5) if length > 0.0 else int(length - 0.5)


def _real(number):
    if isinstance(number, (str, bytes)):
        raise TypeError(f"must be real number, not {type(number).__name__}")
    return float(number)
