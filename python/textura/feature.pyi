from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

def graycomatrix(
    image: ArrayLike,
    distances: ArrayLike,
    angles: ArrayLike,
    levels: int | None = None,
    symmetric: bool = False,
    normed: bool = False,
) -> NDArray[Any]: ...
def graycoprops(P: NDArray[Any], prop: str = "contrast") -> NDArray[np.float64]: ...
def local_binary_pattern(image: NDArray[Any], P: int, R: float, method: str = "default") -> NDArray[np.float64]: ...
def multiblock_lbp(int_image: ArrayLike, r: int, c: int, width: int, height: int) -> int: ...
