# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""What the scripts of several benchmarks share: runs on ranks and threads, the page cache, energy, tables, pictures."""

import glob
import os
import resource
import shutil
import subprocess
import sys
import time


def cores():
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))


def on_ranks(command, ranks, threads):
    """The command line and the environment of `ranks` ranks of `threads` threads; one rank runs without mpirun."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OMP_PROC_BIND="false")
    if os.getuid() == 0:
        environment.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    if ranks == 1:
        return command, environment
    environment["OMPI_MCA_hwloc_base_binding_policy"] = "none"
    if ranks > cores():
        environment["OMPI_MCA_rmaps_base_oversubscribe"] = "1"
    return ["mpirun", "-n", str(ranks), *command], environment


def run(command, ranks=1, threads=1):
    """Runs to the end and returns (stdout, seconds on the clock, bytes that came from the disk); a failure ends this program."""
    line, environment = on_ranks(command, ranks, threads)
    blocks = resource.getrusage(resource.RUSAGE_CHILDREN).ru_inblock
    start = time.monotonic()
    done = subprocess.run(line, env=environment, stdout=subprocess.PIPE, text=True)
    seconds = time.monotonic() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(line)}: exit status {done.returncode}")
    return done.stdout, seconds, 512 * (resource.getrusage(resource.RUSAGE_CHILDREN).ru_inblock - blocks)


def drop_from_cache(path):
    """Drops a file from the page cache and leaves other files there; says how. What then comes from the disk shows whether it did."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return "posix_fadvise(DONTNEED) on the scene"


class Energy:
    """Joules of all processor packages since it was made: RAPL."""

    def __init__(self):
        self.start, self.reason = {}, None
        counters = [c for c in glob.glob("/sys/class/powercap/intel-rapl:*") if os.path.basename(c).count(":") == 1]
        for counter in counters:
            try:
                self.start[counter] = self.number(counter, "energy_uj")
            except OSError as error:
                self.reason = f"RAPL cannot be read: {error.strerror}"
        if not counters:
            self.reason = "no RAPL counters in /sys/class/powercap"

    @staticmethod
    def number(counter, name):
        with open(os.path.join(counter, name)) as file:
            return int(file.read())

    def joules(self):
        if self.reason:
            return None
        total = 0
        for counter, before in self.start.items():
            passed = self.number(counter, "energy_uj") - before
            total += passed if passed >= 0 else passed + self.number(counter, "max_energy_range_uj")
        return total / 1e6


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {cores()} cores, load {os.getloadavg()[0]:.1f} at the start"


def table(head, rows):
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def size(count):
    """Bytes for people."""
    for unit, bytes_ in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if abs(count) >= bytes_:
            return f"{count / bytes_:.2f} {unit}"
    return f"{count} B"


def plot(path, script, data):
    """A PNG by gnuplot, with its script and data left beside it; without gnuplot nothing but these."""
    stem = os.path.splitext(path)[0]
    with open(stem + ".dat", "w") as file:
        file.write(data)
    with open(stem + ".gnuplot", "w") as file:
        file.write(f'set terminal pngcairo size 900,600\nset output "{os.path.basename(path)}"\n'
                   f'data = "{os.path.basename(stem)}.dat"\n{script}')
    if shutil.which("gnuplot") is None:
        print(f"No gnuplot (Debian: gnuplot-nox): {path} is not drawn; its script is {stem}.gnuplot", file=sys.stderr)
        return
    subprocess.run(["gnuplot", os.path.basename(stem) + ".gnuplot"], cwd=os.path.dirname(path) or ".", check=True)
    print(f"{path} is drawn", file=sys.stderr)
