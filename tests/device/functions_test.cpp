// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Mathematical functions on the Device backend: the tests of tests/core.
#define PRIEL_TEST_DEVICE
#include <tests/core/functions_test.cpp>
