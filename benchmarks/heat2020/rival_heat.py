#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""The four works in Heat, on the ranks that it is started on; with Heat's own KMeans and Lasso."""

import ctypes
import functools
import os
import warnings

warnings.simplefilter("ignore")

import heat
import numpy
import torch

import protocol

COMM = heat.MPI.COMM_WORLD


def counters():
    """Sends, collectives and bytes of this rank so far, where the counting library is there."""
    try:
        read = ctypes.CDLL(None).heat2020_traffic
    except AttributeError:
        return None
    values = (ctypes.c_int64 * 3)()
    read(values)
    return list(values)


def load(file, name, split=0):
    return heat.load_hdf5(file, name, dtype=heat.float32, split=split)


def main():
    work, file, runs = protocol.arguments()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    report = functools.partial(protocol.report, runs=runs, barrier=COMM.Barrier, first=COMM.rank == 0, traffic=counters,
                               slowest=lambda mine: COMM.allreduce(mine, op=heat.MPI.MAX))
    if work == "moments":
        for split in (0, 1):
            x = load(file, "x", split)
            values = lambda result: protocol.values_of_mean(result.numpy() if hasattr(result, "numpy") else result)   # one rank: std is a float
            report(f"mean, split {split}", lambda: heat.mean(x), values)
            report(f"mean of axis 0, split {split}", lambda: heat.mean(x, axis=0), values)
            report(f"std, split {split}", lambda: heat.std(x), values)
    elif work == "cdist":
        x = load(file, "x")
        report("cdist", lambda: heat.spatial.cdist(x, x, quadratic_expansion=True), lambda d: protocol.values_of_distances([None, d[1].numpy()]))
    elif work == "kmeans":
        x, start = load(file, "x"), load(file, "start", None)

        def kmeans():
            model = heat.cluster.KMeans(protocol.CLUSTERS, init=start, max_iter=protocol.ITERATIONS, tol=-1.0)
            model.fit(x)
            assert model.n_iter_ == protocol.ITERATIONS
            return model.cluster_centers_.numpy()
        report("k-means", kmeans, protocol.values_of_centroids)
    else:
        x, y = load(file, "x"), load(file, "y")

        def lasso():
            model = heat.regression.Lasso(lam=protocol.LAMBDA, max_iter=protocol.SWEEPS, tol=None)
            model.fit(x, y)
            return model.theta.numpy().ravel()
        report("LASSO", lasso, lambda w: protocol.values_of_coefficients(w[1:], w[0]))


main()
