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
for counts in $(find demo/result -name counts.csv | sort); do
  folder=$(dirname "$counts")
  echo
  echo "$folder"
  echo "  hotspots:           $folder/hotspots.png"
  echo "  maps of the dates:  $folder/quicklook/ ($(find "$folder/quicklook" -name '*.png' | wc -l) pictures)"
  echo "  the dates with most anomalies:"
  # Columns by name; no `head`, which would end `sort` by a signal.
  awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next }
    { printf "%d,%s,%.1f\n", $column["anomalous"], $column["date"], 100 * $column["fraction"] }' "$counts" |
    sort -t, -k1,1rn -k2,2 |
    awk -F, 'NR <= 5 { printf "    %s  %6d pixels (%s %% of the valid ones)\n", $2, $1, $3 }'
done
