#!/usr/bin/env bash
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Builds the library for 64-bit ARM with Debian's cross compiler, without MPI and HDF5, and runs the tests of expressions and of
# the outlier factors under qemu: scripts/aarch64_check.sh [--no-install]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

build=build-aarch64
[ "${1:-}" = --no-install ] || phase install scripts/install_dependencies.sh g++-aarch64-linux-gnu qemu-user

# Headers that are the same everywhere, apart from this machine's own in /usr/include.
phase headers carry_headers "$build/packages" libeigen3-dev libxtensor-dev xtl-dev
ln -sfn /usr/include/boost "$build/packages/include/boost"

options=(--toolchain cmake/aarch64_toolchain.cmake -G Ninja -DCMAKE_BUILD_TYPE=Release -DPRIEL_MPI=OFF -DPRIEL_HDF5=OFF -DPRIEL_CUDA=OFF
  -DPRIEL_PROGRAM=OFF -DPRIEL_EXAMPLES=OFF -DPRIEL_TESTS=ON -DPRIEL_TESTS_BOOST_FROM_HEADERS=ON -DCMAKE_DISABLE_FIND_PACKAGE_Thrust=ON)
for package in Eigen3 xtensor xtl; do
  options+=("-D${package}_DIR=$(dirname "$(find "$PWD/$build/packages" -name "${package}Config.cmake" | head -n 1)")")
done
phase configure cmake -S . -B "$build" "${options[@]}" -DBoost_NO_BOOST_CMAKE=ON "-DBoost_INCLUDE_DIR=$PWD/$build/packages/include"
phase build cmake --build "$build" --parallel "$jobs" --target core_test outliers_test

run() { qemu-aarch64 -L /usr/aarch64-linux-gnu "$build/tests/$1" --color_output=no "${@:2}"; }
status=0
export OMP_NUM_THREADS=1
phase expressions run core_test || status=$?
phase outliers run outliers_test || status=$?
print_phases
exit "$status"
