// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The listings of the Heat paper on the Device backend, and a backend chosen at run time: the tests of tests/core.
#define PRIEL_TEST_DEVICE
#include <tests/core/listings_test.cpp>
