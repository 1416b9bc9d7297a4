"""textura: texture features of pictures, and a classifier that learns from them.

- :func:`features` and :func:`features_batch` turn pictures, arrays or paths, into numbers.
- :mod:`textura.feature` has scikit-image's functions for texture, :func:`haralick` is mahotas'.
- :class:`TextureFeatures` and :class:`TextureClassifier` work in scikit-learn's pipelines; :func:`load` reads
  the models of the command line.
- :class:`TextureNovelty` learns good pictures alone, and finds those that are unlike them and where.
- :class:`TextureRegressor` learns measured numbers, and predicts them with intervals.
- :func:`extract_batch` and :func:`classify_batch` take and give Arrow record batches.

Importing the package imports neither numpy nor scikit-learn; what needs them imports them when it is used.
"""

from importlib import import_module as _import_module

# Where each public name lives. Names are looked up when they are used, so that importing takes milliseconds.
_HOMES = {
    "features": "_features",
    "features_batch": "_features",
    "feature_names": "_features",
    "extract_batch": "_arrow",
    "classify_batch": "_arrow",
    "haralick": "_haralick",
    "load": "_estimators",
    "TextureFeatures": "_estimators",
    "TextureClassifier": "_estimators",
    "TextureNovelty": "_novelty",
    "TextureRegressor": "_regression",
    "expected_failed_checks": "_estimators",
    "__version__": "_textura",
}

__all__ = ["feature", *sorted(name for name in _HOMES if name != "__version__")]


def __getattr__(name):
    if name == "feature":
        return _import_module("textura.feature")
    if name not in _HOMES:
        raise AttributeError(f"module 'textura' has no attribute {name!r}")
    value = getattr(_import_module(f"textura.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
