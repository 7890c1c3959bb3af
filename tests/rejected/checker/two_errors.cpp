// expect: [first; sentence
// expect: second
// verdict: 2 errors, one expected
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rejected program whose mistake is answered twice.
int main() {
#ifdef PRIEL_MISTAKE
  static_assert(sizeof(int) == 1, "[first; sentence");
  static_assert(sizeof(int) == 2, "second");
#endif
}
