"""One update of the example's network, written as a beginner would, right or with a mistake; prints JSON.

Usage: update.py NAME, where NAME is none, a mistake that `textura trace --help` lists, or another way to be right: negative,
sums, transposed."""

import json
import math
import sys

name = sys.argv[1]
x = [[1, 0], [0, 1], [1, 1], [2, 1]]
labels = [0, 1, 2, 1]
w1, b1 = [[1, -1], [-0.5, 2]], [-1, 1]
w2, b2 = [[1, 2, -1], [-1, 2, 1]], [1, 0, 0]
v1, vb1 = [[0.1, -0.1], [0.2, 0.3]], [0.1, -0.2]
v2, vb2 = [[0.1, 0.2, -0.3], [-0.1, 0.3, -0.2]], [0.2, -0.1, -0.1]
rate, factor = 0.1, 0.9
if name == "single-output-softmax":
    w2, b2, v2, vb2 = [[1], [-1]], [1], [[0], [0]], [0]
    v1, vb1 = [[0, 0], [0, 0]], [0, 0]
N, H, K = len(x), len(b1), len(b2)


def softmax(row):
    powers = [math.exp(z - max(row)) for z in row]
    return [power / sum(powers) for power in powers]


def turned(matrix):
    return [list(column) for column in zip(*matrix)]


y = [[1.0 if k == labels[n] else 0.0 for k in range(K)] for n in range(N)]
if name == "single-output-softmax":
    y = [[1.0 if label == 1 else 0.0] for label in labels]
if name == "not-one-hot":
    y = [[labels[n]] * K for n in range(N)]
if name == "targets-in-wrong-order":
    y = y[::-1]

# Forward.
a = [[b1[j] + sum(x[n][i] * w1[i][j] for i in range(2)) for j in range(H)] for n in range(N)]
h = [[1 / (1 + math.exp(-s)) for s in row] for row in a]
if name == "hidden-softmax":
    h = [softmax(row) for row in a]
z = [[b2[k] + sum(h[n][j] * w2[j][k] for j in range(H)) for k in range(K)] for n in range(N)]
p = [softmax(row) for row in z]
if name == "batch-softmax":
    p = turned([softmax(column) for column in turned(z)])
if name == "double-softmax":
    p = [softmax(row) for row in p]
loss = sum(-y[n][k] * math.log(p[n][k]) for n in range(N) for k in range(K))
if name == "squared-error":
    loss = sum((p[n][k] - y[n][k]) ** 2 for n in range(N) for k in range(K)) / 2
if name != "sums":
    loss /= N

# Backward.
d2 = [[p[n][k] - y[n][k] for k in range(K)] for n in range(N)]
if name == "diagonal-jacobian":
    d2 = [[d2[n][k] * p[n][k] * (1 - p[n][k]) for k in range(K)] for n in range(N)]
if name in ("jacobian-twice", "squared-error"):
    d2 = [[sum(p[n][k] * ((j == k) - p[n][j]) * d2[n][j] for j in range(K)) for k in range(K)] for n in range(N)]
if name not in ("missing-division", "sums"):
    d2 = [[d / N for d in row] for row in d2]
sign = -1
if name == "negative":  # t - y with +=, so that velocities have the other sign, too
    d2 = [[-d for d in row] for row in d2]
    v1, vb1, v2, vb2 = [[-v for v in r] for r in v1], [-v for v in vb1], [[-v for v in r] for r in v2], [-v for v in vb2]
    sign = 1
if name == "wrong-sign":
    sign = 1


def step(w, b, v, vb, inputs, deltas):
    """Weights and biases after the update."""
    keep = 0 if name == "forgetful-momentum" else factor
    g = [[sum(inputs[n][i] * deltas[n][j] for n in range(N)) for j in range(len(b))] for i in range(len(w))]
    gb = [sum(deltas[n][j] for n in range(N)) for j in range(len(b))]
    v = [[keep * v[i][j] + g[i][j] for j in range(len(b))] for i in range(len(w))]
    vb = [keep * vb[j] + gb[j] for j in range(len(b))]
    w = [[w[i][j] + sign * rate * v[i][j] for j in range(len(b))] for i in range(len(w))]
    return w, [b[j] + sign * rate * vb[j] for j in range(len(b))]


w2_after, b2_after = step(w2, b2, v2, vb2, h, d2)
back = w2_after if name == "late-deltas" else w2
d1 = [[sum(back[j][k] * d2[n][k] for k in range(K)) * h[n][j] * (1 - h[n][j]) for j in range(H)] for n in range(N)]
w1_after, b1_after = step(w1, b1, v1, vb1, x, d1)

my = {"h": h, "z": z, "p": p, "loss": loss, "output_deltas": d2, "hidden_deltas": d1, "w1_after": w1_after,
      "b1_after": b1_after, "w2_after": w2_after, "b2_after": b2_after}
if name == "transposed":
    my.update(w1=turned(w1), w2=turned(w2), w1_after=turned(w1_after), w2_after=turned(w2_after), b1=b1, b2=b2)
    my.update(v1_before=turned(v1), v2_before=turned(v2), hidden_biases_velocity_before=vb1, output_biases_velocity_before=vb2)
if name == "single-output-softmax":
    my.update(w1=w1, b1=b1, w2=w2, b2=b2, targets=y)
print(json.dumps(my))
