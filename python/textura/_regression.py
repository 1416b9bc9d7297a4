"""Numbers learned from pictures: a regressor for scikit-learn. Without it it works all the same."""

import json
import os

import numpy as np

from . import _textura
from ._descriptors import descriptor_of
from ._features import Pictures
from ._of_pictures import OfPictures

try:
    from sklearn.base import RegressorMixin
    from sklearn.utils.validation import check_array, check_is_fitted, column_or_1d
except ImportError:
    from ._without_sklearn import RegressorMixin, check_array, check_is_fitted, column_or_1d

# Fewer cannot be left out in turn.
_FEWEST = 3


class TextureRegressor(RegressorMixin, OfPictures):
    """Pictures to numbers, each with an interval: the model that ``textura train --target`` learns.

    Parameters
    ----------
    descriptor : str, os.PathLike or dict, default "default"
        As of :func:`textura.features`.
    loss : {"squared", "huber"}, default "squared"
        What is to become small; "huber" where some numbers are wrong.
    hidden : "auto" or tuple of int, default "auto"
        Units of hidden layers of five networks that are trained by back-propagation and averaged, () for none; "auto" has a radial
        unit for each picture and a closed form, which is better on most sets.
    augment : {"none", "auto"}, default "none"
        "auto": other looks at each picture (with noise, in other light, out of focus) are learned from, but for those that cost
        accuracy.
    settings : dict, optional
        Other settings of the training by the names in a model's file, such as ``{"rate": 0.01, "dropout": 0.2}``: with any, a
        network is trained by back-propagation, of 64 units where `hidden` is "auto".
    interval : float, default 0.9
        The share of right numbers that the intervals of ``predict_interval`` are to hold. Changing it asks for no new
        ``fit``.
    target_names : sequence of str, optional
        What the numbers are called in files and tables: Ra_um. Without it "target", or "target_0" and so on.
    random_state : int, RandomState or None, default 0
        Where random numbers of back-propagation start; None is 0.
    image_shape, float_range, n_jobs
        As of :class:`TextureFeatures`.

    Attributes
    ----------
    out_of_fold_predictions_ : numpy.ndarray
        What would be predicted for each picture that ``fit`` was given without its unit (a group, or a picture and its
        copies): shape of y. A model that was loaded has none.
    n_units_ : int
        Units that intervals are made by; with fewer than 20 an interval is no promise.
    target_names_ : list of str
        The names of the numbers.
    model_ : textura._textura.Regressor
        The model itself.
    n_features_in_ : int
        Pixels a row, where X is a table.

    Notes
    -----
    X as of :class:`TextureFeatures`. The same pictures and settings give the same model, whatever `n_jobs`. At most 2,000
    pictures are learned from, evenly along their numbers.

    Examples
    --------
    >>> import numpy, textura
    >>> random = numpy.random.default_rng(0)
    >>> sizes = random.uniform(5, 40, 40)
    >>> pictures = [numpy.clip(128 + random.normal(size=(48, 48)) * size, 0, 255).astype(numpy.uint8) for size in sizes]
    >>> regressor = textura.TextureRegressor("fast", target_names=["noise"]).fit(pictures[:30], sizes[:30])
    >>> bool(regressor.score(pictures[30:], sizes[30:]) > 0.9)
    True
    >>> low, high = regressor.predict_interval(pictures[30:])
    >>> bool((low < high).all())
    True
    """

    def __init__(
        self,
        descriptor="default",
        *,
        loss="squared",
        hidden="auto",
        augment="none",
        settings=None,
        interval=0.9,
        target_names=None,
        random_state=0,
        image_shape=None,
        float_range=(0.0, 1.0),
        n_jobs=-1,
    ):
        self.descriptor = descriptor
        self.loss = loss
        self.hidden = hidden
        self.augment = augment
        self.settings = settings
        self.interval = interval
        self.target_names = target_names
        self.random_state = random_state
        self.image_shape = image_shape
        self.float_range = float_range
        self.n_jobs = n_jobs

    def fit(self, X, y, groups=None):
        """Learns numbers.

        Parameters
        ----------
        X : as of :class:`TextureFeatures`
        y : array_like
            One number a picture, shape (n,), or several, shape (n, targets); finite.
        groups : sequence, optional
            One for each picture: pictures of one group, such as several exposures of one part, are one unit.

        Raises
        ------
        ValueError
            For fewer than three pictures or units, one that cannot be used, numbers that do not vary, settings that cannot
            be used.
        """
        name = type(self).__name__
        if y is None:
            raise ValueError(f"{name}: requires y to be passed, but the target y is None")
        pictures = Pictures(self._sequence(X, reset=True))
        if pictures.n < _FEWEST:
            raise ValueError(f"{name}: expected at least {_FEWEST} pictures, found {pictures.n} sample(s)")
        values = check_array(y, ensure_2d=False, dtype=np.float64, input_name="y")
        if values.ndim == 2 and values.shape[1] == 1:
            values = column_or_1d(values, warn=True)
        if values.ndim not in (1, 2) or len(values) != pictures.n:
            raise ValueError(f"{name}: expected y with one row a picture, {pictures.n}, found shape {values.shape}")
        groups = None if groups is None else [str(group) for group in groups]
        if groups is not None and len(groups) != pictures.n:
            raise ValueError(f"groups: expected {pictures.n}, one for each picture, found {len(groups)}")
        table = values.reshape(pictures.n, -1)
        try:
            self.model_, answers = _textura.learn_numbers(
                pictures,
                np.ascontiguousarray(table),
                self._names(table.shape[1]),
                groups,
                descriptor_of(self.descriptor),
                self.loss,
                self._network(),
                self.augment,
                float(self.interval),
                self._seed(),
                self._threads(),
            )
        except ValueError:
            pictures.raise_own()
            raise
        self._is_flat = values.ndim == 1
        self.out_of_fold_predictions_ = self._shaped(answers[:, 0::3])
        return self

    def _network(self):
        is_auto = isinstance(self.hidden, str) and self.hidden == "auto"
        if is_auto and not self.settings:
            return None
        hidden = "auto" if is_auto else {"layers": [int(units) for units in self.hidden]}
        return json.dumps({"hidden": hidden, **(self.settings or {})})

    def predict(self, X):
        """The numbers: shape (n,), or (n, targets) where several were learned at once."""
        return self._shaped(self._read(X)[0][:, 0::3])

    def predict_interval(self, X):
        """Both ends of the intervals, each of the shape of ``predict``: they hold about the share `interval` of the right
        numbers of new units like those learned from.
        """
        answers = self._read(X)[0]
        return self._shaped(answers[:, 1::3]), self._shaped(answers[:, 2::3])

    def familiarity(self, X):
        """p-values: about this share of new pictures lies as far from those learned from, or further; shape (n,)."""
        return self._read(X)[1]

    def save(self, path):
        """Writes the model, which ``textura classify``, ``evaluate``, ``map`` and :meth:`load` read."""
        check_is_fitted(self)
        self.model_.save(os.fsdecode(path))

    @classmethod
    def load(cls, path):
        """Reads a model that ``textura train --target`` or :meth:`save` wrote.

        Parameters
        ----------
        path : str or os.PathLike

        Returns
        -------
        TextureRegressor
            Fitted, with the usual parameters.

        Raises
        ------
        OSError
            For a file that cannot be read.
        ValueError
            For a file that is no model of numbers, was altered, or was written by a newer version.
        """
        made = cls()
        made.model_ = _textura.Regressor.load(os.fsdecode(path))
        made.target_names = made.model_.names
        made._is_flat = len(made.model_.names) == 1
        return made

    @property
    def n_units_(self):
        """Units that intervals are made by."""
        return self._fitted("n_units_").n_units

    @property
    def target_names_(self):
        """The names of the numbers."""
        return self._fitted("target_names_").names

    def _fitted(self, name):
        # Whether an estimator is fitted is asked by its attributes.
        if "model_" not in vars(self):
            raise AttributeError(f"this {type(self).__name__} has no {name} yet: call fit first")
        return self.model_

    def _names(self, n):
        if self.target_names is not None:
            names = [str(name) for name in self.target_names]
            if len(names) != n:
                raise ValueError(f"target_names: expected {n}, one for each number, found {len(names)}")
            return names
        return ["target"] if n == 1 else [f"target_{at}" for at in range(n)]

    def _read(self, X):
        check_is_fitted(self)
        pictures = Pictures(self._sequence(X, reset=False))
        answers, familiarity, reasons = self.model_.read(
            pictures.n, pictures, float(self.interval), self._threads()
        )
        pictures.raise_first(reasons)
        return answers, familiarity

    def _shaped(self, columns):
        return np.ascontiguousarray(columns[:, 0] if self._is_flat else columns)

    def __sklearn_tags__(self):
        tags = self._with_picture_tags(super().__sklearn_tags__())
        tags.target_tags.multi_output = True
        # A row of a table is a picture of one row of pixels, unless its shape is known: it has next to no texture.
        tags.regressor_tags.poor_score = True
        return tags
