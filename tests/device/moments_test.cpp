// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// skew and kurtosis on the Device backend: the tests of tests/algorithms.
#define PRIEL_TEST_DEVICE
#include <tests/algorithms/moments_test.cpp>
