// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Classifiers and DBSCAN on the Device backend: the tests of tests/algorithms, in one unit because most of it is what both include.
#define PRIEL_TEST_DEVICE
#include <tests/algorithms/classifiers_test.cpp>
#include <tests/algorithms/dbscan_test.cpp>
