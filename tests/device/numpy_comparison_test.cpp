// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The tests of that name on the device.
#define PRIEL_TEST_DEVICE
#include <tests/numpy/comparison_test.cpp>
