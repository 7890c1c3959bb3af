#!/usr/bin/env bash
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# The whole job on two cores: 363 dates of 504,501 coast pixels, from an HDF5 file on disk to maps on disk, for two ways of storing
# the images, with a cold and a warm page cache. Makes the scenes where they are missing (5.7 GB each, some minutes). Prints a table.
#   job.sh PROGRAM FOLDER SHORELINE.geojson
# PRIEL_METHODS ("lof loop"), PRIEL_LAYOUTS ("tiles pixels"), PRIEL_WAYS (ranks x threads, "1x2 2x1"), PRIEL_CACHES ("cold warm"),
# PRIEL_MEMORY (4G), PRIEL_SCENE (options of the scene) make it another.
set -euo pipefail

if [ $# -ne 3 ]; then
  echo "usage: $0 PROGRAM FOLDER SHORELINE.geojson" >&2
  exit 2
fi
program=$(realpath "$1") folder=$2 shoreline=$(realpath "$3") here=$(dirname "$(realpath "$0")")
mkdir -p "$folder"

export OMPI_MCA_hwloc_base_binding_policy=none
if [ "$(id -u)" -eq 0 ]; then export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1; fi

read -ra options <<<"${PRIEL_SCENE:---dates 363 --height 3000 --width 2500 --examine 504501}"
declare -A chunks=([tiles]=1x256x256 [pixels]=100000x16x16)
for layout in ${PRIEL_LAYOUTS:-tiles pixels}; do
  scene=$folder/coast_$layout.h5
  if [ ! -e "$scene" ]; then
    echo "Making $scene" >&2
    time OMP_NUM_THREADS=1 mpirun -n 2 "$program" coast synth --output "$scene" --shoreline "$shoreline" "${options[@]}" --chunk "${chunks[$layout]}"
  fi
done
exec python3 "$here/job.py" "$program" "$folder"
