from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

__version__: str

_Get = Callable[[int], tuple[Any, Any]]

@final
class Descriptor:
    @staticmethod
    def read(name: str | PathLike[str]) -> Descriptor: ...
    @staticmethod
    def parse(json: str) -> Descriptor: ...
    @property
    def names(self) -> list[str]: ...
    @property
    def digest(self) -> str: ...

@final
class Model:
    @staticmethod
    def load(path: str | PathLike[str]) -> Model: ...
    @staticmethod
    def from_json(json: bytes) -> Model: ...
    def to_json(self) -> bytes: ...
    def save(self, path: str | PathLike[str]) -> None: ...
    @property
    def classes(self) -> list[str]: ...
    @property
    def tile(self) -> int | None: ...
    @property
    def feature_names(self) -> list[str]: ...
    @property
    def accuracy(self) -> float | None: ...
    def predict(
        self, n: int, get: _Get, jobs: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str | None]]: ...

@final
class Inspector:
    @staticmethod
    def load(path: str | PathLike[str]) -> Inspector: ...
    @staticmethod
    def is_one(path: str | PathLike[str]) -> bool: ...
    @staticmethod
    def from_json(json: bytes) -> Inspector: ...
    def to_json(self) -> bytes: ...
    def save(self, path: str | PathLike[str]) -> None: ...
    @property
    def tile(self) -> int: ...
    @property
    def n_units(self) -> int: ...
    def limit(self, reject_below: float) -> float: ...
    def judge(
        self, n: int, get: _Get, jobs: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str | None]]: ...
    def map(self, picture: Any) -> NDArray[np.float32]: ...
    def odd_from(self, share: float) -> float: ...

class Regressor:
    @staticmethod
    def load(path: str | PathLike[str]) -> Regressor: ...
    @staticmethod
    def is_one(path: str | PathLike[str]) -> bool: ...
    @staticmethod
    def from_json(json: bytes) -> Regressor: ...
    def to_json(self) -> bytes: ...
    def save(self, path: str | PathLike[str]) -> None: ...
    @property
    def names(self) -> list[str]: ...
    @property
    def n_units(self) -> int: ...
    def read(
        self, n: int, get: _Get, level: float, jobs: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str | None]]: ...

def features_of(picture: Any, mask: Any, descriptor: Descriptor) -> NDArray[np.float64]: ...
def features_of_many(
    n: int, get: _Get, descriptor: Descriptor, jobs: int
) -> tuple[NDArray[np.float64], list[str | None]]: ...
def extract_batch(batch: Any, descriptor: Descriptor, jobs: int) -> Any: ...
def classify_batch(batch: Any, model: Model, reject_below: float, jobs: int) -> Any: ...
def inspect_batch(batch: Any, model: Inspector, reject_below: float, jobs: int) -> Any: ...
def read_batch(batch: Any, model: Regressor, reject_below: float, level: float, jobs: int) -> Any: ...
def learn_good(
    get: _Get,
    n: int,
    groups: Sequence[str] | None,
    descriptor: Descriptor,
    tile: int | None,
    seed: int,
    jobs: int,
) -> tuple[Inspector, list[NDArray[np.float64]]]: ...
def learn_numbers(
    get: _Get,
    values: NDArray[np.float64],
    names: Sequence[str],
    groups: Sequence[str] | None,
    descriptor: Descriptor,
    loss: str,
    network: str | None,
    augment: str,
    level: float,
    seed: int,
    jobs: int,
) -> tuple[Regressor, NDArray[np.float64]]: ...
def train(
    get: _Get,
    labels: Sequence[str],
    classes: Sequence[str],
    descriptor: Descriptor,
    settings: str,
    seed: int,
    holdout: float,
    tile: int | None,
    jobs: int,
) -> tuple[Model, list[str]]: ...
def retrain(
    model: Model,
    get: _Get,
    labels: Sequence[str],
    classes: Sequence[str],
    settings: str,
    seed: int,
    jobs: int,
) -> tuple[Model, list[str]]: ...
def count_pairs(
    image: NDArray[np.uint16],
    offsets: Sequence[tuple[int, int]],
    shape: tuple[int, int],
    levels: int,
    symmetric: bool,
    normed: bool,
) -> NDArray[Any]: ...
def properties(matrices: NDArray[np.float64], name: str) -> NDArray[np.float64] | None: ...
def ring_patterns(
    image: NDArray[np.float64],
    rows: Sequence[float],
    columns: Sequence[float],
    radius: float,
    method: str,
) -> NDArray[np.float64]: ...
def multiblock_code(
    integral: NDArray[np.float32], row: int, column: int, width: int, height: int
) -> int: ...
def haralick_of_counts(
    image: NDArray[np.uint16],
    levels: int,
    deltas: Sequence[Sequence[int]],
    ignore_zeros: bool,
    preserve_bug: bool,
    x_minus_y_variance: bool,
    with_shares: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None: ...
