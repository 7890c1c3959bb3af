// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// PCA and TruncatedSVD on the Device backend: the tests of tests/algorithms.
#define PRIEL_TEST_DEVICE
#include <tests/algorithms/pca_test.cpp>
