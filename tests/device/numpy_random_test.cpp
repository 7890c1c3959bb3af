// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Random numbers on the Device backend: the rows of tests/numpy.
#define PRIEL_TEST_DEVICE
#include <tests/numpy/random_test.cpp>
