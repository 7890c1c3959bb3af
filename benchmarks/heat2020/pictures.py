# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Weak and strong scaling as panels of one picture each, by gnuplot."""

import os
import sys

import works

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import runs

CURVES = ["priel, ranks", "priel, threads", "NumPy", "scikit-learn", "PyTorch", "Dask", "Heat"]   # their colours, the same everywhere


def picture(path, title, ylabel, panels, options=""):
    """panels: [(name, {curve: [(cores, value)]})]; a last one has the legend."""
    columns = 4 if len(panels) > 5 else 3
    lines, index, shown = [], 0, {curve for _, curves in panels for curve in curves}
    script = (f'set terminal pngcairo size 1400,900\nset multiplot layout {-(-(len(panels) + 1) // columns)},{columns} title "{title}"\n'
              'set logscale x 2\nset xtics (1, 2, 4)\nset xrange [0.9:4.5]\n'
              f'set xlabel "cores (4: ranks on 2 cores)"\nset ylabel "{ylabel}"\nunset key\n{options}\n')
    for name, curves in panels:
        plots = []
        for curve, points in curves.items():
            lines += [f"{x} {y:.6g}" for x, y in points] + ["", ""]
            plots.append(f"data index {index} with linespoints linetype {1 + CURVES.index(curve)}")
            index += 1
        script += f'set title "{name}" font ",9"\nplot ' + ", ".join(plots) + "\n"
    legend = [f'-1 with linespoints linetype {1 + CURVES.index(curve)} title "{curve}"' for curve in CURVES if curve in shown]
    script += ("unset title\nunset border\nunset tics\nunset xlabel\nunset ylabel\nunset logscale\nset key center center\n"
               "set xrange [0:1]\nset yrange [0:1]\nplot " + ", ".join(legend) + "\nunset multiplot\n")
    runs.plot(path, script, "\n".join(lines) + "\n")


def strong(folder, found):
    panels = []
    for work, operation, ratios in found:
        if operation.endswith(("split 1", "replicated")):
            continue   # for the table; the picture is full
        curves = {}
        for curve in CURVES:
            rival = curve.split(",")[0]
            own = {"priel, ranks": lambda r, t: t == 1, "priel, threads": lambda r, t: r == 1}.get(curve, lambda r, t: True)
            points = [(r * t, ratios[rival, r, t]) for r, t in sorted(works.WAYS[rival]) if (rival, r, t) in ratios and own(r, t)]
            if points:
                curves[curve] = points
        panels.append((f"{operation}, {work.size}", curves))
    picture(os.path.join(folder, "strong.png"), "Strong scaling", "speed-up over NumPy", panels, "set logscale y")


def weak(folder, found):
    panels = []
    for operation, _, seconds in found:
        if operation.endswith(("split 1", "replicated")):
            continue
        panels.append((operation, {"priel, ranks" if rival == "priel" else rival: [(r, values[0] / v) for r, v in zip((1, 2, 4), values)]
                                   for rival, values in seconds.items() if all(values)}))
    picture(os.path.join(folder, "weak.png"), "Weak scaling", "efficiency", panels, "set yrange [0:1.3]")
