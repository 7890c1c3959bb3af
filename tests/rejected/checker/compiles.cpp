// expect: anything
// verdict: compiles with the mistake
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rejected program without a mistake.
int main() {}
