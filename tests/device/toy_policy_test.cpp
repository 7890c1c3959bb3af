// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A policy defined in a test on the Device backend: the tests of tests/policies.
#define PRIEL_TEST_DEVICE
#include <tests/policies/toy_policy_test.cpp>
