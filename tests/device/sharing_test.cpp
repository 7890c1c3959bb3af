// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Several statistics of a statement on the Device backend: the tests of tests/core.
#define PRIEL_TEST_DEVICE
#include <tests/core/sharing_test.cpp>
