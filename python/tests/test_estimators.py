"""The estimators: scikit-learn's own checks, its pipelines, and the command line's models."""

import copy
import io
import json
import pickle
import subprocess
import sys
import warnings

import joblib
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import check_estimator

import textura

from conftest import FIXTURES, PROJECT

# Small and quick: one look at each picture, no hidden layer, few epochs.
QUICK = {"descriptor": "fast", "hidden": (), "augment": "none", "epochs": 60}


@pytest.mark.parametrize("kind", ["features", "classifier"])
def test_the_checks_of_scikit_learn(kind):
    estimator = textura.TextureFeatures("fast") if kind == "features" else textura.TextureClassifier(**QUICK)
    expected = textura.expected_failed_checks(estimator)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, expected_failed_checks=expected, on_skip=None)
    statuses = [result["status"] for result in results]
    assert statuses.count("passed") >= 40, statuses
    # A check that passes all the same does not belong among the expected ones.
    failed = {result["check_name"] for result in results if result["status"] == "xfail"}
    assert failed == set(expected)
    assert all(len(reason) > 20 for reason in expected.values())


def test_the_check_that_fails_asks_for_nothing_else():
    """Without the score, which no texture of two pixels reaches, the rest of the check passes."""
    from sklearn.utils import estimator_checks

    class Modest(textura.TextureClassifier):
        def __sklearn_tags__(self):
            tags = super().__sklearn_tags__()
            tags.classifier_tags.poor_score = True
            return tags

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for options in ({}, {"readonly_memmap": True}, {"X_dtype": "float32"}):
            estimator_checks.check_classifiers_train("Modest", Modest(**QUICK), **options)


def arrays_of(paths):
    return [np.asarray(Image.open(path)) for path in paths]


