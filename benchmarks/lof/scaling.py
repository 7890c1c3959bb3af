# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Weak and strong scaling of the coast's pipeline over ranks and threads, phase by phase, as one lazy statement beside it.

Weak: the band along the coast is widened so that the pixels double with the cores; the images stay the same. Strong: the pixels of the widest
band on any number of cores. Prints two tables, writes scaling.json and pictures into the folder.
  scaling.py --program PRIEL --phases PHASES --shoreline COAST.geojson [--folder scaling] [--pixels 8000] [--runs 10] [--method lof] [--quick]
"""

import argparse
import json
import os
import statistics
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import runs

PHASES = ["read", "patch", "redistribute", "score", "maps"]
ONE = "one statement"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="the program priel, which makes the scenes")
    parser.add_argument("--phases", required=True, help="the program phases of this folder")
    parser.add_argument("--shoreline", required=True, help="GeoJSON lines with land to their left")
    parser.add_argument("--folder", default="scaling")
    parser.add_argument("--method", choices=["lof", "loop"], default="lof")
    parser.add_argument("--pixels", type=int, default=8000, help="of each core")
    parser.add_argument("--dates", type=int, default=363)
    parser.add_argument("--height", type=int, default=600)
    parser.add_argument("--width", type=int, default=500)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--cores", type=int, default=runs.cores(), help="ranks x threads stay within it")
    parser.add_argument("--quick", action="store_true", help="small and twice only: does it run?")
    options = parser.parse_args()
    if options.quick:
        options.pixels, options.dates, options.height, options.width, options.runs = 500, 80, 200, 170, 2
    return options


def ways(cores):
    """Ranks x threads for 1, 2, 4, ... cores: all threads, all ranks, and what lies between."""
    result = []
    used = 1
    while used <= cores:
        ranks = 1
        while ranks <= used:
            result.append((ranks, used // ranks))
            ranks *= 2
        used *= 2
    return result


def scene(options, pixels):
    path = os.path.join(options.folder, f"coast_{options.dates}x{options.height}x{options.width}_{pixels}.h5")
    if not os.path.exists(path):
        print(f"making {path}", file=sys.stderr)
        runs.run([options.program, "coast", "synth", "--output", path, "--shoreline", options.shoreline, "--dates", str(options.dates), "--height",
                  str(options.height), "--width", str(options.width), "--examine", str(pixels), "--chunk", "1x256x256", "--quiet"], 1, options.cores)
    return path


def spread(values, form):
    return f"{form(statistics.mean(values))} ({form(min(values))}–{form(max(values))})"


def study(options, name, pixels_of):
    """All runs in turn, so that a slow minute of the machine does not meet one way only."""
    points = [{"study": name, "ranks": ranks, "threads": threads, "pixels": pixels_of(ranks * threads), "runs": [], "joules": []}
              for ranks, threads in ways(options.cores)]
    output = os.path.join(options.folder, "maps.h5")
    for number in range(options.runs):
        for point in points:
            energy = runs.Energy()
            text, _, _ = runs.run([options.phases, scene(options, point["pixels"]), output, options.method], point["ranks"], point["threads"])
            point["joules"].append(energy.joules())
            point["no_joules"] = energy.reason
            point["runs"].append(json.loads(text)["phases"])
        print(f"{name}: {number + 1} of {options.runs} runs", file=sys.stderr)
    if os.path.exists(output):
        os.remove(output)
    return points


def of(point, phase, what):
    """The values of all runs; the sum or the largest of the phases where None is asked for."""
    if phase is not None:
        return [run[phase][what] for run in point["runs"]]
    combine = sum if what == "seconds" else max
    return [combine(run[p][what] for p in PHASES) for run in point["runs"]]


def tables(points, strong):
    seconds, peaks = [], []
    base = statistics.mean(of(points[0], None, "seconds")), statistics.mean(of(points[0], ONE, "seconds"))
    for point in points:
        label = [f"{point['ranks']} × {point['threads']}", point["pixels"]]
        cores = point["ranks"] * point["threads"]
        share = [first / statistics.mean(of(point, phase, "seconds")) / (cores if strong else 1) for first, phase in zip(base, (None, ONE))]
        joules = "null" if point["no_joules"] else f"{statistics.mean(point['joules']):.0f}"
        seconds.append(label + [spread(of(point, phase, "seconds"), "{:.2f}".format) for phase in [*PHASES, None, ONE]] + [f"{s:.2f}" for s in share] + [joules])
        peaks.append(label + [spread(of(point, phase, "peak"), lambda b: f"{b / 2**20:.0f}") for phase in [*PHASES, None, ONE]])
    head = ["ranks × threads", "pixels", *PHASES, "all phases", ONE]
    return (runs.table([*head, "efficiency, phases", f"efficiency, {ONE}", "J"], seconds), runs.table(head, peaks))


def draw(options, name, points):
    lines = ["# ranks threads cores pixels, then mean, minimum and maximum of the seconds of " + ", ".join([*PHASES, "all phases", ONE])]
    for point in points:
        numbers = [point["ranks"], point["threads"], point["ranks"] * point["threads"], point["pixels"]]
        for phase in [*PHASES, None, ONE]:
            values = of(point, phase, "seconds")
            numbers += [statistics.mean(values), min(values), max(values)]
        lines.append(" ".join(f"{n:.6g}" for n in numbers))
    labels = ", ".join(f'"{point["ranks"]} × {point["threads"]}" {i}' for i, point in enumerate(points))
    stacked = ", ".join(f'data using {5 + 3 * i} title "{phase}"' for i, phase in enumerate(PHASES))
    script = f"""set title "{name} scaling, {options.method}, {options.runs} runs"
set style data histograms
set style histogram rowstacked
set style fill solid 0.8 border -1
set boxwidth 0.6
set xtics ({labels})
set xlabel "ranks × threads"
set ylabel "seconds, mean"
set key outside
set yrange [0:*]
plot {stacked}, data using 0:23:24:25 with yerrorbars linecolor "black" title "{ONE}"
"""
    runs.plot(os.path.join(options.folder, f"{name}.png"), script, "\n".join(lines) + "\n")


def main():
    options = arguments()
    os.makedirs(options.folder, exist_ok=True)
    print(runs.machine())
    facts = {"options": vars(options), "machine": runs.machine(), "studies": []}
    most = ways(options.cores)[-1]
    widest = options.pixels * most[0] * most[1]
    for name, pixels_of in (("weak", lambda cores: options.pixels * cores), ("strong", lambda cores: widest)):
        points = study(options, name, pixels_of)
        facts["studies"] += points
        seconds, peaks = tables(points, name == "strong")
        print(f"\n{name.capitalize()} scaling, {options.method}, {options.dates} dates of {options.height} × {options.width} pixels, {options.runs} runs: "
              f"mean (minimum–maximum) of the seconds; the largest of all phases stands for memory\n\n{seconds}\n\nMemory, MiB, sum over the ranks:\n\n{peaks}")
        if points[0]["no_joules"]:
            print(f"\nEnergy: null, {points[0]['no_joules']}.")
        draw(options, name, points)
    with open(os.path.join(options.folder, "scaling.json"), "w") as file:
        json.dump(facts, file, indent=1)


main()
