#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""The four works in Dask arrays on threads of one process, a chunk of rows for each; HEAT2020_THREADS of them."""

import os

import dask
import dask.array
import numpy

import protocol


def cdist(x):
    squares = (x**2).sum(1)
    return dask.array.sqrt(dask.array.maximum(squares[:, None] + squares - 2 * (x @ x.T), 0)).compute()


def sums_of(block, centroids):
    """Of one chunk: the sum of the samples of each centroid and, last, their number."""
    labels = (numpy.square(centroids).sum(1) - 2 * (block @ centroids.T)).argmin(1)
    result = numpy.zeros((1, len(centroids), block.shape[1] + 1))
    for k in range(len(centroids)):
        mine = block[labels == k]
        result[0, k, :-1], result[0, k, -1] = mine.sum(0), len(mine)
    return result


def kmeans(x, start):
    centroids = start
    for _ in range(protocol.ITERATIONS):
        parts = [dask.delayed(sums_of)(block, centroids) for block in x.to_delayed().ravel()]
        total = numpy.concatenate(dask.compute(*parts)).sum(0)
        centroids = (total[:, :-1] / total[:, -1:]).astype(numpy.float32)
    return centroids


def lasso(x, y):
    """From x'x and x'y: a graph for every coordinate would take minutes."""
    n = len(y)
    gram, moment = dask.compute(x.T @ x, x.T @ y)
    return protocol.sweeps(gram.astype(float) / n, moment.astype(float) / n, protocol.LAMBDA, protocol.SWEEPS)


def main():
    work, file, runs = protocol.arguments()
    threads = int(os.environ["HEAT2020_THREADS"])
    dask.config.set(scheduler="threads", num_workers=threads)

    def chunked(values):
        return dask.array.from_array(values, chunks=(-(-len(values) // threads), *values.shape[1:])).persist()

    if work == "moments":
        x, = map(chunked, protocol.read(file, "x"))
        protocol.report("mean", lambda: x.mean().compute(), protocol.values_of_mean, runs)
        protocol.report("mean of axis 0", lambda: x.mean(0).compute(), protocol.values_of_mean, runs)
        protocol.report("std", lambda: x.std().compute(), protocol.values_of_mean, runs)
    elif work == "cdist":
        x, = map(chunked, protocol.read(file, "x"))
        protocol.report("cdist", lambda: cdist(x), protocol.values_of_distances, runs)
    elif work == "kmeans":
        x, start = protocol.read(file, "x", "start")
        x = chunked(x)
        protocol.report("k-means", lambda: kmeans(x, start), protocol.values_of_centroids, runs)
    else:
        x, y = map(chunked, protocol.read(file, "x", "y"))
        protocol.report("LASSO", lambda: lasso(x, y), lambda w: protocol.values_of_coefficients(w[1:], w[0]), runs)


main()
