#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""One large LOF beside scikit-learn's, brute force and tree, on the same samples: large_set.py PROGRAM [--rounds 3] [--tree].

One thread each, time on the processor, rounds alternate. Scores must agree, and be the same bit for bit on 1, 2, 3 and 4 ranks.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_MCA_hwloc_base_binding_policy="none")
if os.geteuid() == 0:
    os.environ.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")

import numpy
import sklearn
from sklearn.neighbors import LocalOutlierFactor


def run(program, ranks, arguments):
    out = subprocess.run(["mpirun", "-n", str(ranks), program, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(out)


def rival(samples, k, algorithm):
    start = time.process_time()
    scores = -LocalOutlierFactor(n_neighbors=k, algorithm=algorithm, n_jobs=1).fit(samples).negative_outlier_factor_
    return time.process_time() - start, scores


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--d", type=int, default=18)
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tree", action="store_true", help="the k-d tree too, once")
    given = parser.parse_args()
    shape = (given.n, given.d, given.k)
    with tempfile.TemporaryDirectory() as folder:
        data, scores = os.path.join(folder, "samples.f32"), os.path.join(folder, "scores.f32")
        subprocess.run([given.program, *map(str, shape)], check=True, env=dict(os.environ, PRIEL_LARGE_SET=data))
        samples = numpy.fromfile(data, "float32").reshape(given.n, given.d)
        ours, theirs = [], []
        for _ in range(given.rounds):
            ours.append(run(given.program, 1, (*shape, scores))["processors"])
            seconds, expected = rival(samples, given.k, "brute")
            theirs.append(seconds)
        found = numpy.fromfile(scores, "float32")
        apart = numpy.abs(found / expected - 1)
        tree = rival(samples, given.k, "kd_tree")[0] if given.tree else None

    ratio = statistics.median(b / a for a, b in zip(ours, theirs))
    print(f"n = {given.n}, d = {given.d}, k = {given.k}, float, one thread, seconds on the processor, medians of {given.rounds} rounds; "
          f"scikit-learn {sklearn.__version__}, NumPy {numpy.__version__}\n")
    print("| | s | in priel's |\n|---|---|---|")
    middle = statistics.median(ours)
    print(f"| priel | {middle:.3g} | |\n| scikit-learn, brute force | {statistics.median(theirs):.3g} | {ratio:.1f} |")
    if tree:
        print(f"| scikit-learn, k-d tree | {tree:.3g} | {tree / middle:.1f} |")
    # A neighbourhood here has all samples that tie with the k-th, scikit-learn's k: such samples and those around them differ.
    differ = numpy.count_nonzero(apart > 1e-4)
    print(f"\nRelative difference of the scores: {numpy.quantile(apart, 0.999):.1e} (quantile 0.999), above 1e-4 for {differ} samples\n")
    print("| ranks | busiest rank, s on the processor | 1 rank's in that | peak memory over the input, MiB | hash of the scores |\n|---|---|---|---|---|")
    one, hashes = None, set()
    for ranks in (1, 2, 3, 4):
        runs = [run(given.program, ranks, shape) for _ in range(given.rounds)]
        busiest = statistics.median(r["busiest"] for r in runs)
        one = one or busiest
        hashes |= {r["hash"] for r in runs}
        print(f"| {ranks} | {busiest:.3g} | {one / busiest:.2f} | {runs[0]['mib_over_input']:.0f} | {runs[0]['hash']} |")
    if len(hashes) > 1 or differ > given.n // 1000:
        sys.exit("the scores differ")


if __name__ == "__main__":
    main()
