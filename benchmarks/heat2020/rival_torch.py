#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""The four works in PyTorch, in one process."""

import os

import torch

import protocol


def kmeans(x, start):
    centroids = start
    for _ in range(protocol.ITERATIONS):
        labels = torch.cdist(x, centroids).argmin(1)
        sums = torch.zeros_like(centroids).index_add_(0, labels, x)
        centroids = sums / torch.bincount(labels, minlength=protocol.CLUSTERS)[:, None]
    return centroids


def lasso(x, y):
    """Cyclic coordinate descent with the residual kept, feature by feature."""
    features = x.T.contiguous()
    squares = torch.linalg.vecdot(features, features).tolist()
    residual, n = y.clone(), len(y)
    w = [0.0] * len(features)
    for _ in range(protocol.SWEEPS):
        for j, feature in enumerate(features):
            rho = (torch.dot(feature, residual).item() + squares[j] * w[j]) / n
            shrunk = rho if j == 0 else max(rho - protocol.LAMBDA, 0) + min(rho + protocol.LAMBDA, 0)
            new = shrunk * n / squares[j]
            if new != w[j]:
                residual.add_(feature, alpha=w[j] - new)
                w[j] = new
    return w


@torch.inference_mode()
def main():
    work, file, runs = protocol.arguments()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    if work == "moments":
        x, = map(torch.from_numpy, protocol.read(file, "x"))
        protocol.report("mean", lambda: x.mean(), protocol.values_of_mean, runs)
        protocol.report("mean of axis 0", lambda: x.mean(0), protocol.values_of_mean, runs)
        protocol.report("std", lambda: x.std(correction=0), protocol.values_of_mean, runs)
    elif work == "cdist":
        x, = map(torch.from_numpy, protocol.read(file, "x"))
        protocol.report("cdist", lambda: torch.cdist(x, x), protocol.values_of_distances, runs)
    elif work == "kmeans":
        x, start = map(torch.from_numpy, protocol.read(file, "x", "start"))
        protocol.report("k-means", lambda: kmeans(x, start), protocol.values_of_centroids, runs)
    else:
        x, y = map(torch.from_numpy, protocol.read(file, "x", "y"))
        protocol.report("LASSO", lambda: lasso(x, y), lambda w: protocol.values_of_coefficients(w[1:], w[0]), runs)


main()
