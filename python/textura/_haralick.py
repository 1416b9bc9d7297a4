"""mahotas' Haralick features, by the kernels of textura."""

import operator

import numpy as np

from . import _textura

# Right, down right, down, down left.
_PLANE = [(0, 1), (1, 1), (1, 0), (1, -1)]

# One of each pair of opposite directions in space, in mahotas' order.
_SPACE = [
    (1, 0, 0),
    (1, 1, 0),
    (0, 1, 0),
    (1, -1, 0),
    (0, 0, 1),
    (1, 0, 1),
    (0, 1, 1),
    (1, 1, 1),
    (1, -1, 1),
    (1, 0, -1),
    (0, 1, -1),
    (1, 1, -1),
    (1, -1, -1),
]


def haralick(
    f,
    ignore_zeros=False,
    preserve_haralick_bug=False,
    compute_14th_feature=False,
    return_mean=False,
    return_mean_ptp=False,
    use_x_minus_y_variance=False,
    distance=1,
):
    """Haralick's features in every direction, as ``mahotas.features.haralick`` has them.

    Parameters
    ----------
    f : numpy.ndarray
        Shape (rows, columns), or three dimensions, of any integer dtype, no value negative. Every value is a grey
        level of its own, so the largest one decides the size of the matrices.
    ignore_zeros : bool, default False
        Whether pairs with a pixel of 0 are left out.
    preserve_haralick_bug : bool, default False
        Whether the sum variance is taken about the sum entropy, as a misprint in the paper says.
    compute_14th_feature : bool, default False
        Whether there is a 14th feature, mahotas' maximal correlation coefficient.
    return_mean : bool, default False
        Whether only the means over the directions are returned.
    return_mean_ptp : bool, default False
        Whether the means are returned and then the largest less the smallest values.
    use_x_minus_y_variance : bool, default False
        Whether the difference variance is that of the differences, rather than that of their probabilities.
    distance : int, default 1
        Between the pixels of a pair, in pixels; on a diagonal so many rows and columns.

    Returns
    -------
    numpy.ndarray
        float64, shape (4, 13), of three dimensions (13, 13); 14 columns if `compute_14th_feature`; of
        `return_mean` shape (13,) or (14,), of `return_mean_ptp` twice as long.

    Raises
    ------
    TypeError
        For other dtypes than integers and bools.
    ValueError
        For other shapes, negative values, a direction without a pair, and for both `return_mean` and
        `return_mean_ptp`.
    """
    if f.dtype.kind not in "iub":
        raise TypeError(f"textura.haralick: expected an integer dtype, found {f.dtype}")
    if f.ndim not in (2, 3):
        raise ValueError(f"textura.haralick: expected 2 or 3 dimensions, found {f.ndim}")
    largest = int(f.max())
    if return_mean and return_mean_ptp:
        raise ValueError("textura.haralick: `return_mean` and `return_mean_ptp` exclude each other")
    distance = operator.index(distance)
    if distance < 0:
        raise ValueError(f"textura.haralick: expected a distance of at least 0, found {distance}")
    if f.min() < 0:
        raise ValueError(f"textura.haralick: expected values of at least 0, found {f.min()}")
    if largest >= 2**16:
        raise ValueError(f"textura.haralick: expected values below 65536, found {largest}")
    directions = _PLANE if f.ndim == 2 else _SPACE
    found = _textura.haralick_of_counts(
        f.astype(np.uint16),
        largest + 1,
        [[distance * step for step in direction] for direction in directions],
        bool(ignore_zeros),
        bool(preserve_haralick_bug),
        bool(use_x_minus_y_variance),
        bool(compute_14th_feature),
    )
    if found is None:
        raise ValueError(
            "textura.haralick: the input is empty: some direction has no pair, which `ignore_zeros` can cause"
        )
    features, shares = found
    if compute_14th_feature:
        last = [_correlation_of_rows(matrix) for matrix in shares]
        features = np.column_stack([features, last])
    if return_mean:
        return features.mean(axis=0)
    if return_mean_ptp:
        return np.concatenate([features.mean(axis=0), np.ptp(features, axis=0)])
    return features


def _correlation_of_rows(matrix):
    """The root of the second largest eigenvalue of how the rows of a matrix correlate: mahotas' reading of the
    maximal correlation coefficient. Rows without a pair are left out."""
    occupied = matrix.any(axis=0)
    matrix = matrix[occupied][:, occupied]
    if len(matrix) <= 2:
        return 0.0
    return np.sqrt(np.linalg.eigvalsh(np.corrcoef(matrix))[-2])
