"""Times textura from Python, on arrays, beside scikit-image: nanoseconds a pixel on one thread and their ratios.

    target/python/venv/bin/python scripts/python_bench.py FOLDER [--pictures 100]

The settings are those of `scripts/bench`, whose table in docs/performance.md has the same ratios for the command.
Needs textura, scikit-image and pillow. Every kind of work is timed in turn, three rounds, and the best round counts.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import skimage.feature as theirs
from PIL import Image

import textura
from textura import feature as ours

STATISTICS = ["contrast", "dissimilarity", "homogeneity", "ASM", "correlation", "entropy"]
DIRECTIONS = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
RINGS = [(8, 1), (16, 2), (24, 3)]

GLCM = {"families": [{"glcm": {}}]}
LBP = {"families": [{"lbp": {"p": p, "r": r}} for p, r in RINGS]}
LETRIST = {"families": [{"letrist": {"scales": scales}} for scales in ([0.8, 2, 5], [1, 2, 4])]}


def glcm(package, picture):
    matrices = package.graycomatrix(picture >> 3, [1, 2, 4], DIRECTIONS, levels=32, symmetric=True, normed=True)
    for name in STATISTICS:
        package.graycoprops(matrices, name)


def lbp(package, picture):
    for p, r in RINGS:
        package.local_binary_pattern(picture, p, r, "uniform")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=100)
    args = parser.parse_args()
    paths = sorted(path for path in args.folder.rglob("*") if path.suffix.lower() in {".jpg", ".png", ".bmp", ".tif"})
    paths = paths[:: max(1, len(paths) // args.pictures)][: args.pictures]
    pictures = [np.asarray(Image.open(path).convert("L")) for path in paths]
    n_pixels = sum(picture.size for picture in pictures)
    work = {
        "scikit-image GLCM": lambda picture: glcm(theirs, picture),
        "scikit-image LBP": lambda picture: lbp(theirs, picture),
        "features, GLCM": lambda picture: textura.features(picture, GLCM),
        "features, LBP": lambda picture: textura.features(picture, LBP),
        "features, fast": lambda picture: textura.features(picture, "fast"),
        "features, LETRIST": lambda picture: textura.features(picture, LETRIST),
        "textura.feature GLCM": lambda picture: glcm(ours, picture),
        "textura.feature LBP": lambda picture: lbp(ours, picture),
    }
    best = dict.fromkeys(work, float("inf"))
    for _ in range(3):
        for name, of in work.items():
            began = time.process_time()
            for picture in pictures:
                of(picture)
            best[name] = min(best[name], (time.process_time() - began) / n_pixels * 1e9)
    their_glcm, their_lbp = best["scikit-image GLCM"], best["scikit-image LBP"]
    beside = {"GLCM": their_glcm, "LBP": their_lbp}
    print(f"{len(pictures)} pictures, {n_pixels / 1e6:.1f} megapixels; ns/px of processor time")
    print("| what | ns/px | times as fast as scikit-image |\n| --- | --- | --- |")
    for name, nanoseconds in best.items():
        other = beside.get(name.split()[-1], their_glcm + their_lbp)
        print(f"| {name} | {nanoseconds:.3g} | {other / nanoseconds:.3g} |")


if __name__ == "__main__":
    main()
