"""As much of scikit-learn's base classes as the estimators need where it is not installed."""

import inspect

import numpy as np


class BaseEstimator:
    """Parameters by name."""

    @classmethod
    def _names(cls):
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def get_params(self, deep=True):
        """The parameters, by name."""
        return {name: getattr(self, name) for name in self._names()}

    def set_params(self, **params):
        """Sets parameters by name."""
        for name, value in params.items():
            if name not in self._names():
                raise ValueError(f"{type(self).__name__} has no parameter {name!r}")
            setattr(self, name, value)
        return self


class TransformerMixin:
    """Fits and transforms."""

    def fit_transform(self, X, y=None):
        """As fit and then transform."""
        return self.fit(X, y).transform(X)


class ClassifierMixin:
    """Measures accuracy."""

    def score(self, X, y):
        """The share of right labels."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


class RegressorMixin:
    """Measures the share of the variance that is explained."""

    def score(self, X, y):
        """R2."""
        y = np.asarray(y, dtype=np.float64)
        left = ((y - self.predict(X)) ** 2).sum()
        return float(1 - left / ((y - y.mean(axis=0)) ** 2).sum())


class OutlierMixin:
    """Finds what is unlike the rest."""

    def fit_predict(self, X, y=None):
        """As fit and then predict."""
        return self.fit(X, y).predict(X)


def check_is_fitted(estimator):
    """Raises ValueError where nothing was learned."""
    if not hasattr(estimator, "model_"):
        raise ValueError(f"this {type(estimator).__name__} is not fitted yet: call fit first")


def check_array(values, *, ensure_2d, dtype, input_name):
    """Finite numbers."""
    values = np.asarray(values, dtype=dtype)
    if not np.isfinite(values).all():
        raise ValueError(f"Input {input_name} contains NaN or infinity.")
    return values


def column_or_1d(values, *, warn):
    """A table of one column as that column."""
    return np.ravel(values)


def validate_data(estimator, X, *, reset, dtype, ensure_min_samples):
    """A table of numbers with as many columns as it had before."""
    table = np.asarray(X)
    if table.ndim != 2 or len(table) < ensure_min_samples:
        raise ValueError(f"expected pictures or a table (n, pixels), found shape {table.shape}")
    if table.dtype.kind == "O":
        table = table.astype(np.float64)
    known = getattr(estimator, "n_features_in_", table.shape[1])
    if not reset and known != table.shape[1]:
        raise ValueError(f"expected {known} pixels a row, found {table.shape[1]}")
    estimator.n_features_in_ = table.shape[1] if reset else known
    return table
