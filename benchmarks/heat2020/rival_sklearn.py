#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""The works that scikit-learn has, in one process: pairwise distances, k-means (Lloyd), LASSO, also from the Gram matrix."""

import warnings

from sklearn.cluster import KMeans
from sklearn.linear_model import Lasso
from sklearn.metrics.pairwise import euclidean_distances

import protocol


def main():
    warnings.simplefilter("ignore")   # 20 sweeps and a tolerance of 0 do not converge
    work, file, runs = protocol.arguments()
    if work == "cdist":
        x, = protocol.read(file, "x")
        protocol.report("cdist", lambda: euclidean_distances(x), protocol.values_of_distances, runs)
    elif work == "kmeans":
        x, start = protocol.read(file, "x", "start")

        def kmeans():
            model = KMeans(protocol.CLUSTERS, init=start, n_init=1, max_iter=protocol.ITERATIONS, tol=0, algorithm="lloyd").fit(x)
            assert model.n_iter_ == protocol.ITERATIONS, model.n_iter_
            return model.cluster_centers_
        protocol.report("k-means", kmeans, protocol.values_of_centroids, runs)
    elif work == "lasso":
        x, y = protocol.read(file, "x", "y")
        for name, precompute in (("LASSO", False), ("LASSO, Gram", True)):
            # The intercept is scikit-learn's own, so the column of ones is left out.
            def lasso():
                return Lasso(alpha=protocol.LAMBDA, max_iter=protocol.SWEEPS, tol=0, precompute=precompute).fit(x[:, 1:], y)
            protocol.report(name, lasso, lambda model: protocol.values_of_coefficients(model.coef_, model.intercept_), runs)


main()
