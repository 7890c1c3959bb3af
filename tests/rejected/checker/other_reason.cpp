// expect: cannot combine
// verdict: does not compile with the mistake removed
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rejected program that fails for a reason of its own.
int main() { return undeclared; }
