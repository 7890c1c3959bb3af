# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""Checks docs/numpy.md against its tests: numpy_rows.py PAGE TESTS [--page-only].

Every code span in the first column must be NumPy's line of a row in TESTS/numpy/*.cpp, word for word, no line may stand
twice in the page, and every line tested there must stand in the page.
"""
import pathlib
import re
import sys

HEADER = "| NumPy | priel | policies in → out | sends |"


def spans_of(cell):
    """The code spans of a cell; a bar is written \\| in a table."""
    return [span.replace("\\|", "|") for span in re.findall(r"`([^`]+)`", cell)]


def rows_of(page):
    """(number, cells) of every row below NumPy's header."""
    inside = False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if line.strip() == HEADER:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not set(line) <= set("|-: "):
            yield number, [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]


def lines_tested(tests):
    """NumPy's lines: the first argument of row, creator, run and the like."""
    pattern = re.compile(r'\b(?:\w*row|creator|run)\s*(?:<[^;"]*>)?\(\s*"((?:[^"\\]|\\.)*)"')
    lines = {}
    for source in sorted(tests.glob("numpy/*.cpp")):
        text = re.sub(r"^\s*//.*$", "", source.read_text(), flags=re.M)
        for match in pattern.finditer(text):
            lines.setdefault(match[1].replace('\\"', '"').replace("\\\\", "\\"), source.name)
    return lines


def main(page, tests, page_only):
    tested, errors, seen, rows = lines_tested(tests), [], {}, 0
    for number, cells in rows_of(page):
        rows += 1
        if len(cells) != 4 or not all(cells):
            errors.append(f"{page.name}:{number}: a row has four cells, none of them empty")
        lines = spans_of(cells[0])
        if not lines:
            errors.append(f"{page.name}:{number}: a row begins with NumPy's line in backticks")
        for line in lines:
            if line not in tested:
                errors.append(f"{page.name}:{number}: no row of tests/numpy/*.cpp tests `{line}`")
            elif line in seen:
                errors.append(f"{page.name}:{number}: `{line}` stands in line {seen[line]} already")
            seen.setdefault(line, number)
    if not page_only:
        errors += [f"tests/numpy/{where}: `{line}` stands in no row of {page.name}" for line, where in tested.items() if line not in seen]
        if rows < 250:
            errors.append(f"{page.name}: {rows} rows; at least 250 expected")
    for error in errors:
        print(error)
    print(f"{page.name}: {rows} rows, {len(seen)} lines of NumPy's, {len(errors)} errors")
    return 1 if errors else 0


sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), "--page-only" in sys.argv))
