#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the benchmarks' files once, deterministically: data.py FILE... The name says what: KIND_ROWSxCOLUMNS.h5, float32, /x and what the work needs.

images  pixels of images, 8 faint groups; rows are samples or, in the wide form, images; /start (8, columns) are k-means' first centroids
susy    18 features like those of the SUSY events: 8 measured ones of two classes, 10 that are functions of them; /start as above
eurad   a column of ones and correlated features, every 2500 rows of mean 0 and mean square 1; /y depends on ten of them: LASSO

Rows are made in blocks of 2500 by number, so that a smaller file of whole blocks is the beginning of a larger one of the same width.
"""

import os
import re
import sys

import h5py
import numpy

BLOCK = 2500


def generator(kind, block):
    return numpy.random.Generator(numpy.random.Philox(key=[{"images": 1, "susy": 2, "eurad": 3}[kind], block]))


def images(block, rows, columns):
    random = generator("images", block)
    # One mean per group and column, the same in every block.
    means = numpy.random.Generator(numpy.random.Philox(key=[1, 2**40])).standard_normal((8, columns), dtype=numpy.float32)
    values = random.standard_normal((rows, columns), dtype=numpy.float32)
    values += 0.05 * means[random.integers(8, size=rows)]
    return {"x": 128 + 40 * values}


def susy(block, rows, columns):
    random = generator("susy", block)
    signal = random.random(rows) < 0.46
    low = random.standard_normal((rows, 8), dtype=numpy.float32)
    low[:, (0, 3, 6)] = numpy.exp(0.6 * low[:, (0, 3, 6)] + 0.3 * signal[:, None])
    high = [numpy.hypot(low[:, i % 8], low[:, (3 * i + 1) % 8]) for i in range(columns - 8)]
    return {"x": numpy.column_stack([low, *high])}


def eurad(block, rows, columns):
    random = generator("eurad", block)
    features = random.standard_normal((rows, columns - 1))
    for column in range(1, columns - 1):
        features[:, column] = 0.5 * features[:, column - 1] + 0.75**0.5 * features[:, column]
    features -= features.mean(0)
    features /= numpy.sqrt(numpy.square(features).mean(0))
    weights = numpy.zeros(columns - 1)
    weights[::(columns - 1) // 10] = numpy.linspace(-2, 2.5, len(weights[::(columns - 1) // 10]))
    y = 3 + features @ weights + 0.5 * random.standard_normal(rows)
    return {"x": numpy.column_stack([numpy.ones(rows), features]), "y": y}


def make(path):
    match = re.fullmatch(r"(images|susy|eurad)_(\d+)x(\d+)\.h5", os.path.basename(path))
    if not match:
        sys.exit(f"data.py: {path}: expected KIND_ROWSxCOLUMNS.h5 with KIND images, susy or eurad")
    kind, rows, columns = match[1], int(match[2]), int(match[3])
    with h5py.File(path + ".part", "w") as file:
        x = file.create_dataset("x", (rows, columns), "f4")
        y = file.create_dataset("y", (rows,), "f4") if kind == "eurad" else None
        for block in range(-(-rows // BLOCK)):
            first, last = block * BLOCK, min((block + 1) * BLOCK, rows)
            made = {"images": images, "susy": susy, "eurad": eurad}[kind](block, last - first, columns)
            x[first:last] = made["x"]
            if y is not None:
                y[first:last] = made["y"]
        if kind != "eurad":
            file["start"] = x[:8]
    os.rename(path + ".part", path)


if __name__ == "__main__":
    for path in sys.argv[1:]:
        if not os.path.exists(path):
            print(f"making {path}", file=sys.stderr)
            make(path)
