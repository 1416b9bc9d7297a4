"""Good pictures only: scikit-learn's checks of outlier detectors, and the command line's models."""

import copy
import csv
import pathlib
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import validate_data

import textura

from conftest import FIXTURES, PROJECT

WEAVE = sorted(map(str, (FIXTURES / "textures/weave").glob("*.png")))
BRICK = sorted(map(str, (FIXTURES / "textures/brick").glob("*.png")))


@pytest.fixture(scope="module")
def novelty():
    """Learned from the first 16 pictures of one class."""
    return textura.TextureNovelty("fast").fit(WEAVE[:16])


@pytest.fixture(scope="module")
def learned(command, tmp_path_factory):
    """What the command line learns from all 20, and says of them."""
    folder = tmp_path_factory.mktemp("normal")
    command(
        "train", "--normal", FIXTURES / "textures/weave", "--model", folder / "m.json", "--descriptor", "fast",
        "--out-of-fold", folder / "o.csv",
    )  # fmt: skip
    return folder


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class OfTables(textura.TextureNovelty):
    """scikit-learn's checks give tables of few columns, which as pictures are smaller than any window: here every row
    becomes a picture of 32 x 32 pixels that repeats it, with numbers from -10 to 10 spread over half the grey values."""

    def _sequence(self, X, reset):
        table = validate_data(self, X, reset=reset, dtype="numeric")
        shades = np.arctan(table.astype(float) / 10) / np.pi + 0.5
        return np.stack([np.resize(np.rint(row * 65535).astype(np.uint16), (32, 32)) for row in shades])

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.positive_only = False
        return tags


def test_the_checks_of_scikit_learn():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(OfTables("fast", tile=16, reject_at=0.1), on_skip=None)
        plain = check_estimator(textura.TextureNovelty("fast"), on_skip=None)
    passed = {result["check_name"] for result in results if result["status"] == "passed"}
    assert len(passed) >= 35 and {"check_outliers_train", "check_outliers_fit_predict"} <= passed
    assert all(result["status"] in ("passed", "skipped") for result in [*results, *plain])
    assert textura.expected_failed_checks(textura.TextureNovelty()) == {}


def test_a_model_is_that_of_the_command_line(command, tmp_path, learned):
    novelty = textura.TextureNovelty("fast").fit(WEAVE)
    novelty.save(tmp_path / "p.json")
    assert (tmp_path / "p.json").read_bytes() == (learned / "m.json").read_bytes()
    rows = rows_of(learned / "o.csv")
    assert len(rows) == 20
    assert novelty.out_of_fold_scores_.tolist() == [-float(row["anomaly_score"]) for row in rows]
    assert novelty.out_of_fold_familiarity_.tolist() == [float(row["familiarity"]) for row in rows]
    assert novelty.out_of_fold_doubt_.tolist() == [float(row["doubt"]) for row in rows]

    loaded = textura.TextureNovelty.load(learned / "m.json")
    command("classify", learned / "m.json", *WEAVE[:4], *BRICK[:4], "-o", tmp_path / "c.csv")
    rows = rows_of(tmp_path / "c.csv")
    for one in (novelty, loaded):
        assert one.score_samples(WEAVE[:4] + BRICK[:4]).tolist() == [-float(row["anomaly_score"]) for row in rows]
        assert one.familiarity(WEAVE[:4] + BRICK[:4]).tolist() == [float(row["familiarity"]) for row in rows]
        signs = [1 if row["status"] == "ok" else -1 for row in rows]
        assert one.predict(WEAVE[:4] + BRICK[:4]).tolist() == signs
        assert {1, -1} == set(signs)
        assert one.n_units_ == 20 and one.tile_ == 64
    command("map", learned / "m.json", BRICK[0], "-o", tmp_path / "m.tif")
    written = np.asarray(Image.open(tmp_path / "m.tif"))
    found = loaded.anomaly_map(BRICK[0])
    assert found.dtype == np.float32 and found.shape == (64, 64)
    assert (found == written).all()


