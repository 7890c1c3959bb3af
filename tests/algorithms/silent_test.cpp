// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Programs that another library answers without a word and wrongly on two ranks, and right on one: order and selection of data
// that lie on several ranks. (Statistics of such data: tests/core/silent_test.cpp.)
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>
#include <set>

namespace {

using namespace priel;
using namespace priel::test;

constexpr Size rows = 11, columns = 5;

int value(const Index<2>& i) { return mark(i) % 23; }   // with ties

// Global indices of the largest of a column, ties by the smaller index.
std::vector<Size> largest(Size column, std::size_t k) {
  std::vector<Size> order(rows);
  std::iota(order.begin(), order.end(), Size{0});
  const auto of = [&](Size i) { return value(Index<2>{{i, column}}); };
  std::sort(order.begin(), order.end(), [&](Size a, Size b) { return of(a) > of(b) || (of(a) == of(b) && a < b); });
  order.resize(k);
  return order;
}

// A hash of an index as a float, some of them NaN.
float noise(const Index<1>& i) {
  auto x = static_cast<std::uint64_t>(i[0]) * 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 31)) * 0xbf58476d1ce4e5b9u;
  return x % 1000 == 7 ? static_cast<float>(priel::nan) : static_cast<float>(static_cast<std::int64_t>(x >> 40)) - 8e6f;
}

template <class Backend, class Policy>
void check_unique() {
  const auto what = described<Backend, Policy>();
  const auto x = filled<Array<int, 2, Policy, Backend>>({rows, columns}, value);
  std::set<int> all;
  for (Size i = 0; i < rows; ++i)
    for (Size j = 0; j < columns; ++j) all.insert(value(Index<2>{{i, j}}));
  const std::vector<int> expected(all.begin(), all.end());
  const auto found = unique(x);
  expect(found.shape() == Shape<1>{static_cast<Size>(expected.size())}, what + ": the number");
  expect(holds(found, [&](const Index<1>& i) { return expected[static_cast<std::size_t>(i[0])]; }), what + ": the values");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(silently_wrong)

BOOST_AUTO_TEST_CASE(topk_indices_are_global) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto x = filled<Array<int, 2, Split<0>, Backend>>({rows, columns}, value);
      const auto indices = eval(argtopk(x, 3, axis<0>));
      const auto values = eval(topk(x, 3, axis<0>));
      expect(holds(indices, [](const Index<2>& i) { return largest(i[1], 3)[static_cast<std::size_t>(i[0])]; }), "indices");
      expect(holds(values, [](const Index<2>& i) { return value(Index<2>{{largest(i[1], 3)[static_cast<std::size_t>(i[0])], i[1]}}); }), "values");
    });
  });
}

BOOST_AUTO_TEST_CASE(nonzero_of_a_slice) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto x = filled<Array<int, 2, Split<0>, Backend>>({rows, columns}, [](const Index<2>& i) { return value(i) % 3; });
      const auto found = nonzero(x(range(2, std::nullopt, 2), 1));
      std::vector<Size> expected;
      for (Size i = 2; i < rows; i += 2)
        if (value(Index<2>{{i, 1}}) % 3 != 0) expected.push_back((i - 2) / 2);
      expect(found.shape() == Shape<2>{static_cast<Size>(expected.size()), 1}, "the number");
      expect(holds(found, [&](const Index<2>& i) { return expected[static_cast<std::size_t>(i[0])]; }), "places within the slice");
    });
  });
}

BOOST_AUTO_TEST_CASE(unique_off_the_split_axis) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() { check_unique<Backend, Split<0>>(); });
    check_unique<Tested, Split<1>>();
    check_unique<Tested, Replicated>();
  });
}

BOOST_AUTO_TEST_CASE(a_million_floats_are_sorted_across_ranks) {
  constexpr Size n = 1'000'000;
  std::vector<float> expected(n);
  for (Size i = 0; i < n; ++i) expected[static_cast<std::size_t>(i)] = noise(Index<1>{{i}});
  std::sort(expected.begin(), expected.end(), [](float a, float b) { return a < b || (b != b && a == a); });   // NaN last
  on_ranks([&] {
    const auto x = filled<Array<float, 1, Split<0>, Tested>>({n}, noise);
    const auto sorted = eval(sort(x, axis<0>));
    static_assert(std::is_same_v<policy_of<decltype(sorted)>, Split<0>>);
    expect(holds(sorted, [&](const Index<1>& i) { return expected[static_cast<std::size_t>(i[0])]; }), "in order, each where it belongs");
  }, {1, 2, 3});
}

BOOST_AUTO_TEST_SUITE_END()
