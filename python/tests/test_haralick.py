"""oracle: textura.haralick against mahotas.features.haralick, at random arguments."""

import inspect

import mahotas
import numpy as np
import pytest

import textura


def test_the_signature_is_the_same():
    mine = inspect.signature(textura.haralick)
    assert mine == inspect.signature(mahotas.features.haralick)


def random_image(random):
    shape = random.integers(4, 30, 2) if random.random() < 0.7 else random.integers(4, 9, 3)
    dtype = random.choice([np.uint8, np.int32, np.uint16, np.int64])
    image = random.integers(0, int(random.choice([2, 4, 30, 120])), tuple(shape))
    if random.random() < 0.5:
        image = np.sort(image, axis=0)
    return image.astype(dtype)


@pytest.mark.parametrize("seed", range(15))
def test_features_agree(seed):
    random = np.random.default_rng(seed)
    n_seen = 0
    for _ in range(12):
        image = random_image(random)
        options = {
            name: bool(random.integers(2))
            for name in ("ignore_zeros", "preserve_haralick_bug", "compute_14th_feature", "use_x_minus_y_variance")
        }
        options["distance"] = int(random.integers(1, 4))
        how = random.choice(["return_mean", "return_mean_ptp", "neither"])
        if how != "neither":
            options[how] = True
        try:
            theirs = mahotas.features.haralick(image, **options)
        except ValueError:
            with pytest.raises(ValueError):
                textura.haralick(image, **options)
            continue
        mine = textura.haralick(image, **options)
        assert mine.dtype == theirs.dtype and mine.shape == theirs.shape
        # mahotas takes variances as differences of large numbers, and roots of what is left of nothing.
        np.testing.assert_allclose(mine, theirs, rtol=1e-6, atol=2e-7)
        n_seen += 1
    assert n_seen >= 6


def test_flat_pictures_agree():
    for value in (0, 1, 200):
        flat = np.full((9, 11), value, np.uint8)
        np.testing.assert_allclose(textura.haralick(flat), mahotas.features.haralick(flat), atol=1e-9)


def test_bools_count_as_numbers():
    image = np.random.default_rng(2).random((12, 13)) < 0.4
    np.testing.assert_allclose(textura.haralick(image), mahotas.features.haralick(image), rtol=1e-9)


I = np.arange(16, dtype=np.uint8).reshape(4, 4)


@pytest.mark.parametrize(
    ("image", "options"),
    [
        (I / 2, {}),
        (I[0], {}),
        (I[:0], {}),
        (I.tolist(), {}),
        (I[:1], {}),
        (I * 0, {"ignore_zeros": True}),
        (I.astype(int) - 1, {}),
        (I, {"return_mean": True, "return_mean_ptp": True}),
        (I, {"distance": -1}),
        (I, {"distance": 1.5}),
        (I, {"distance": 9}),
    ],
)
def test_errors_are_of_the_same_kind(image, options):
    with pytest.raises(Exception) as theirs:
        mahotas.features.haralick(image, **options)
    with pytest.raises(Exception) as mine:
        textura.haralick(image, **options)
    assert mine.type is theirs.type
