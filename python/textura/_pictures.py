"""What counts as a picture: checked here, so that the compiled part sees only what it can take."""

import os

import numpy as np

_DTYPES = "an integer dtype of at most 16 bits (uint8, uint16, int8, int16)"
_SHAPES = "shape (rows, columns) or (rows, columns, 3), none of them 0"


def prepare(picture, what="picture"):
    """A path, the bytes of a picture file, or an array of uint8 or uint16.

    Raises
    ------
    TypeError
        For a dtype that no picture has.
    ValueError
        For a shape that no picture has, and for negative values.
    """
    if isinstance(picture, (str, os.PathLike)):
        return os.fsdecode(picture)
    if isinstance(picture, (bytes, bytearray)):
        return bytes(picture)
    array = np.asarray(picture)
    _check_dtype(array, what)
    _check_shape(array, what)
    if array.dtype.kind == "i":
        if array.min() < 0:
            raise ValueError(f"{what}: expected values of at least 0, found {array.min()}; shift them")
        array = array.astype(array.dtype.newbyteorder("="), copy=False)
        array = array.view(f"u{array.dtype.itemsize}")
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    return np.require(array, requirements="A")


def prepare_mask(mask):
    """A path, the bytes of a picture file, or an array of uint8: inside is what is not 0."""
    if mask is None or isinstance(mask, (str, os.PathLike, bytes, bytearray)):
        return None if mask is None else prepare(mask, "mask")
    array = np.asarray(mask)
    if array.dtype.kind not in "bui":
        raise TypeError(f"mask: expected a bool or integer dtype, found {array.dtype}; compare it first")
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"mask: expected shape (rows, columns), found {array.shape}")
    return np.ascontiguousarray(array != 0).view(np.uint8)


def _check_dtype(array, what):
    if array.dtype.kind in "ui" and array.dtype.itemsize <= 2:
        return
    if array.dtype.kind == "f":
        advice = "bring the values to whole numbers first, for instance by skimage.util.img_as_ubyte"
    elif array.dtype.kind == "b":
        advice = "use .astype(numpy.uint8)"
    elif array.dtype.kind in "ui":
        advice = "use .astype(numpy.uint16), where the values fit"
    else:
        advice = "give a path, the bytes of a file, or an array of numbers"
    raise TypeError(f"{what}: expected {_DTYPES}, found {array.dtype}; {advice}")


def _check_shape(array, what):
    is_gray = array.ndim == 2
    is_color = array.ndim == 3 and array.shape[2] == 3
    if (is_gray or is_color) and array.size != 0:
        return
    advice = ""
    if array.ndim == 3 and array.shape[2] == 4:
        advice = "; leave out the transparency: image[..., :3]"
    elif array.ndim == 3 and array.shape[2] == 1:
        advice = "; leave out the last axis: image[..., 0]"
    elif array.ndim in (3, 4):
        advice = "; many pictures go to features_batch"
    raise ValueError(f"{what}: expected {_SHAPES}, found {array.shape}{advice}")
