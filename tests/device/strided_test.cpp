// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Operands that are not read in a row on the Device backend: the tests of tests/core.
#define PRIEL_TEST_DEVICE
#include <tests/core/strided_test.cpp>
