"""Pictures to numbers."""

from . import _textura
from ._descriptors import descriptor_of
from ._pictures import prepare, prepare_mask


def features(image_or_path, descriptor="default", mask=None):
    """The texture features of one picture.

    Parameters
    ----------
    image_or_path : array_like, str, os.PathLike or bytes
        An array of shape (rows, columns), or (rows, columns, 3) for red, green and blue, of any integer dtype
        of at most 16 bits, contiguous or not; or the path of a picture file; or the bytes of one. Arrays of
        8 bits range from 0 to 255, those of 16 bits from 0 to 65,535. A list or tuple of several goes to
        :func:`features_batch`.
    descriptor : str, os.PathLike or dict, default "default"
        Which features: the name of a preset ("default", "fast", "full", "ibsi"), a JSON file, or what such a
        file holds.
    mask : array_like, str, os.PathLike or bytes, optional
        An array of bools or integers of shape (rows, columns), or a picture of that size: only where it is not
        0 is measured.

    Returns
    -------
    numpy.ndarray
        Shape (columns,), float64, in the order of :func:`feature_names`, all finite: the same bits that
        ``textura score`` writes for a file with these pixels.

    Raises
    ------
    TypeError
        For an array of another dtype.
    ValueError
        For an array of another shape or with negative values, a file that holds no whole picture, a mask that
        does not fit or is empty, a descriptor that cannot be used.
    OSError
        For a file that cannot be read.

    Examples
    --------
    >>> import numpy, textura
    >>> stripes = numpy.tile(numpy.array([0, 0, 200, 200], numpy.uint8), (32, 8))
    >>> textura.features(stripes, "fast").shape
    (90,)
    """
    if isinstance(image_or_path, (list, tuple)):
        return features_batch(image_or_path, descriptor, mask)
    picture = prepare(image_or_path)
    return _textura.features_of(picture, prepare_mask(mask), descriptor_of(descriptor))


def features_batch(images, descriptor="default", masks=None, *, jobs=0, errors="raise", output="numpy"):
    """The texture features of many pictures at once, by several threads; Python's lock is not held meanwhile.

    Parameters
    ----------
    images : sequence
        Pictures as :func:`features` takes them, arrays, paths and bytes mixed as you like; or one array of
        shape (n, rows, columns) or (n, rows, columns, 3).
    descriptor : str, os.PathLike or dict, default "default"
        As of :func:`features`.
    masks : sequence, optional
        One mask, or None, for each picture.
    jobs : int, default 0
        How many threads; 0 for one a core. The numbers do not depend on it.
    errors : {"raise", "nan"}, default "raise"
        What a picture that cannot be used becomes: an error, or a row of NaN.
    output : {"numpy", "pandas", "arrow"}, default "numpy"
        A numpy array, a pandas.DataFrame or a pyarrow.RecordBatch; the last two have the names of the features
        as their columns.

    Returns
    -------
    numpy.ndarray, pandas.DataFrame or pyarrow.RecordBatch
        Shape (n, columns), in the order of the pictures.

    Raises
    ------
    TypeError, ValueError
        As :func:`features`, for the first picture that cannot be used, unless `errors` is "nan"; where there is
        not one mask a picture. Files that cannot be read are a ValueError here.
    """
    if errors not in ("raise", "nan"):
        raise ValueError(f"errors: expected 'raise' or 'nan', found {errors!r}")
    if output not in ("numpy", "pandas", "arrow"):
        raise ValueError(f"output: expected 'numpy', 'pandas' or 'arrow', found {output!r}")
    checked = descriptor_of(descriptor)
    pictures = Pictures(images, masks)
    values, reasons = _textura.features_of_many(pictures.n, pictures, checked, jobs)
    if errors == "raise":
        pictures.raise_first(reasons)
    return _as(output, values, checked.names)


def feature_names(descriptor="default"):
    """The names of the features of a descriptor, in their order.

    Parameters
    ----------
    descriptor : str, os.PathLike or dict, default "default"
        As of :func:`features`.

    Returns
    -------
    list of str

    Examples
    --------
    >>> import textura
    >>> textura.feature_names("fast")[0]
    'glcm_d1_mean_contrast'
    """
    return descriptor_of(descriptor).names


class Pictures:
    """Pictures and their masks by number, as the compiled part asks for them, when their turn comes."""

    def __init__(self, images, masks=None):
        if isinstance(images, (str, bytes)) or not hasattr(images, "__len__"):
            raise TypeError(f"images: expected a sequence of pictures, found {type(images).__name__}")
        self.n = len(images)
        if masks is not None and len(masks) != self.n:
            raise ValueError(f"masks: expected {self.n}, one for each picture, found {len(masks)}")
        # A series of pandas is indexed by its labels.
        self._images = images.to_numpy() if hasattr(images, "to_numpy") else images
        self._masks = masks
        self._errors = {}

    def __call__(self, at):
        try:
            mask = None if self._masks is None else self._masks[at]
            return prepare(self._images[at], f"picture {at}"), prepare_mask(mask)
        except Exception as error:
            self._errors[at] = error
            raise

    def raise_first(self, reasons):
        """Raises the error of the first picture that has a reason for one."""
        for at, reason in enumerate(reasons):
            if reason is not None:
                raise self._errors.get(at) or ValueError(reason)

    def raise_own(self):
        """Raises the first error that was met here, if any was."""
        for at in sorted(self._errors):
            raise self._errors[at]


def _as(output, values, names):
    if output == "pandas":
        import pandas

        return pandas.DataFrame(values, columns=names)
    if output == "arrow":
        import pyarrow

        columns = [pyarrow.array(column, from_pandas=True) for column in values.T]
        return pyarrow.RecordBatch.from_arrays(columns, names=names)
    return values
