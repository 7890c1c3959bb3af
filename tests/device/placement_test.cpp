// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a redistribution moves on the Device backend: the tests of tests/policies.
#define PRIEL_TEST_DEVICE
#include <tests/policies/placement_test.cpp>
