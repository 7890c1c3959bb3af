# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Every public name of NumPy is in docs/numpy.md, as a tested row, or in docs/numpy_not_offered.md: numpy_names.py DOCS.

Of NumPy 1.24's top level, np.linalg, np.fft, arrays and random generators. A row's NumPy cell counts, and any word in a code span of
the other page. Names of types, constants, warnings and errors are not asked for. Ends with 77 without that NumPy.
"""
import pathlib
import re
import sys
import types

try:
    import numpy as np
except ImportError:
    sys.exit(77)
if not np.__version__.startswith("1.24"):
    sys.exit(77)


def functions_of(owner):
    """Its functions, methods and the like, but no private ones."""
    for name in dir(owner):
        value = getattr(owner, name)
        if not name.startswith("_") and not isinstance(value, (types.ModuleType, type, int, float, str, dict, list, tuple, np.generic)):
            yield name


def words_of(spans):
    return set(re.findall(r"[A-Za-z_]\w*", " ".join(spans)))


def main(docs):
    rows = [line.split(" | ")[0] for line in (docs / "numpy.md").read_text().splitlines() if line.startswith("| `")]
    offered = words_of(rows)
    others = words_of(re.findall(r"`([^`]+)`", (docs / "numpy_not_offered.md").read_text()))
    # `a.sum()` is `np.sum(a)`; what the page groups by "and their other names"
    owners = {"np": np, "np.linalg": np.linalg, "np.fft": np.fft, "ndarray": np.ndarray, "rng": np.random.Generator}
    missing = [f"{label}.{name}" for label, owner in owners.items() for name in functions_of(owner) if name not in offered | others]
    for name in missing:
        print(f"{name} stands neither in numpy.md nor in numpy_not_offered.md")
    return 1 if missing else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
