#!/usr/bin/env bash
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Installs the Debian packages that priel is built from, and those named as arguments, where they are missing.
set -euo pipefail

packages=(
  g++ cmake ninja-build pkg-config          # the build
  openmpi-bin libopenmpi-dev                # ranks
  libhdf5-openmpi-dev libdeflate-dev libgdal-dev gdal-bin  # files; the tools that the tests ask about maps
  libeigen3-dev libxtensor-dev              # expressions, local arrays
  libthrust-dev                             # the Device backend on OpenMP
  libcli11-dev libfmt-dev nlohmann-json3-dev libcairo2-dev fonts-dejavu-core  # the program: options, tables, pictures
  libboost-test-dev libbenchmark-dev        # tests and benchmarks
  python3-numpy python3-scipy               # whom the tests ask
)

missing=()
for package in "${packages[@]}" "$@"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "All packages are installed."
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Not root, and no sudo. As root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "Installing: ${missing[*]}"
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@"; }
apt update
apt install -y --no-install-recommends "${missing[@]}"
