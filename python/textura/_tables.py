"""What estimators take: pictures in any of the forms in which scikit-learn's users have them."""

import os
import warnings

import numpy as np


def is_table(X):
    """Whether X is a table of numbers, one row a picture, rather than a sequence of pictures."""
    if isinstance(X, (list, tuple)):
        return bool(X) and not _is_picture(X[0])
    shape = getattr(X, "shape", None)
    if shape is None:
        return True
    if len(shape) >= 3:
        return False
    return not _holds_pictures(X)


def pictures_of(X):
    """A sequence of pictures: paths, bytes or arrays."""
    if isinstance(X, (list, tuple)):
        return list(X)
    array = X.to_numpy() if hasattr(X, "to_numpy") else X
    # A data frame with one column of paths.
    return array[:, 0] if array.ndim == 2 else array


def _is_picture(value):
    return isinstance(value, (str, os.PathLike, bytes, bytearray)) or np.ndim(value) >= 2


def _holds_pictures(X):
    array = X.to_numpy() if hasattr(X, "to_numpy") else X
    dtype = getattr(array, "dtype", None)
    if dtype is None or dtype.kind not in "OUST":
        return False
    is_list = array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 1)
    return is_list and array.size != 0 and _is_picture(array.reshape(-1)[0])


def rows_as_pictures(table, image_shape, what):
    """Rows of a table, each the pixels of a picture row by row: shape (n, rows, columns) or with colours (n, rows,
    columns, 3). Without a shape, each is a picture of one row of pixels."""
    n, n_pixels = table.shape
    shape = (1, n_pixels) if image_shape is None else tuple(image_shape)
    if int(np.prod(shape)) != n_pixels:
        raise ValueError(f"{what}: expected rows of {np.prod(shape)} pixels, as image_shape says, found {n_pixels}")
    return table.reshape(n, *shape)


def whole_numbers(array, float_range, what):
    """Pixels as uint8 or uint16: integers as they are, floats spread over 16 bits.

    Floats beyond `float_range` are moved to its nearest end, with a warning.
    """
    array = np.asarray(array)
    if array.dtype.kind == "b":
        return array.astype(np.uint8)
    if array.dtype.kind in "ui":
        if array.dtype.itemsize <= 2:
            _refuse_negative(array, what)
            return array if array.dtype.kind == "u" else array.view(f"u{array.dtype.itemsize}")
        _refuse_negative(array, what)
        if array.size and array.max() > 65535:
            raise ValueError(f"{what}: expected integers up to 65535, found {array.max()}")
        return array.astype(np.uint16)
    if array.dtype.kind != "f":
        raise TypeError(f"{what}: expected pictures of numbers, found {array.dtype}")
    low, high = float_range
    if not low < high:
        raise ValueError(f"float_range: expected two rising numbers, found {float_range!r}")
    if low >= 0:
        _refuse_negative(array, what)
    if not np.isfinite(array).all():
        raise ValueError(f"{what}: expected finite numbers, found NaN or infinity")
    shares = (array.astype(np.float64) - low) / (high - low)
    if array.size and (shares.min() < 0 or shares.max() > 1):
        message = f"{what}: some values lie beyond float_range {low, high} and were moved to its nearest end"
        warnings.warn(message, stacklevel=2)
    return np.rint(np.clip(shares, 0, 1) * 65535).astype(np.uint16)


def _refuse_negative(array, what):
    if array.size and array.min() < 0:
        raise ValueError(f"Negative values in data passed to {what}: pictures have none")
