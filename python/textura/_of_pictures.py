"""What the estimators have in common: pictures in the forms in which scikit-learn's users have them."""

import os

import numpy as np

from ._tables import is_table, pictures_of, rows_as_pictures, whole_numbers

try:
    from sklearn.base import BaseEstimator
    from sklearn.utils.validation import validate_data
except ImportError:
    from ._without_sklearn import BaseEstimator, validate_data


class OfPictures(BaseEstimator):
    """What all estimators know of their input, their threads and their random numbers."""

    def _sequence(self, X, reset):
        """The pictures of X, one after the other."""
        name = type(self).__name__
        if is_table(X):
            table = validate_data(self, X, reset=reset, dtype="numeric", ensure_min_samples=1)
            return whole_numbers(rows_as_pictures(table, self.image_shape, name), self.float_range, name)
        pictures = pictures_of(X)
        if len(pictures) == 0:
            raise ValueError(f"{name}: expected a minimum of 1 picture, found 0 sample(s)")
        if reset and hasattr(self, "n_features_in_"):
            del self.n_features_in_
        # Pictures that differ in size have no number of features.
        if isinstance(pictures, np.ndarray) and pictures.dtype.kind not in "OUST":
            return whole_numbers(pictures, self.float_range, name)
        floats = [at for at, one in enumerate(pictures) if getattr(getattr(one, "dtype", None), "kind", "") == "f"]
        if floats:
            pictures = list(pictures)
            for at in floats:
                pictures[at] = whole_numbers(pictures[at], self.float_range, name)
        return pictures

    def _threads(self):
        """How many threads, as the compiled part counts them."""
        if self.n_jobs is None:
            return 1
        if self.n_jobs < 0:
            return max(1, (os.cpu_count() or 1) + 1 + self.n_jobs)
        return self.n_jobs

    def _seed(self):
        if self.random_state is None:
            return 0
        if isinstance(self.random_state, (int, np.integer)):
            return int(self.random_state)
        return int(self.random_state.randint(2**31 - 1))

    def _with_picture_tags(self, tags):
        tags.input_tags.three_d_array = True
        tags.input_tags.positive_only = self.float_range[0] >= 0
        return tags
