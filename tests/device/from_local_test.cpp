// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// from_local and borrow on the Device backend: the tests of tests/core.
#define PRIEL_TEST_DEVICE
#include <tests/core/from_local_test.cpp>
