"""TextureRegressor: numbers with intervals, as the command line has them, and as scikit-learn wants them."""

import csv
import pickle
import subprocess
import warnings

import numpy as np
import pyarrow as pa
import pytest
import textura
from PIL import Image
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import check_estimator


def pictures_of(sizes, seed):
    random = np.random.default_rng(seed)
    noise = [random.normal(size=(48, 48)) * size for size in sizes]
    return [np.clip(128 + one, 0, 255).astype(np.uint8) for one in noise]


SIZES = np.random.default_rng(0).uniform(5, 40, 60)
PICTURES = pictures_of(SIZES, 1)


@pytest.fixture(scope="module")
def regressor():
    return textura.TextureRegressor("fast", target_names=["noise"]).fit(PICTURES[:40], SIZES[:40])


def test_numbers_and_their_intervals(regressor):
    assert regressor.score(PICTURES[40:], SIZES[40:]) > 0.95
    low, high = regressor.predict_interval(PICTURES[40:])
    predicted = regressor.predict(PICTURES[40:])
    assert (low < predicted).all() and (predicted < high).all() and predicted.shape == (20,)
    assert ((low <= SIZES[40:]) & (SIZES[40:] <= high)).sum() >= 15
    assert regressor.n_units_ == 40 and regressor.target_names_ == ["noise"]
    assert np.corrcoef(regressor.out_of_fold_predictions_, SIZES[:40])[0, 1] > 0.95
    narrow = regressor.set_params(interval=0.5).predict_interval(PICTURES[40:])
    regressor.set_params(interval=0.9)
    assert (low < narrow[0]).all() and (narrow[1] < high).all()
    stranger = np.zeros((48, 48), np.uint8)
    stranger[:, ::2] = 255
    assert regressor.familiarity([stranger])[0] < regressor.familiarity(PICTURES[40:]).min()


