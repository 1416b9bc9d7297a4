"""Pictures to numbers: the bits of the command line, whatever the picture came as."""

import csv
import functools
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import textura

from conftest import FIXTURES


FAST = functools.partial(textura.features, descriptor="fast")
FAST_BATCH = functools.partial(textura.features_batch, descriptor="fast")


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("descriptor", ["default", "fast", "ibsi"])
def test_the_command_line_writes_the_same_bits(command, tmp_path, odd_pictures, descriptor):
    command_table = tmp_path / "scores.csv"
    listed = "\n".join(odd_pictures)
    try:
        command("score", "-", "--descriptor", descriptor, "--output", command_table, input=listed)
    except subprocess.CalledProcessError as error:
        assert error.returncode == 3  # some pictures are broken on purpose
    rows = table(command_table)
    names = textura.feature_names(descriptor)
    values = textura.features_batch(odd_pictures, descriptor, errors="nan")
    n_good = 0
    assert len(rows) == len(odd_pictures)
    for row, path, found in zip(rows, odd_pictures, values):
        if row["status"] == "error":
            assert np.isnan(found).all()
            with pytest.raises((ValueError, OSError)) as raised:
                textura.features(path, descriptor)
            assert row["error"] in str(raised.value)
            continue
        expected = np.array([float(row[name]) for name in names])
        assert (found == expected).all(), path
        assert (textura.features(path, descriptor) == expected).all()
        with open(path, "rb") as file:
            assert (textura.features(file.read(), descriptor) == expected).all()
        n_good += 1
    assert n_good >= 30


def pixels(name="textures/brick/brick_00.png"):
    return np.asarray(Image.open(FIXTURES / name))


def test_arrays_give_the_bits_of_their_files():
    path = FIXTURES / "textures/brick/brick_00.png"
    expected = textura.features(path, "fast")
    image = pixels()
    assert image.dtype == np.uint8
    views = {
        "as it is": image,
        "columns first": np.asfortranarray(image),
        "turned and turned back": np.rot90(np.rot90(image).copy(), -1),
        "every second of twice as many": image.repeat(2, axis=0)[::2].repeat(2, axis=1)[:, ::2],
        "backwards": image[::-1, ::-1].copy()[::-1, ::-1],
        "read only": np.frombuffer(image.tobytes(), np.uint8).reshape(image.shape),
        "grey in three channels": np.stack([image] * 3, axis=2),
        "channels first in memory": np.stack([image] * 3).transpose(1, 2, 0),
    }
    for name, view in views.items():
        assert (view[..., 0] if view.ndim == 3 else view).tolist() == image.tolist(), name
        assert (textura.features(view, "fast") == expected).all(), name
    assert len(views) == 8


def test_every_integer_type_up_to_sixteen_bits():
    random = np.random.default_rng(1)
    low = random.integers(0, 128, (20, 24))
    eight = textura.features(low.astype(np.uint8), "fast")
    assert (textura.features(low.astype(np.int8), "fast") == eight).all()
    sixteen = textura.features(low.astype(np.uint16), "fast")
    assert (sixteen != eight).any()  # the same values of a deeper range
    for dtype in ("int16", ">u2", "<u2", ">i2"):
        assert (textura.features(low.astype(dtype), "fast") == sixteen).all(), dtype
    # 257 maps 8 bits onto 16.
    stretched = textura.features((low * 257).astype(np.uint16), "fast")
    assert np.allclose(stretched, eight, rtol=1e-9, atol=1e-12)


def test_colours_are_weighed_as_in_files(tmp_path):
    random = np.random.default_rng(2)
    color = random.integers(0, 256, (17, 23, 3), np.uint8)
    Image.fromarray(color).save(tmp_path / "color.png")
    opponent = {"channels": "opponent", "families": [{"glcm": {}}]}
    for descriptor in ("fast", opponent):
        of_file = textura.features(tmp_path / "color.png", descriptor)
        assert (textura.features(color, descriptor) == of_file).all()
    assert len(textura.feature_names(opponent)) == 3 * 36


