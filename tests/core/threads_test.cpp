// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Threads within a rank: statements that are worth a team give what one thread gives.
#include <tests/support/arrays.hpp>

#include <priel/priel.hpp>

#include <boost/test/unit_test.hpp>

#include <omp.h>

namespace {

using namespace priel;

constexpr Size rows = 1000, columns = 1503;   // several hundred tiles and a rest

// Small integers, whose sums are exact in any order.
const Array<double, 2>& numbers() {
  static const auto array = test::filled<Array<double, 2>>({rows, columns}, [](const Index<2>& i) { return test::mark(i) % 101 - 50; }, self());
  return array;
}

struct Results {
  Array<double, 2> fused = 2 * numbers() + numbers()(all, newaxis, 0);
  Array<double, 1> columns_sum = sum(numbers(), axis<0>), rows_largest = max(numbers(), axis<1>);
  double total = item(sum(numbers())), several = item(sum(numbers()) + 2 * min(numbers()) - max(numbers()));
  bool some = item(any(numbers() > 49)), each = item(all(numbers() > -50));
};

}  // namespace

BOOST_AUTO_TEST_SUITE(threads, *boost::unit_test::label("serial"))

BOOST_AUTO_TEST_CASE(any_number_gives_the_same) {
  const int usual = omp_get_max_threads();
  omp_set_num_threads(1);
  const Results one;
  double total = 0;
  for (const double number : numbers().local()) total += number;
  BOOST_TEST(one.total == total);
  for (const int team : {2, 3, 5}) {
    omp_set_num_threads(team);
    const Results many;
    BOOST_TEST(item(all(many.fused == one.fused)));
    BOOST_TEST(item(all(many.columns_sum == one.columns_sum)));
    BOOST_TEST(item(all(many.rows_largest == one.rows_largest)));
    BOOST_TEST((many.total == one.total && many.several == one.several && many.some && !many.each));
  }
  omp_set_num_threads(usual);
}

BOOST_AUTO_TEST_SUITE_END()
