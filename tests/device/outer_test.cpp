// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// outer, trace and norm on the Device backend: the tests of tests/algorithms.
#define PRIEL_TEST_DEVICE
#include <tests/algorithms/outer_test.cpp>
