"""Arrow record batches in and out."""

import os
from functools import lru_cache

from . import _textura
from ._descriptors import descriptor_of

# The compiled part's models: of classes, of good pictures, and of numbers.
_MODELS = (_textura.Model, _textura.Inspector, _textura.Regressor)

# The share of right numbers that intervals are to hold, where nobody says another.
_USUAL_INTERVAL = 0.9


def extract_batch(record_batch, descriptor="default", *, jobs=0):
    """The texture features of every picture of an Arrow record batch.

    Parameters
    ----------
    record_batch : pyarrow.RecordBatch, or any object with ``__arrow_c_array__``
        With a column `path` (text: files), or `bytes` (binary: the contents of picture files), or both, in
        which case the bytes are the picture and the path is its name; perhaps `mask` (text or binary: the
        picture of a mask, null where there is none) and `label` (handed on as it is). Other columns are
        ignored. Nothing is copied on the way in.
    descriptor : str, os.PathLike or dict, default "default"
        As of :func:`textura.features`.
    jobs : int, default 0
        How many threads; 0 for one a core. The result does not depend on it.

    Returns
    -------
    pyarrow.RecordBatch
        One row for each row that went in, in their order: `path`, `label`, `status` ("ok" or "error"), `error`
        (the reason, or null), `width`, `height` (int64), one float64 column a feature, and `flags` (text, what
        was odd, separated by ";"). A picture that cannot be used has the status "error" and nulls.

    Raises
    ------
    ValueError
        For a batch with neither `path` nor `bytes`, a column of another type, or a descriptor that cannot be
        used; never for a picture.
    """
    return _textura.extract_batch(record_batch, descriptor_of(descriptor), jobs)


def classify_batch(record_batch, model, *, reject_at=0.01, interval=None, jobs=0):
    """What a model says of every picture of an Arrow record batch.

    Parameters
    ----------
    record_batch : pyarrow.RecordBatch, or any object with ``__arrow_c_array__``
        As of :func:`extract_batch`.
    model : str, os.PathLike, TextureClassifier, TextureNovelty or TextureRegressor
        A model's file, as ``textura train`` writes it, with ``--normal`` and ``--target`` too, or a fitted estimator.
    reject_at : float or None, default 0.01
        Pictures less familiar than this have the status "rejected" and no label; None rejects nothing.
    interval : float, optional
        With a model of numbers, the share of right numbers that intervals are to hold; without it that of the estimator,
        or 0.9.
    jobs : int, default 0
        As of :func:`extract_batch`.

    Returns
    -------
    pyarrow.RecordBatch
        One row for each row that went in, with the columns that ``textura classify`` writes: `path`, `status`
        ("ok", "rejected" or "error"), `error`, `label`, `probability`, `margin`, `second`,
        `second_probability`, `familiarity`, `p_<class>` for every class, `flags`, and `grade` and
        `grade_spread` where the classes stand for numbers. With a model of good pictures: `path`, `status`, `error`,
        `familiarity`, `anomaly_score`, `worst_x`, `worst_y`, `worst_width`, `worst_height` (int64, the oddest window) and
        `flags`. With a model of numbers: `path`, `status`, `error`, `<name>`, `<name>_low` and `<name>_high` for every number,
        `familiarity` and `flags`; what is rejected keeps its numbers.

    Raises
    ------
    ValueError
        As of :func:`extract_batch`, for a file that is no model, and for a `reject_at` or an `interval` outside 0 to 1.
    OSError
        For a model that cannot be read.
    """
    level = level_of(model, interval)
    return answered_batch(record_batch, model_of(model), limit_of(reject_at), level, jobs)


def answered_batch(record_batch, model, reject_below, level, jobs):
    """The answers of a model of the compiled part, whichever kind it is; intervals of numbers are of `level`."""
    if isinstance(model, _textura.Regressor):
        return _textura.read_batch(record_batch, model, reject_below, level, jobs)
    is_of_good = isinstance(model, _textura.Inspector)
    answer = _textura.inspect_batch if is_of_good else _textura.classify_batch
    return answer(record_batch, model, reject_below, jobs)


def limit_of(reject_at):
    """The familiarity below which pictures are rejected, as a number."""
    if reject_at is None:
        return 0.0
    if not 0.0 <= reject_at <= 1.0:
        raise ValueError(f"reject_at: expected None or a number from 0 to 1, found {reject_at!r}")
    return float(reject_at)


def level_of(model, interval):
    """The level of the intervals of numbers."""
    if interval is None:
        interval = getattr(model, "interval", _USUAL_INTERVAL)
    return float(interval)


def model_of(model):
    """The compiled part's model behind whatever names it."""
    if isinstance(model, _MODELS):
        return model
    if isinstance(model, (str, os.PathLike)):
        path = os.fsdecode(model)
        about = os.stat(path)
        return _loaded(path, about.st_mtime_ns, about.st_size)
    found = getattr(model, "model_", None)
    if isinstance(found, _MODELS):
        return found
    expected = "the path of a model or a fitted TextureClassifier, TextureNovelty or TextureRegressor"
    raise TypeError(f"model: expected {expected}, found {type(model).__name__}")


# A stream of batches is classified by one model, whose file is read once as long as it stays what it is.
@lru_cache(maxsize=4)
def _loaded(path, _modified, _size):
    kinds = (kind for kind in (_textura.Inspector, _textura.Regressor) if kind.is_one(path))
    return next(kinds, _textura.Model).load(path)