def test_a_model_is_that_of_the_command_line(command, tmp_path, textures):
    paths, labels = textures
    command(
        "train", FIXTURES / "textures", "--model", tmp_path / "m.json", "--descriptor", "fast", "--hidden", "none",
        "--epochs", "60", "--augment", "none", "--cache", "none",
    )  # fmt: skip
    classifier = textura.TextureClassifier(**QUICK, holdout=0.2).fit(paths, labels)
    classifier.save(tmp_path / "p.json")
    assert (tmp_path / "p.json").read_bytes() == (tmp_path / "m.json").read_bytes()
    loaded = textura.load(tmp_path / "m.json")
    assert loaded.classes_.tolist() == sorted(set(labels))
    assert loaded.holdout_accuracy_ == classifier.holdout_accuracy_ > 0.9
    assert (loaded.predict_proba(paths) == classifier.predict_proba(paths)).all()
    command("classify", tmp_path / "p.json", FIXTURES / "textures", "-o", tmp_path / "c.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text().splitlines()]
    assert len(rows) == 160
    probabilities = [[row[f"p_{name}"] for name in loaded.classes_] for row in rows]
    assert (loaded.predict_proba(paths) == probabilities).all()
    assert loaded.familiarity(paths).tolist() == [row["familiarity"] for row in rows]
    loaded.reject_at = 0.01
    assert loaded.predict(paths).tolist() == [row["label"] or "" for row in rows]


def test_windows_vote_as_on_the_command_line(command, tmp_path, textures):
    paths, labels = textures
    classifier = textura.TextureClassifier(**QUICK, tile=32).fit(paths, labels)
    classifier.save(tmp_path / "m.json")
    command("classify", tmp_path / "m.json", FIXTURES / "textures", "-o", tmp_path / "c.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text().splitlines()]
    probabilities = [[row[f"p_{name}"] for name in classifier.classes_] for row in rows]
    assert (classifier.predict_proba(paths) == probabilities).all()
    batch = textura.classify_batch(pa.record_batch({"path": paths}), classifier)
    assert batch["familiarity"].to_pylist() == [row["familiarity"] for row in rows]
    whole = textura.TextureClassifier(**QUICK).fit(paths, labels)
    assert (whole.predict_proba(paths) != probabilities).any()
    assert textura.load(tmp_path / "m.json").tile == 32


def test_arrays_learn_and_predict_as_paths_do(textures):
    paths, labels = textures
    of_paths = textura.TextureClassifier(**QUICK).fit(paths, labels)
    of_arrays = textura.TextureClassifier(**QUICK).fit(arrays_of(paths), labels)
    stacked = textura.TextureClassifier(**QUICK, n_jobs=1).fit(np.stack(arrays_of(paths)), np.array(labels))
    expected = of_arrays.predict_proba(paths)
    assert (stacked.predict_proba(paths) == expected).all()
    assert (of_paths.predict(paths) == of_arrays.predict(paths)).mean() > 0.99
    for pictures in (pd.Series(paths), pd.DataFrame({"path": paths}), np.array(paths), arrays_of(paths)):
        assert (of_arrays.predict_proba(pictures) == expected).all()
    assert of_arrays.score(paths, labels) > 0.95
    assert of_arrays.classes_.tolist() == sorted(set(labels))
    assert np.allclose(expected.sum(axis=1), 1)


def test_the_default_learns(textures):
    paths, labels = textures
    few = [at for at in range(160) if at % 20 < 6]
    X, y = [paths[at] for at in few], [labels[at] for at in few]
    classifier = textura.TextureClassifier().fit(X, y)
    rest = [at for at in range(160) if at % 20 >= 6]
    assert classifier.score([paths[at] for at in rest], [labels[at] for at in rest]) > 0.95


def test_rejection(textures):
    paths, labels = textures
    known = [at for at, label in enumerate(labels) if label in ("brick", "grain", "weave")]
    X, y = [paths[at] for at in known], [labels[at] for at in known]
    strange = [path for path, label in zip(paths, labels) if label == "stripes"]
    classifier = textura.TextureClassifier(**QUICK, reject_at=0.01).fit(X, y)
    assert (classifier.predict(strange) == "").mean() > 0.9
    assert (classifier.predict(X) == "").mean() < 0.1
    numbers = np.unique(y, return_inverse=True)[1] + 10
    classifier.fit(X, numbers)
    assert classifier.classes_.tolist() == [10, 11, 12]
    assert (classifier.predict(strange) == -1).mean() > 0.9
    classifier.set_params(rejected_label=99)
    assert set(classifier.predict(strange)) >= {99}
    classifier.set_params(reject_at=None)
    assert set(classifier.predict(strange)) <= {10, 11, 12}
    with pytest.raises(ValueError, match="reject_at"):
        classifier.set_params(reject_at=-1).predict(strange)


def test_partial_fit_goes_on_and_adds_classes(textures):
    paths, labels = textures

    def some(classes, first, last):
        at = [n for n in range(160) if labels[n] in classes and first <= n % 20 < last]
        return [paths[n] for n in at], [labels[n] for n in at]

    classifier = textura.TextureClassifier(**QUICK)
    classifier.partial_fit(*some(("brick", "grain"), 0, 10), classes=["brick", "grain", "weave"])
    assert classifier.classes_.tolist() == ["brick", "grain", "weave"]
    probabilities = classifier.predict_proba(paths[:3])
    assert (probabilities[:, 2] == 0).all() and np.allclose(probabilities.sum(axis=1), 1)
    classifier.partial_fit(*some(("weave",), 0, 10))
    classifier.partial_fit(*some(("dots", "grain"), 5, 15))
    assert classifier.classes_.tolist() == ["brick", "dots", "grain", "weave"]
    X, y = some(("brick", "dots", "grain", "weave"), 15, 20)
    assert len(y) == 20 and classifier.score(X, y) > 0.9
    with pytest.raises(ValueError, match="two classes"):
        textura.TextureClassifier(**QUICK).partial_fit(*some(("dots",), 0, 5))


def test_partial_fit_is_retrain(command, tmp_path, textures):
    paths, labels = textures
    classifier = textura.TextureClassifier(**QUICK, holdout=0.2).fit(paths, labels)
    classifier.save(tmp_path / "old.json")
    command(
        "retrain", tmp_path / "old.json", FIXTURES / "textures", "--output", tmp_path / "new.json", "--force",
        "--cache", "none",
    )  # fmt: skip
    classifier.partial_fit(paths, labels).save(tmp_path / "p.json")
    assert (tmp_path / "p.json").read_bytes() == (tmp_path / "new.json").read_bytes()


def test_pickle_joblib_and_copies(tmp_path, textures):
    paths, labels = textures
    classifier = textura.TextureClassifier(**QUICK).fit(paths[::4], labels[::4])
    expected = classifier.predict_proba(paths)
    buffer = io.BytesIO()
    joblib.dump(classifier, buffer)
    buffer.seek(0)
    others = [pickle.loads(pickle.dumps(classifier)), copy.deepcopy(classifier), joblib.load(buffer)]
    for other in others:
        assert (other.predict_proba(paths) == expected).all()
    in_processes = joblib.Parallel(n_jobs=2)(
        joblib.delayed(classifier.predict_proba)(paths[at : at + 80]) for at in (0, 80)
    )
    assert (np.concatenate(in_processes) == expected).all()
    assert not hasattr(clone(classifier), "model_")
    features = pickle.loads(pickle.dumps(textura.TextureFeatures("fast")))
    assert (features.transform(paths[:3]) == textura.features(paths[:3], "fast")).all()


def test_pipelines_and_searches(textures):
    paths, labels = np.array(textures[0]), np.array(textures[1])
    pipeline = make_pipeline(
        textura.TextureFeatures("fast"), StandardScaler(), LogisticRegression(max_iter=1000)
    )
    assert cross_val_score(pipeline, paths, labels, cv=3).mean() > 0.95
    assert list(pipeline[:1].get_feature_names_out()) == textura.feature_names("fast")
    table = textura.TextureFeatures("fast").set_output(transform="pandas").fit_transform(paths[:4])
    assert list(table.columns) == textura.feature_names("fast")

    search = GridSearchCV(
        pipeline, {"texturefeatures__descriptor": ["fast", {"families": [{"tamura": {}}]}]}, cv=3
    )
    search.fit(paths, labels)
    assert search.best_params_ == {"texturefeatures__descriptor": "fast"}
    search = GridSearchCV(
        textura.TextureClassifier(**{**QUICK, "n_jobs": 1}),
        {"epochs": [1, 60], "settings": [None, {"rate": 0.01}]},
        cv=StratifiedKFold(2),
        n_jobs=2,
    )
    search.fit(paths[::2], labels[::2])
    assert search.best_score_ > 0.9 and len(search.cv_results_["params"]) == 4


def test_tables_of_pixels():
    """Pictures as scikit-learn's own data sets have them: flattened, in floats."""
    digits = load_digits(n_class=3)
    classifier = textura.TextureClassifier(**QUICK, image_shape=(8, 8), float_range=(0, 16))
    classifier.fit(digits.data, digits.target)
    assert classifier.n_features_in_ == 64
    assert classifier.score(digits.data, digits.target) > 0.8
    whole = (digits.images / 16 * 65535).round().astype(np.uint16)
    assert (classifier.predict_proba(whole) == classifier.predict_proba(digits.data)).all()
    assert (classifier.predict_proba(digits.images) == classifier.predict_proba(digits.data)).all()
    with pytest.raises(ValueError, match="rows of 64 pixels"):
        textura.TextureFeatures(image_shape=(8, 8)).fit(digits.data[:, 1:])
    with pytest.warns(UserWarning, match="beyond float_range"):
        textura.TextureFeatures("fast", image_shape=(8, 8)).fit(digits.data)
    with pytest.raises(ValueError, match="Negative values"):
        textura.TextureFeatures("fast").fit(digits.data - 1)


def test_faults_are_told(textures):
    paths, labels = textures
    classifier = textura.TextureClassifier(**QUICK)
    with pytest.raises(ValueError, match="broken"):
        classifier.fit([*paths[::10], str(FIXTURES / "broken/empty.png")], [*labels[::10], "brick"])
    with pytest.raises(ValueError, match="unknown field `rat`"):
        classifier.set_params(settings={"rat": 1}).fit(paths[::10], labels[::10])
    with pytest.raises(ValueError, match="inconsistent"):
        textura.TextureClassifier(**QUICK).fit(paths, labels[:-1])
    with pytest.raises(ValueError, match="not fitted"):
        textura.TextureClassifier().predict(paths)
    with pytest.raises(ValueError, match="0 sample"):
        textura.TextureClassifier().fit([], [])


def test_remarks_are_kept(textures):
    paths, labels = textures
    X = [paths[0], paths[0], paths[20], paths[21], paths[40], paths[41]]
    classifier = textura.TextureClassifier(**QUICK).fit(X, ["a", "b", "a", "b", "a", "b"])
    assert any("two labels" in remark for remark in classifier.remarks_)


def test_without_scikit_learn(tmp_path):
    """Where scikit-learn is missing, models still load, learn and classify."""
    program = f"""
import sys
sys.modules["sklearn"] = None
import textura
classifier = textura.load({str(PROJECT / "models" / "demo.json")!r})
path = {str(FIXTURES / "textures/brick/brick_00.png")!r}
assert classifier.predict([path]).tolist() == ["brick"]
noise = __import__("numpy").random.default_rng(0).integers(0, 256, (20, 32, 32), "uint8")
noise[10:] = noise[10:, ::4, ::4].repeat(4, axis=1).repeat(4, axis=2)
quick = textura.TextureClassifier("fast", hidden=(), augment="none", epochs=20)
assert quick.fit(noise, [0] * 10 + [1] * 10).score(noise, [0] * 10 + [1] * 10) > 0.9
assert quick.get_params()["epochs"] == 20
assert textura.TextureFeatures("fast").fit_transform(noise.reshape(20, -1)).shape == (20, 90)
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)
