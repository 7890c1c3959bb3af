#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""The series benchmark beside scikit-learn's LocalOutlierFactor, a fit per k, as a Markdown table of ms per series.

Called by run_series.sh, which pins both to one core. Rounds alternate between the two; CPU time, because machines are shared.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import numpy
from sklearn.neighbors import LocalOutlierFactor

WORKLOADS = {"W1": (363, 49, 20, 60), "W2": (300, 20, 10, 30)}


def fit_per_k(series, first, last):
    scores = [-LocalOutlierFactor(n_neighbors=k, n_jobs=1).fit(series).negative_outlier_factor_ for k in range(first, last + 1)]
    return numpy.max(scores, axis=0)


def run_program(program, folder):
    out = os.path.join(folder, "out.json")
    command = [program, "--benchmark_min_time=0.05", f"--benchmark_out={out}", "--benchmark_out_format=json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env=dict(os.environ, PRIEL_SERIES_DATA=folder))
    with open(out) as file:
        runs = json.load(file)["benchmarks"]
    return {run["name"]: run["cpu_time"] for run in runs}, runs[0]["label"]


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4)
    return middle, f"{middle:.3g} ({low:.3g}–{high:.3g})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the built series_benchmark")
    parser.add_argument("--rounds", type=int, default=11)
    arguments = parser.parse_args()
    ours, rival = {}, {name: [] for name in WORKLOADS}
    with tempfile.TemporaryDirectory() as folder:
        for index in range(arguments.rounds):
            times, instructions = run_program(arguments.program, folder)
            for name, value in times.items():
                ours.setdefault(name, []).append(value)
            for name, (samples, features, first, last) in WORKLOADS.items():
                series = numpy.fromfile(os.path.join(folder, name + ".f32"), numpy.float32).reshape(-1, samples, features)
                start = time.process_time()
                fit_per_k(series[index % len(series)], first, last)
                rival[name].append(1e3 * (time.process_time() - start))

    print(f"Instruction set: {instructions}; median (quartiles) of {arguments.rounds} rounds, ms of CPU time per series.\n")
    print("| workload | method | data | over k | priel | scikit-learn, a fit per k | ratio | against speckle |")
    print("|---|---|---|---|---|---|---|---|")
    for name, values in ours.items():
        workload, method, data, aggregate = name.split("/")
        middle, text = quartiles(values)
        compared = method == "LOF" and data == "speckle" and aggregate == "max"
        rival_middle, rival_text = quartiles(rival[workload])
        beside = f"{rival_text} | {rival_middle / middle:.0f}" if compared else "|"
        plain = statistics.median(ours[f"{workload}/{method}/speckle/max"])
        print(f"| {workload} | {method} | {data} | {aggregate} | {text} | {beside} | {middle / plain:.2f} |")


if __name__ == "__main__":
    main()
