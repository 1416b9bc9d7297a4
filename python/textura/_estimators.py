"""Estimators for scikit-learn. Without it they work all the same, outside pipelines and searches."""

import json
import os

import numpy as np

from . import _textura
from ._arrow import limit_of
from ._descriptors import descriptor_of
from ._features import Pictures
from ._of_pictures import OfPictures

try:
    from sklearn.base import ClassifierMixin, TransformerMixin
    from sklearn.utils.validation import check_is_fitted
except ImportError:
    from ._without_sklearn import ClassifierMixin, TransformerMixin, check_is_fitted


def load(path):
    """Reads a model that ``textura train`` or :meth:`TextureClassifier.save` wrote.

    Parameters
    ----------
    path : str or os.PathLike

    Returns
    -------
    TextureClassifier
        Fitted; its classes are the names in the file.

    Raises
    ------
    OSError
        For a file that cannot be read.
    ValueError
        For a file that is no model, was altered, or was written by a newer version; for models of good pictures and
        of numbers, which :meth:`textura.TextureNovelty.load` and :meth:`textura.TextureRegressor.load` read.
    """
    name = os.fsdecode(path)
    if _textura.Inspector.is_one(name):
        found = "one of good pictures (of `textura train --normal`)"
        raise ValueError(f"{name}: expected a model of classes, found {found}; use textura.TextureNovelty.load")
    if _textura.Regressor.is_one(name):
        found = "one of numbers (of `textura train --target`)"
        raise ValueError(f"{name}: expected a model of classes, found {found}; use textura.TextureRegressor.load")
    return TextureClassifier._of(_textura.Model.load(name))


class TextureFeatures(TransformerMixin, OfPictures):
    """Pictures to texture features, for pipelines.

    Parameters
    ----------
    descriptor : str, os.PathLike or dict, default "default"
        As of :func:`textura.features`.
    image_shape : tuple of int, optional
        Where X is a table, the shape of the picture in each row, (rows, columns) or (rows, columns, 3). Without
        it each row is a picture of one row of pixels.
    float_range : tuple of float, default (0.0, 1.0)
        Where pixels are floats, which values are black and white. What lies beyond is moved to the nearest end,
        with a warning.
    n_jobs : int or None, default -1
        How many threads: None is one, -1 one a core.

    Attributes
    ----------
    n_features_in_ : int
        Pixels a row, where X is a table.

    Notes
    -----
    X is a sequence of pictures, each an array, a path or the bytes of a file; or an array of shape (n, rows,
    columns) or (n, rows, columns, 3); or a table (n, pixels), as scikit-learn's own data sets have pictures.
    Nothing is learned, so ``transform`` needs no ``fit``.

    Examples
    --------
    >>> import numpy, textura
    >>> noise = numpy.random.default_rng(0).integers(0, 256, (5, 32, 32), numpy.uint8)
    >>> textura.TextureFeatures("fast").fit_transform(noise).shape
    (5, 90)
    """

    def __init__(self, descriptor="default", *, image_shape=None, float_range=(0.0, 1.0), n_jobs=-1):
        self.descriptor = descriptor
        self.image_shape = image_shape
        self.float_range = float_range
        self.n_jobs = n_jobs

    def fit(self, X, y=None):
        """Checks X and the descriptor. `y` is ignored."""
        self._sequence(X, reset=True)
        descriptor_of(self.descriptor)
        return self

    def transform(self, X):
        """Shape (n, columns), float64.

        Raises
        ------
        ValueError
            For the first picture that cannot be used.
        """
        pictures = Pictures(self._sequence(X, reset=False))
        checked = descriptor_of(self.descriptor)
        values, reasons = _textura.features_of_many(pictures.n, pictures, checked, self._threads())
        pictures.raise_first(reasons)
        return values

    def get_feature_names_out(self, input_features=None):
        """The names of the columns. `input_features` is ignored."""
        return np.asarray(descriptor_of(self.descriptor).names, dtype=object)

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = self._with_picture_tags(super().__sklearn_tags__())
        tags.requires_fit = False
        return tags


