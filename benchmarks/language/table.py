#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

"""The table of ratios, as Markdown: table.py FILE..., each Google Benchmark's JSON or lines {"name": ..., "seconds": [...]}."""
import collections
import json
import re
import statistics
import sys

# Work -> which rivals count, and the least speed against the best of them. The first pattern that matches.
TARGETS = [
    (r"fused/", ("loop", "Eigen", "xtensor"), 0.95),
    (r"broadcast/", ("loop",), 0.80),
    (r"statistics/", ("read", "read and write"), 0.90),
    (r"products/", ("Eigen", "OpenBLAS"), 0.95),
    (r"redistribute/", ("Alltoallv",), 1 / 1.1),
    (r"device/", ("loop",), 0.90),
]


def read(path):
    """A row's name, its seconds and its seconds on the clock. One thread: time on the processor, which others disturb less."""
    with open(path) as file:
        text = file.read()
    if '"benchmarks"' not in text:
        for line in filter(None, text.splitlines()):
            row = json.loads(line)
            yield row["name"], row["seconds"], row["seconds"]
        return
    for run in sorted(json.loads(text)["benchmarks"], key=lambda run: run["family_index"]):   # they ran in random order
        if run["run_type"] == "iteration":
            name = run["name"].removesuffix("/real_time")
            clock = "cpu_time" if name.split("/")[-2] == "1" else "real_time"
            unit = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[run["time_unit"]]
            yield name, [run[clock] * unit], [run["real_time"] * unit]


def shown(seconds):
    for unit, scale in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
    return low, middle, high


def row(work, threads, times):
    """One line: times, the rival that counts, the ratio with quartiles, the target, whether it is met, other rivals' times in ours."""
    low, ours, high = quartiles(times["priel"])
    medians = {who: statistics.median(values) for who, values in times.items() if who != "priel"}
    small = re.fullmatch(r"small/(\d+)x(\d+)", work)
    if small:
        counted = ("loop",)
        over = [1e9 * (value - medians["loop"]) for value in (ours, low, high)]
        budget = 50 + 20 * (int(small[2]) + 1)
        ratio, target, passed = f"{over[0]:.0f} ns over ({over[1]:.0f}–{over[2]:.0f})", f"≤ {budget} ns over", over[0] <= budget
    else:
        _, counted, least = next(entry for entry in TARGETS if re.match(entry[0], work))
        best = min(medians[who] for who in counted if who in medians)
        ratio, target, passed = f"{best / ours:.2f} ({best / high:.2f}–{best / low:.2f})", f"≥ {least:.2f}", best / ours >= least
    rival = min((who for who in counted if who in medians), key=medians.get)
    others = ", ".join(f"{who} {shown(value)}" for who, value in medians.items() if who != rival)
    return f"| {work.replace('/', ': ')} | {threads} | {shown(ours)} | {rival} {shown(medians[rival])} | {ratio} | {target} | {'pass' if passed else 'MISS'} | {others} |"


def main():
    rows = collections.defaultdict(lambda: collections.defaultdict(list))
    clock = collections.defaultdict(list)
    for path in sorted(sys.argv[1:], key=lambda path: "python" in path):   # its rows belong to those of the programs
        for name, seconds, on_clock in read(path):
            clock[name] += on_clock
            work, threads, who = name.rsplit("/", 2)
            rows[work, threads][who] += seconds
    print("| work | threads or ranks | priel | best rival that counts | its time in ours (quartiles) | target | | others |\n|---|---|---|---|---|---|---|---|")
    order = ["fused", "broadcast", "small", "statistics", "products", "redistribute", "device"]
    for (work, threads), times in sorted(rows.items(), key=lambda item: order.index(item[0][0].split("/")[0])):
        if "priel" in times:
            print(row(work, threads, times))
    if "fused/64Mi/2/priel" in clock:
        gain = {who: statistics.median(clock[f"fused/64Mi/1/{who}"]) / statistics.median(clock[f"fused/64Mi/2/{who}"])
                for who in ("priel", "loop", "streaming")}
        print(f"\nTwo threads against one on the clock, fused in memory: priel {gain['priel']:.2f} times (target 1.5 where memory allows), "
              f"plain loop {gain['loop']:.2f}, streaming loop {gain['streaming']:.2f}.")


if __name__ == "__main__":
    main()
