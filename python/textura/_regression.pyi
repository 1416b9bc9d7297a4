from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._estimators import _Descriptor, _Estimator, _ManyPictures, _Path
from ._textura import Regressor

class TextureRegressor(_Estimator):
    model_: Regressor
    out_of_fold_predictions_: NDArray[np.float64]
    n_features_in_: int
    def __init__(
        self,
        descriptor: _Descriptor = "default",
        *,
        loss: str = "squared",
        hidden: str | tuple[int, ...] = "auto",
        augment: str = "none",
        settings: dict[str, object] | None = None,
        interval: float = 0.9,
        target_names: Sequence[str] | None = None,
        random_state: int | np.random.RandomState | None = 0,
        image_shape: tuple[int, ...] | None = None,
        float_range: tuple[float, float] = (0.0, 1.0),
        n_jobs: int | None = -1,
    ) -> None: ...
    def fit(self, X: _ManyPictures, y: ArrayLike, groups: ArrayLike | None = None) -> TextureRegressor: ...
    def predict(self, X: _ManyPictures) -> NDArray[np.float64]: ...
    def predict_interval(self, X: _ManyPictures) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
    def familiarity(self, X: _ManyPictures) -> NDArray[np.float64]: ...
    def score(self, X: _ManyPictures, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float: ...
    def save(self, path: _Path) -> None: ...
    @classmethod
    def load(cls, path: _Path) -> TextureRegressor: ...
    @property
    def n_units_(self) -> int: ...
    @property
    def target_names_(self) -> list[str]: ...
