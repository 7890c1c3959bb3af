#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Distances of all pairs beside PyTorch, SciPy and scikit-learn, on the same samples: distances.py PROGRAM [--n 20000] [--rounds 3] [--ranks].

One thread each, time on the processor, the fewest of three calls, rounds alternate. Rivals' results lie in fresh pages, which the system clears; priel's
too, and once more where the result before lay. Results must agree.
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
import scipy
import sklearn
import torch
from scipy.spatial import distance
from sklearn.metrics.pairwise import euclidean_distances, rbf_kernel
from sklearn.neighbors import NearestNeighbors

torch.set_num_threads(1)


def run(program, what, n, d, ranks=1, calls=3):
    out = subprocess.run(["mpirun", "-n", str(ranks), program, what, str(n), str(d), str(calls)], check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(out)


def timed(function, calls=3):
    times = []
    function()
    for _ in range(calls):
        start = time.process_time()
        result = function()
        times.append(time.process_time() - start)
        numbers = numpy.asarray(result).reshape(-1) if not isinstance(result, tuple) else numpy.zeros(1)
        mean = float(numbers[::4099].sum(dtype="float64"))
        del result, numbers
    return min(times), mean


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--d", type=int, default=18)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ranks", action="store_true", help="the ring and pdist on 1, 2 and 4 ranks, too")
    given = parser.parse_args()
    n, d = given.n, given.d
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "samples.f32")
        subprocess.run([given.program, "cdist", str(n), str(d)], check=True, env=dict(os.environ, PRIEL_SAMPLES=data))
        x = numpy.fromfile(data, "float32").reshape(n, d)
    tensor, wide = torch.from_numpy(x), x.astype("float64")
    rivals = {
        "cdist": {"PyTorch cdist": lambda: torch.cdist(tensor, tensor), "PyTorch cdist, no product": lambda: torch.cdist(tensor, tensor, compute_mode="donot_use_mm_for_euclid_dist"),
                  "SciPy cdist (double)": lambda: distance.cdist(wide, wide), "scikit-learn euclidean_distances": lambda: euclidean_distances(x)},
        "manhattan": {"PyTorch cdist p=1": lambda: torch.cdist(tensor, tensor, p=1), "SciPy cityblock (double)": lambda: distance.cdist(wide, wide, "cityblock")},
        "rbf": {"scikit-learn rbf_kernel": lambda: rbf_kernel(x, gamma=1 / 8)},
        "pdist": {"PyTorch pdist": lambda: torch.pdist(tensor), "SciPy pdist (double)": lambda: distance.pdist(wide)},
        "nearest": {"scikit-learn brute": lambda: NearestNeighbors(n_neighbors=5, algorithm="brute", n_jobs=1).fit(x).kneighbors(x)},
        "radius": {"scikit-learn brute": lambda: NearestNeighbors(radius=3.0 if d > 8 else 0.1, algorithm="brute", n_jobs=1).fit(x).radius_neighbors(),
                   "scikit-learn k-d tree": lambda: NearestNeighbors(radius=3.0 if d > 8 else 0.1, algorithm="kd_tree", n_jobs=1).fit(x).radius_neighbors()},
    }
    print(f"{n} x {d}, float, one thread, seconds on the processor: medians of {given.rounds} rounds; PyTorch {torch.__version__}, "
          f"SciPy {scipy.__version__}, scikit-learn {sklearn.__version__}, NumPy {numpy.__version__}\n")
    print("| | fresh pages | the same again | in priel's, fresh |\n|---|---|---|---|")
    disagree = []
    for what, others in rivals.items():
        rounds = []
        for _ in range(given.rounds):
            own = run(given.program, what, n, d)
            rounds.append((*own["busiest"], own["sum"]))
            for name, function in others.items():
                rounds[-1] += timed(function)
        middle = [statistics.median(r[i] for r in rounds) for i in range(len(rounds[0]))]
        print(f"| **{what}**, priel | {middle[0]:.3g} | {middle[1]:.3g} | |")
        for i, name in enumerate(others):
            at = 3 + 2 * i
            ratio = statistics.median(r[at] / r[0] for r in rounds)
            print(f"| {name} | {middle[at]:.3g} | | {ratio:.1f} |", flush=True)
            if what not in ("nearest", "radius") and abs(middle[at + 1] / middle[2] - 1) > 1e-4:
                disagree.append((what, name, middle[2], middle[at + 1]))
    if given.ranks:
        print("\n| ranks | what | busiest rank, s on the processor | s on the clock | memory beside the result, MiB, all ranks |\n|---|---|---|---|---|")
        for what in ("ring", "pdist"):
            for ranks in (1, 2, 4):
                own = run(given.program, what, n, d, ranks)
                print(f"| {ranks} | {what} | {own['busiest'][0]:.3g} | {own['clock'][0]:.3g} | {own['peak_mib'] - own['result_mib']:.0f} |", flush=True)
    if disagree:
        sys.exit(f"results differ: {disagree}")


if __name__ == "__main__":
    main()
