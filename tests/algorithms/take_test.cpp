// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// take: entries at indices of any policy, of a replicated operand, of a split one along another axis and along the split one.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

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

// A split operand: along another axis nothing is sent, along the split one the rows that are asked for are.
template <class Backend>
void check_split(Size n) {
  const auto comm = std::make_shared<const Counting>(world());
  const std::string where = std::string(Backend::name) + " " + std::to_string(n) + ": ";
  const auto value = [](Size j, Size o) { return static_cast<int>(10 * j + o); };
  const auto rows = filled<Array<int, 2, Split<0>, Backend>>({n, 4}, [&](const Index<2>& i) { return value(i[0], i[1]); }, comm);
  const auto columns = filled<Array<int, 2, Split<1>, Backend>>({4, n}, [&](const Index<2>& i) { return value(i[1], i[0]); }, comm);
  const auto list = [&]<class P>(P, Size count, Size extent) {
    return filled<Array<Size, 1, P, Backend>>({count}, [&](const Index<1>& i) { return wish(i[0], extent); }, comm);
  };

  const auto off = take<1>(rows, list(replicated, 7, 4));
  static_assert(std::is_same_v<policy_of<decltype(off)>, Split<0>>);
  comm->take();
  expect(holds(eval(off), [&](const Index<2>& i) { return value(i[0], place(i[1], 4)); }), where + "off the split axis");
  const auto table = filled<Array<Size, 2, Replicated, Backend>>({2, 3}, [&](const Index<2>& i) { return wish(i[0] + i[1], 4); }, comm);
  const auto tables = take<0>(columns, table);
  static_assert(std::is_same_v<policy_of<decltype(tables)>, Split<2>>);
  expect(holds(eval(tables), [&](const Index<3>& i) { return value(i[2], place(i[0] + i[1], 4)); }), where + "a table off the split axis");
  expect(comm->take().collectives() == 0, where + "off the split axis nothing is sent");

  for (const Size count : {0, 1, 9}) {
    if (n == 0 && count > 0) continue;
    const auto to_all = take<0>(rows, list(replicated, count, n));
    static_assert(std::is_same_v<policy_of<decltype(to_all)>, Replicated>);
    Plan plan(comm->size());
    to_all.plan(plan);
    comm->take();
    expect(holds(eval(to_all), [&](const Index<2>& i) { return value(place(i[0], n), i[1]); }), where + "rows to all");
    const auto sent = comm->take();
    expect(sent.collectives() == 1, where + "one gather");
    expect(sent.bytes == (plan.messages().empty() ? 0 : plan.messages()[0].bytes[static_cast<std::size_t>(comm->rank())]), where + "as planned");
    expect(holds(eval(take<-1>(columns, list(replicated, count, n))), [&](const Index<2>& i) { return value(place(i[1], n), i[0]); }), where + "columns to all");

    const auto back = take<0>(rows, list(split<0>, count, n));
    static_assert(std::is_same_v<policy_of<decltype(back)>, Split<0>>);
    expect(holds(eval(back), [&](const Index<2>& i) { return value(place(i[0], n), i[1]); }), where + "rows to who asked");
    const auto columns_back = take<1>(columns, list(split<0>, count, n));
    static_assert(std::is_same_v<policy_of<decltype(columns_back)>, Split<1>>);
    expect(holds(eval(2 * columns_back), [&](const Index<2>& i) { return 2 * value(place(i[1], n), i[0]); }), where + "columns to who asked");
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(taking)

BOOST_AUTO_TEST_CASE(of_a_split_operand) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for (const Size n : {0, 1, 2, 5, 13}) check_split<Backend>(n);
    });
  });
}

// One rank asks for too much: all throw.
BOOST_AUTO_TEST_CASE(an_index_outside_throws_on_every_rank) {
  on_ranks([] {
    const auto x = filled<Array<int, 2, Split<0>>>({5, 2}, [](const Index<2>& i) { return mark(i); });
    const auto bad = filled<Array<Size, 1, Split<0>>>({9}, [](const Index<1>& i) { return i[0] == 8 ? 5 : -5; });
    expect(throws<ShapeError>([&] { eval(take<0>(x, bad)); }), "one rank's index");
    expect(throws<ShapeError>([&] { eval(take<0>(x, redistribute(bad, replicated))); }), "everybody's index");
    expect(throws<ShapeError>([&] { eval(take<0>(x, full<Size>({2}, -6))); }), "below");
  });
}

// Who does not fit.
template <class X, class I>
concept takes = requires(const X& x, const I& i) { take<0>(x, i); };
static_assert(takes<Array<int, 2, Split<0>>, Array<Size, 1, Split<0>>> && takes<Array<int, 2>, Array<Size, 2, Split<1>>>);
static_assert(!takes<Array<int, 2, Split<1>>, Array<Size, 1, Split<0>>> && !takes<Array<int, 2, Split<0>>, Array<Size, 2, Split<0>>>);
static_assert(!takes<Array<int, 2>, Array<float, 1>>);

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
