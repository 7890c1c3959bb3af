// expect: here
// max-lines: 1
// verdict: lines, at most 1 expected
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rejected program whose mistake is answered at length.
int main() {
#ifdef PRIEL_MISTAKE
  static_assert(sizeof(int) == 1, "here");
#endif
}
