#!/bin/sh
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# LOF and LoOP of small series beside scikit-learn and PyTorch: series.sh [BUILD_FOLDER [ROUNDS]]. Needs libbenchmark-dev and python3-venv;
# the rivals come from the package registry into BUILD_FOLDER/series_venv. PRIEL_BENCHMARK_CORES (0,1) are the cores that all run on.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
build=${1:-$source/build/benchmarks}
rounds=${2:-11}

cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DPRIEL_BENCHMARKS=ON -DPRIEL_TESTS=OFF -DPRIEL_EXAMPLES=OFF \
  -DPRIEL_PROGRAM=OFF >&2
cmake --build "$build" --target lof_series -j 1 >&2

# pip's own settings (PIP_EXTRA_INDEX_URL) choose PyTorch's small build for the CPU, where it can be reached.
venv=$build/series_venv
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c "import numpy, sklearn, torch" 2>/dev/null || "$venv/bin/pip" install --quiet numpy scikit-learn torch >&2

exec taskset -c "${PRIEL_BENCHMARK_CORES:-0,1}" "$venv/bin/python" "$here/series.py" "$build/benchmarks/lof/series" --rounds "$rounds"
