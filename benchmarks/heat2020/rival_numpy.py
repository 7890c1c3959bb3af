#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""The four works in NumPy, in one process."""

import numpy

import protocol


def cdist(x):
    """The product form, which BLAS makes fast."""
    squares = numpy.square(x).sum(1)
    result = x @ x.T
    result *= -2
    result += squares[:, None]
    result += squares
    numpy.maximum(result, 0, out=result)
    return numpy.sqrt(result, out=result)


def kmeans(x, start):
    centroids = start
    for _ in range(protocol.ITERATIONS):
        # |x|^2 is the same for all centroids and does not matter.
        labels = (numpy.square(centroids).sum(1) - 2 * (x @ centroids.T)).argmin(1)
        centroids = numpy.stack([x[labels == k].mean(0) for k in range(protocol.CLUSTERS)])
    return centroids


def lasso(x, y):
    """Cyclic coordinate descent with the residual kept, feature by feature."""
    features = numpy.ascontiguousarray(x.T)
    squares = numpy.einsum("ij,ij->i", features, features)
    residual, n = y.copy(), len(y)
    w = numpy.zeros(len(features), x.dtype)
    for _ in range(protocol.SWEEPS):
        for j, feature in enumerate(features):
            rho = (feature @ residual + squares[j] * w[j]) / n
            new = (rho if j == 0 else numpy.sign(rho) * max(abs(rho) - protocol.LAMBDA, 0)) * n / squares[j]
            if new != w[j]:
                residual -= (new - w[j]) * feature
                w[j] = new
    return w


def main():
    work, file, runs = protocol.arguments()
    if work == "moments":
        x, = protocol.read(file, "x")
        protocol.report("mean", lambda: x.mean(), protocol.values_of_mean, runs)
        protocol.report("mean of axis 0", lambda: x.mean(0), protocol.values_of_mean, runs)
        protocol.report("std", lambda: x.std(), protocol.values_of_mean, runs)
    elif work == "cdist":
        x, = protocol.read(file, "x")
        protocol.report("cdist", lambda: cdist(x), protocol.values_of_distances, runs)
    elif work == "kmeans":
        x, start = protocol.read(file, "x", "start")
        protocol.report("k-means", lambda: kmeans(x, start), protocol.values_of_centroids, runs)
    else:
        x, y = protocol.read(file, "x", "y")
        protocol.report("LASSO", lambda: lasso(x, y), lambda w: protocol.values_of_coefficients(w[1:], w[0]), runs)


main()
