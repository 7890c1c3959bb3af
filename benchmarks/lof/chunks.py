# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""How many slices `vmap` should hold at once: (slices, 300, 20) for each rank, LOF over k = 10..30, by the built-in kernel and by the textbook's.

Prints a table of seconds and peak memory for s = 1, 4, 16, ..., 4096 and writes chunks.json and a picture. Peak memory has to stay within
input + output + s x (a slice, its scores and what one call of the kernel takes) + 64 MiB; the program ends with 1 if it does not.
  chunks.py --chunks CHUNKS [--folder chunks] [--slices 50000] [--textbook 4096] [--ranks 1] [--threads 0] [--runs 3] [--quick]
"""

import argparse
import json
import os
import statistics
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import runs


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", required=True, help="the program chunks of this folder")
    parser.add_argument("--folder", default="chunks")
    parser.add_argument("--slices", type=int, default=50000, help="of each rank, for the built-in kernel")
    parser.add_argument("--textbook", type=int, default=4096, help="of each rank, for the textbook's kernel")
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="of each rank; 0: all cores over the ranks")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="small and once: does it run?")
    options = parser.parse_args()
    if options.quick:
        options.slices, options.textbook, options.runs = 2048, 128, 1
    options.threads = options.threads or max(1, runs.cores() // options.ranks)
    return options


def main():
    options = arguments()
    os.makedirs(options.folder, exist_ok=True)
    print(runs.machine() + "\n")
    sizes = [4**i for i in range(7)]
    facts = {("builtin", s): [] for s in sizes} | {("textbook", s): [] for s in sizes if s <= max(options.textbook, 64)}
    for number in range(options.runs):
        for kernel, s in facts:
            slices = options.slices if kernel == "builtin" else options.textbook
            text, _, _ = runs.run([options.chunks, kernel, str(slices), str(s)], options.ranks, options.threads)
            facts[kernel, s].append(json.loads(text))
        print(f"{number + 1} of {options.runs} runs", file=sys.stderr)

    rows, data, kept = [], {"builtin": [], "textbook": []}, True
    for (kernel, s), found in facts.items():
        one = found[0]
        seconds = [run["seconds"] for run in found]
        # What the process had before holds the input already.
        over = max(run["peak"] / options.ranks - run["before"] for run in found)
        scratch = one["slice"] + max(run["scratch"] for run in found)
        bound = one["output"] + s * scratch + 64 * 2**20
        kept = kept and over <= bound
        rows.append([kernel, one["slices"], s, f"{statistics.mean(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})",
                     f"{1e3 * statistics.mean(seconds) * options.threads * options.ranks / one['slices']:.3f}",
                     *(runs.size(n) for n in (over + one["input"], one["input"], one["output"], scratch, bound + one["input"])),
                     "pass" if over <= bound else "MISS"])
        data[kernel].append(f"{s} {statistics.mean(seconds):.6g} {min(seconds):.6g} {max(seconds):.6g} {over / 2**20:.6g}")
    print(f"{options.ranks} × {options.threads} ranks × threads, {options.runs} runs; memory of a rank\n")
    print(runs.table(["kernel", "slices", "s", "seconds: mean (minimum–maximum)", "ms per slice and core", "peak", "input", "output", "scratch of a slice", "bound", ""], rows))
    with open(os.path.join(options.folder, "chunks.json"), "w") as file:
        json.dump({"options": vars(options), "machine": runs.machine(), "runs": [run for found in facts.values() for run in found]}, file, indent=1)
    script = """set title "vmap: slices at once"
set logscale x 4
set xlabel "slices at once"
set ylabel "seconds"
set y2label "memory beside the input, MiB"
set y2tics
set yrange [0:*]
set y2range [0:*]
set key outside
plot for [i=0:1] data index i using 1:2:3:4 with yerrorlines title word("built-in textbook", i + 1), \\
     for [i=0:1] data index i using 1:5 axes x1y2 with lines dashtype 2 title word("built-in textbook", i + 1) . ", memory"
"""
    runs.plot(os.path.join(options.folder, "chunks.png"), script, "\n\n\n".join("\n".join(lines) for lines in data.values()) + "\n")
    return 0 if kept else 1


sys.exit(main())
