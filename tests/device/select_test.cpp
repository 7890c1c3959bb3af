// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// select on the Device backend: the tests of tests/algorithms.
#define PRIEL_TEST_DEVICE
#include <tests/algorithms/select_test.cpp>
