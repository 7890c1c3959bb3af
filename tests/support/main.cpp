// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The main of every test program that runs on ranks.
#include "mpi_fixture.hpp"

#include <priel/environment.hpp>

#include <boost/test/unit_test.hpp>

// Boost.Test takes a plain function for its init, so the fixture has to be found from there.
static priel::test::MpiFixture* fixture = nullptr;

static bool init() {
  fixture->attach();
  return true;
}

// In every program, so that none is without a test when all of its own are left out.
BOOST_AUTO_TEST_CASE(the_world_is_the_job) {
  BOOST_TEST(priel::world()->size() == fixture->size());
  BOOST_TEST(priel::world()->rank() == fixture->rank());
}

int main(int argc, char** argv) {
  priel::Environment environment(argc, argv);
  priel::test::MpiFixture here;
  fixture = &here;
  return here.verdict(boost::unit_test::unit_test_main(&init, argc, argv));
}
