// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Boost.Test itself, where its compiled library is for another machine.
#include <boost/test/included/unit_test.hpp>