def test_masks_as_arrays_and_files(command, tmp_path):
    image = pixels()
    mask = np.zeros(image.shape, np.uint8)
    mask[10:40, 5:50] = 7
    (tmp_path / "masks").mkdir()
    Image.fromarray(mask).save(tmp_path / "masks" / "brick_00.png")
    path = FIXTURES / "textures/brick/brick_00.png"
    command("score", path, "--mask-dir", tmp_path / "masks", "-o", tmp_path / "m.csv", "--descriptor", "fast")
    (row,) = table(tmp_path / "m.csv")
    expected = np.array([float(row[name]) for name in textura.feature_names("fast")])
    for picture in (path, image):
        for given in (mask, mask != 0, mask.astype(np.int64), tmp_path / "masks" / "brick_00.png"):
            assert (textura.features(picture, "fast", mask=given) == expected).all()
    assert (expected != textura.features(path, "fast")).any()
    with pytest.raises(ValueError, match="as its picture"):
        textura.features(image, mask=mask[:-1])
    with pytest.raises(ValueError, match="empty mask"):
        textura.features(image, mask=mask * 0)
    with pytest.raises(TypeError, match="bool or integer"):
        textura.features(image, mask=mask / 7)


@pytest.mark.parametrize(
    ("picture", "error", "words"),
    [
        (np.zeros((4, 4)), TypeError, "float64; bring the values to whole numbers"),
        (np.zeros((4, 4), bool), TypeError, "uint8"),
        (np.zeros((4, 4), np.int32), TypeError, "uint16., where the values fit"),
        (np.zeros((4, 4), complex), TypeError, "array of numbers"),
        (np.array(None), TypeError, "object"),
        (np.zeros(4, np.uint8), ValueError, r"\(4,\)"),
        (np.zeros((0, 4), np.uint8), ValueError, r"\(0, 4\)"),
        (np.zeros((4, 4, 4), np.uint8), ValueError, "transparency"),
        (np.zeros((4, 4, 1), np.uint8), ValueError, "last axis"),
        (np.zeros((2, 4, 4, 3), np.uint8), ValueError, "features_batch"),
        (np.full((4, 4), -3, np.int16), ValueError, "found -3"),
        ("no such file.png", OSError, "no such file.png"),
        (b"no picture", ValueError, "content that starts with"),
    ],
)
def test_what_is_no_picture_is_refused(picture, error, words):
    with pytest.raises(error, match=words):
        textura.features(picture)


def test_descriptors_by_name_file_and_dictionary(tmp_path):
    wanted = {"families": [{"lbp": {"p": 8, "r": 1}}]}
    (tmp_path / "lbp.json").write_text('{"families":[{"lbp":{"p":8,"r":1}}]}')
    assert textura.feature_names(wanted) == textura.feature_names(tmp_path / "lbp.json")
    assert len(textura.feature_names()) == 862
    image = pixels()
    assert (textura.features(image, wanted) == textura.features(image, tmp_path / "lbp.json")).all()
    with pytest.raises(ValueError, match="did you mean `fast`"):
        textura.features(image, "fsat")
    with pytest.raises(ValueError, match="unknown field"):
        textura.features(image, {"families": [{"glcm": {"level": 3}}]})
    with pytest.raises(TypeError, match="found int"):
        textura.features(image, 3)


def test_batches_do_not_depend_on_jobs_or_form(textures):
    paths = textures[0][:12]
    arrays = [np.asarray(Image.open(path)) for path in paths]
    expected = np.array([textura.features(path, "fast") for path in paths])
    for images in (paths, arrays, np.stack(arrays), arrays[:6] + paths[6:], tuple(arrays)):
        for jobs in (1, 2, 5):
            assert (textura.features_batch(images, "fast", jobs=jobs) == expected).all()
    assert (textura.features(paths, "fast") == expected).all()
    assert textura.features_batch([], "fast").shape == (0, 90)


def test_batches_in_pandas_and_arrow():
    images = np.random.default_rng(3).integers(0, 256, (4, 16, 16), np.uint8)
    expected = textura.features_batch(images, "fast")
    frame = textura.features_batch(images, "fast", output="pandas")
    assert list(frame.columns) == textura.feature_names("fast")
    assert (frame.to_numpy() == expected).all()
    batch = textura.features_batch([*images, b"broken"], "fast", output="arrow", errors="nan")
    assert batch.schema.names == textura.feature_names("fast")
    assert batch.num_rows == 5 and batch.column(0).null_count == 1
    with pytest.raises(ValueError, match="found 'excel'"):
        textura.features_batch(images, output="excel")


