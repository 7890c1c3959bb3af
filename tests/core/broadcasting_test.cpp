// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Broadcasting against NumPy for every policy, and the extents that do not fit: every rank throws, before any message.
#include <tests/core/numpy.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class Backend, class P>
void check_policy() {
  const auto where = described<Backend, P>();
  const auto x = array_of<Array<std::int64_t, 3, P, Backend>>(numpy("x"));
  const auto v = array_of<Array<std::int64_t, 1, Replicated, Backend>>(numpy("v"));
  const auto c = array_of<Array<std::int64_t, 2, Replicated, Backend>>(numpy("c"));
  const auto y = array_of<Array<std::int64_t, 3, Replicated, Backend>>(numpy("y"));
  expect_equal(eval(x + v), numpy("x + v"), 0, where);
  expect_equal(eval(c + x), numpy("c + x"), 0, where);
  expect_equal(eval(x + c * v + y), numpy("x + c * v + y"), 0, where);
  expect_equal(eval(x * 2 + item(y(1, 0, 0))), numpy("x * 2 + y[1, 0, 0]"), 0, where);
}

template <class Backend>
void check_split_operands() {
  const auto x1 = array_of<Array<std::int64_t, 3, Split<1>, Backend>>(numpy("x"));
  const auto x2 = array_of<Array<std::int64_t, 3, Split<2>, Backend>>(numpy("x"));
  const auto v = array_of<Array<std::int64_t, 1, Split<0>, Backend>>(numpy("v"));     // counted from the right: x's last axis
  const auto c = array_of<Array<std::int64_t, 2, Split<0>, Backend>>(numpy("c"));
  expect_equal(eval(x2 + v), numpy("x + v"), 0, "Split<2> and Split<0> of rank 1");
  expect_equal(eval(c + x1), numpy("c + x"), 0, "Split<0> of rank 2 and Split<1>");
  expect_equal(eval(v + array_of<Array<std::int64_t, 2, Replicated, Backend>>(numpy("c"))), numpy("c + v"), 0, "both operands stretched");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(broadcasting)

BOOST_AUTO_TEST_CASE(agrees_with_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for_each_type<Policies>([]<class P>() { check_policy<Backend, P>(); });
      check_split_operands<Backend>();
    });
  });
}

BOOST_AUTO_TEST_CASE(extents_that_do_not_fit_are_thrown_on_every_rank) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    using Rows = Array<float, 2, Split<0>, Tested>;
    const Rows x(Shape<2>{5, 4}), longer(Shape<2>{6, 4});
    const Array<float, 1, Replicated, Tested> row(Shape<1>{3});
    expect(throws<ShapeError>([&] { x + longer; }), "(5, 4) and (6, 4)");
    expect(throws<ShapeError>([&] { x + row; }), "(5, 4) and (3,)");
    expect(throws<ShapeError>([&] { where(x > 0, x, row); }), "where of (5, 4) and (3,)");
    // One element along the split axis lives on one rank, so it is not stretched.
    const Rows thin(Shape<2>{1, 4});
    expect(throws<ShapeError>([&] { x + thin; }), "(5, 4) and (1, 4), split along the first");
    expect(!throws<ShapeError>([&] { x + Array<float, 2, Replicated, Tested>(Shape<2>{1, 4}); }), "(5, 4) and (1, 4), replicated");
    expect(!throws<ShapeError>([&] { thin + thin; }), "(1, 4) and (1, 4)");
    expect(comm->take().collectives() == 0, "no message before the exception");
  });
}

BOOST_AUTO_TEST_CASE(communicators_do_not_mix) {
  on_ranks([] {
    const Array<float, 1, Split<0>, Tested> x(Shape<1>{5});
    const Array<float, 1, Split<0>, Tested> alone(Shape<1>{5}, self());
    expect(throws<ShapeError>([&] { x + alone; }), "two communicators");
  });
}

BOOST_AUTO_TEST_CASE(an_array_takes_the_extents_that_it_is_assigned) {
  on_ranks([] {
    Array<int, 1, Split<0>, Tested> x(Shape<1>{5});
    x = arange<int>(9);
    expect(x.shape() == Shape<1>{9} && holds(x, [](const Index<1>& i) { return i[0]; }), "arange");
  });
}

BOOST_AUTO_TEST_SUITE_END()
