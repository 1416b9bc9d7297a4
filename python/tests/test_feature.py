"""oracle: textura.feature against scikit-image, at random arguments."""

import inspect
import warnings

import numpy as np
import pytest
import skimage.feature as theirs
from skimage.transform import integral_image

from textura import feature as ours

DTYPES = (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int64)


def outcome(function, *arguments, **options):
    """What comes of a call: its value, or its error, and its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = function(*arguments, **options)
        except Exception as error:
            value = error
    return value, [(w.category, str(w.message)) for w in caught]


def test_signatures_are_the_same():
    for name in ours.__all__:
        assert inspect.signature(getattr(ours, name)) == inspect.signature(getattr(theirs, name)), name
    assert len(ours.__all__) == 4


def random_image(random, levels, dtype):
    shape = tuple(random.integers(1, 40, 2))
    image = random.integers(0, min(levels, 128), shape).astype(dtype)
    # Smooth pictures have ties and diagonals of their own.
    if random.random() < 0.5:
        image = np.sort(image, axis=int(random.integers(2)))
    return image[:: random.choice([1, -1])]


@pytest.mark.parametrize("seed", range(20))
def test_counts_are_equal(seed):
    random = np.random.default_rng(seed)
    for _ in range(20):
        levels = int(random.choice([2, 5, 8, 32, 100, 256, 300]))
        image = random_image(random, levels, random.choice(DTYPES))
        distances = random.choice([0, 1, 2, 3, 4.5, 7, 50, -1], random.integers(1, 4))
        angles = random.uniform(-4, 7, random.integers(1, 5))
        if random.random() < 0.5:
            angles = random.choice(np.arange(-8, 9), len(angles)) * np.pi / 4
        options = {"levels": levels, "symmetric": bool(random.integers(2)), "normed": bool(random.integers(2))}
        mine = ours.graycomatrix(image, distances, angles, **options)
        yours = theirs.graycomatrix(image, distances, angles, **options)
        assert mine.dtype == yours.dtype and mine.shape == yours.shape
        assert (mine == yours).all()


def test_levels_may_be_left_out_for_eight_bits():
    image = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
    assert (ours.graycomatrix(image, [1], [0]) == theirs.graycomatrix(image, [1], [0])).all()


PROPERTIES = (
    "contrast dissimilarity homogeneity ASM energy correlation mean variance std entropy".split()
)


@pytest.mark.parametrize("prop", PROPERTIES)
def test_properties_agree(prop):
    random = np.random.default_rng(7)
    n_seen = 0
    for _ in range(40):
        n = int(random.choice([1, 2, 5, 32, 130]))
        shape = (n, n, int(random.integers(1, 3)), int(random.integers(1, 4)))
        matrices = random.integers(0, 4, shape) * (random.random(shape) < random.choice([0, 0.05, 0.9]))
        matrices = matrices.astype(random.choice([np.uint32, np.float64, np.float32, np.int64]))
        if matrices.dtype.kind == "f":
            matrices /= 7
        mine, yours = ours.graycoprops(matrices, prop), theirs.graycoprops(matrices, prop)
        assert mine.dtype == yours.dtype and mine.shape == yours.shape
        np.testing.assert_allclose(mine, yours, rtol=1e-9, atol=1e-12)
        n_seen += 1
    assert n_seen == 40
    assert inspect.signature(ours.graycoprops).parameters["prop"].default == "contrast"


@pytest.mark.parametrize("method", ["default", "ror", "uniform", "nri_uniform", "var", "Uniform"])
def test_patterns_are_equal(method):
    random = np.random.default_rng(8)
    n_pixels = 0
    for _ in range(60):
        dtype = random.choice([np.uint8, np.int16, np.uint16, np.int64, np.float32, np.float64, bool])
        image = random_image(random, 256, np.int64)
        if dtype == np.uint16:
            image = image * 500
        if np.issubdtype(dtype, np.floating):
            image = image / 7
        image = image.astype(dtype)
        samples = int(random.choice([1, 2, 3, 4, 7, 8, 12, 16, 24, 31]))
        radius = random.choice([0, 0.3, 1, 1.5, 2, 3, 6.7, -1, 80])
        mine, my_warnings = outcome(ours.local_binary_pattern, image, samples, radius, method)
        yours, your_warnings = outcome(theirs.local_binary_pattern, image, samples, radius, method)
        assert my_warnings == your_warnings
        assert mine.dtype == yours.dtype and mine.shape == yours.shape
        np.testing.assert_array_equal(mine, yours)
        n_pixels += mine.size
    assert n_pixels > 10_000


def test_patterns_of_a_larger_picture_are_equal():
    random = np.random.default_rng(9)
    noise = random.integers(0, 256, (301, 203), np.uint8)
    steps = (np.add.outer(np.arange(301), np.arange(203)) // 9 % 7 * 30).astype(np.uint8)
    for image in (noise, steps, np.full((50, 60), 201, np.uint8)):
        for samples, radius in ((8, 1), (16, 2), (24, 3)):
            for method in ("default", "uniform", "nri_uniform", "ror", "var"):
                mine = ours.local_binary_pattern(image, samples, radius, method)
                yours = theirs.local_binary_pattern(image, samples, radius, method)
                np.testing.assert_array_equal(mine, yours)


def test_blocks_are_equal():
    random = np.random.default_rng(10)
    for _ in range(300):
        width, height = (int(side) for side in random.integers(1, 8, 2))
        r, c = (int(place) for place in random.integers(0, 6, 2))
        shape = (r + 3 * height + random.integers(0, 3), c + 3 * width + random.integers(0, 3))
        integral = integral_image(random.integers(0, random.choice([2, 256]), shape).astype(np.uint8))
        mine = ours.multiblock_lbp(integral, r, c, width, height)
        assert mine == theirs.multiblock_lbp(integral, r, c, width, height)
        assert type(mine) is int
    # scikit-image reads beyond the image there.
    with pytest.raises(IndexError, match="nine blocks inside"):
        ours.multiblock_lbp(integral, 0, 0, 100, 1)


I = np.arange(16, dtype=np.uint8).reshape(4, 4)

WRONG = {
    "float image": ("graycomatrix", (I / 2, [1], [0], 16)),
    "no levels": ("graycomatrix", (I.astype(int), [1], [0])),
    "negative": ("graycomatrix", (I.astype(int) - 1, [1], [0], 16)),
    "too bright": ("graycomatrix", (I, [1], [0], 15)),
    "levels no integer": ("graycomatrix", (I, [1], [0], 16.0)),
    "complex": ("graycomatrix", (I * 1j, [1], [0], 16)),
    "three dimensions": ("graycomatrix", (I[None], [1], [0], 16)),
    "empty": ("graycomatrix", (I[:0], [1], [0], 16)),
    "one distance": ("graycomatrix", (I, 1, [0], 16)),
    "no distance": ("graycomatrix", (I, [], [0], 16)),
    "angles in rows": ("graycomatrix", (I, [1], [[0]], 16)),
    "no square": ("graycoprops", (np.ones((3, 4, 1, 1)),)),
    "no matrix": ("graycoprops", (np.ones((3, 3, 0, 1)),)),
    "no such property": ("graycoprops", (np.ones((3, 3, 1, 1)), "none")),
    "three dimensions of P": ("graycoprops", (np.ones((3, 3, 1)),)),
    "a list": ("graycoprops", ([[[[1]]]],)),
    "no such method": ("local_binary_pattern", (I, 8, 1, "none")),
    "method no text": ("local_binary_pattern", (I, 8, 1, None)),
    "radius a text": ("local_binary_pattern", (I, 8, "1")),
    "negative P": ("local_binary_pattern", (I, -1, 1)),
    "a list as image": ("local_binary_pattern", ([[1]], 8, 1)),
    "empty image": ("local_binary_pattern", (I[:0], 8, 1)),
    "three dimensions of an image": ("local_binary_pattern", (I[None], 8, 1)),
    "blocks in one dimension": ("multiblock_lbp", (I[0], 0, 0, 1, 1)),
    "blocks of no integers": ("multiblock_lbp", (I, 0, 0, 1.0, 1)),
}


@pytest.mark.parametrize("name", WRONG)
def test_errors_are_of_the_same_kind(name):
    function, arguments = WRONG[name]
    mine, my_warnings = outcome(getattr(ours, function), *arguments)
    yours, your_warnings = outcome(getattr(theirs, function), *arguments)
    assert isinstance(yours, Exception), "scikit-image takes it"
    assert type(mine) is type(yours), f"{mine!r}, {yours!r}"
    assert my_warnings == your_warnings


def test_what_goes_beyond_scikit_image_is_refused():
    with pytest.raises(ValueError, match="at most 31"):
        ours.local_binary_pattern(I, 32, 1)
    assert (ours.local_binary_pattern(I, 0, 1) == theirs.local_binary_pattern(I, 0, 1)).all()
    assert (ours.local_binary_pattern(I, 8.0, 1) == theirs.local_binary_pattern(I, 8.0, 1)).all()
    # Here scikit-image gives up.
    big_endian = ours.graycomatrix(I.astype(">u2"), [1], [0], 16)
    assert (big_endian == ours.graycomatrix(I, [1], [0], 16)).all()
