#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Tables and pictures of what heat2020.py measured: tables.py --folder FOLDER [--into FILE.md...] [--images FOLDER].

Writes FOLDER/{machine,times,speedup,weak,messages,results}.md, weak.png and strong.png and prints the tables. With --into, what stands in the files between
<!-- heat2020 NAME --> and <!-- end --> becomes FOLDER/NAME.md, the model's tables too; with --images, pictures are copied there as scaling_NAME.png.
"""

import argparse
import itertools
import json
import math
import os
import re
import shutil
import statistics
import sys

import pictures
import works

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import runs

TOLERANCE = 1e-3   # between results of rivals, relative: sums of floats in other orders
GRAM = "LASSO, Gram"


def milliseconds(seconds, digits=3):
    value = 1e3 * seconds
    return f"{value:.0f}" if value >= 10**(digits - 1) else f"{value:.{digits}g}"


class Results:
    def __init__(self, facts):
        self.facts, self.results = facts, facts["results"]

    def of(self, work, rival, ranks, threads, operation):
        """What stands for an operation of priel's at this rival, by its name there; the fastest of several ways to do it. None without."""
        found = self.results.get(works.Task(work, rival, ranks, threads).key, {}).get("operations", {})
        base = operation if rival == "priel" else operation.removesuffix(", second operand replicated")
        names = [base] if rival in ("priel", "Heat") else [base.split(", split")[0], *([GRAM] if base == "LASSO" else [])]
        rows = [dict(found[name], name=name) for name in names if name in found]
        return min(rows, key=lambda row: statistics.mean(row["seconds"]), default=None)

    def operations(self, work):
        for ranks in (1, 2, 4):
            found = self.results.get(works.Task(work, "priel", ranks, 1).key, {}).get("operations")
            if found:
                return list(found)
        return []

    def mean(self, *where):
        row = self.of(*where)
        return statistics.mean(row["seconds"]) if row else None

    def error(self, work, rival, ranks, threads):
        return self.results.get(works.Task(work, rival, ranks, threads).key, {}).get("error")


def cell(results, *where):
    row = results.of(*where)
    if row is None:
        return "failed" if where[1] in where[0].rivals and results.error(*where[:4]) else ""
    seconds = row["seconds"]
    spread = statistics.stdev(seconds) if len(seconds) > 1 else 0
    return f"{milliseconds(statistics.mean(seconds))} ± {milliseconds(spread, 2)}" + (" (Gram)" if row["name"] == GRAM else "")


def times(results, listed):
    """ms by everybody on as many cores, and the best rival's time in priel's; a sentence on where priel is behind."""
    others = ["NumPy", "scikit-learn", "PyTorch", "Dask", "Heat"]
    rows, compared, behind = [], 0, []
    for work in listed:
        for operation in results.operations(work):
            for cores in (1, 2, 4):
                ways = {rival: (cores, 1) if rival == "Heat" else (1, cores) for rival in others}
                own = [results.mean(work, "priel", *way, operation) for way in {(cores, 1), (1, cores)}]
                rival_means = [results.mean(work, rival, *ways[rival], operation) for rival in others]
                best = min((m for m in rival_means if m), default=None)
                ours = min((m for m in own if m), default=None)
                if ours is None:
                    continue
                compared += best is not None
                if best and best < ours:
                    behind.append(f"{operation}, {work.size}, {cores} core{'s' if cores > 1 else ''} ({best / ours:.2f})")
                threads = cell(results, work, "priel", 1, cores, operation) if cores == 2 else ""
                rows.append([f"{operation}, {work.size}", cores, cell(results, work, "priel", cores, 1, operation), threads,
                             *[cell(results, work, rival, *ways[rival], operation) for rival in others], f"{best / ours:.3g}" if best else ""])
    verdict = f"priel is ahead of every rival in {compared - len(behind)} of {compared} lines" + ("; behind in: " + "; ".join(behind) if behind else "") + "."
    return runs.table(["work", "cores", "priel, ranks", "priel, threads", *others, "best rival / priel"], rows), verdict


def speedups(results, listed):
    """[(work, operation, {(rival, ranks, threads): NumPy's one process over it})]"""
    found = []
    for work in listed:
        for operation in results.operations(work):
            base = results.mean(work, "NumPy", 1, 1, operation)
            if base is None:
                continue
            ratios = {}
            for rival in work.rivals:
                for way in works.WAYS[rival]:
                    mean = results.mean(work, rival, *way, operation)
                    if mean:
                        ratios[rival, *way] = base / mean
            found.append((work, operation, ratios))
    return found


def speedup_table(found):
    ways = [(rival, *way) for rival in works.EVERYBODY if rival != "NumPy" for way in works.WAYS[rival]]
    head = ["work", *[f"{rival} {ranks} × {threads}" for rival, ranks, threads in ways]]
    rows = [[f"{operation}, {work.size}", *[f"{ratios[way]:.3g}" if way in ratios else "" for way in ways]] for work, operation, ratios in found]
    return runs.table(head, rows)


