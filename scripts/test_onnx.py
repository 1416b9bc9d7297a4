"""Compares exported graphs, run by onnxruntime, with what `textura classify` says. See scripts/test-onnx."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

# Beyond what the network rounds: float32 probabilities near 1 have steps of 6e-8.
MOST = {"float32": 1e-5, "float64": 1e-12}

NETWORKS = [
    "--hidden none",
    "--hidden 128,64",
    "--hidden 32 --activation leaky-relu",
    "--hidden 32 --activation prelu",
    "--hidden 32 --activation sigmoid",
    "--hidden 32 --activation tanh",
    "--hidden 32 --activation identity --descriptor fast",
    "--hidden 32 --norm batch",
    "--hidden 32 --residual 2",
    "--hidden 32 --dropout 0.3",
    "--hidden 24,16 --activation prelu --norm batch --residual 1 --dropout 0.2 --descriptor fast",
    "--hidden 32 --channels rgb --descriptor fast",
]


def textura(*arguments):
    run = subprocess.run([TEXTURA, "-q", *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return run.stdout


def table(*arguments):
    return list(csv.DictReader(io.StringIO(textura(*arguments))))


def compare(model, source, dtype, expect_looks):
    """The largest difference between the graph and classify, and the share of probabilities that are neither 0 nor 1."""
    textura("export", model, "--onnx", "model.onnx", "--dtype", dtype)
    onnx.checker.check_model("model.onnx", full_check=True)
    session = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
    about = session.get_modelmeta().custom_metadata_map
    classes, names, looks = (json.loads(about[key]) for key in ("classes", "features", "looks"))
    assert len(looks) == expect_looks, looks
    assert json.loads(textura("inspect", model, "--descriptor")) == json.loads(about["descriptor"])
    number = {"float32": np.float32, "float64": np.float64}[dtype]
    rows = table("score", source, "--model", model)
    x = np.array([[row[name] for name in names] for row in rows], dtype=np.float64).astype(number)
    if expect_looks > 1:
        assert [row["look"] for row in rows[:expect_looks]] == looks
        x = x.reshape(-1, expect_looks, len(names))
    probabilities, logits = session.run(["probabilities", "logits"], {"features": x})
    assert probabilities.dtype == number and logits.dtype == number
    classified = table("classify", model, source)
    truth = np.array([[float(row["p_" + name]) for name in classes] for row in classified])
    assert truth.shape == probabilities.shape == logits.shape and len(truth) > 0
    soft = np.exp((logits - logits.max(1, keepdims=True)) / float(about["temperature"]))
    assert np.abs(soft / soft.sum(1, keepdims=True) - probabilities).max() < 1e-5
    # One picture alone gives what it gives beside others.
    alone = session.run(["probabilities"], {"features": x[:1]})[0]
    assert np.abs(alone - probabilities[:1]).max() < 1e-6
    unsure = np.mean((truth > 0.01) & (truth < 0.99))
    return np.abs(truth - probabilities).max(), unsure


def check(model, source, expect_looks, what):
    for dtype, most in MOST.items():
        worst, unsure = compare(model, source, dtype, expect_looks)
        print(f"{worst:.1e}  {dtype}  {unsure:4.0%} unsure  {what}")
        assert worst < most, what
        assert unsure > 0.2 or model.endswith("demo.json"), what


def main():
    fixtures = os.path.abspath("fixtures/textures")
    demo = os.path.abspath("models/demo.json")
    page = open("docs/export.md", encoding="utf-8").read()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        label_wrongly(fixtures)
        for network in NETWORKS:
            flags = f"--augment none --epochs 60 {network}".split()
            textura("train", "surfaces", "--model", "model.json", *flags)
            check("model.json", "surfaces", 1, network)
        check(demo, "surfaces", 3, "models/demo.json")
        check_looks()
        check_numbers(fixtures)
        check_example(page)
    print(f"{len(NETWORKS) + 5} models agree with textura classify")


def check_numbers(fixtures):
    """Models of numbers, one learned as it is and one by its logarithm: by radial units, and by networks."""
    kinds = sorted(os.listdir(fixtures))
    with open("numbers.csv", "w", encoding="utf-8") as file:
        file.write("path,plain,steep\n")
        for at, kind in enumerate(kinds):
            for name in sorted(os.listdir(f"{fixtures}/{kind}")):
                file.write(f"{fixtures}/{kind}/{name},{at},{3.0 ** at}\n")
    networks = ["--hidden", "16,8", "--activation", "prelu", "--norm", "batch", "--residual", "1", "--epochs", "20"]
    for flags in ([], ["--augment", "auto"], networks):
        textura("train", "numbers.csv", "--target", "plain,steep", "--model", "numbers.json", *flags)
        check_graph_of_numbers(" ".join(flags))


def check_graph_of_numbers(how):
    # Features in 32 bits are off by 6e-8 of their size, which networks, and exponentials after them, enlarge.
    in_32_bits = 1e-5 if "--hidden" in how else 1e-6
    for dtype, most in {"float32": in_32_bits, "float64": 1e-9}.items():
        textura("export", "numbers.json", "--onnx", "numbers.onnx", "--dtype", dtype)
        onnx.checker.check_model("numbers.onnx", full_check=True)
        session = onnxruntime.InferenceSession("numbers.onnx", providers=["CPUExecutionProvider"])
        about = session.get_modelmeta().custom_metadata_map
        targets, names = json.loads(about["targets"]), json.loads(about["features"])
        rows = table("score", "numbers.csv", "--model", "numbers.json")
        x = np.array([[row[name] for name in names] for row in rows], dtype=np.float64)
        (values,) = session.run(["values"], {"features": x.astype({"float32": np.float32, "float64": np.float64}[dtype])})
        truth = np.array([[float(row[name]) for name in targets] for row in table("classify", "numbers.json", "numbers.csv")])
        assert targets == ["plain", "steep"] and values.shape == truth.shape and len(truth) > 100
        worst = (np.abs(values - truth) / np.maximum(1, np.abs(truth))).max()
        print(f"{worst:.1e}  {dtype}  numbers {how}")
        assert worst < most


def label_wrongly(fixtures):
    """Labels every fourth picture as another class, so that no model can be sure: probabilities of 0 and 1 agree
    whatever the graph does."""
    kinds = ["brick", "clouds", "dots", "weave"]
    for at, kind in enumerate(kinds):
        for k in range(12):
            label = kinds[(at + (k % 4 == 0)) % len(kinds)]
            os.makedirs(f"surfaces/{label}", exist_ok=True)
            shutil.copy(f"{fixtures}/{kind}/{kind}_{k:02}.png", f"surfaces/{label}")


def check_looks():
    """A model that averages over looks. Which a model does is chosen by cross-validation, so it is looked for."""
    for seed in range(8):
        textura("train", "surfaces", "--model", "model.json", "--hidden", "16", "--seed", str(seed))
        looks = json.load(open("model.json", encoding="utf-8"))["model"]["variation"]
        if "smaller" in looks:
            check("model.json", "surfaces", 3, "sizes")
            return
    raise SystemExit("no model chose to average over sizes")


def check_example(page):
    """The Python example of docs/export.md, with the command in the search path."""
    example = re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1)
    os.rename("surfaces/brick", "new")
    textura("export", "model.json", "--onnx", "model.onnx")
    path = os.path.dirname(TEXTURA) + os.pathsep + os.environ["PATH"]
    run = subprocess.run([sys.executable, "-c", example], env={**os.environ, "PATH": path},
                         stdout=subprocess.PIPE, text=True, check=True)
    lines = run.stdout.splitlines()
    assert len(lines) == len(os.listdir("new")) > 0, run.stdout
    expected = table("classify", "model.json", "new", "--reject-at", "none")
    for line, row in zip(lines, expected):
        path, label, probability = line.rsplit(" ", 2)
        assert (path, label) == (row["path"], row["label"]), (line, row)
        assert abs(float(probability) - float(row["probability"])) < 1e-4, (line, row)


TEXTURA = os.path.abspath(sys.argv[1])
main()
