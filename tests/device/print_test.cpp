// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays as text on the Device backend: the tests of tests/core.
#define PRIEL_TEST_DEVICE
#include <tests/core/print_test.cpp>
