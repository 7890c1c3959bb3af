#!/usr/bin/env bash
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Builds, tests and times the Device backend on a machine with a GPU, without a network, MPI or HDF5.
#
#   scripts/gpu_check.sh --carry DIR      where the packages are (Debian): copies the headers that the build needs to DIR
#   scripts/gpu_check.sh [--with DIR] [--build DIR] [--no-run]
#                                         where the GPU is: nvcc, CMake, a C++ compiler; Python with PyTorch if there is one
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

with= build=build-gpu carry= run=true
while [ $# -gt 0 ]; do
  case $1 in
    --carry) carry=$2; shift 2 ;;
    --with) with=$(realpath "$2"); shift 2 ;;
    --build) build=$2; shift 2 ;;
    --no-run) run=false; shift ;;
    *) sed -n '5,9s/^# \{0,3\}//p' "$0" >&2; exit 2 ;;
  esac
done

# Eigen and xtensor, with the files by which CMake finds them; some 10 MiB.
if [ -n "$carry" ]; then
  carry_headers "$carry" libeigen3-dev libxtensor-dev xtl-dev
  du -sh "$carry"
  exit 0
fi

command -v nvcc >/dev/null || export PATH="/usr/local/cuda/bin:$PATH"
seen=$(nvidia-smi --query-gpu=name,compute_cap --format=csv,noheader 2>/dev/null || true)
echo "GPU: ${seen:-none found}"
# For this card only, which halves the time; for sm_80 and sm_90 where there is none.
architectures=$(sed -n '1s/.*, *\([0-9]*\)\.\([0-9]*\) *$/\1\2/p' <<<"$seen")
# The CPU's part of CUDA units at -O1: the GPU's is optimised all the same.
options=(-DCMAKE_BUILD_TYPE=Release "-DCMAKE_CUDA_FLAGS_RELEASE=-O1 -DNDEBUG" -DPRIEL_CUDA=ON -DPRIEL_MPI=OFF -DPRIEL_HDF5=OFF
  -DPRIEL_PROGRAM=OFF -DPRIEL_TESTS=OFF -DPRIEL_EXAMPLES=OFF -DPRIEL_GPU_CHECK=ON
  "-DCMAKE_CUDA_ARCHITECTURES=${architectures:-80;90}")
for package in Eigen3 xtensor xtl; do
  if [ -n "$with" ]; then options+=("-D${package}_DIR=$(dirname "$(find "$with" -name "${package}Config.cmake" | head -n 1)")"); fi
done

status=0
phase configure cmake -S . -B "$build" "${options[@]}"
phase build cmake --build "$build" --parallel "$jobs" --target gpu_check
if ! $run; then print_phases; exit 0; fi

tests=0
phase test "$build/gpu/cuda_compiles" || tests=$?
if [ "$tests" -eq 77 ]; then print_phases; exit 0; fi
[ "$tests" -eq 0 ] || status=1
phase bandwidth "$build/gpu/cuda_bandwidth" || status=1
phase series "$build/gpu/cuda_series" || status=1
if python3 -c 'import torch' 2>/dev/null; then
  phase pytorch python3 benchmarks/torch_bandwidth.py || status=1
  phase torch python3 benchmarks/lof/series_torch.py || status=1
else
  echo "No PyTorch: its times are left out."
fi
print_phases
exit "$status"
