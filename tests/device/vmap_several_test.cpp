// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// vmap with several results on the Device backend: the tests of tests/algorithms.
#define PRIEL_TEST_DEVICE
#include <tests/algorithms/vmap_several_test.cpp>