def test_a_model_is_that_of_the_command_line(command, tmp_path, regressor):
    with open(tmp_path / "list.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "noise"])
        for at, (picture, size) in enumerate(zip(PICTURES, SIZES)):
            Image.fromarray(picture).save(tmp_path / f"{at}.png")
            rows.writerow([tmp_path / f"{at}.png", repr(float(size))])
    regressor.save(tmp_path / "p.json")
    command("classify", tmp_path / "p.json", tmp_path / "list.csv", "-o", tmp_path / "out.csv")
    with open(tmp_path / "out.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    predicted, (low, high) = regressor.predict(PICTURES), regressor.predict_interval(PICTURES)
    for name, values in {"noise": predicted, "noise_low": low, "noise_high": high}.items():
        assert [float(row[name]) for row in rows] == values.tolist()
    loaded = textura.TextureRegressor.load(tmp_path / "p.json")
    assert (loaded.predict(PICTURES) == predicted).all()
    assert (pickle.loads(pickle.dumps(regressor)).predict(PICTURES) == predicted).all()
    with pytest.raises(ValueError, match="TextureRegressor.load"):
        textura.load(tmp_path / "p.json")
    (tmp_path / "cut.json").write_text((tmp_path / "p.json").read_text()[:1000])
    with pytest.raises(ValueError, match="cut short"):
        textura.TextureRegressor.load(tmp_path / "cut.json")


def test_several_numbers_groups_and_losses():
    both = np.column_stack([SIZES, 100 - SIZES])
    several = textura.TextureRegressor("fast", n_jobs=1).fit(PICTURES, both, groups=np.arange(60) // 2)
    assert several.predict(PICTURES[:3]).shape == (3, 2) and several.n_units_ == 30
    assert several.target_names_ == ["target_0", "target_1"]
    wrong = SIZES.copy()
    wrong[::12] += 200
    errors = {}
    for loss in ("squared", "huber"):
        fitted = textura.TextureRegressor("fast", loss=loss).fit(PICTURES[:40], wrong[:40])
        errors[loss] = np.abs(fitted.predict(PICTURES[40:]) - SIZES[40:]).mean()
    assert errors["huber"] < errors["squared"] / 2
    assert cross_val_score(textura.TextureRegressor("fast"), PICTURES, SIZES, cv=3).mean() > 0.9


def test_networks_by_back_propagation_and_views():
    def fitted(**how):
        return textura.TextureRegressor("fast", **how).fit(PICTURES[:40], SIZES[:40]).predict(PICTURES[40:])

    radial, how = fitted(), {"hidden": (16,), "settings": {"rate": 0.01, "epochs": 60, "batch": 8}}
    network = fitted(**how)
    # A short training: longer ones come nearer to what radial units say.
    assert np.corrcoef(network, SIZES[40:])[0, 1] > 0.7 and (network != radial).all()
    assert (fitted(**how) == network).all()
    assert (fitted(**how, random_state=1) != network).all()
    assert np.corrcoef(fitted(augment="auto"), SIZES[40:])[0, 1] > 0.9
    with pytest.raises(ValueError, match="auto or none"):
        fitted(augment="all")
    with pytest.raises(ValueError, match="settings of a fit"):
        fitted(settings={"speed": 1})


def test_what_cannot_be_learned_says_why():
    with pytest.raises(ValueError, match="a number that varies"):
        textura.TextureRegressor("fast").fit(PICTURES[:5], np.ones(5))
    with pytest.raises(ValueError, match="found 2 sample"):
        textura.TextureRegressor("fast").fit(PICTURES[:2], [1, 2])
    with pytest.raises(ValueError, match="squared or huber"):
        textura.TextureRegressor("fast", loss="absolute").fit(PICTURES[:5], SIZES[:5])
    with pytest.raises(ValueError, match="no column of textura"):
        textura.TextureRegressor("fast", target_names=["status"]).fit(PICTURES[:5], SIZES[:5])
    with pytest.raises(ValueError, match="interval"):
        textura.TextureRegressor("fast", interval=1).fit(PICTURES[:5], SIZES[:5])
    with pytest.raises(ValueError, match="one row a picture, 5"):
        textura.TextureRegressor("fast").fit(PICTURES[:5], SIZES[:4])


class OfTables(textura.TextureRegressor):
    """scikit-learn's checks give tables of numbers from about -10 to 10."""

    def __init__(self, descriptor="fast", *, loss="squared", interval=0.9, target_names=None, image_shape=None,
                 float_range=(-100.0, 100.0), n_jobs=-1):  # fmt: skip
        super().__init__(descriptor, loss=loss, interval=interval, target_names=target_names,
                         image_shape=image_shape, float_range=float_range, n_jobs=n_jobs)  # fmt: skip


def test_the_checks_of_scikit_learn():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(OfTables(), on_skip=None, on_fail=None)
        plain = check_estimator(textura.TextureRegressor("fast"), on_skip=None, on_fail=None)
    for result in [*results, *plain]:
        assert result["status"] in ("passed", "skipped"), (result["check_name"], result["exception"])
    passed = {result["check_name"] for result in results if result["status"] == "passed"}
    assert len(passed) >= 35 and {"check_regressors_train", "check_regressor_multioutput"} <= passed
    assert textura.expected_failed_checks(textura.TextureRegressor()) == {}


@pytest.mark.parametrize("reject_at", [0.01, None])
def test_record_batches_are_those_of_the_command_line(command, tmp_path, regressor, odd_pictures, reject_at):
    model = tmp_path / "noise.json"
    regressor.save(model)
    for at, picture in enumerate(PICTURES[40:50]):
        Image.fromarray(picture).save(tmp_path / f"{at}.png")
    paths = [str(tmp_path / f"{at}.png") for at in range(10)] + odd_pictures
    limit = "none" if reject_at is None else str(reject_at)
    try:
        asked = ["--reject-at", limit, "--interval", "0.8", "-o", tmp_path / "n.csv"]
        command("classify", model, "-", *asked, input="\n".join(paths))
    except subprocess.CalledProcessError as error:
        assert error.returncode == 3
    with open(tmp_path / "n.csv", newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), reader.fieldnames
    assert names == ["path", "status", "error", "noise", "noise_low", "noise_high", "familiarity", "flags"]
    batch = pa.record_batch({"path": paths})
    found = textura.classify_batch(batch, model, reject_at=reject_at, interval=0.8)
    assert found.schema.names == names and found.num_rows == len(rows) == len(paths)
    statuses = set()
    for row, ours in zip(rows, found.to_pylist()):
        statuses.add(row["status"])
        for name in names:
            if isinstance(ours[name], float):
                assert ours[name] == float(row[name]), name
            else:
                assert (ours[name] or "") == row[name]
    assert {"ok", "error"} <= statuses and ("rejected" in statuses) == (reject_at is not None)
    # The estimator's own interval where none is named.
    loaded = textura.TextureRegressor.load(model).set_params(interval=0.8)
    assert textura.classify_batch(batch, loaded, reject_at=reject_at, jobs=2).equals(found)
    wide = textura.classify_batch(batch, regressor, reject_at=reject_at)
    assert wide["noise"].equals(found["noise"])
    assert wide["noise_low"][0].as_py() < found["noise_low"][0].as_py()
    with pytest.raises(ValueError, match="interval"):
        textura.classify_batch(batch, model, interval=1.5)
    empty = textura.classify_batch(batch.slice(0, 0), model)
    assert empty.num_rows == 0 and empty.schema.equals(found.schema)
