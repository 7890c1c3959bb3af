#!/bin/sh
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Builds everything here, runs it and prints the table: run.sh [BUILD_FOLDER [ROUNDS]]. Needs libbenchmark-dev; with libxsimd-dev,
# libopenblas-dev, mpich and libmpich-dev, python3-venv there are more rivals. PRIEL_ONLY="fused small" runs only these programs; the
# table then has the others' figures of earlier runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
build=${1:-$source/build/benchmarks}
rounds=${2:-11}
only=${PRIEL_ONLY:-fused broadcast small statistics products device redistribute python traffic}
results=$build/results
mkdir -p "$results"

configure() {
  cmake -S "$source" -B "$@" -G Ninja -DCMAKE_BUILD_TYPE=Release -DPRIEL_BENCHMARKS=ON -DPRIEL_TESTS=OFF -DPRIEL_EXAMPLES=OFF \
    -DPRIEL_PROGRAM=OFF -DPRIEL_CUDA=OFF >&2
}
wanted() { case " $only " in *" $1 "*) true ;; *) false ;; esac; }

# run_ranks MPIRUN PROGRAM NAME: every rank on its own, one thread each.
run_ranks() {
  for ranks in 2 4; do
    OMP_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \
      OMPI_MCA_hwloc_base_binding_policy=none "$1" -n $ranks "$2" "$rounds" || echo "run.sh: $2 does not pass" >&2
  done >"$results/$3.json"
}

configure "$build"
programs=$build/benchmarks/language
for program in $only; do
  rm -f "$results/$program"*
  [ -f "$here/$program.cpp" ] || continue
  cmake --build "$build" --target "language_$program" -j 1 >&2 || { echo "run.sh: $program is left out" >&2; continue; }
  case $program in
    traffic) "$programs/traffic" "$rounds" >"$results/traffic.txt" || echo "run.sh: traffic does not pass" >&2 ;;
    redistribute) run_ranks mpirun "$programs/redistribute" redistribute ;;
    *) "$programs/$program" --benchmark_enable_random_interleaving --benchmark_repetitions="$rounds" --benchmark_min_time=0.02 \
         --benchmark_out="$results/$program.json" --benchmark_out_format=json >"$results/$program.log" ;;
  esac
done

if wanted redistribute && command -v mpicc.mpich >/dev/null; then
  configure "$build-mpich" -DPRIEL_HDF5=OFF -DMPI_C_COMPILER=mpicc.mpich
  cmake --build "$build-mpich" --target language_redistribute -j 1 >&2
  run_ranks mpirun.mpich "$build-mpich/benchmarks/language/redistribute" redistribute_mpich
fi

if wanted python; then
  # pip's own settings (PIP_EXTRA_INDEX_URL) choose PyTorch's small build for the CPU, where it can be reached.
  [ -x "$build/venv/bin/python" ] || python3 -m venv "$build/venv"
  "$build/venv/bin/python" -c "import numpy, torch" 2>/dev/null || "$build/venv/bin/pip" install --quiet numpy torch >&2
  OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 "$build/venv/bin/python" "$here/python_rivals.py" "$rounds" >"$results/python.json"
fi

"$here/table.py" "$results"/*.json
if [ -f "$results/traffic.txt" ]; then cat "$results/traffic.txt"; fi
