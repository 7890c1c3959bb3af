// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Tests that go wrong on purpose: they show that ranks which part ways end with a sentence, not with a hang.
#include <priel/communicator.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <thread>

BOOST_AUTO_TEST_CASE(one_rank_leaves) {
  BOOST_REQUIRE_NE(priel::world()->rank(), 1);
  priel::world()->barrier();
}

BOOST_AUTO_TEST_CASE(nobody_comes) {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

BOOST_AUTO_TEST_CASE(one_rank_fails) {
  BOOST_TEST(priel::world()->rank() != 2);
}

BOOST_AUTO_TEST_CASE(all_is_well) {
  priel::world()->barrier();
}
