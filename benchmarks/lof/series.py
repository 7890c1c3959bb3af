#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""The kernels of small series beside scikit-learn and PyTorch on one core, and two threads beside one, as Markdown tables.

Called by series.sh. Each round runs everything once, in turn; rivals in ms of CPU time per series, because machines are shared. scikit-learn
has no LoOP. PyTorch's three forms are those of series_torch.py.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

# Read when the libraries are loaded: idle threads that wait would be counted as time. The program sets its own number.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import numpy
import sklearn
import torch
from sklearn.neighbors import LocalOutlierFactor

import series_torch

WORKLOADS = series_torch.WORKLOADS
# How many times faster priel has to be.
TARGETS = {("W1", "scikit-learn, a fit per k"): 300, ("W2", "scikit-learn, a fit per k"): 200, ("W1", "PyTorch, vmap, each"): 300,
           ("W2", "PyTorch, vmap, each"): 200, ("W1", "PyTorch, by hand"): 15, ("W2", "PyTorch, by hand"): 15}


def fit_per_k(series, first, last):
    scores = [-LocalOutlierFactor(n_neighbors=k, n_jobs=1).fit(series).negative_outlier_factor_ for k in range(first, last + 1)]
    return numpy.max(scores, axis=0)


def run_program(program, folder):
    """ms per series on the processor, by name; the vmap rows' are the clock's."""
    out = os.path.join(folder, "out.json")
    command = [program, "--benchmark_min_time=0.05", f"--benchmark_out={out}", "--benchmark_out_format=json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ, PRIEL_SERIES_DATA=folder))
    with open(out) as file:
        runs = json.load(file)["benchmarks"]
    instructions = next(run["label"] for run in runs if "/vmap/" not in run["name"])
    times = {}
    for run in runs:
        name = run["name"].removesuffix("/real_time")
        times[name] = run["real_time"] / int(run["label"]) if "/vmap/" in name else run["cpu_time"]
    return times, instructions


def cpu_time(work, count):
    start = time.process_time()
    work()
    return 1e3 * (time.process_time() - start) / count


def run_rivals(folder, index, times):
    for name, (samples, features, first, last) in WORKLOADS.items():
        series = numpy.fromfile(os.path.join(folder, name + ".f32"), numpy.float32).reshape(-1, samples, features)
        one = series[index % len(series)]
        values = {("LOF", "scikit-learn, a fit per k"): cpu_time(lambda: fit_per_k(one, first, last), 1)}
        x = torch.from_numpy(series)
        for form, methods in series_torch.FORMS.items():
            for method, score in methods.items():
                values[method, "PyTorch, " + form] = cpu_time(lambda: score(x, first, last), len(series))
        for (method, rival), value in values.items():
            times.setdefault((name, method, rival), []).append(value)


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
    return f"{middle:.3g} ({low:.3g}–{high:.3g})"


def processor():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "?")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the built lof/series")
    parser.add_argument("--rounds", type=int, default=11)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    ours, rivals = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for index in range(arguments.rounds):
            times, instructions = run_program(arguments.program, folder)
            for name, value in times.items():
                ours.setdefault(name, []).append(value)
            run_rivals(folder, index, rivals)
    middle = {name: statistics.median(values) for name, values in ours.items()}

    print(f"{processor()}; {instructions}; scikit-learn {sklearn.__version__}, PyTorch {torch.__version__}, NumPy {numpy.__version__}; "
          f"median (quartiles) of {arguments.rounds} rounds, ms of CPU time per series.\n")
    print("| workload | method | who | ms | priel is faster | target |")
    print("|---|---|---|---|---|---|")
    for name in WORKLOADS:
        for method in ("LOF", "LoOP"):
            own = f"{name}/{method}/speckle/max"
            print(f"| {name} | {method} | priel | {quartiles(ours[own])} | | |")
            for (workload, of, rival), values in rivals.items():
                if (workload, of) != (name, method):
                    continue
                ratio, target = statistics.median(values) / middle[own], TARGETS.get((name, rival))
                verdict = f"{'pass' if ratio >= target else 'MISS'}: {target}" if target else ""
                print(f"| {name} | {method} | {rival} | {quartiles(values)} | {ratio:.3g} times | {verdict} |")

    print("\nOther aggregates and awkward data, against speckle and the largest score (at most 2.5):\n")
    print("| workload | method | data | over k | ms | against speckle |")
    print("|---|---|---|---|---|---|")
    for own, values in ours.items():
        name, method, data, aggregate = own.split("/")
        if data != "vmap" and (data, aggregate) != ("speckle", "max"):
            print(f"| {name} | {method} | {data} | {aggregate} | {quartiles(values)} | {middle[own] / middle[f'{name}/{method}/speckle/max']:.2f} |")

    print("\nTwo threads against one through `vmap`, ms of the clock per series (at least 1.7):\n")
    print("| workload | method | one thread | two | faster |")
    print("|---|---|---|---|---|")
    for name in WORKLOADS:
        for method in ("LOF", "LoOP"):
            one, two = (ours[f"{name}/{method}/vmap/{threads}"] for threads in (1, 2))
            # Round by round, because the load changes; the best rounds are those without others.
            faster = [a / b for a, b in zip(one, two)]
            print(f"| {name} | {method} | {quartiles(one)} | {quartiles(two)} | {statistics.median(faster):.2f}, of the best rounds {min(one) / min(two):.2f} |")


if __name__ == "__main__":
    main()
