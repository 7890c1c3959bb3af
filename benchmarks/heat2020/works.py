# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""What is run: works and files, by whom, on which ranks and threads, in the order of what matters when time is short."""

import math
from typing import NamedTuple

ONE, TWO_THREADS, TWO_RANKS, FOUR_RANKS = (1, 1), (1, 2), (2, 1), (4, 1)
# Ranks x threads: those that send messages on ranks, the others on threads.
WAYS = {
    "priel": [ONE, TWO_RANKS, FOUR_RANKS, TWO_THREADS],
    "NumPy": [ONE],
    "scikit-learn": [ONE, TWO_THREADS],
    "PyTorch": [ONE, TWO_THREADS],
    "Dask": [ONE, TWO_THREADS],
    "Heat": [ONE, TWO_RANKS, FOUR_RANKS],
}
EVERYBODY = list(WAYS)
PARTS = {"k-means": (30, "iteration"), "LASSO": (20, "sweep")}   # of one operation, for messages


class Work(NamedTuple):
    name: str        # moments, cdist, kmeans, lasso
    kind: str        # of the file
    rows: int
    columns: int
    rivals: list

    @property
    def file(self):
        return f"{self.kind}_{self.rows}x{self.columns}.h5"

    @property
    def size(self):
        return f"{self.rows} × {self.columns}"


class Task(NamedTuple):
    work: Work
    rival: str
    ranks: int
    threads: int

    @property
    def key(self):
        return f"{self.work.name} {self.work.file} {self.rival} {self.ranks}x{self.threads}"


# One size on any number of cores; the larger ones without those that would take many minutes.
STRONG = [
    Work("moments", "images", 200_000, 300, [r for r in EVERYBODY if r != "scikit-learn"]),
    Work("moments", "images", 300, 200_000, [r for r in EVERYBODY if r != "scikit-learn"]),
    Work("cdist", "susy", 10_000, 18, EVERYBODY),
    Work("kmeans", "images", 5_000, 300, EVERYBODY),   # which take more than 30 iterations; 2500 do not
    Work("lasso", "eurad", 10_000, 100, EVERYBODY),
    Work("kmeans", "images", 200_000, 300, ["priel", "NumPy", "scikit-learn"]),
    Work("kmeans", "susy", 1_000_000, 18, ["priel", "scikit-learn"]),
    Work("lasso", "eurad", 250_000, 100, ["priel", "NumPy", "scikit-learn", "PyTorch", "Dask"]),
]


def smaller(work):
    """For a trial: a quarter, but of k-means, and no work that only some of the rivals do."""
    if work.name == "kmeans":
        return work
    rows, columns = (work.rows // 4, work.columns) if work.rows > work.columns else (work.rows, work.columns // 4)
    return work._replace(rows=rows, columns=columns)


def strong(quick):
    return [smaller(work) for work in STRONG if len(work.rivals) >= 5 and work.rows < 250_000] if quick else STRONG


def weak(quick):
    """Lists of the same work for 1, 2 and 4 ranks: as many rows as ranks, for cdist's pairs their root."""
    series = []
    for name in ("moments", "cdist", "lasso") if quick else ("moments", "cdist", "kmeans", "lasso"):
        most = next(work for work in strong(quick) if work.name == name)
        if name == "cdist":
            sizes = [round(most.rows * math.sqrt(ranks)) for ranks in (1, 2, 4)]
        elif name == "kmeans":
            sizes = [most.rows * ranks for ranks in (1, 2, 4)]
        else:
            sizes = [most.rows * ranks // 4 for ranks in (1, 2, 4)]
        series.append([most._replace(rows=rows, rivals=["priel", "Heat"]) for rows in sizes])
    return series


def tasks(quick):
    """Each once, also where weak and strong scaling share it."""
    def at_one_size(works):
        return [Task(work, rival, ranks, threads) for work in works for rival in work.rivals for ranks, threads in WAYS[rival] if not quick or ranks < 4]

    growing = [Task(work, rival, ranks, 1) for works in weak(quick) for work, ranks in zip(works, (1, 2, 4)) for rival in work.rivals]
    by_all = [work for work in strong(quick) if "Heat" in work.rivals]
    ordered = at_one_size(by_all) + growing + at_one_size([work for work in strong(quick) if work not in by_all])
    return list({task.key: task for task in ordered}.values())
