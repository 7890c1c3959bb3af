#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""A model of weak and strong scaling up to 4096 ranks, from this machine's figures: model.py --program BUILD/.../model [--folder heat2020].

seconds(P) = what one rank measured, times the most that a rank computes on P ranks over that on one + the messages, each latency x steps + bytes /
bandwidth. Messages and shares are what `explain` says of the same statements on P ranks; the two constants are measured on two ranks here, or given
(--latency SECONDS --bandwidth BYTES_PER_SECOND). Nothing else is in it: no contention, no stragglers, no files, compute and messages one after the other.
Writes model.json, constants.md, model_weak.md, model_strong.md and model.png into the folder and prints the tables.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys

import works

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import runs

RANKS = (1, 4, 16, 64, 256, 1024, 4096)
SMALL_REDUCTION = 2**18   # larger ones reach MPI as a scatter of sums and a gather
WORSE = 10                # the second pair of constants: so many times the latency and the time of a byte
STRONG = 64               # times what one rank measured
# Whose seconds on one rank: (number in works.STRONG, operation, how many of them it does); the others by the program's own measurement.
MEASURED = {"mean of axis 0": (0, "mean of axis 0, split 0", 1), "std": (0, "std, split 0", 1), "cdist, ring": (2, "cdist", 1),
            "cdist, gathered": (2, "cdist, second operand replicated", 1), "k-means, an iteration": (5, "k-means", 30), "LASSO": (7, "LASSO", 1)}


def json_of(command, ranks=1):
    return [json.loads(line) for line in runs.run(command, ranks)[0].splitlines()]


def seconds_of_message(kind, sent, ranks, latency, bandwidth):
    """`sent`: the payload of reductions, scans and broadcasts; of the others what a rank sends."""
    levels = math.ceil(math.log2(ranks))
    if kind == "Allreduce" and sent > SMALL_REDUCTION:
        return 2 * ((ranks - 1) * latency + sent * (ranks - 1) / ranks / bandwidth)
    if kind in ("Allreduce", "Exscan", "Broadcast"):
        return levels * (latency + sent / bandwidth)
    return (ranks - 1) * latency + sent / bandwidth


def rates(options):
    """Seconds of each work on one rank."""
    found = json_of([options.program, "rates"])[0]
    with open(os.path.join(options.folder, "heat2020.json")) as file:
        facts = json.load(file)
    results = facts["results"]
    for name, (number, operation, count) in MEASURED.items():
        work = works.STRONG[number]
        if facts["quick"]:   # the trial's seconds are of less work than the messages: only to see that it runs
            work = next(other for other in works.strong(True) if other.name == work.name)
        row = results.get(works.Task(work, "priel", 1, 1).key, {}).get("operations", {}).get(operation)
        if row is None:
            print(f"model.py: {operation} of {work.file} was not measured on one rank and is left out", file=sys.stderr)
            continue
        found[name] = statistics.mean(row["seconds"]) / count
    return found


def figure(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table(points, study, names):
    rows = []
    for name in names:
        for label, which in (("", "seconds"), (f", messages {WORSE} times slower", "worse")):
            values = [points[name, study, ranks][which] for ranks in RANKS]
            scale = [values[0] / v for v in values]
            shown = [f"{s:.2f}" if study == "weak" else figure(s) for s in scale]
            first = f"{figure(values[0])} s" if values[0] >= 1 else f"{1e3 * values[0]:.3g} ms"
            rows.append([name + label, first, *shown[1:], runs.size(points[name, study, RANKS[-1]]["sent"]) if not label else ""])
    return runs.table(["work", "one rank", *[str(r) for r in RANKS[1:]], f"sent by a rank of {RANKS[-1]}"], rows)


def draw(path, points, names):
    lines, plots, index = [], {"weak": [], "strong": []}, 0
    for study in plots:
        for name in names:
            first = points[name, study, 1]["seconds"]
            lines += [f"{ranks} {first / points[name, study, ranks]['seconds']:.6g}" for ranks in RANKS] + ["", ""]
            plots[study].append(f'data index {index} with linespoints title "{name}"')
            index += 1
    script = ('set terminal pngcairo size 1400,600\nset multiplot layout 1,2 title "A model, not a measurement"\nset logscale x 2\nset xlabel "ranks"\n'
              'set xrange [0.9:5000]\nunset key\nset title "weak scaling"\nset ylabel "efficiency"\nset yrange [0:1.1]\nplot '
              + ", ".join(plots["weak"])
              + '\nset logscale y 2\nset yrange [0.9:5000]\nset key left top Left reverse\nset title "strong scaling"\nset ylabel "speed-up"\nplot '
              + ", ".join(plots["strong"]) + ', x with lines dashtype 2 linecolor "gray" title "ideal"\nunset multiplot\n')
    runs.plot(path, script, "\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--folder", default="heat2020")
    parser.add_argument("--latency", type=float)
    parser.add_argument("--bandwidth", type=float)
    options = parser.parse_args()
    if options.latency and options.bandwidth:
        constants, source = {"latency": options.latency, "bandwidth": options.bandwidth}, "as given"
    else:
        constants, source = json_of([options.program, "constants"], 2)[0], "two ranks of this machine, through its memory: no network is in them"
    one = rates(options)
    points = {}
    for ranks in RANKS:
        for line in json_of([options.program, "explain", str(ranks)]):
            points[line["work"], line["study"], ranks] = line
    names = list(dict.fromkeys(work for work, _, _ in points if work in one))
    for (name, study, ranks), point in points.items():
        if name not in one:
            continue
        # The weak study's work on one rank is what was measured; the strong one's is STRONG times that.
        share = point["elements"] / points[name, study, 1]["elements"] * (STRONG if study == "strong" else 1)
        for which, factor in (("seconds", 1), ("worse", WORSE)):
            point[which] = share * one[name] + sum(
                seconds_of_message(kind, sent, ranks, constants["latency"] * factor, constants["bandwidth"] / factor) for kind, sent in point["messages"])
        point["sent"] = sum(sent for _, sent in point["messages"])
    written = {"constants": f"Latency {1e6 * constants['latency']:.3g} µs (an Allreduce of 8 bytes), bandwidth {constants['bandwidth'] / 1e9:.3g} GB/s "
                            f"(each of two ranks sends 64 MiB to the other): {source}.",
               "model_weak": table(points, "weak", names), "model_strong": table(points, "strong", names)}
    for name, text in written.items():
        with open(os.path.join(options.folder, name + ".md"), "w") as file:
            file.write(text + "\n")
        print(f"\n{text}")
    with open(os.path.join(options.folder, "model.json"), "w") as file:
        json.dump({"constants": constants, "source": source, "one rank": one, "points": [p for p in points.values()]}, file, indent=1)
    draw(os.path.join(options.folder, "model.png"), points, names)


main()
