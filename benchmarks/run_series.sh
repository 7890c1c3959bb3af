#!/bin/sh
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Builds the series benchmark and compares it with scikit-learn on one core: run_series.sh [BUILD_FOLDER [ROUNDS]].
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$source/build/benchmarks}
rounds=${2:-11}
core=${PRIEL_BENCHMARK_CORE:-0}
python=/usr/bin/python3  # Debian's, which has scikit-learn

cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DPRIEL_BENCHMARKS=ON -DPRIEL_TESTS=OFF \
  -DPRIEL_EXAMPLES=OFF -DPRIEL_PROGRAM=OFF >&2
cmake --build "$build" --target series_benchmark -j 1 >&2

export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
exec taskset -c "$core" "$python" "$source/benchmarks/sklearn_series.py" "$build/benchmarks/series_benchmark" --rounds "$rounds"
