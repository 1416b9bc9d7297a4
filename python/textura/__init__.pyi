from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import feature as feature
from ._estimators import TextureClassifier as TextureClassifier
from ._estimators import TextureFeatures as TextureFeatures
from ._estimators import expected_failed_checks as expected_failed_checks
from ._estimators import load as load
from ._novelty import TextureNovelty as TextureNovelty
from ._regression import TextureRegressor as TextureRegressor
from ._textura import Inspector, Model, Regressor

__version__: str

_Path: TypeAlias = str | PathLike[str]
_Picture: TypeAlias = ArrayLike | _Path | bytes
_Descriptor: TypeAlias = str | PathLike[str] | Mapping[str, Any]

def features(
    image_or_path: _Picture,
    descriptor: _Descriptor = "default",
    mask: _Picture | None = None,
) -> NDArray[np.float64]: ...
@overload
def features_batch(
    images: Sequence[_Picture] | NDArray[Any],
    descriptor: _Descriptor = "default",
    masks: Sequence[_Picture | None] | None = None,
    *,
    jobs: int = 0,
    errors: Literal["raise", "nan"] = "raise",
    output: Literal["numpy"] = "numpy",
) -> NDArray[np.float64]: ...
@overload
def features_batch(
    images: Sequence[_Picture] | NDArray[Any],
    descriptor: _Descriptor = "default",
    masks: Sequence[_Picture | None] | None = None,
    *,
    jobs: int = 0,
    errors: Literal["raise", "nan"] = "raise",
    output: Literal["pandas", "arrow"],
) -> Any: ...
def feature_names(descriptor: _Descriptor = "default") -> list[str]: ...
def extract_batch(record_batch: Any, descriptor: _Descriptor = "default", *, jobs: int = 0) -> Any: ...
def classify_batch(
    record_batch: Any,
    model: _Path | Model | Inspector | Regressor | TextureClassifier | TextureNovelty | TextureRegressor,
    *,
    reject_at: float | None = 0.01,
    interval: float | None = None,
    jobs: int = 0,
) -> Any: ...
def haralick(
    f: NDArray[Any],
    ignore_zeros: bool = False,
    preserve_haralick_bug: bool = False,
    compute_14th_feature: bool = False,
    return_mean: bool = False,
    return_mean_ptp: bool = False,
    use_x_minus_y_variance: bool = False,
    distance: int = 1,
) -> NDArray[np.float64]: ...
