"""Spark gives every picture of a manifest one row, with the command line's bits, whatever dies meanwhile.

Needs Java, pyspark, and the command line's program: its place is in the environment variable TEXTURA_COMMAND.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow.parquet
import pyspark
import pytest
from pyspark.sql import SparkSession

import textura.spark

FIXTURES = Path(__file__).parents[2] / "fixtures"
TEXTURES = sorted((FIXTURES / "textures").rglob("*.png"))
N_PICTURES, N_BROKEN = 5000, 50
SPARK = Path(pyspark.__file__).parent
HERE = "127.0.0.1"


def textura_says(*args):
    run = subprocess.run([os.environ["TEXTURA_COMMAND"], *map(str, args), "-q"], capture_output=True, text=True)
    assert run.returncode in (0, 3), run.stderr


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """5,000 pictures, one in a hundred cut short, in a manifest with their classes."""
    folder = tmp_path_factory.mktemp("pictures")
    own = []
    for at, picture in enumerate(TEXTURES):
        own.append(Path(shutil.copy(picture, folder / f"own_{at:03}")))
    broken = folder / "own_broken"
    broken.write_bytes(own[0].read_bytes()[:600])
    lines = ["path,label"]
    for at in range(N_PICTURES):
        is_broken = at % (N_PICTURES // N_BROKEN) == 7
        source = broken if is_broken else own[at % len(own)]
        label = TEXTURES[at % len(own)].parent.name
        path = folder / label / f"{at:05}.png"
        path.parent.mkdir(exist_ok=True)
        os.link(source, path)
        lines.append(f"{path},{label}")
    manifest = folder / "manifest.csv"
    manifest.write_text("\n".join(lines) + "\n")
    return manifest


@pytest.fixture(scope="module")
def of_the_command_line(pictures):
    """What `textura score` writes, by path."""
    table = pictures.parent / "scores.parquet"
    textura_says("score", pictures, "--descriptor", "fast", "-o", table)
    rows = rows_of(pyarrow.parquet.read_table(table))
    assert len(rows) == N_PICTURES
    return rows


def rows_of(table):
    """Rows by their path, each once."""
    rows = {row["path"]: row for row in table.to_pylist()}
    assert len(rows) == table.num_rows
    return rows


def compare(output, expected, about=("status", "error", "width", "height", "flags")):
    """Every path once, with the same bits and reasons."""
    rows = rows_of(pyarrow.parquet.read_table(output))
    assert rows.keys() == expected.keys()
    names = [*about, *textura.feature_names("fast")]
    n_broken = 0
    for path, row in rows.items():
        for name in names:
            ours, theirs = row[name], expected[path][name]
            assert ours == theirs or not (ours or theirs), (path, name, ours, theirs)
        n_broken += row["status"] == "error"
    assert n_broken == N_BROKEN


def session(master, **settings):
    builder = SparkSession.builder.master(master).appName("textura")
    builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    builder = builder.config("spark.driver.host", HERE).config("spark.driver.bindAddress", HERE)
    for name, value in settings.items():
        builder = builder.config(name.replace("_", "."), value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


@pytest.fixture(scope="module")
def local():
    spark = session("local[2,4]")
    yield spark
    spark.stop()


def test_a_manifest_gives_the_command_lines_bits(local, pictures, of_the_command_line, tmp_path):
    output = tmp_path / "scores.parquet"
    began = time.monotonic()
    table = textura.spark.score(local, pictures, "fast", output)
    assert table.count() == N_PICTURES
    print(f"\nSpark, local[2,4]: {N_PICTURES} pictures in {time.monotonic() - began:.1f} s")
    began = time.monotonic()
    textura_says("score", pictures, "--descriptor", "fast", "-j", "2", "-o", tmp_path / "again.parquet")
    print(f"the command line, 2 jobs: {time.monotonic() - began:.1f} s")
    compare(output, of_the_command_line)
    labels = {row.path: row.label for row in table.select("path", "label").collect()}
    assert all(Path(path).parent.name == label for path, label in labels.items())
    assert len(labels) == N_PICTURES


def test_a_model_learns_from_the_table(local, pictures, tmp_path):
    output = tmp_path / "scores.parquet"
    textura.spark.score(local, pictures, "fast", output)
    textura_says("train", output, "--descriptor", "fast", "-o", tmp_path / "model.json", "--epochs", "20")
    model = textura.load(tmp_path / "model.json")
    assert len(model.classes_) == 8


def test_contents_give_the_same_as_paths(local, pictures, of_the_command_line, tmp_path):
    found = textura.spark.pictures(local, pictures.parent)
    output = tmp_path / "scores.parquet"
    table = textura.spark.score(local, found, "fast", output, batch_size=64)
    assert table.count() == N_PICTURES
    names = textura.feature_names("fast")
    n_seen = 0
    for row in pyarrow.parquet.read_table(output).to_pylist():
        expected = of_the_command_line[row["path"].removeprefix("file:")]
        assert row["status"] == expected["status"]
        assert [row[name] for name in names] == [expected[name] for name in names]
        n_seen += 1
    assert n_seen == N_PICTURES


def test_a_model_classifies_as_the_command_line_does(local, pictures, tmp_path):
    equal_answers(local, pictures, FIXTURES.parent / "models" / "demo.json", tmp_path)


def test_a_model_of_good_pictures_answers_as_the_command_line_does(local, pictures, tmp_path):
    model = tmp_path / "good.json"
    textura_says("train", "--normal", FIXTURES / "textures/weave", "--model", model, "--descriptor", "fast")
    equal_answers(local, pictures, model, tmp_path)


def test_a_model_of_numbers_answers_as_the_command_line_does(local, pictures, tmp_path):
    model = tmp_path / "numbers.json"
    listed = tmp_path / "learn.csv"
    paths = sorted((FIXTURES / "textures").glob("*/*.png"))[::8]
    listed.write_text("path,place\n" + "".join(f"{path},{at}\n" for at, path in enumerate(paths)))
    textura_says("train", listed, "--target", "place", "--model", model, "--descriptor", "fast")
    equal_answers(local, pictures, model, tmp_path)


def equal_answers(local, pictures, model, tmp_path):
    textura.spark.classify(local, pictures, model, tmp_path / "labels.parquet")
    textura_says("classify", model, pictures, "-o", tmp_path / "cli.parquet")
    ours = rows_of(pyarrow.parquet.read_table(tmp_path / "labels.parquet"))
    theirs = rows_of(pyarrow.parquet.read_table(tmp_path / "cli.parquet"))
    assert ours.keys() == theirs.keys() and len(ours) == N_PICTURES
    columns = next(iter(theirs.values())).keys()
    for path, row in theirs.items():
        for name in columns:
            assert ours[path][name] == row[name] or not (ours[path][name] or row[name]), (path, name)


def test_what_cannot_be_asked_is_said_before_anything_runs(local, pictures, tmp_path):
    output = tmp_path / "scores.parquet"
    no_path = local.createDataFrame([("x",)], "name string")
    for wrong in (
        dict(manifest=no_path),
        dict(manifest=tmp_path / "list.txt"),
        dict(descriptor="no such thing"),
        dict(batch_size=0),
        dict(partition_size=-1),
        dict(output=None),
    ):
        asked = {"manifest": pictures, "output": output, **wrong}
        with pytest.raises((ValueError, OSError)):
            textura.spark.score(local, **asked)
    assert not output.exists()


def free_port():
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return probe.getsockname()[1]


@pytest.fixture
def cluster(tmp_path):
    """A master and two workers, each a process group of its own, with their settings."""
    port = free_port()
    master = f"spark://{HERE}:{port}"
    environment = {**os.environ, "SPARK_LOCAL_IP": HERE, "SPARK_HOME": str(SPARK), "SPARK_WORKER_DIR": str(tmp_path)}
    deploy = "org.apache.spark.deploy."

    def start(role, *args):
        log = open(tmp_path / f"{role}-{args[-1]}.log".replace("/", "_"), "w")
        command = [str(SPARK / "bin" / "spark-class"), deploy + role, *args]
        return subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True, cwd=tmp_path
        )

    running = [
        start("master.Master", "--host", HERE, "--webui-port", str(free_port()), "--port", str(port)),
        *(
            start("worker.Worker", master, "--host", HERE, "--cores", "1", "--memory", "1g", "--webui-port", str(free_port()))
            for _ in range(2)
        ),
    ]
    yield master, running[1:]
    for process in running:
        kill(process)


def kill(process):
    """Kills a process and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def test_a_worker_killed_in_the_middle_costs_no_row(cluster, pictures, of_the_command_line, tmp_path):
    master, workers = cluster
    active = SparkSession.getActiveSession()
    if active is not None:
        active.stop()
    spark = session(master, spark_executor_memory="512m", spark_pyspark_python=sys.executable)
    done_at_death = []

    def kill_one():
        tracker = spark.sparkContext.statusTracker()
        while True:
            stages = filter(None, map(tracker.getStageInfo, tracker.getActiveStageIds()))
            # The stage with the work is the one with a task a part.
            done = [stage.numCompletedTasks for stage in stages if 20 <= stage.numTasks]
            if done and 3 <= done[0]:
                done_at_death.append(done[0])
                return kill(workers[0])
            time.sleep(0.02)

    watcher = threading.Thread(target=kill_one, daemon=True)
    watcher.start()
    output = tmp_path / "scores.parquet"
    try:
        textura.spark.score(spark, pictures, "fast", output, partition_size=200)
    finally:
        spark.stop()
    watcher.join(timeout=10)
    assert done_at_death and done_at_death[0] < 25, "the worker was not killed in the middle"
    assert workers[0].poll() is not None and workers[1].poll() is None
    compare(output, of_the_command_line)
