"""Good pictures only: an outlier detector for scikit-learn. Without it it works all the same."""

import os

import numpy as np

from . import _textura
from ._arrow import limit_of
from ._descriptors import descriptor_of
from ._features import Pictures
from ._of_pictures import OfPictures
from ._pictures import prepare
from ._tables import is_table

try:
    from sklearn.base import OutlierMixin
    from sklearn.utils.validation import check_is_fitted
except ImportError:
    from ._without_sklearn import OutlierMixin, check_is_fitted

# Fewer cannot be parted into those to learn from and those to judge.
_FEWEST = 3


class TextureNovelty(OutlierMixin, OfPictures):
    """What good pictures look like, which pictures are unlike them, and where: the model that ``textura train
    --normal`` learns.

    Parameters
    ----------
    descriptor : str, os.PathLike or dict, default "default"
        As of :func:`textura.features`.
    tile : int, optional
        The side of the windows, 16 to 4096; smaller pictures are refused. Without it 64, or less where pictures are
        smaller.
    reject_at : float or None, default 0.01
        ``predict`` gives -1 to pictures whose familiarity is below this: of good pictures that were not learned from
        about this share. None rejects nothing. Changing it asks for no new ``fit``.
    random_state : int, RandomState or None, default 0
        Where random numbers start; None is 0.
    image_shape : tuple of int, optional
        Where X is a table, the shape of the picture in each row, (rows, columns) or (rows, columns, 3). Tables are refused
        without it.
    float_range, n_jobs
        As of :class:`TextureFeatures`.

    Attributes
    ----------
    offset_ : float
        The lowest value of ``score_samples`` that is not rejected, by `reject_at`.
    odd_from_ : float
        The value of ``anomaly_map`` from which on a place is odd: about the share `reject_at` of good pictures has one
        like it anywhere.
    n_units_ : int
        Good pictures or groups that tell what is usual. With fewer than 99 what one in 100 looks like is
        extrapolated.
    tile_ : int
        The side of the windows.
    out_of_fold_scores_, out_of_fold_familiarity_ : numpy.ndarray
        What ``score_samples`` and ``familiarity`` say of the pictures that ``fit`` was given, each by parts that had not
        learned from it. A model that was loaded has none.
    out_of_fold_doubt_ : numpy.ndarray
        How much each of those pictures looks as if it did not belong; those with the largest are to be looked at
        first. Like minus `out_of_fold_scores_`, but with how far a picture lies apart from the others: a few odd
        pictures that are alike teach the model what they look like, but still lie apart.
    model_ : textura._textura.Inspector
        The model itself.
    n_features_in_ : int
        Pixels a row, where X is a table.

    Notes
    -----
    X as of :class:`TextureFeatures`. The same pictures, settings and `random_state` give the same model, whatever
    `n_jobs`.

    Examples
    --------
    >>> import numpy, textura
    >>> random = numpy.random.default_rng(0)
    >>> good = random.integers(100, 156, (12, 64, 64), numpy.uint8)
    >>> scratched = good[:1].copy()
    >>> scratched[0, 30:34, 8:56] = 250
    >>> novelty = textura.TextureNovelty("fast").fit(good[1:])
    >>> novelty.predict(scratched).tolist()
    [-1]
    >>> row, column = numpy.unravel_index(novelty.anomaly_map(scratched[0]).argmax(), (64, 64))
    >>> bool(abs(row - 32) < 8)
    True
    """

    def __init__(
        self,
        descriptor="default",
        *,
        tile=None,
        reject_at=0.01,
        random_state=0,
        image_shape=None,
        float_range=(0.0, 1.0),
        n_jobs=-1,
    ):
        self.descriptor = descriptor
        self.tile = tile
        self.reject_at = reject_at
        self.random_state = random_state
        self.image_shape = image_shape
        self.float_range = float_range
        self.n_jobs = n_jobs

    def fit(self, X, y=None, groups=None):
        """Learns from good pictures, at least three. `y` is ignored.

        Parameters
        ----------
        X : as of :class:`TextureFeatures`
        y : ignored
        groups : sequence, optional
            One for each picture: pictures of one group, such as several exposures of one part, stay together where
            pictures are judged by parts that had not learned from them, and count as one.

        Raises
        ------
        ValueError
            For too few pictures, one that cannot be used or is smaller than a window, settings that cannot be used.
        """
        pictures = Pictures(self._sequence(X, reset=True))
        if pictures.n < _FEWEST:
            name = type(self).__name__
            raise ValueError(f"{name}: expected at least {_FEWEST} good pictures, found {pictures.n} sample(s)")
        limit_of(self.reject_at)
        names = None if groups is None else [str(group) for group in groups]
        if names is not None and len(names) != pictures.n:
            raise ValueError(f"groups: expected {pictures.n}, one for each picture, found {len(names)}")
        try:
            self.model_, (scores, familiarity, doubt) = _textura.learn_good(
                pictures,
                pictures.n,
                names,
                descriptor_of(self.descriptor),
                self.tile,
                self._seed(),
                self._threads(),
            )
        except ValueError:
            pictures.raise_own()
            raise
        self.out_of_fold_scores_ = -scores
        self.out_of_fold_familiarity_ = familiarity
        self.out_of_fold_doubt_ = doubt
        return self

    def fit_predict(self, X, y=None, groups=None):
        """Learns, and says which of the pictures learned from are unlike the others: +1 or -1 for each, by parts that had
        not learned from it. So odd pictures show that should not be among the good ones.
        """
        self.fit(X, y, groups)
        return self._signs(self.out_of_fold_scores_)

    def score_samples(self, X):
        """Minus the anomaly score of ``textura classify``: larger for more usual pictures, without a lower end; shape
        (n,).
        """
        return self._judged(X)[0]

    def decision_function(self, X):
        """``score_samples`` less `offset_`: negative for pictures that ``predict`` rejects; shape (n,)."""
        return self.score_samples(X) - self.offset_

    def predict(self, X):
        """+1 for pictures that may be good, -1 for those that are unlike the good ones; shape (n,)."""
        return self._signs(self.score_samples(X))

    def familiarity(self, X):
        """p-values: about this share of good pictures that were not learned from looks as odd, or odder; shape (n,)."""
        return self._judged(X)[1]

    def anomaly_map(self, picture):
        """Where a picture is odd.

        Parameters
        ----------
        picture : array_like, str, os.PathLike or bytes
            One picture as in X.

        Returns
        -------
        numpy.ndarray
            Shape (rows, columns) of the picture, float32: larger where it is odder, the numbers that ``textura map -o
            map.tif`` writes.
        """
        check_is_fitted(self)
        (one,) = self._sequence([picture], reset=False)
        return self.model_.map(prepare(one))

    def save(self, path):
        """Writes the model, which ``textura classify``, ``map``, ``evaluate`` and :meth:`load` read."""
        check_is_fitted(self)
        self.model_.save(os.fsdecode(path))

    @classmethod
    def load(cls, path):
        """Reads a model that ``textura train --normal`` or :meth:`save` wrote.

        Parameters
        ----------
        path : str or os.PathLike

        Returns
        -------
        TextureNovelty
            Fitted, with the usual parameters.

        Raises
        ------
        OSError
            For a file that cannot be read.
        ValueError
            For a file that is no model of good pictures, was altered, or was written by a newer version.
        """
        made = cls()
        made.model_ = _textura.Inspector.load(os.fsdecode(path))
        made.tile = made.model_.tile
        return made

    @property
    def offset_(self):
        """The lowest value of ``score_samples`` that is not rejected."""
        return -self._fitted("offset_").limit(limit_of(self.reject_at))

    @property
    def odd_from_(self):
        """The value of ``anomaly_map`` from which on a place is odd."""
        return self._fitted("odd_from_").odd_from(limit_of(self.reject_at))

    @property
    def n_units_(self):
        """Good pictures or groups that tell what is usual."""
        return self._fitted("n_units_").n_units

    @property
    def tile_(self):
        """The side of the windows."""
        return self._fitted("tile_").tile

    def _fitted(self, name):
        # Whether an estimator is fitted is asked by its attributes.
        if "model_" not in vars(self):
            raise AttributeError(f"this {type(self).__name__} has no {name} yet: call fit first")
        return self.model_

    def _sequence(self, X, reset):
        if self.image_shape is None and is_table(X):
            expected = "pictures, or a table of pixels with image_shape"
            found = f"shape {np.shape(X)}" if np.ndim(X) else type(X).__name__
            raise ValueError(f"{type(self).__name__}: expected {expected}, found a table of {found}")
        return super()._sequence(X, reset)

    def _judged(self, X):
        check_is_fitted(self)
        pictures = Pictures(self._sequence(X, reset=False))
        scores, familiarity, reasons = self.model_.judge(pictures.n, pictures, self._threads())
        pictures.raise_first(reasons)
        return -scores, familiarity

    def _signs(self, scores):
        return np.where(scores >= self.offset_, 1, -1)

    def __sklearn_tags__(self):
        tags = self._with_picture_tags(super().__sklearn_tags__())
        # A row of a table is a picture of one row of pixels, and no window fits into it, unless its shape is known.
        tags.input_tags.two_d_array = self.image_shape is not None
        return tags
