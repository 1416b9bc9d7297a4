from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._novelty import TextureNovelty
from ._textura import Model

_Path: TypeAlias = str | PathLike[str]
_Descriptor: TypeAlias = str | PathLike[str] | Mapping[str, Any]
_ManyPictures: TypeAlias = Sequence[Any] | NDArray[Any]

def load(path: _Path) -> TextureClassifier: ...
def expected_failed_checks(estimator: TextureFeatures | TextureClassifier | TextureNovelty) -> dict[str, str]: ...

class _Estimator:
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Any: ...

class TextureFeatures(_Estimator):
    n_features_in_: int
    def __init__(
        self,
        descriptor: _Descriptor = "default",
        *,
        image_shape: tuple[int, ...] | None = None,
        float_range: tuple[float, float] = (0.0, 1.0),
        n_jobs: int | None = -1,
    ) -> None: ...
    def fit(self, X: _ManyPictures, y: Any = None) -> TextureFeatures: ...
    def transform(self, X: _ManyPictures) -> NDArray[np.float64]: ...
    def fit_transform(self, X: _ManyPictures, y: Any = None) -> NDArray[np.float64]: ...
    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]: ...

class TextureClassifier(_Estimator):
    classes_: NDArray[Any]
    remarks_: list[str]
    holdout_accuracy_: float | None
    model_: Model
    n_features_in_: int
    def __init__(
        self,
        descriptor: _Descriptor = "default",
        *,
        hidden: str | Sequence[int] = "auto",
        augment: str = "auto",
        epochs: int = 100,
        settings: Mapping[str, Any] | None = None,
        tile: int | None = None,
        holdout: float = 0.0,
        reject_at: float | None = None,
        rejected_label: Any = None,
        random_state: Any = 0,
        image_shape: tuple[int, ...] | None = None,
        float_range: tuple[float, float] = (0.0, 1.0),
        n_jobs: int | None = -1,
    ) -> None: ...
    def fit(self, X: _ManyPictures, y: ArrayLike) -> TextureClassifier: ...
    def partial_fit(self, X: _ManyPictures, y: ArrayLike, classes: ArrayLike | None = None) -> TextureClassifier: ...
    def predict(self, X: _ManyPictures) -> NDArray[Any]: ...
    def predict_proba(self, X: _ManyPictures) -> NDArray[np.float64]: ...
    def familiarity(self, X: _ManyPictures) -> NDArray[np.float64]: ...
    def score(self, X: _ManyPictures, y: ArrayLike) -> float: ...
    def save(self, path: _Path) -> None: ...
