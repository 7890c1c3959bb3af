// expect: cannot combine
// verdict: the compiler does not say: cannot combine
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rejected program whose mistake is answered by another sentence.
int main() {
#ifdef PRIEL_MISTAKE
  return undeclared;
#else
  return 0;
#endif
}
