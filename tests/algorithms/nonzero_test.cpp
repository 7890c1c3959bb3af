// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// nonzero: the places in C order, however the operand is cut; rows end up where the canonical map says.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <int Rank, class F>
std::vector<Index<Rank>> places(const Shape<Rank>& shape, F&& f) {
  std::vector<Index<Rank>> result;
  Index<Rank> i;
  for (Size n = shape.size(); n > 0; --n, advance(shape, i))
    if (f(i) != 0) result.push_back(i);
  return result;
}

template <class A, class F>
void check(const std::string& what, const Shape<A::rank>& shape, F&& f) {
  const auto expected = places(shape, f);
  const auto found = nonzero(filled<A>(shape, f));
  static_assert(std::is_same_v<value_of<decltype(found)>, Size> && rank_of<decltype(found)> == 2);
  static_assert(std::is_same_v<policy_of<decltype(found)>, policy_of<A>>);
  expect(found.shape() == Shape<2>(static_cast<Size>(expected.size()), A::rank), what + ": the number, " + to_string(shape));
  expect(holds(found, [&](const Index<2>& i) { return expected[static_cast<std::size_t>(i[0])][static_cast<int>(i[1])]; }), what + to_string(shape));
}

template <class Backend, class P>
void check_policy() {
  const auto where = described<Backend, P>();
  const auto scattered = [](const auto& i) { return mark(i) % 3 == 0; };
  for (const Size n : {0, 1, 2, 5, 13}) {
    check<Array<bool, 1, P, Backend>>(where, {n}, scattered);
    check<Array<bool, 2, P, Backend>>(where, {n, 6}, scattered);
  }
  // All on the first rank, all on the last, none: every rank gets its share.
  check<Array<float, 2, P, Backend>>(where, {9, 4}, [](const Index<2>& i) { return i[0] == 0 ? 0.5f : 0; });
  check<Array<float, 2, P, Backend>>(where, {9, 4}, [](const Index<2>& i) { return i[0] == 8 ? priel::nan : -0.0; });
  check<Array<float, 2, P, Backend>>(where, {9, 4}, [](const Index<2>&) { return 0; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nonzeros)

BOOST_AUTO_TEST_CASE(in_c_order) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_policy<Backend, Replicated>();
      check_policy<Backend, Split<0>>();
    });
  });
}

// Ranges of the split axis, a column of one, pending reductions: the places are those within the expression.
BOOST_AUTO_TEST_CASE(of_expressions) {
  const auto f = [](const Index<2>& i) { return mark(i) % 3 == 0 ? 0 : mark(i); };
  on_ranks([&] {
    for_each_type<Backends>([&]<class Backend>() {
      for (const Size n : {1, 4, 13}) {
        const auto x = filled<Array<int, 2, Split<0>, Backend>>({n, 6}, f);
        const Size rows = n > 2 ? (n - 1) / 2 : 0;
        const auto expect_places = [&](const auto& found, const auto& expected) {
          expect(found.shape()[0] == static_cast<Size>(expected.size()), "how many of " + std::to_string(n));
          expect(holds(found, [&](const Index<2>& i) { return expected[static_cast<std::size_t>(i[0])][static_cast<int>(i[1])]; }), "where of " + std::to_string(n));
        };
        const auto all_columns = nonzero(x(range(2, std::nullopt, 2), all));
        static_assert(std::is_same_v<policy_of<decltype(all_columns)>, Split<0>>);
        expect_places(all_columns, places(Shape<2>{rows, 6}, [&](const Index<2>& i) { return f({{2 + 2 * i[0], i[1]}}); }));
        expect_places(nonzero(x(range(2, std::nullopt, 2), 1)), places(Shape<1>{rows}, [&](const Index<1>& i) { return f({{2 + 2 * i[0], 1}}); }));
        expect_places(nonzero(x(all, 1) > 50), places(Shape<1>{n}, [&](const Index<1>& i) { return f({{i[0], 1}}) > 50; }));
        expect_places(nonzero(sum(x, axis<0>) - sum(x(all, 0))), places(Shape<1>{6}, [](const Index<1>& i) { return static_cast<int>(i[0]); }));
      }
    });
  });
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_for_what_every_rank_has) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto mask = filled<Array<int, 2>>({5, 4}, [](const Index<2>& i) { return i[0] % 2; });
    expect(nonzero(mask > 0).shape() == Shape<2>{8, 2}, "an expression");
    expect(nonzero(arange<int>(5)).shape() == Shape<2>{4, 1}, "Generated");
    expect(comm->take().collectives() == 0, "messages");
  });
}

BOOST_AUTO_TEST_SUITE_END()
