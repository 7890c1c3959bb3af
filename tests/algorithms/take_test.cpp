// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// take: entries of a replicated operand at indices of any policy, which the result then has.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

const Shape<3> shape{4, 5, 3};
int source(const Index<3>& i) { return mark(i); }

// Indices of both signs, out of order and repeated; where[n] as a place from the front.
Size wish(Size n, Size extent) { return (7 * n + 2) % extent - (n % 2 == 0 ? 0 : extent); }
Size place(Size n, Size extent) { return (7 * n + 2) % extent; }

template <class Backend, class P>
void check_indices() {
  const auto where = described<Backend, P>();
  const auto x = filled<Array<int, 3, Replicated, Backend>>(shape, source);
  for (const Size count : {0, 1, 9}) {
    const auto list = [&](Size extent) {
      return filled<Array<Size, 1, P, Backend>>({count}, [&](const Index<1>& i) { return wish(i[0], extent); });
    };
    expect(holds(eval(take<0>(x, list(4))), [](const Index<3>& i) { return source({{place(i[0], 4), i[1], i[2]}}); }), "axis 0 by " + where);
    expect(holds(eval(take<1>(x, list(5))), [](const Index<3>& i) { return source({{i[0], place(i[1], 5), i[2]}}); }), "axis 1 by " + where);
    expect(holds(eval(take<2>(x, list(3))), [](const Index<3>& i) { return source({{i[0], i[1], place(i[2], 3)}}); }), "axis 2 by " + where);
  }
  const auto table = filled<Array<int, 2, P, Backend>>({6, 2}, [](const Index<2>& i) { return wish(i[0] + i[1], 4); });
  const auto rows = take<0>(x(all, 1), table);
  static_assert(rank_of<decltype(rows)> == 3);
  expect(holds(eval(2 * rows), [](const Index<3>& i) { return 2 * source({{place(i[0] + i[1], 4), 1, i[2]}}); }), "a table of indices by " + where);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(taking)

BOOST_AUTO_TEST_CASE(indices_of_every_policy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_indices<Backend, Replicated>();
      check_indices<Backend, Split<0>>();
    });
  });
}

BOOST_AUTO_TEST_CASE(the_result_has_the_policy_of_the_indices) {
  using X = Array<int, 3>;
  using ByRow = Array<Size, 2, Split<0>>;
  using ByColumn = Array<Size, 2, Split<1>>;
  static_assert(std::is_same_v<policy_of<decltype(take<0>(std::declval<X>(), std::declval<ByRow>()))>, Split<0>>);
  static_assert(std::is_same_v<policy_of<decltype(take<2>(std::declval<X>(), std::declval<ByRow>()))>, Split<2>>);
  static_assert(std::is_same_v<policy_of<decltype(take<1>(std::declval<X>(), std::declval<ByColumn>()))>, Split<2>>);
  on_ranks([] {
    const auto x = filled<Array<int, 3>>(shape, source);
    const auto columns = filled<Array<Size, 2, Split<1>>>({2, 9}, [](const Index<2>& i) { return wish(i[0] + i[1], 5); });
    expect(holds(eval(take<1>(x, columns)), [](const Index<4>& i) { return source({{i[0], place(i[1] + i[2], 5), i[3]}}); }), "Split<1>");
    expect(holds(eval(take<0>(x, arange<Size>(3))), source), "Generated");
  });
}

BOOST_AUTO_TEST_SUITE_END()
