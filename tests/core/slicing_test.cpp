// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Slices, new axes and transposes against NumPy for every policy; an integer on the split axis brings the slab to every rank.
#include <tests/core/numpy.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

namespace {

using namespace priel;
using namespace priel::test;

constexpr std::nullopt_t none = std::nullopt;

// x(specs...) where the language has it; a range on the split axis is refused by the compiler (tests/static, tests/rejected).
template <class X, class... Specs>
void check(const Answer& answer, const std::string& where, const X& x, const Specs&... specs) {
  if constexpr (requires { slice(x, specs...); }) expect_equal(eval(x(specs...)), answer, 0, where);
}

template <class Backend, class P>
void check_policy() {
  const auto where = described<Backend, P>();
  const auto x = array_of<Array<std::int64_t, 3, P, Backend>>(numpy("x"));
  check(numpy("x[1:4]"), where, x, range(1, 4));
  check(numpy("x[10:]"), where, x, range(10, none));
  check(numpy("x[4:1:-1]"), where, x, range(4, 1, -1));
  check(numpy("x[::2, :, ::-1]"), where, x, range(none, none, 2), all, range(none, none, -1));
  check(numpy("x[:, -3:-1]"), where, x, all, range(-3, -1));
  check(numpy("x[..., :2]"), where, x, ellipsis, range(2));
  check(numpy("x[:, 10::-2]"), where, x, all, range(10, none, -2));
  check(numpy("x[:, -10:2]"), where, x, all, range(-10, 2));
  check(numpy("x[:, 1:100:2, 0]"), where, x, all, range(1, 100, 2), 0);
  check(numpy("x[3]"), where, x, 3);
  check(numpy("x[-1]"), where, x, -1);
  check(numpy("x[:, 2]"), where, x, all, 2);
  check(numpy("x[..., 1]"), where, x, ellipsis, 1);
  check(numpy("x[2, 1]"), where, x, 2, 1);
  check(numpy("x[1, ..., -1]"), where, x, 1, ellipsis, -1);
  check(numpy("x[4, 3, 2]"), where, x, 4, 3, 2);
  check(numpy("x[:, None]"), where, x, all, newaxis);
  check(numpy("x[None, ..., None]"), where, x, newaxis, ellipsis, newaxis);
  check(numpy("x[None, 2, ::-2]"), where, x, newaxis, 2, range(none, none, -2));
  check(numpy("x[:, 1, None, ::2]"), where, x, all, 1, newaxis, range(none, none, 2));
  expect_equal(eval(transpose(x)), numpy("x.T"), 0, where);
  expect_equal(eval(permute<1, 2, 0>(x)), numpy("x.transpose(1, 2, 0)"), 0, where);
  check(numpy("x.T[1, ::2]"), where, transpose(x), 1, range(none, none, 2));
  check(numpy("(2 * x + 1)[:, 3, 1:]"), where, 2 * x + 1, all, 3, range(1, none));
  check(numpy("x[:, ::-1][::2, 1]"), where, redistribute(x, replicated)(all, range(none, none, -1)), range(none, none, 2), 1);
  expect_equal(eval(x(all, 1) + x(all, 2)), numpy("x[:, 1] + x[:, 2]"), 0, where);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(slicing)

BOOST_AUTO_TEST_CASE(agrees_with_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for_each_type<Policies>([]<class P>() { check_policy<Backend, P>(); });
    });
  });
}

BOOST_AUTO_TEST_CASE(indices_outside_are_thrown_on_every_rank) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const Array<float, 2, Split<0>> x(Shape<2>{5, 4});
    expect(throws<ShapeError>([&] { x(5); }) && throws<ShapeError>([&] { x(-6); }), "on the split axis");
    expect(throws<ShapeError>([&] { x(all, 4); }) && throws<ShapeError>([&] { x(0, -5); }), "on another");
    expect(throws<ShapeError>([&] { x(all, range(0, 4, 0)); }), "a step of 0");
    expect(comm->take().collectives() == 0, "no message before the exception");
  });
}

BOOST_AUTO_TEST_CASE(steps_that_leave_the_axis) {
  on_ranks([] {
    constexpr Size far = std::numeric_limits<Size>::max();
    const auto x = filled<Array<int, 2, Split<0>>>({5, 4}, [](const Index<2>& i) { return mark(i); });
    const auto second = [](const Index<2>& i) { return mark(Index<2>{{1, i[1]}}); };
    expect(holds(eval(x(range(1, none, far)) + 0), second) && holds(eval(x(range(1, none, -far - 1)) + 0), second), "one index");
    expect(eval(x(range(5, none, far))).shape() == Shape<2>{0, 4}, "none");
  });
}

BOOST_AUTO_TEST_CASE(only_a_slab_is_sent) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Array<int, 3, Split<0>>>({8, 4, 3}, [](const Index<3>& i) { return mark(i); });
    const auto views = eval(2 * transpose(x(all, 1, range(1, none))) + transpose(x(all, 2))(range(0, 2)));
    expect(comm->take().collectives() == 0, "views send nothing");
    const auto slab = eval(x(5, all, 2));
    const auto sent = comm->take();
    expect(sent.collectives() == 1 && sent.bytes == 12 * 4, "one broadcast of the slab");
    expect(holds(slab, [](const Index<1>& i) { return mark(Index<3>{{5, i[0], 2}}); }), "the slab");
    const auto a = x(3);
    const auto twice = eval(a + a);
    expect(comm->take().collectives() == 1, "the same slice used twice is sent once");
  });
}

BOOST_AUTO_TEST_SUITE_END()
