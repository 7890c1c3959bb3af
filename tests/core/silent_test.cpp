// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Programs that another library answers without a word and wrongly on two ranks, and right on one: statistics of data with NaN
// and of doubles. (Order and selection of such data: tests/algorithms/silent_test.cpp.)
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

constexpr Size rows = 7, columns = 4;

// One NaN, in column 2, on the last rank that has rows.
double value(const Index<2>& i) { return i[0] == rows - 1 && i[1] == 2 ? priel::nan : static_cast<double>(mark(i) % 11 - 3); }

// Of one column, in the definition's order.
struct Column {
  explicit Column(Size j) {
    for (Size i = 0; i < rows; ++i) {
      const double x = value(Index<2>{{i, j}});
      sum += x;
      least = x < least || x != x ? x : least;
      most = x > most || x != x ? x : most;
      some += x != 0 ? 1 : 0;
    }
    mean = sum / rows;
    for (Size i = 0; i < rows; ++i) var += (value(Index<2>{{i, j}}) - mean) * (value(Index<2>{{i, j}}) - mean) / rows;
  }
  double sum = 0, mean = 0, var = 0, least = 1e300, most = -1e300, some = 0;
};

template <class E, class F>
void check(const char* what, const E& e, F&& expected) {
  const auto result = eval(e);
  const auto values = shard_of(result);
  for (std::size_t j = 0; j < values.size(); ++j) {
    const double wanted = expected(Column(static_cast<Size>(j)));
    const double found = static_cast<double>(values[j]);
    expect(same(found, wanted) || std::abs(found - wanted) <= 1e-12 * std::abs(wanted), std::string(what) + " of column " + std::to_string(j));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(silently_wrong)

BOOST_AUTO_TEST_CASE(statistics_with_nan) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto x = filled<Array<double, 2, Split<0>, Backend>>({rows, columns}, value);
      check("sum", sum(x, axis<0>), [](const Column& c) { return c.sum; });
      check("mean", mean(x, axis<0>), [](const Column& c) { return c.mean; });
      check("var", var(x, axis<0>), [](const Column& c) { return c.var; });
      check("stddev", stddev(x, axis<0>), [](const Column& c) { return std::sqrt(c.var); });
      check("min", min(x, axis<0>), [](const Column& c) { return c.least; });
      check("max", max(x, axis<0>), [](const Column& c) { return c.most; });
      check("count_nonzero", count_nonzero(x, axis<0>), [](const Column& c) { return c.some; });   // NaN is not zero
      check("all", all(x, axis<0>), [](const Column& c) { return c.some == rows ? 1 : 0; });
      for (const double statistic : {item(mean(x)), item(max(x)), item(min(x)), item(var(x)), item(sum(x))})
        expect(std::isnan(statistic), "a statistic of all elements is NaN");
      expect(item(any(isnan(x))) && item(count_nonzero(isnan(x))) == 1, "which is found");
    });
  });
}

// NaN first, last and alone on a rank: the merge of the ranks' results does not depend on the order.
BOOST_AUTO_TEST_CASE(nan_on_any_rank) {
  on_ranks([] {
    for (Size at = 0; at < 5; ++at) {
      const auto x = filled<Array<float, 1, Split<0>, Tested>>({5}, [&](const Index<1>& i) { return i[0] == at ? priel::nan : 1; });
      expect(std::isnan(item(max(x))) && std::isnan(item(min(x))) && std::isnan(item(mean(x))) && std::isnan(item(var(x))), "NaN at " + std::to_string(at));
      const Array<float, 1, Split<0>, Tested> clean = where(isnan(x), 0, x);
      expect(holds(clean, [&](const Index<1>& i) { return i[0] == at ? 0 : 1; }) && item(sum(clean)) == 4, "where(isnan(x), 0, x)");
    }
  });
}

// A mean that is computed in float on the way has an error of 1e-7.
BOOST_AUTO_TEST_CASE(doubles_stay_double) {
  on_ranks([] {
    for (const Size n : {3, 10, 1001}) {
      const auto x = filled<Array<double, 1, Split<0>, Tested>>({n}, [](const Index<1>& i) { return 1 + 1e-9 * static_cast<double>(i[0]); });
      const double expected = 1 + 1e-9 * static_cast<double>(n - 1) / 2;
      static_assert(std::is_same_v<value_of<decltype(mean(x))>, double> && std::is_same_v<value_of<decltype(var(x))>, double>);
      expect(std::abs(item(mean(x)) - expected) <= 1e-12 * expected, "mean");
      expect(std::abs(item(sum(x)) - expected * static_cast<double>(n)) <= 1e-12 * expected * static_cast<double>(n), "sum");
      const double spread = 1e-18 * (static_cast<double>(n) * static_cast<double>(n) - 1) / 12;
      expect(std::abs(item(var(x)) - spread) <= 1e-6 * spread, "var");   // of deviations of 1e-9 that are exact to 1e-16
    }
    const auto whole = filled<Array<std::int64_t, 1, Split<0>, Tested>>({4}, [](const Index<1>& i) { return i[0]; });
    static_assert(std::is_same_v<value_of<decltype(mean(whole))>, double>);
    expect(item(mean(whole)) == 1.5, "the mean of integers is double");
    const auto large = eval(whole + (std::int64_t{1} << 53));
    expect(item(sum(large)) == 4 * (std::int64_t{1} << 53) + 6, "and their sum is of integers");
  });
}

BOOST_AUTO_TEST_SUITE_END()
