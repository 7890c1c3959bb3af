#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Writes what NumPy prints for the lines "// >>> ..." of each exercise file beside it: creation.cpp -> creation.txt.

The last statement of a line is printed if it is an expression. Names are shared within a file.
"""
import ast
import pathlib

import numpy as np

for source in sorted(pathlib.Path(__file__).parent.glob("*.cpp")):
    names = {"np": np}
    texts = []
    for line in source.read_text().splitlines():
        if not line.strip().startswith("// >>> "):
            continue
        statements = ast.parse(line.strip()[len("// >>> "):]).body
        last = statements.pop() if isinstance(statements[-1], ast.Expr) else None
        exec(compile(ast.Module(statements, []), str(source), "exec"), names)
        if last is not None:
            texts.append(str(eval(compile(ast.Expression(last.value), str(source), "eval"), names)))
    source.with_suffix(".txt").write_text("\n".join(texts) + "\n")
