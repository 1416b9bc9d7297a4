"""Record batches in and out."""

import csv
import subprocess

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

import textura

from conftest import FIXTURES, PROJECT


def read(path):
    with open(path, "rb") as file:
        return file.read()


def test_rows_are_those_of_the_command_line(command, tmp_path, odd_pictures):
    try:
        listed = "\n".join(odd_pictures)
        command("score", "-", "--descriptor", "fast", "-o", tmp_path / "s.csv", input=listed)
    except subprocess.CalledProcessError as error:
        assert error.returncode == 3
    with open(tmp_path / "s.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    batch = textura.extract_batch(pa.record_batch({"path": odd_pictures}), "fast")
    names = ["path", "label", "status", "error", "width", "height", *textura.feature_names("fast"), "flags"]
    assert batch.schema.names == names
    assert batch.num_rows == len(rows) == len(odd_pictures)
    n_errors = 0
    for row, found in zip(rows, batch.to_pylist()):
        assert found["label"] is None
        for name in ("path", "status", "error", "flags"):
            assert (found[name] or "") == row[name]
        if row["status"] == "error":
            n_errors += 1
            assert all(found[name] is None for name in names[4:])
            continue
        assert (found["width"], found["height"]) == (int(row["width"]), int(row["height"]))
        for name in names[6:-1]:
            assert found[name] == float(row[name])
    assert n_errors >= 5


def test_bytes_masks_and_labels(odd_pictures, tmp_path):
    paths = odd_pictures
    of_paths = textura.extract_batch(pa.record_batch({"path": paths, "label": ["a"] * len(paths)}), "fast")
    contents = [read(path) for path in paths]
    for kind in (pa.binary(), pa.large_binary(), pa.binary_view()):
        batch = pa.record_batch({"bytes": pa.array(contents, kind), "path": paths, "label": ["a"] * len(paths)})
        assert textura.extract_batch(batch, "fast", jobs=1).equals(of_paths)
    nameless = textura.extract_batch(pa.record_batch({"bytes": contents}), "fast")
    assert nameless["path"].null_count == len(paths)
    assert nameless["status"].equals(of_paths["status"])
    for name in textura.feature_names("fast"):
        assert nameless[name].equals(of_paths[name])
    # Bytes without a name have no wrong ending.
    assert not any("wrong_ending" in (flags or "") for flags in nameless["flags"].to_pylist())

    picture = str(FIXTURES / "textures/brick/brick_00.png")
    mask = str(tmp_path / "mask.png")
    Image.fromarray(np.tri(64, dtype=np.uint8)).save(mask)
    masked = pa.record_batch({"path": [picture] * 2, "mask": [None, mask]})
    found = textura.extract_batch(masked, "fast")
    of_bytes = pa.record_batch({"path": [picture] * 2, "mask": [None, read(mask)]})
    assert found.equals(textura.extract_batch(of_bytes, "fast"))
    values = [[row[name] for name in textura.feature_names("fast")] for row in found.to_pylist()]
    assert values[0] == textura.features(picture, "fast").tolist()
    assert values[1] == textura.features(picture, "fast", mask=mask).tolist()
    assert values[0] != values[1]


def test_labels_keep_their_type_and_other_columns_do_not_matter():
    path = str(FIXTURES / "edge/flat.png")
    batch = pa.record_batch({"other": [1.5, 2.5], "label": pa.array([3, 4], pa.int16()), "path": [path, path]})
    found = textura.extract_batch(batch, "fast")
    assert found["label"].equals(batch["label"])
    sliced = textura.extract_batch(batch.slice(1), "fast")
    assert sliced["label"].to_pylist() == [4] and sliced.num_rows == 1


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_rows_without_a_picture_are_rows(kind):
    path = str(FIXTURES / "edge/flat.png")
    batch = pa.record_batch({"path": pa.array([path, None, "", "no such.png"], kind)})
    found = textura.extract_batch(batch, "fast")
    assert found["status"].to_pylist() == ["ok", "error", "error", "error"]
    assert "expected a path or the bytes of a file" in found["error"].to_pylist()[1]
    assert "cannot read it" in found["error"].to_pylist()[3]
    empty = textura.extract_batch(batch.slice(0, 0), "fast")
    assert empty.num_rows == 0 and empty.schema.equals(found.schema)


def test_a_batch_of_nothing_useful_is_refused():
    with pytest.raises(ValueError, match="`path` \\(text\\) or `bytes`"):
        textura.extract_batch(pa.record_batch({"file": ["a.png"]}))
    with pytest.raises(ValueError, match="expected binary in the column `bytes`"):
        textura.extract_batch(pa.record_batch({"bytes": ["a.png"]}))
    with pytest.raises(ValueError, match="did you mean `fast`"):
        textura.extract_batch(pa.record_batch({"path": ["a.png"]}), "fsat")
    with pytest.raises(TypeError):
        textura.extract_batch([1, 2])


def test_any_holder_of_the_capsules_will_do():
    """The C data interface is enough: no type of pyarrow is asked for."""

    class Holder:
        def __init__(self, batch):
            self.batch = batch

        def __arrow_c_array__(self, requested_schema=None):
            return self.batch.__arrow_c_array__(requested_schema)

    batch = pa.record_batch({"path": [str(FIXTURES / "edge/flat.png")]})
    assert textura.extract_batch(Holder(batch), "fast").equals(textura.extract_batch(batch, "fast"))


def test_damaged_bytes_never_raise():
    """Whatever is cut or changed in a file, there is a row for it."""
    random = np.random.default_rng(5)
    originals = [read(path) for path in sorted((FIXTURES / "edge").glob("*.*"))[:4]]
    contents = []
    for original in originals:
        for _ in range(60):
            changed = bytearray(original[: random.integers(1, len(original) + 1)])
            for at in random.integers(0, len(changed), 3):
                changed[at] = random.integers(0, 256)
            contents.append(bytes(changed))
    batch = pa.record_batch({"bytes": pa.array(contents, pa.binary())})
    found = textura.extract_batch(batch, "fast")
    assert found.num_rows == 240
    assert found["status"].to_pylist().count("error") > 100
    assert textura.extract_batch(batch, "fast", jobs=3).equals(found)


@pytest.mark.parametrize("reject_at", [0.01, None, 0.5])
def test_classes_are_those_of_the_command_line(command, tmp_path, odd_pictures, reject_at):
    model = PROJECT / "models" / "demo.json"
    limit = "none" if reject_at is None else str(reject_at)
    try:
        listed = "\n".join(odd_pictures)
        command("classify", model, "-", "--reject-at", limit, "-o", tmp_path / "c.csv", input=listed)
    except subprocess.CalledProcessError as error:
        assert error.returncode == 3
    with open(tmp_path / "c.csv", newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), reader.fieldnames
    batch = textura.classify_batch(pa.record_batch({"path": odd_pictures}), model, reject_at=reject_at)
    assert batch.schema.names == names
    statuses = set()
    for row, found in zip(rows, batch.to_pylist()):
        statuses.add(row["status"])
        for name in names:
            if isinstance(found[name], float):
                assert found[name] == float(row[name]), name
            else:
                assert (found[name] or "") == row[name]
    assert len(rows) == batch.num_rows == len(odd_pictures)
    assert {"ok", "error"} <= statuses and ("rejected" in statuses) == (reject_at is not None)
    contents = pa.record_batch({"bytes": [read(path) for path in odd_pictures]})
    of_bytes = textura.classify_batch(contents, textura.load(model), reject_at=reject_at)
    assert of_bytes.drop_columns(["path", "flags"]).equals(batch.drop_columns(["path", "flags"]))


def test_models_and_limits_are_checked():
    batch = pa.record_batch({"path": ["a.png"]})
    with pytest.raises(OSError):
        textura.classify_batch(batch, "no such.json")
    with pytest.raises(ValueError, match="a textura model"):
        textura.classify_batch(batch, __file__)
    with pytest.raises(ValueError, match="reject_at"):
        textura.classify_batch(batch, PROJECT / "models" / "demo.json", reject_at=2)
    with pytest.raises(TypeError, match="found int"):
        textura.classify_batch(batch, 3)
