// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Truth values on the Device backend: the tests of tests/core.
#define PRIEL_TEST_DEVICE
#include <tests/core/truth_test.cpp>
