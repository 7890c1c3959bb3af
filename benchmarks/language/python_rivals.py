#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

"""The same work in NumPy and PyTorch on one thread, in turn: python_rivals.py [ROUNDS]. Prints a line of JSON for each."""
import json
import random
import sys
import time

import numpy
import torch

torch.set_num_threads(1)
Mi = 1 << 20


def fused(sqrt, a, b, c):
    return sqrt(a * a + b * b) * 0.5 + c


def moments(x, std):
    return x.mean() + 3 * std(x)


def work():
    """Name of the row in the table, operands as NumPy arrays, the statement in NumPy and in PyTorch."""
    generator = numpy.random.default_rng(1)

    def uniform(*shape):
        return generator.random(shape, dtype=numpy.float32)

    for size, n in (("64Mi", 64 * Mi), ("16Ki", 16 * 1024)):
        operands = [uniform(n) for _ in range(3)]
        yield f"fused/{size}", operands, lambda a, b, c: fused(numpy.sqrt, a, b, c), lambda a, b, c: fused(torch.sqrt, a, b, c)
    yield "broadcast/rows3", [uniform(10_000_000, 3), uniform(3)], lambda x, row: x - row, None
    yield "broadcast/column", [uniform(8192, 8192), uniform(8192, 1)], lambda x, column: x * column, None
    yield "broadcast/transpose", [uniform(4096, 4096), uniform(4096, 4096)], lambda a, b: a + b.T, None
    yield "broadcast/a > b", [uniform(16 * Mi), uniform(16 * Mi)], lambda a, b: a > b, None
    yield "broadcast/where", [uniform(16 * Mi), uniform(16 * Mi)], lambda a, b: numpy.where(a > b, a, b), lambda a, b: torch.where(a > b, a, b)
    yield "small/100x3", [uniform(100) for _ in range(4)], lambda a, b, c, d: (a + b) * c - d, None
    yield ("statistics/mean and std of 1 GiB", [uniform(256 * Mi)], lambda x: moments(x, numpy.std),
           lambda x: moments(x, lambda y: torch.std(y, correction=0)))
    for name, shape in (("(n, 3)", (20_000_000, 3)), ("square", (8000, 8000))):
        x = uniform(*shape)
        for axis in (0, 1):
            yield f"statistics/mean {name} axis {axis}", [x], lambda x, axis=axis: x.mean(axis), None
    for n in (100, 1024):
        yield f"products/{n}x{n}x{n}", [uniform(n, n), uniform(n, n)], lambda a, b: a @ b, None


def seconds(statement, operands):
    """Processor time of one run; short ones are repeated until they take 5 ms."""
    count = 1
    while True:
        start = time.thread_time()
        for _ in range(count):
            statement(*operands)
        taken = time.thread_time() - start
        if taken > 5e-3:
            return taken / count
        count *= 2 if taken > 1e-3 else 10


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    for name, arrays, in_numpy, in_torch in work():
        rivals = [("NumPy", in_numpy, arrays), ("PyTorch", in_torch or in_numpy, [torch.from_numpy(x) for x in arrays])]
        times = {who: [] for who, _, _ in rivals}
        for _ in range(rounds):
            random.shuffle(rivals)
            for who, statement, operands in rivals:
                times[who].append(seconds(statement, operands))
        for who, taken in times.items():
            print(json.dumps({"name": f"{name}/1/{who}", "seconds": taken}), flush=True)


if __name__ == "__main__":
    main()
