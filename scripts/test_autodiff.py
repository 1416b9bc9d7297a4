"""Builds the loss of a network from its weights alone, lets autograd differentiate it, and compares with `textura trace`; then runs
the NumPy program of docs/learning/the-two-lines.md and lets `textura trace --check` judge it."""

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import autograd.numpy as np
from autograd import grad

TOLERANCE = 1e-10
UNITS = ("relu", "leaky-relu", "prelu", "sigmoid", "tanh", "identity")
RULES = ("momentum", "nesterov", "sgd", "rmsprop", "adam", "adamw")


def network(seed):
    """Settings of a random network and rule; the weights are drawn by textura."""
    draw = random.Random(seed)
    hidden = [draw.randint(2, 6) for _ in range(draw.randint(0, 3))]
    return {
        "hidden": hidden,
        "activation": UNITS[seed % len(UNITS)],
        "norm": draw.choice(["none", "batch"]) if hidden else "none",
        "residual": draw.randint(0, 2) if hidden else 0,
        "dropout": draw.choice([0, 0.3]),
        "loss_function": draw.choice(["cross-entropy", "cross-entropy", "squared-error"]),
        "label_smoothing": draw.choice([0, 0.1]),
        "optimizer": RULES[seed % len(RULES)],
        "rate": draw.choice([0.01, 0.1, 1]),
        "momentum": draw.choice([0.5, 0.9]),
        "weight_decay": draw.choice([0, 0.01]),
        "steps_before": 0,
    }


def rows(seed, path):
    draw = random.Random(seed)
    n_inputs, n_classes, n_rows = draw.randint(1, 5), draw.randint(2, 5), draw.randint(5, 12)
    lines = [",".join([f"x{k}" for k in range(n_inputs)] + ["label"])]
    for row in range(n_rows):
        lines.append(",".join([repr(draw.gauss(0, 1)) for _ in range(n_inputs)] + [f"class{row % n_classes}"]))
    path.write_text("\n".join(lines) + "\n")


def unit(name, x, slopes):
    if name == "sigmoid":
        return 1 / (1 + np.exp(-x))
    if name == "tanh":
        return np.tanh(x)
    if name == "relu":
        return np.where(x > 0, x, 0.0)
    if name == "leaky-relu":
        return np.where(x > 0, x, 0.01 * x)
    if name == "prelu":
        return np.where(x > 0, x, slopes * x)
    return x


def loss(weights, trace):
    """The loss by the definitions of the layers, from the weights in a dictionary by name."""

    def layer(name, x):
        sums = x @ weights[f"{name}_weights"] + weights[f"{name}_biases"]
        if trace["norm"] == "batch":
            mean = np.mean(sums, axis=0)
            variance = np.mean((sums - mean) ** 2, axis=0)
            sums = weights[f"{name}_gamma"] * (sums - mean) / np.sqrt(variance + 1e-5) + weights[f"{name}_beta"]
        outputs = unit(trace["activation"], sums, weights.get(f"{name}_slopes"))
        return outputs * np.array(trace.get(f"{name}_dropout", 1.0))

    n_hidden, x = len(trace["hidden"]), np.array(trace["inputs"])
    for at in range(n_hidden):
        x = layer("hidden" if n_hidden == 1 else f"hidden{at + 1}", x)
    for at in range(trace["residual"]):
        name = "block" if trace["residual"] == 1 else f"block{at + 1}"
        inner = layer(name, x)
        x = x + inner @ weights[f"{name}_second_weights"] + weights[f"{name}_second_biases"]
    z = x @ weights["output_weights"] + weights["output_biases"]
    y = np.array(trace["targets"])
    logs = z - np.max(z, axis=1, keepdims=True)
    logs = logs - np.log(np.sum(np.exp(logs), axis=1, keepdims=True))
    if trace["loss_function"] == "squared-error":
        return np.mean(np.sum((np.exp(logs) - y) ** 2, axis=1)) / 2
    smoothing = trace["label_smoothing"]
    y = (1 - smoothing) * y + smoothing / y.shape[1]
    return -np.mean(np.sum(y * logs, axis=1))


