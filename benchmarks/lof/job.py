# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Runs `priel coast detect` on the scenes that job.sh made and prints what it took."""

import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import runs


def words(name, default):
    return os.environ.get(name, default).split()


# Columns of the table, and the phases of run.json that they stand for.
SHARES = {"reading, in the background": ["reading"], "waiting for it": ["waiting"], "computing": ["computing"],
          "writing, maps, pictures": ["writing", "judging", "pictures", "maps"]}


def share(phases, seconds, names):
    """Seconds in phases whose names contain one of the words, and their share of the time on the clock."""
    spent = sum(value for key, value in phases.items() if any(name in key for name in names))
    return f"{spent:.1f} ({100 * spent / seconds:.0f} %)"


def main():
    program, folder = sys.argv[1:3]
    rows, how, facts = [], "", []
    result = os.path.join(folder, "result")
    for layout in words("PRIEL_LAYOUTS", "tiles pixels"):
        scene = os.path.join(folder, f"coast_{layout}.h5")
        for method in words("PRIEL_METHODS", "lof loop"):
            for way in words("PRIEL_WAYS", "1x2 2x1"):
                ranks, threads = (int(n) for n in way.split("x"))
                for cache in words("PRIEL_CACHES", "cold warm"):
                    if cache == "cold":
                        how = runs.drop_from_cache(scene)
                    shutil.rmtree(result, ignore_errors=True)
                    energy = runs.Energy()
                    _, seconds, from_disk = runs.run(
                        [program, "coast", "detect", f"{scene}:/sigma0", "--mask", f"{scene}:/mask", "--transform", "db", "--method", method,
                         "--k", "20:60", "--memory", os.environ.get("PRIEL_MEMORY", "4G"), "--quiet", "--overwrite", "--output", result], ranks, threads)
                    joules = energy.joules()
                    with open(os.path.join(result, "run.json")) as file:
                        record = json.load(file)
                    phases, memory, moved = record.get("seconds", {}), record.get("memory", {}), record.get("bytes", {})
                    facts.append({"layout": layout, "method": method, "ranks": ranks, "threads": threads, "cache": cache, "seconds": seconds,
                                  "joules": joules, "no_joules": energy.reason, "from_disk": from_disk, "record": record})
                    rows.append([layout, method, f"{ranks} × {threads}", cache, f"{seconds:.1f}",
                                 runs.size(memory["vmhwm_sum"]) if "vmhwm_sum" in memory else "–",
                                 *(runs.size(moved[key]) if key in moved else "–" for key in ("read", "unpacked")),
                                 runs.size(from_disk), *(share(phases, seconds, names) for names in SHARES.values()),
                                 f"{joules:.0f}" if joules is not None else "null"])
                    print(f"{layout} {method} {way} {cache}: {seconds:.1f} s", file=sys.stderr)
    shutil.rmtree(result, ignore_errors=True)
    with open(os.path.join(folder, "job.json"), "w") as file:
        json.dump(facts, file, indent=1)

    print(runs.machine() + "\n")
    print(runs.table(["chunks", "method", "ranks × threads", "cache", "seconds", "memory, sum of VmHWM", "values read", "unpacked", "from disk", *SHARES, "J"], rows))
    print("\nStored: " + ", ".join(f"{layout} {runs.size(os.path.getsize(os.path.join(folder, f'coast_{layout}.h5')))}" for layout in words("PRIEL_LAYOUTS", "tiles pixels"))
          + (f". Cold: {how}." if how else "."))
    reason = next((fact["no_joules"] for fact in facts if fact["no_joules"]), None)
    if reason:
        print(f"Energy: null, {reason}.")


main()
