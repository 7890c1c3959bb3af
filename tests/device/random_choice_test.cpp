// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Random numbers on the Device backend: the tests of tests/algorithms.
#define PRIEL_TEST_DEVICE
#include <tests/algorithms/random_choice_test.cpp>