def step(rule, trace, g, w, is_weight):
    """What a first step makes of weights, by the definitions of the rules."""
    decay = trace["weight_decay"] if is_weight else 0
    rate, momentum = trace["rate"], trace["momentum"]
    if rule != "adamw":
        g = g + decay * w
    if rule in ("momentum", "sgd"):
        return w - rate * g
    if rule == "nesterov":
        return w - rate * (g + momentum * g)
    if rule == "rmsprop":
        return w - rate * g / (np.sqrt(0.01 * g * g) + 1e-8)
    m, v = 0.1 * g / (1 - 0.9), 0.001 * g * g / (1 - 0.999)
    return w - rate * (m / (np.sqrt(v) + 1e-8) + (decay * w if rule == "adamw" else 0))


def compare(what, ours, theirs):
    ours, theirs = np.array(ours, dtype=float), np.array(theirs, dtype=float)
    assert ours.shape == theirs.shape, (what, ours.shape, theirs.shape)
    error = float(np.max(np.abs(ours - theirs) / (1 + np.abs(theirs)), initial=0))
    assert error < TOLERANCE, f"{what}: off by {error}"
    return ours.size, error


def main():
    program = Path(sys.argv[1]).resolve()
    n_compared, worst, kinds = 0, 0.0, set()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(20):
            net, data = Path(folder, "net.json"), Path(folder, "rows.csv")
            settings = network(seed)
            net.write_text(json.dumps(settings))
            rows(seed, data)
            words = [program, "trace", "--json", "--seed", str(seed), "--net", net, "--data", data]
            trace = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
            ends = ("_weights", "_biases", "_gamma", "_beta", "_slopes")
            names = [name for name in trace if name.endswith(ends)]
            weights = {name: np.array(trace[name]) for name in names}
            found = [compare("loss", trace["loss"], loss(weights, trace))]
            gradients = grad(loss)(weights, trace)
            for name in names:
                found.append(compare(name, trace[f"{name}_gradient"], gradients[name]))
                # The step by our gradient: Adam makes of a rounding error near 0 a step of full length.
                ours = np.array(trace[f"{name}_gradient"])
                after = step(settings["optimizer"], trace, ours, weights[name], name.endswith("_weights"))
                found.append(compare(f"{name} after", trace[f"{name}_after"], after))
            n_compared += sum(n for n, _ in found)
            worst = max([worst] + [error for _, error in found])
            kinds.add((settings["activation"], settings["norm"], settings["residual"] > 0, settings["optimizer"]))
            print(f"{seed:2}: {settings['hidden']} {settings['activation']}, {settings['norm']}, "
                  f"{settings['residual']} blocks, {settings['optimizer']}: {sum(n for n, _ in found)} numbers agree")
    assert n_compared > 2000 and len(kinds) > 12, (n_compared, len(kinds))
    print(f"20 networks, {n_compared} numbers, worst error {worst:.1e}")
    for page in ("the-two-lines.md", "the-two-lines.zh.md"):
        two_lines(program, Path("docs/learning", page))


def two_lines(program, page):
    """The program of the page passes; with the second line as it was before, it has the mistake that the page says."""
    source = page.read_text().split("```python\n")[1].split("```")[0]
    new, old = "output_deltas = (p - y) / len(x)", "output_deltas = (p - y) * p * (1 - p) / len(x)"
    assert source.count(f"\n{new}") == 1
    for text, status, mistake in ((source, 0, None), (source.replace(f"\n{new}", f"\n{old}"), 6, "diagonal-jacobian")):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-c", text], check=True, cwd=folder)
            words = [program, "trace", "--check", "my.json", "--json"]
            run = subprocess.run(words, capture_output=True, text=True, cwd=folder)
            assert run.returncode == status, run
            assert json.loads(run.stdout)["mistake"] == mistake, run.stdout
    print(f"{page.name}: right, and wrong where it should be")


main()
