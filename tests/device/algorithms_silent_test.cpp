// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Order and selection of data on several ranks on the Device backend: the tests of tests/algorithms.
#define PRIEL_TEST_DEVICE
#include <tests/algorithms/silent_test.cpp>
