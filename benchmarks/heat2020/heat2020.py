#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Runs moments, distances, k-means and LASSO by priel and its rivals on the same files, each on 1, 2 and 4 cores' worth of ranks or threads.

What is measured is kept in FOLDER/heat2020.json at once, and what stands there is not run again (--again: all of it is). Tables and pictures are made from it
by tables.py.
  heat2020.py --program BUILD/benchmarks/heat2020/heat2020 --traffic BUILD/.../libheat2020_traffic.so [--folder heat2020] [--runs 9] [--minutes 15] [--quick]
"""

import argparse
import json
import os
import subprocess
import sys
import time

import protocol   # noqa: F401  says early whether h5py and NumPy are there
import works

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import runs

PROGRAMS = {"NumPy": "rival_numpy.py", "scikit-learn": "rival_sklearn.py", "PyTorch": "rival_torch.py", "Dask": "rival_dask.py", "Heat": "rival_heat.py"}
VERSIONS = """
import importlib.metadata as m, json, platform
names = {"NumPy": "numpy", "SciPy": "scipy", "scikit-learn": "scikit-learn", "PyTorch": "torch", "Dask": "dask", "Heat": "heat", "mpi4py": "mpi4py"}
print(json.dumps({"Python": platform.python_version(), **{k: m.version(v) for k, v in names.items()}}))
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="priel's program of this folder")
    parser.add_argument("--traffic", required=True, help="the library that counts messages")
    parser.add_argument("--folder", default="heat2020", help="files, results, pictures")
    parser.add_argument("--runs", type=int, default=9, help="after one that warms up")
    parser.add_argument("--minutes", type=float, default=15, help="then nothing more is begun")
    parser.add_argument("--timeout", type=float, default=240, help="seconds that one program may take")
    parser.add_argument("--only", help="only tasks whose names hold this")
    parser.add_argument("--quick", action="store_true", help="small and twice only: does it run?")
    parser.add_argument("--again", action="store_true", help="what was measured is measured again")
    options = parser.parse_args()
    if options.quick:
        options.runs = 2
    return options


def versions(options):
    found = json.loads(subprocess.run([sys.executable, "-c", VERSIONS], check=True, stdout=subprocess.PIPE, text=True).stdout)
    compiler = subprocess.run(["c++", "--version"], stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]
    mpi = subprocess.run(["mpirun", "--version"], stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]
    return {**found, "compiler": compiler, "MPI": mpi.removeprefix("mpirun ").replace("(", "").replace(")", "")}


def command(options, task):
    path = os.path.join(options.folder, task.work.file)
    program = [options.program] if task.rival == "priel" else [sys.executable, os.path.join(HERE, PROGRAMS[task.rival])]
    line, environment = runs.on_ranks([*program, task.work.name, path, str(options.runs)], task.ranks, task.threads)
    # Dask's threads each call BLAS by themselves.
    library_threads = "1" if task.rival == "Dask" else str(task.threads)
    environment.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), library_threads),
                       HEAT2020_THREADS=str(task.threads), PYTHONWARNINGS="ignore")
    if task.ranks > 1:   # the launcher itself sends nothing, so only the ranks get it
        line[1:1] = ["-x", "LD_PRELOAD=" + os.path.abspath(options.traffic)]
    return line, environment


def run(options, task):
    """{"operations": {name: {...}}} or {"error": ...}."""
    line, environment = command(options, task)
    try:
        process = subprocess.Popen(line, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        return {"error": str(error)}
    try:
        output, errors = process.communicate(timeout=options.timeout)
    except subprocess.TimeoutExpired:
        process.terminate()   # mpirun ends its ranks then
        process.communicate()
        return {"error": f"took more than {options.timeout:g} s"}
    if process.returncode != 0:
        return {"error": f"exit status {process.returncode}: " + " ".join(errors.split())[-300:]}
    rows = [json.loads(text) for text in output.splitlines() if text.startswith("{")]
    return {"operations": {row.pop("operation"): row for row in rows}, "command": " ".join(map(str, line))}


def save(path, facts):
    with open(path + ".part", "w") as file:
        json.dump(facts, file, indent=1)
    os.replace(path + ".part", path)


def main():
    options = arguments()
    os.makedirs(options.folder, exist_ok=True)
    path = os.path.join(options.folder, "heat2020.json")
    facts = {"results": {}}
    if os.path.exists(path) and not options.again:
        with open(path) as file:
            facts = json.load(file)
        if facts["runs"] != options.runs or facts["quick"] != options.quick:
            sys.exit(f"heat2020.py: {path} holds results of {facts['runs']} runs, quick: {facts['quick']}; take --again or another folder")
    results = facts["results"]
    facts.update(machine=runs.machine(), versions=versions(options), runs=options.runs, quick=options.quick, command=" ".join(sys.argv))
    todo = [task for task in works.tasks(options.quick) if "operations" not in results.get(task.key, {}) and (options.only or "") in task.key]
    files = sorted({os.path.join(options.folder, task.work.file) for task in todo})
    subprocess.run([sys.executable, os.path.join(HERE, "data.py"), *files], check=True)
    begin = time.monotonic()
    for number, task in enumerate(todo):
        passed = time.monotonic() - begin
        if passed > 60 * options.minutes:
            print(f"{options.minutes:g} minutes are over: {len(todo) - number} left for another call", file=sys.stderr)
            break
        started = time.monotonic()
        results[task.key] = run(options, task)
        results[task.key]["load"] = os.getloadavg()[0]
        save(path, facts)
        print(f"{passed:4.0f} s  {number + 1}/{len(todo)}  {task.key}  {time.monotonic() - started:.1f} s  {results[task.key].get('error', '')}",
              file=sys.stderr, flush=True)
    save(path, facts)


main()
