"""Time the Python packages that one would otherwise use, on the pictures of a labelled folder.

    python scripts/peers.py FOLDER [--jobs 2]

Prints one JSON object: nanoseconds a pixel on one thread for decoding (OpenCV), GLCM and LBP (scikit-image),
seconds for both over the whole folder with a pool of processes, and seconds to train scikit-learn's network on
half of the folder. The settings are those of `textura bench`. scripts/bench installs the packages and runs this.
"""

import argparse
import json
import multiprocessing
import os
import time
import warnings
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import cv2
import numpy as np
from skimage.feature import graycomatrix, graycoprops, local_binary_pattern
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"}
STATISTICS = ["contrast", "dissimilarity", "homogeneity", "ASM", "correlation", "entropy"]
DIRECTIONS = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
SAMPLE = 100


def decode(path):
    return cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)


def glcm(picture):
    levels = (picture >> 3).astype(np.uint8)
    matrices = graycomatrix(levels, [1, 2, 4], DIRECTIONS, levels=32, symmetric=True, normed=True)
    values = np.array([graycoprops(matrices, name) for name in STATISTICS])
    return np.concatenate([values.mean(axis=2).ravel(), np.ptp(values, axis=2).ravel()])


def lbp(picture):
    shares = []
    for p, r in [(8, 1), (16, 2), (24, 3)]:
        bins = local_binary_pattern(picture, p, r, "uniform").astype(int).ravel()
        shares.append(np.bincount(bins, minlength=p + 2) / bins.size)
    return np.concatenate(shares)


def features(path):
    picture = decode(path)
    return np.concatenate([glcm(picture), lbp(picture)])


def seconds(work):
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def train(rows, labels):
    train_rows, test_rows, train_labels, test_labels = train_test_split(
        rows, labels, train_size=0.5, stratify=labels, random_state=0
    )
    scale = StandardScaler().fit(train_rows)
    network = MLPClassifier(
        (128,), batch_size=64, max_iter=200, tol=0, n_iter_no_change=1_000_000, random_state=0
    )
    warnings.filterwarnings("ignore")  # 200 epochs were asked for, whether or not it converges
    took, _ = seconds(lambda: network.fit(scale.transform(train_rows), train_labels))
    accuracy = network.score(scale.transform(test_rows), test_labels)
    return {"train_s": took, "train_rows": len(train_rows), "test_accuracy": accuracy}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    found = sorted(arguments.folder.glob("*/*"))
    paths = [path for path in found if path.suffix.lower() in ENDINGS]
    labels = [path.parent.name for path in paths]
    sample = paths[:: max(1, len(paths) // SAMPLE)][:SAMPLE]
    took, pictures = seconds(lambda: [decode(path) for path in sample])
    pixels = sum(picture.size for picture in pictures)
    figures = {"images": len(paths), "decode_ns_per_px": took / pixels * 1e9}
    for name, work in [("glcm", glcm), ("lbp", lbp)]:
        took, _ = seconds(lambda: [work(picture) for picture in pictures])
        figures[f"{name}_ns_per_px"] = took / pixels * 1e9
    with multiprocessing.Pool(arguments.jobs) as pool:
        took, rows = seconds(lambda: pool.map(features, paths, chunksize=8))
    figures["pipeline_s"] = took
    if len(set(labels)) > 1:
        figures.update(train(np.array(rows), labels))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
