// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// roll, flip, repeat, tile, pad, concatenate and diff on the Device backend: the tests of tests/algorithms.
#define PRIEL_TEST_DEVICE
#include <tests/algorithms/rearrange_across_test.cpp>
