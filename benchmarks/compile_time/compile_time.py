#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

"""What ten statements cost to compile, in priel and in xtensor: compile_time.py [ROUNDS [COMPILER]].

The units are compiled in turn at -O3, so that what else the machine does falls on all of them. Printed are the medians over the
rounds of the time on the processor (user and system) and of the peak memory, and their ratios.
"""

import os
import pathlib
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
compiler = sys.argv[2] if len(sys.argv) > 2 else "g++"

flags = ["-std=c++20", "-O3", "-fopenmp", "-fno-math-errno", "-DEIGEN_FAST_MATH=0", "-isystem", "/usr/include/eigen3"]
ours = [f"-I{root}/{layer}" for layer in ("include", "policies", "algorithms")]
units = {
    "priel": [*ours, here / "priel.cpp"],
    "xtensor": [here / "xtensor.cpp"],
    "xtensor, only what is needed": ["-DLEAN", here / "xtensor.cpp"],
}


def compile_once(arguments):
    """Seconds on the processor, MB."""
    process = subprocess.Popen([compiler, *flags, "-c", *map(str, arguments), "-o", os.devnull])
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{compiler} fails")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


measured = {name: [] for name in units}
for _ in range(rounds):
    for name, arguments in units.items():
        measured[name].append(compile_once(arguments))

medians = {name: [statistics.median(column) for column in zip(*values)] for name, values in measured.items()}
print(f"{compiler} -O3, {rounds} rounds")
for name, (seconds, megabytes) in medians.items():
    time_ratio, memory_ratio = medians["priel"][0] / seconds, medians["priel"][1] / megabytes
    print(f"{name:30} {seconds:6.2f} s {megabytes:5.0f} MB    priel / this: {time_ratio:.2f} time, {memory_ratio:.2f} memory")
