#!/usr/bin/env bash
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Installs what is missing, builds the program, makes a scene of a coast and finds its anomalies; results are in demo/.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ "${1:-}" != --no-install ]; then phase install scripts/install_dependencies.sh; fi
phase configure configure
phase build cmake --build build --parallel "$jobs" --target priel_app

# Root may start ranks, and so this program, only if it says so twice.
if [ "$(id -u)" -eq 0 ]; then export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1; fi

mkdir -p demo
rm -rf demo/scene.h5 demo/result
phase synth build/bin/priel coast synth --seed 1 --output demo/scene.h5
phase detect build/bin/priel coast detect demo/scene.h5:/sigma0 --mask demo/scene.h5:/mask --transform db \
  --method both --output demo/result
print_phases

# One method leaves its files in the folder itself, several leave them in a folder each.
echo
echo "The pictures:"
for picture in $(find "$PWD/demo/result" -name hotspots.png | sort); do
  folder=$(dirname "$picture")
  echo "  $picture"
  echo "  $folder/quicklook/ ($(find "$folder/quicklook" -name '*.png' | wc -l) pictures of dates)"
done
