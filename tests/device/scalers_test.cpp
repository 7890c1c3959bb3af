// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// StandardScaler, MinMaxScaler and train_test_split on the Device backend: the tests of tests/algorithms.
#define PRIEL_TEST_DEVICE
#include <tests/algorithms/scalers_test.cpp>
