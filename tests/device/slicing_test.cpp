// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Slices and transposes on the Device backend: the tests of tests/core.
#define PRIEL_TEST_DEVICE
#include <tests/core/slicing_test.cpp>
