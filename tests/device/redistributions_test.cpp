// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Redistributions on the Device backend: the tests of tests/policies.
#define PRIEL_TEST_DEVICE
#include <tests/policies/redistributions_test.cpp>
