# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""What the rivals' programs share: RIVAL WORK FILE RUNS, one warm-up and RUNS runs of each operation, a line of JSON for each.

{"operation": ..., "seconds": [of each run, of the slowest rank], "values": [some of the result, equal for all rivals but for rounding]}
"""

import json
import sys
import time

import h5py
import numpy

CLUSTERS, ITERATIONS = 8, 30        # k-means
LAMBDA, SWEEPS = 0.1, 20            # LASSO


def arguments():
    work, file, runs = sys.argv[1:]
    return work, file, int(runs)


def read(file, *names):
    with h5py.File(file, "r") as opened:
        return [opened[name][...] for name in names]


def report(operation, action, values, runs, slowest=lambda seconds: seconds, barrier=lambda: None, first=True, traffic=lambda: None):
    """action() -> result; values(result) -> numbers; slowest(seconds) -> of all ranks. The last result is gone before the next is made."""
    seconds, counted = [], None
    for run in range(runs + 1):
        result = None
        barrier()
        before = traffic()
        start = time.perf_counter()
        result = action()
        passed = time.perf_counter() - start
        after = traffic()
        if before is not None:
            counted = [b - a for a, b in zip(before, after)]
        passed = slowest(passed)
        if run > 0:
            seconds.append(passed)
    line = {"operation": operation, "seconds": seconds, "values": [float(value) for value in values(result)]}
    if counted is not None:
        line["traffic"] = [int(slowest(count)) for count in counted]   # sends, collectives, bytes of the rank with most of each
    if first:
        print(json.dumps(line), flush=True)


def values_of_mean(means):
    means = numpy.asarray(means, numpy.float64)
    return [means.sum(), means.ravel()[0]]


def values_of_centroids(centroids):
    centroids = numpy.asarray(centroids, numpy.float64)
    return [centroids.sum(), numpy.square(centroids).sum()]


def values_of_distances(distances):
    """Of a row of the matrix."""
    row = numpy.asarray(distances[1], numpy.float64)
    return [row.sum(), row[-1]]


def values_of_coefficients(coefficients, intercept):
    coefficients = numpy.asarray(coefficients, numpy.float64).ravel()
    return [coefficients.sum(), numpy.abs(coefficients).sum(), intercept]


def sweeps(gram, moment, penalty, count):
    """Cyclic coordinate descent from x'x / n and x'y / n; the first coefficient is the intercept, which has no penalty."""
    w = numpy.zeros(len(moment))
    for _ in range(count):
        for j in range(len(w)):
            rho = moment[j] - gram[j] @ w + gram[j, j] * w[j]
            w[j] = (rho if j == 0 else numpy.sign(rho) * max(abs(rho) - penalty, 0)) / gram[j, j]
    return w