class TextureClassifier(ClassifierMixin, OfPictures):
    """Pictures to classes: the network that ``textura train`` fits.

    Parameters
    ----------
    descriptor : str, os.PathLike or dict, default "default"
        As of :func:`textura.features`.
    hidden : "auto" or tuple of int, default "auto"
        Units of the hidden layers; "auto" lets pictures left out in turn choose none or 64.
    augment : {"auto", "none"}, default "auto"
        Whether other looks at each picture (with noise, in other light, out of focus, smaller, larger) are learned
        from, but for those that cost accuracy.
    epochs : int, default 100
        Times through all looks at all pictures, at the most; after a start in closed form at most 24.
    settings : dict, optional
        Other settings of the fit by the names in a model's file, such as ``{"rate": 0.01, "dropout": 0.2}``.
    tile : int, optional
        The side of windows that learn, and vote, instead of whole pictures.
    holdout : float, default 0.0
        The share of the pictures kept back to measure the model, chosen by their content. ``textura train`` keeps
        0.2; 0 leaves measuring to scikit-learn.
    reject_at : float, optional
        ``predict`` gives pictures less familiar than this the `rejected_label`. ``textura classify`` takes 0.01.
    rejected_label : optional
        Default: -1 where the classes are numbers, "" where they are texts.
    random_state : int, RandomState or None, default 0
        Where random numbers start; None is 0.
    image_shape, float_range, n_jobs
        As of :class:`TextureFeatures`.

    Attributes
    ----------
    classes_ : numpy.ndarray
        The labels, in the order of the columns of ``predict_proba``.
    remarks_ : list of str
        What the training noticed: odd pictures, labels that contradict each other, reasons not to learn.
    holdout_accuracy_ : float or None
        On the pictures kept back.
    model_ : textura._textura.Model
        The model itself.
    n_features_in_ : int
        Pixels a row, where X is a table.

    Notes
    -----
    X as of :class:`TextureFeatures`. The same pictures, labels, settings and `random_state` give the same model,
    whatever `n_jobs`.

    Examples
    --------
    >>> import numpy, textura
    >>> random = numpy.random.default_rng(0)
    >>> noise = random.integers(0, 256, (12, 32, 32), numpy.uint8)
    >>> coarse = noise[:, ::4, ::4].repeat(4, axis=1).repeat(4, axis=2)
    >>> classifier = textura.TextureClassifier("fast", augment="none", hidden=())
    >>> fitted = classifier.fit(numpy.concatenate([noise, coarse]), ["fine"] * 12 + ["coarse"] * 12)
    >>> fitted.predict(noise[:1] // 2 + 50).tolist()
    ['fine']
    """

    def __init__(
        self,
        descriptor="default",
        *,
        hidden="auto",
        augment="auto",
        epochs=100,
        settings=None,
        tile=None,
        holdout=0.0,
        reject_at=None,
        rejected_label=None,
        random_state=0,
        image_shape=None,
        float_range=(0.0, 1.0),
        n_jobs=-1,
    ):
        self.descriptor = descriptor
        self.hidden = hidden
        self.augment = augment
        self.epochs = epochs
        self.settings = settings
        self.tile = tile
        self.holdout = holdout
        self.reject_at = reject_at
        self.rejected_label = rejected_label
        self.random_state = random_state
        self.image_shape = image_shape
        self.float_range = float_range
        self.n_jobs = n_jobs

    def fit(self, X, y):
        """Learns from labelled pictures.

        Raises
        ------
        ValueError
            For fewer than two classes, a picture that cannot be used, settings that cannot.
        """
        pictures = self._sequence(X, reset=True)
        labels = self._labels(y, len(pictures))
        self._learn(pictures, labels, np.unique(labels))
        return self

    def partial_fit(self, X, y, classes=None):
        """Goes on learning, as ``textura retrain`` does: from these pictures and from the sample of earlier ones
        that the model remembers. Labels that were not there before become classes.

        The first call fits; its pictures must be of two classes at least. `classes` names those to come, whose
        probabilities are 0 until then.
        """
        is_first = not hasattr(self, "model_")
        pictures = self._sequence(X, reset=is_first)
        labels = self._labels(y, len(pictures))
        known = [np.unique(labels)]
        if classes is not None:
            known.append(np.asarray(classes))
        if is_first:
            self._learn(pictures, labels, np.unique(np.concatenate(known)))
            return self
        known.append(self.classes_)
        names = [str(label) for label in labels]
        given = Pictures(pictures)
        try:
            self.model_, self.remarks_ = _textura.retrain(
                self.model_,
                given,
                names,
                sorted(set(names)),
                self._settings(),
                self._seed(),
                self._threads(),
            )
        except ValueError:
            given.raise_own()
            raise
        self.classes_ = np.unique(np.concatenate(known))
        self.holdout_accuracy_ = self.model_.accuracy
        return self

    def predict_proba(self, X):
        """The probability of every class: shape (n, classes), each row sums to 1."""
        return self._answers(X)[0]

    def predict(self, X):
        """The most probable class of each picture, or the `rejected_label`: shape (n,)."""
        probabilities, familiarity = self._answers(X)
        labels = self.classes_[probabilities.argmax(axis=1)]
        limit = limit_of(self.reject_at)
        if limit == 0.0:
            return labels
        rejected = self.rejected_label
        if rejected is None:
            rejected = "" if self.classes_.dtype.kind in "OUST" else -1
        dtype = np.result_type(labels.dtype, np.asarray(rejected).dtype)
        return np.where(familiarity < limit, np.asarray(rejected, dtype), labels.astype(dtype))

    def familiarity(self, X):
        """How much each picture looks like the training pictures of the class it is given, 0 to 1: shape (n,)."""
        return self._answers(X)[1]

    def save(self, path):
        """Writes the model, which ``textura classify`` and :func:`load` read. Labels become texts."""
        check_is_fitted(self)
        self.model_.save(os.fsdecode(path))

    @classmethod
    def _of(cls, model):
        made = cls(tile=model.tile)
        made.model_ = model
        made.classes_ = np.asarray(model.classes)
        made.remarks_ = []
        made.holdout_accuracy_ = model.accuracy
        return made

    def _learn(self, pictures, labels, classes):
        names = [str(label) for label in labels]
        seen = [str(label) for label in np.unique(labels)]
        if len(seen) < 2:
            raise ValueError(f"y: expected at least two classes, found one class: {seen}")
        given = Pictures(pictures)
        try:
            self.model_, self.remarks_ = _textura.train(
                given,
                names,
                seen,
                descriptor_of(self.descriptor),
                self._settings(),
                self._seed(),
                self.holdout,
                self.tile,
                self._threads(),
            )
        except ValueError:
            given.raise_own()
            raise
        self.classes_ = classes
        self.holdout_accuracy_ = self.model_.accuracy

    def _answers(self, X):
        check_is_fitted(self)
        pictures = Pictures(self._sequence(X, reset=False))
        found, familiarity, reasons = self.model_.predict(pictures.n, pictures, self._threads())
        pictures.raise_first(reasons)
        places = {str(label): at for at, label in enumerate(self.classes_)}
        probabilities = np.zeros((pictures.n, len(self.classes_)))
        probabilities[:, [places[name] for name in self.model_.classes]] = found
        return probabilities, familiarity

    def _labels(self, y, n_pictures):
        if y is None:
            message = f"{type(self).__name__} requires y to be passed, but the target y is None"
            raise ValueError(message)
        try:
            from sklearn.utils import check_consistent_length, column_or_1d
            from sklearn.utils.multiclass import check_classification_targets
            from sklearn.utils.validation import assert_all_finite

            labels = column_or_1d(y, warn=True)
            assert_all_finite(labels, input_name="y")
            check_classification_targets(labels)
            check_consistent_length(range(n_pictures), labels)
        except ImportError:
            labels = np.asarray(y)
            if labels.shape != (n_pictures,):
                raise ValueError(f"y: expected one label for each of {n_pictures} pictures") from None
        return labels

    def _settings(self):
        is_auto = isinstance(self.hidden, str) and self.hidden == "auto"
        hidden = "auto" if is_auto else {"layers": [int(units) for units in self.hidden]}
        chosen = {"hidden": hidden, "augment": self.augment, "epochs": self.epochs}
        return json.dumps({**chosen, **(self.settings or {})})

    def __sklearn_tags__(self):
        return self._with_picture_tags(super().__sklearn_tags__())


def expected_failed_checks(estimator):
    """scikit-learn's checks that do not suit estimators of pictures, each with the reason: for the argument
    `expected_failed_checks` of ``sklearn.utils.estimator_checks.check_estimator``.

    Parameters
    ----------
    estimator : TextureFeatures, TextureClassifier, TextureNovelty or TextureRegressor

    Returns
    -------
    dict
        From names of checks to reasons.
    """
    if isinstance(estimator, TextureClassifier):
        return {
            "check_classifiers_train": "asks for a good score on points in a plane, which as pictures are two pixels "
            "side by side: they have no texture, and mirrored ones have equal features"
        }
    return {}