def test_a_bad_picture_of_a_batch_is_named():
    images = [pixels(), np.zeros((3, 3)), pixels()]
    with pytest.raises(TypeError, match="^picture 1: expected an integer dtype.*float64"):
        textura.features_batch(images, "fast")
    with pytest.raises(TypeError, match="^picture 2: expected an integer dtype.*int64"):
        strange = [pixels(), pixels(), np.zeros((4, 4), np.int64)]
        textura.TextureClassifier("fast").fit(strange, [0, 1, 0])
    values = textura.features_batch(images, "fast", errors="nan")
    assert np.isnan(values[1]).all() and not np.isnan(values[[0, 2]]).any()
    with pytest.raises(ValueError, match="found 2"):
        textura.features_batch(images, masks=[None, None])
    with pytest.raises(TypeError, match="sequence"):
        textura.features_batch("a.png")


def test_other_threads_run_meanwhile():
    """The lock of Python is free while features are computed: another thread goes on, which it could not for longer
    than a switch between threads takes."""
    import threading
    import time

    counted = [0]
    is_over = threading.Event()

    def count():
        while not is_over.is_set():
            counted[0] += 1
            time.sleep(0.0001)

    image = np.random.default_rng(4).integers(0, 256, (1500, 1500), np.uint8)
    thread = threading.Thread(target=count)
    thread.start()
    try:
        before = counted[0]
        textura.features(image, "default")
        after = counted[0]
    finally:
        is_over.set()
        thread.join()
    assert after > before + 20


def test_ctrl_c_ends_a_batch():
    program = """
import os, signal, threading, numpy, textura
image = numpy.random.default_rng(0).integers(0, 256, (400, 400), numpy.uint8)
threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    # Minutes of work.
    textura.features_batch([image] * 100_000, "full", jobs=1)
except KeyboardInterrupt:
    print("stopped")
"""
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert out.stdout == "stopped\n", out.stderr


def test_forked_processes_measure_too():
    import multiprocessing

    images = [pixels(), pixels("textures/grain/grain_00.png")]
    expected = textura.features_batch(images, "fast")
    # What was started before must not be waited for in the fork.
    textura.features(images[0], "fast")
    with multiprocessing.get_context("fork").Pool(2) as pool:
        one_by_one = pool.map_async(FAST, images).get(timeout=120)
        batches = pool.map_async(FAST_BATCH, [images, images]).get(timeout=120)
    assert (np.array(one_by_one) == expected).all()
    assert all((batch == expected).all() for batch in batches)


def test_importing_is_quick_and_imports_nothing_heavy():
    program = (
        "import sys, time; start = time.perf_counter(); import textura; taken = time.perf_counter() - start;"
        "heavy = [m for m in ('numpy', 'sklearn', 'pandas', 'pyarrow') if m in sys.modules];"
        "print(taken, heavy)"
    )
    best = []
    for _ in range(5):
        out = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
        taken, heavy = out.split(" ", 1)
        assert heavy.strip() == "[]"
        best.append(float(taken))
    assert min(best) < 0.15


def test_features_do_not_import_scikit_learn():
    program = (
        "import sys, numpy, textura; textura.features(numpy.zeros((9, 9), numpy.uint8));"
        "textura.feature.graycomatrix(numpy.zeros((9, 9), numpy.uint8), [1], [0]);"
        "assert 'sklearn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_names_and_docs():
    assert set(textura.__all__) <= set(dir(textura))
    for name in textura.__all__:
        assert getattr(textura, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'feature_name'"):
        textura.feature_name


def declared(path):
    """The functions that a stub declares, and the methods of its classes, each with its parameters' names."""
    import ast

    def parameters(function):
        given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        return [argument.arg for argument in given]

    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, parameters(node)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for method in (part for part in node.body if isinstance(part, ast.FunctionDef)):
                is_plain = not method.decorator_list
                if is_plain:
                    yield f"{node.name}.{method.name}", parameters(method)


@pytest.mark.parametrize("module", ["__init__", "feature", "_estimators"])
def test_stubs_say_what_is_there(module):
    import importlib
    import inspect
    import operator
    import pathlib

    package = pathlib.Path(textura.__file__).parent
    assert (package / "py.typed").exists()
    there = textura if module == "__init__" else importlib.import_module(f"textura.{module}")
    n_seen = 0
    for name, parameters in declared(package / f"{module}.pyi"):
        found = operator.attrgetter(name)(there)
        owner, _, method = name.rpartition(".")
        if owner and method not in vars(getattr(there, owner)):
            continue  # scikit-learn's
        assert parameters == list(inspect.signature(found).parameters), name
        n_seen += 1
    assert n_seen >= 4
