#!/bin/sh
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# The benchmarks of Heat's paper of 2020 by priel, NumPy, scikit-learn, PyTorch, Dask and Heat, then the model: run.sh [BUILD_FOLDER [FOLDER
# [OPTIONS...]]], options as heat2020.py's. What FOLDER/heat2020.json holds is not run again.
# Needs Open MPI, HDF5, python3-venv, gnuplot-nox for the pictures; the rivals come from the package registry into BUILD_FOLDER/venv, or from the
# environment that HEAT2020_VENV names. With HEAT2020_PROGRAMS nothing is built: the folder of heat2020, model and the counting library.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
build=${1:-$source/build/benchmarks}
folder=${2:-$build/heat2020}
[ $# -lt 2 ] && shift $# || shift 2

programs=${HEAT2020_PROGRAMS:-$build/benchmarks/heat2020}
if [ -z "${HEAT2020_PROGRAMS:-}" ]; then
  cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DPRIEL_BENCHMARKS=ON -DPRIEL_TESTS=OFF -DPRIEL_EXAMPLES=OFF \
    -DPRIEL_PROGRAM=OFF -DPRIEL_CUDA=OFF >&2
  cmake --build "$build" --target heat2020 heat2020_model heat2020_traffic -j "${HEAT2020_JOBS:-1}" >&2
fi

# pip's own settings (PIP_EXTRA_INDEX_URL) choose PyTorch's small build for the CPU, where it can be reached. Heat wants torchvision, and Pillow with it.
venv=${HEAT2020_VENV:-$build/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -W ignore -c "import heat, h5py, sklearn, dask" 2>/dev/null || "$venv/bin/pip" install --quiet "heat[hdf5]" pillow scikit-learn dask >&2

"$venv/bin/python" "$here/heat2020.py" --program "$programs/heat2020" --traffic "$programs/libheat2020_traffic.so" --folder "$folder" "$@"
# Two constants of this machine, then the model; the tables of both.
"$venv/bin/python" "$here/model.py" --program "$programs/model" --folder "$folder"
exec "$venv/bin/python" "$here/tables.py" --folder "$folder"
