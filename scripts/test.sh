#!/usr/bin/env bash
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Installs what is missing, builds everything in build/ and runs all tests: scripts/test.sh [--no-install]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

install=true
for argument in "$@"; do
  case $argument in
    --no-install) install=false ;;
    *) echo "usage: scripts/test.sh [--no-install]" >&2; exit 2 ;;
  esac
done

if $install; then phase install scripts/install_dependencies.sh; fi
phase configure configure -DPRIEL_TESTS=ON -DPRIEL_EXAMPLES=ON
phase build cmake --build build --parallel "$jobs"

log=build/test.log
run_tests() { ctest --test-dir build --parallel "$jobs" --output-on-failure --no-tests=error 2>&1 | tee "$log"; }
status=0
phase test run_tests || status=$?

echo
echo "== the slowest of the build (s)"
awk -F'\t' 'NF >= 4 { seconds[$4] = ($2 - $1) / 1000 } END { for (f in seconds) printf "%7.1f  %s\n", seconds[f], f }' \
  build/.ninja_log | sort -rn | head -n 10 || true
echo
echo "== the slowest tests (s)"
sed -nE 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]+) .* ([0-9.]+) sec.*$/\2 \1/p' "$log" | sort -rn | head -n 10 |
  awk '{ printf "%7.1f  %s\n", $1, $2 }' || true
print_phases
echo
grep -E '^[0-9]+% tests passed' "$log" || echo "ctest did not finish"
exit "$status"