def test_groups_are_those_of_a_manifest(command, tmp_path):
    groups = [at // 2 for at in range(16)]
    lines = ["path,group", *(f"{path},{group}" for path, group in zip(WEAVE, groups))]
    (tmp_path / "good.csv").write_text("\n".join(lines))
    command(
        "train", "--normal", tmp_path / "good.csv", "--model", tmp_path / "m.json", "--descriptor", "fast", "--tile", "32",
    )  # fmt: skip
    novelty = textura.TextureNovelty("fast", tile=32).fit(WEAVE[:16], groups=groups)
    novelty.save(tmp_path / "p.json")
    assert (tmp_path / "p.json").read_bytes() == (tmp_path / "m.json").read_bytes()
    assert novelty.n_units_ == 8 and novelty.tile_ == 32


def test_arrays_are_learned_and_judged_as_paths_are(novelty):
    arrays = [np.asarray(Image.open(path)) for path in WEAVE[:16]]
    contents = [pathlib.Path(path).read_bytes() for path in BRICK[:3]]
    expected = novelty.score_samples(BRICK[:3])
    assert (novelty.score_samples(contents) == expected).all()
    assert (novelty.score_samples([Image.open(path) for path in BRICK[:3]]) == expected).all()
    stack = np.stack([np.asarray(Image.open(path)) for path in BRICK[:3]])
    assert (novelty.score_samples(stack) == expected).all()
    assert (novelty.anomaly_map(stack[0]) == novelty.anomaly_map(BRICK[0])).all()
    for pictures in (arrays, np.stack(arrays), [Image.open(path) for path in WEAVE[:16]]):
        of_arrays = textura.TextureNovelty("fast", n_jobs=1).fit(pictures)
        assert (of_arrays.out_of_fold_scores_ == novelty.out_of_fold_scores_).all()
        assert (of_arrays.score_samples(BRICK[:3]) == expected).all()
    flat = np.stack(arrays).reshape(16, -1)
    of_table = textura.TextureNovelty("fast", image_shape=(64, 64)).fit(flat)
    assert of_table.n_features_in_ == 64 * 64
    assert (of_table.score_samples(stack.reshape(3, -1)) == expected).all()
    assert of_table.anomaly_map(flat[0]).shape == (64, 64)
    other = textura.TextureNovelty("fast", random_state=7).fit(arrays)
    assert (other.score_samples(stack) != expected).any()


def test_signs_follow_the_limit(novelty):
    X = WEAVE + BRICK
    familiarity, scores = novelty.familiarity(X), novelty.score_samples(X)
    novelty = copy.copy(novelty)
    for limit in (0.01, 0.2, 0.5, 1.0):
        novelty.set_params(reject_at=limit)
        assert ((novelty.predict(X) == -1) == (familiarity < limit)).all()
        assert ((novelty.decision_function(X) < 0) == (familiarity < limit)).all()
        assert (novelty.decision_function(X) == scores - novelty.offset_).all()
    assert novelty.set_params(reject_at=0.01).odd_from_ > novelty.set_params(reject_at=0.2).odd_from_
    novelty.set_params(reject_at=None)
    assert (novelty.predict(X) == 1).all() and (novelty.decision_function(X) > 0).all()
    with pytest.raises(ValueError, match="reject_at"):
        novelty.set_params(reject_at=2).predict(X)
    are_good = [True] * 20 + [False] * 20
    assert roc_auc_score(are_good, scores) > 0.95


def test_a_spoiled_folder_shows():
    novelty = textura.TextureNovelty("fast", reject_at=0.1)
    signs = novelty.fit_predict([*WEAVE, BRICK[0]])
    assert signs.shape == (21,) and set(signs) <= {1, -1}
    assert signs[20] == -1 and (signs[:20] == 1).sum() >= 16
    assert novelty.out_of_fold_scores_.argmin() == novelty.out_of_fold_doubt_.argmax() == 20


def test_a_scratch_is_found(novelty):
    scratched = np.asarray(Image.open(WEAVE[17])).copy()
    before = novelty.anomaly_map(scratched)
    scratched[40:44, 10:40] = 255
    after = novelty.anomaly_map(scratched)
    row, column = np.unravel_index((after - before).argmax(), after.shape)
    # A place is a cell of 8 x 8 pixels and sees half a cell beyond.
    assert 28 <= row <= 56 and 2 <= column <= 48
    assert novelty.score_samples([scratched])[0] < novelty.score_samples(WEAVE[17:18])[0]


def test_copies_and_clones(novelty):
    expected = novelty.score_samples(BRICK[:2])
    for other in (pickle.loads(pickle.dumps(novelty)), copy.deepcopy(novelty)):
        assert (other.score_samples(BRICK[:2]) == expected).all()
        assert other.offset_ == novelty.offset_
    fresh = clone(novelty)
    assert not hasattr(fresh, "model_") and not hasattr(fresh, "offset_")
    with pytest.raises(ValueError, match="not fitted"):
        fresh.predict(BRICK)


def test_faults_are_told(tmp_path, novelty):
    fresh = textura.TextureNovelty("fast")
    with pytest.raises(ValueError, match="broken"):
        fresh.fit([*WEAVE[:5], str(FIXTURES / "broken/empty.png")])
    with pytest.raises(TypeError, match="picture 1: expected an integer dtype"):
        fresh.fit([WEAVE[0], np.zeros((64, 64), complex), *WEAVE[2:5]])
    with pytest.raises(ValueError, match="at least 3 good pictures"):
        fresh.fit(WEAVE[:2])
    with pytest.raises(ValueError, match="groups: expected 5"):
        fresh.fit(WEAVE[:5], groups=[1])
    with pytest.raises(ValueError, match="windows of 16 to 4096"):
        textura.TextureNovelty("fast", tile=8).fit(WEAVE[:5])
    with pytest.raises(ValueError, match="image_shape, found a table of shape \\(5, 9\\)"):
        fresh.fit(np.zeros((5, 9)))
    with pytest.raises(ValueError, match="0 sample"):
        fresh.fit([])
    small = np.zeros((40, 70), np.uint8)
    with pytest.raises(ValueError, match="64"):
        novelty.predict([WEAVE[0], small])
    with pytest.raises(ValueError, match="64"):
        novelty.anomaly_map(small)
    with pytest.raises(OSError):
        textura.TextureNovelty.load(tmp_path / "none.json")


def test_models_of_another_kind_are_named(tmp_path, novelty):
    novelty.save(tmp_path / "good.json")
    with pytest.raises(ValueError, match="textura.TextureNovelty.load"):
        textura.load(tmp_path / "good.json")
    with pytest.raises(ValueError, match="a model of good pictures"):
        textura.TextureNovelty.load(PROJECT / "models" / "demo.json")


@pytest.mark.parametrize("reject_at", [0.01, None])
def test_arrow_has_the_columns_of_the_command_line(command, tmp_path, learned, odd_pictures, reject_at):
    model = learned / "m.json"
    limit = "none" if reject_at is None else str(reject_at)
    with pytest.raises(subprocess.CalledProcessError) as error:
        listed = "\n".join(odd_pictures)
        command("classify", model, "-", "--reject-at", limit, "-o", tmp_path / "c.csv", input=listed)
    assert error.value.returncode == 3
    rows = rows_of(tmp_path / "c.csv")
    batch = textura.classify_batch(pa.record_batch({"path": odd_pictures}), model, reject_at=reject_at)
    assert batch.schema.names == list(rows[0])
    statuses = set()
    for row, found in zip(rows, batch.to_pylist()):
        statuses.add(row["status"])
        for name, value in found.items():
            if isinstance(value, (int, float)):
                assert value == float(row[name]), name
            else:
                assert (value or "") == row[name], name
    assert len(rows) == batch.num_rows == len(odd_pictures)
    assert statuses == ({"ok", "error"} if reject_at is None else {"rejected", "error"})
    fitted = textura.TextureNovelty.load(model)
    contents = pa.record_batch({"bytes": [pathlib.Path(path).read_bytes() for path in odd_pictures]})
    of_bytes = textura.classify_batch(contents, fitted, reject_at=reject_at)
    assert of_bytes.drop_columns(["path", "flags"]).equals(batch.drop_columns(["path", "flags"]))
    nothing = textura.classify_batch(pa.record_batch({"path": pa.array([None], pa.string())}), fitted)
    assert nothing["status"].to_pylist() == ["error"]
    assert "expected a path or the bytes of a file" in nothing["error"].to_pylist()[0]


def test_workers_of_spark_read_either_kind(learned):
    from textura.spark import _model

    for kind, path in (("Inspector", learned / "m.json"), ("Model", PROJECT / "models" / "demo.json")):
        assert type(_model(kind, path.read_bytes())).__name__ == kind


def test_without_scikit_learn(tmp_path):
    program = f"""
import sys
sys.modules["sklearn"] = None
import textura
paths = {WEAVE[:12]!r}
novelty = textura.TextureNovelty("fast").fit(paths)
assert novelty.predict({BRICK[:2]!r}).tolist() == [-1, -1]
assert novelty.fit_predict(paths).shape == (12,)
assert novelty.get_params()["reject_at"] == 0.01
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)
