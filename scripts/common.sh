# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# What the scripts share: the folder they run in, phases with their times, the configured build; to be sourced.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
jobs=${PRIEL_JOBS:-$(nproc)}
phases=()

# phase NAME COMMAND...: runs the command, remembers how long it took, and has its status.
phase() {
  local name=$1 start=$SECONDS status=0
  shift
  echo
  echo "== $name"
  "$@" || status=$?
  phases+=("$(printf '%-12s %4d s' "$name" $((SECONDS - start)))")
  return $status
}

print_phases() {
  echo
  printf '%s\n' "${phases[@]}" "$(printf '%-12s %4d s' total $SECONDS)"
}

# carry_headers DIR PACKAGE...: header-only Debian packages, with the files by which CMake finds them, copied to DIR.
carry_headers() {
  mkdir -p "$1"
  dpkg -L "${@:2}" | sed -nE 's#^/usr/(include/.*|.*/cmake/.*)#\1#p' | grep -v /unsupported |
    tar -C /usr --no-recursion -chf - -T - | tar -C "$1" -xf -
}

configure() { cmake --preset release "$@"; }
