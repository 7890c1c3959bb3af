# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Answers questions on standard input with what NumPy makes of them; the questions are those of numpy_oracle.hpp.

A question is one line of fields between tabs: NumPy's line, the name of the element type T, the kind of input, and the
cases between bars, a case being the shapes of the operands a, b, c between semicolons. The answer is binary: for every
case whether NumPy raises, its operands and its results.
"""
import math
import statistics
import struct
import sys
import warnings
import zlib

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")

INTEGERS = {"any": (-99, 100), "finite": (-99, 100), "positive": (1, 100), "unit": (-1, 2), "small": (0, 9),
            "distinct": None, "ties": (0, 4), "sorted": (-99, 100), "nonzero": (1, 12)}


def reals(rng, n, kind):
    """n doubles of a kind."""
    if kind == "positive":
        return rng.uniform(0.01, 20, n)
    if kind == "unit":
        return rng.uniform(-1, 1, n)
    if kind == "small":
        return rng.integers(0, 9, n).astype(float)
    if kind == "ties":
        return rng.integers(0, 4, n) / 2.0
    if kind == "distinct":
        return rng.permutation(n) - n / 2.0
    if kind == "nonzero":
        return rng.uniform(0.5, 3, n) * rng.choice([-1.0, 1.0], n)
    values = rng.normal(0, 3, n)
    if kind == "sorted":
        return np.sort(values)
    values[rng.random(n) < 0.1] = 0
    if kind == "any":
        special = rng.random(n)
        for bound, value in ((0.04, np.inf), (0.08, -np.inf), (0.14, np.nan), (0.17, -0.0)):
            values[special < bound] = value
            special[special < bound] = 1
    return values


def operand(rng, dtype, shape, kind):
    """An array of random values of a kind; the same for the same generator."""
    if kind in ("regular", "definite"):
        return square_matrices(operand(rng, dtype, shape, "unit"), kind)
    n = math.prod(shape)
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        values = rng.random(n) < 0.5
    elif dtype.kind in "iu":
        low_high = INTEGERS[kind]
        if low_high is None:
            values = rng.permutation(n)
        else:
            values = rng.integers(0 if dtype.kind == "u" else low_high[0], low_high[1], n)
        if kind == "any" and dtype.kind == "i" and dtype.itemsize == 8:
            values = values * 1000003
        if kind == "sorted":
            values = np.sort(values)
    elif dtype.kind == "c":
        values = reals(rng, n, "finite" if kind == "any" else kind) + 1j * reals(rng, n, "finite" if kind == "any" else kind)
    else:
        values = reals(rng, n, kind)
    return np.asarray(values).astype(dtype).reshape(shape)


def square_matrices(values, kind):
    """Well-conditioned matrices of the random ones in the last two axes: regular, or Hermitian and positive definite."""
    if values.ndim < 2 or values.shape[-1] != values.shape[-2]:
        return values
    n = values.shape[-1]
    values = values % 3 if values.dtype.kind in "iu" else values
    regular = values + (2 * n * np.eye(n)).astype(values.dtype)
    return regular @ np.swapaxes(regular.conj(), -1, -2) if kind == "definite" else regular


def evaluate(line, names):
    """The value of an expression, or a after a statement."""
    try:
        code = compile(line, line, "eval")
    except SyntaxError:
        exec(compile(line, line, "exec"), names)
        return names["a"]
    return eval(code, names)


def outputs_of(value):
    return [np.asarray(v) for v in (value if isinstance(value, (tuple, list)) else (value,))]


def answer(line, dtype, kind, case):
    """Whether NumPy raises (and what it says), the operands, the results."""
    rng = np.random.default_rng(zlib.crc32("\t".join((line, dtype, kind, case)).encode()))
    shapes = [tuple(int(n) for n in shape.split(",") if n) for shape in case.split(";")] if case != "none" else []
    operands = [operand(rng, dtype, shape, kind) for shape in shapes]

    def run(arrays):
        names = {"np": np, "math": math, "statistics": statistics, "T": np.dtype(dtype).type, "rng": np.random.default_rng(1), "n": 50000, **EXTRA}
        names.update(zip("abc", (array.copy() for array in arrays)))
        return outputs_of(evaluate(line, names))

    try:
        results = run(operands)
        if any(r.dtype == np.float16 or r.dtype == np.longdouble for r in results):   # where NumPy takes small integers for small floats, we take double
            results = run([a.astype(np.float64) if a.dtype.kind in "biu" else a for a in operands])
    except (NameError, AttributeError, SyntaxError):  # the test's mistake, not NumPy's answer
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}", operands, []
    return "", operands, results


def by_scipy(name):
    """A function of scipy.special, imported where it is asked for."""
    def function(*arguments):
        import scipy.special
        return getattr(scipy.special, name)(*arguments)
    return function


EXTRA = {name: by_scipy(name) for name in ("erf", "erfc", "gammaln", "gamma")}


def text(out, string):
    data = string.encode()
    out.write(struct.pack("<q", len(data)) + data)


def array(out, values):
    text(out, values.dtype.name)
    out.write(struct.pack("<q", values.ndim) + struct.pack(f"<{values.ndim}q", *values.shape))
    data = np.ascontiguousarray(values).tobytes()
    out.write(struct.pack("<q", len(data)) + data)


def main():
    out = sys.stdout.buffer
    for question in sys.stdin:
        line, dtype, kind, cases = question.rstrip("\n").split("\t")
        cases = cases.split("|")
        out.write(struct.pack("<q", len(cases)))
        for case in cases:
            raised, operands, results = answer(line, dtype, kind, case)
            text(out, raised)
            for group in (operands, results):
                out.write(struct.pack("<q", len(group)))
                for values in group:
                    array(out, values)
        out.flush()


main()