def weak(results, quick):
    """[(operation, works, {rival: [seconds on 1, 2, 4 ranks]})]"""
    found = []
    for series in works.weak(quick):
        for operation in results.operations(series[-1]):
            seconds = {rival: [results.mean(work, rival, ranks, 1, operation) for work, ranks in zip(series, (1, 2, 4))] for rival in ("priel", "Heat")}
            if all(value for value in seconds["priel"]):
                found.append((operation, series, seconds))
    return found


def weak_table(found):
    rows = []
    for operation, series, seconds in found:
        for rival, values in seconds.items():
            if all(values):
                rows.append([operation, ", ".join(str(work.rows) for work in series) + f" × {series[0].columns}", rival, *map(milliseconds, values),
                             *[f"{values[0] / value:.2f}" for value in values[1:]]])
    return runs.table(["work", "size on 1, 2, 4 ranks", "who", "ms: 1", "2", "4", "efficiency: 2", "4"], rows)


def messages(results, listed):
    """Of one operation, or of its iteration or sweep, of the rank with most."""
    rows = []
    for work in listed:
        for operation in results.operations(work):
            for ranks in (2, 4):
                pair = [results.of(work, rival, ranks, 1, operation) for rival in ("priel", "Heat")]
                if not all(row and "traffic" in row for row in pair):
                    continue
                count, part = works.PARTS.get(operation, (1, ""))
                cells = []
                for row in pair:
                    sends, collectives, sent = row["traffic"]
                    calls = (sends + collectives) / count
                    cells += [f"{calls:.0f}" if calls >= 100 else f"{calls:.3g}", runs.size(round(sent / count))]
                rows.append([f"{operation}, {work.size}" + (f", {'a' if part[0] != 'i' else 'an'} {part}" if part else ""), ranks, *cells])
    return runs.table(["work", "ranks", "priel: messages", "bytes", "Heat: messages", "bytes"], rows)


def disagreements(results):
    """Where a result differs from the first of its operation and file."""
    first, worst, wrong = {}, 0.0, []
    for key, result in results.results.items():
        name, file = key.split()[:2]
        for operation, row in result.get("operations", {}).items():
            base = re.sub(r", (split \d|second operand replicated|Gram)$", "", operation)
            reference = first.setdefault((name, file, base), (key, row["values"]))
            for a, b in itertools.zip_longest(reference[1], row["values"], fillvalue=math.nan):
                difference = abs(a - b) / max(abs(a), abs(b), 1e-30)
                worst = max(worst, difference)
                if not difference <= TOLERANCE:   # nor is nan
                    wrong.append(f"{operation} of {key}: {b:.7g} where {reference[0]} has {a:.7g}")
    errors = [f"{key}: {result['error'].split(':')[0]}" for key, result in results.results.items() if "error" in result]
    verdict = f"Results of everybody agree within {worst:.1g}." if not wrong else "Results differ: " + "; ".join(wrong) + "."
    return verdict + ("" if not errors else " Failed: " + "; ".join(errors) + ".")


def machine(facts):
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    quick = " A trial of small sizes." if facts["quick"] else ""
    load = statistics.median(result["load"] for result in facts["results"].values())
    if load > 2.5 * runs.cores():
        quick += f" Much other work ran beside it (load {load:.0f}): these times are a trial's, and only counts and results mean much."
    return (f"{facts['machine']}; {versions}. One warm-up, {facts['runs']} runs, mean ± standard deviation of the slowest rank's time, ms; four ranks share "
            f"{runs.cores()} cores.{quick} Command: `benchmarks/heat2020/run.sh BUILD_FOLDER FOLDER`.")


def write_into(path, folder):
    with open(path) as file:
        text = file.read()

    def tables(match):
        source = os.path.join(folder, match[1] + ".md")
        if not os.path.exists(source):
            print(f"{path}: no {source}, left as it is", file=sys.stderr)
            return match[0]
        with open(source) as file:
            return f"<!-- heat2020 {match[1]} -->\n{file.read().strip()}\n<!-- end -->"
    with open(path, "w") as file:
        file.write(re.sub(r"<!-- heat2020 (\w+) -->\n.*?<!-- end -->", tables, text, flags=re.DOTALL))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", default="heat2020")
    parser.add_argument("--into", nargs="*", default=[])
    parser.add_argument("--images")
    options = parser.parse_args()
    with open(os.path.join(options.folder, "heat2020.json")) as file:
        facts = json.load(file)
    results, listed = Results(facts), works.strong(facts["quick"])
    fast, growing = speedups(results, listed), weak(results, facts["quick"])
    everything, verdict = times(results, listed)
    written = {"machine": machine(facts), "times": everything, "speedup": speedup_table(fast), "weak": weak_table(growing),
               "messages": messages(results, listed), "results": disagreements(results) + " " + verdict}
    for name, text in written.items():
        with open(os.path.join(options.folder, name + ".md"), "w") as file:
            file.write(text + "\n")
        print(f"\n{text}")
    if fast:
        pictures.strong(options.folder, fast)
    if growing:
        pictures.weak(options.folder, growing)
    for path in options.into:
        write_into(path, options.folder)
    for name in ("weak", "strong", "model"):
        picture = os.path.join(options.folder, name + ".png")
        if options.images and os.path.exists(picture):
            shutil.copy(picture, os.path.join(options.images, f"scaling_{name}.png"))


main()
