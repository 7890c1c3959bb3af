// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// roll, flip, repeat, tile, pad, concatenate, stack, diff, array_split against NumPy, on every policy.
#include <tests/algorithms/shape_answers.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Whatever the policy, one of the axes is the split one.
template <class Backend, class P>
void check_one_operand() {
  const auto where = described<Backend, P>();
  const auto x = operand_x<P, Backend>();
  expect_equal(eval(roll(x, 2, axis<0>)), numpy_shape("np.roll(x, 2, 0)"), 0, where);
  expect_equal(eval(roll(x, -9, axis<1>)), numpy_shape("np.roll(x, -9, 1)"), 0, where);
  expect_equal(eval(flip(x, axis<0>)), numpy_shape("np.flip(x, 0)"), 0, where);
  expect_equal(eval(flip(x, axis<-2>) * 2), numpy_shape("np.flip(x, -2) * 2"), 0, where);
  expect_equal(eval(repeat(x, 3, axis<0>)), numpy_shape("np.repeat(x, 3, 0)"), 0, where);
  expect_equal(eval(repeat(x, 2, axis<1>)), numpy_shape("np.repeat(x, 2, 1)"), 0, where);
  expect_equal(eval(tile(x, {2, 1, 3})), numpy_shape("np.tile(x, (2, 1, 3))"), 0, where);
  expect_equal(eval(diff(x, axis<0>)), numpy_shape("np.diff(x, 1, 0)"), 0, where);
  expect_equal(eval(diff<2>(x, axis<1>)), numpy_shape("np.diff(x, 2, 1)"), 0, where);
  expect_equal(eval(pad(x, {{2, 1}, {0, 3}, {1, 1}}, 7)), numpy_shape("np.pad(x, ((2, 1), (0, 3), (1, 1)), constant_values=7)"), 0, where);
}

template <class Backend, class P>
void check_two_operands() {
  const auto where = described<Backend, P>();
  const auto x = operand_x<P, Backend>();
  const auto f = operand_f<P, Backend>();
  expect_equal(eval(concatenate(axis<0>, x, f, x + 1)), numpy_shape("np.concatenate([x, f, x + np.int32(1)], 0)"), 0, where);
  expect_equal(eval(concatenate(axis<1>, f, operand_x<Replicated, Backend>())), numpy_shape("np.concatenate([f, x], 1)"), 0, where);
  expect_equal(eval(concatenate(axis<0>, operand_f<Replicated, Backend>(), f)), numpy_shape("np.concatenate([f, f], 0)"), 0, where);
  expect_equal(eval(stack(axis<1>, x, f)), numpy_shape("np.stack([x, f], 1)"), 0, where);
  expect_equal(eval(stack(axis<-1>, f, f)), numpy_shape("np.stack([f, f], -1)"), 0, where);
}

template <class Backend, class P>
void check_borders() {
  const auto where = described<Backend, P>();
  const auto f = operand_f<P, Backend>();
  const auto padded = [&](Padding kind) { return eval(pad(f, {{7, 6}, {3, 0}, {0, 5}}, kind)); };
  expect_equal(padded(Padding::edge), numpy_shape("np.pad(f, ((7, 6), (3, 0), (0, 5)), 'edge')"), 0, where);
  expect_equal(padded(Padding::reflect), numpy_shape("np.pad(f, ((7, 6), (3, 0), (0, 5)), 'reflect')"), 0, where);
  expect_equal(padded(Padding::symmetric), numpy_shape("np.pad(f, ((7, 6), (3, 0), (0, 5)), 'symmetric')"), 0, where);
  expect_equal(padded(Padding::wrap), numpy_shape("np.pad(f, ((7, 6), (3, 0), (0, 5)), 'wrap')"), 0, where);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rearranging)

BOOST_AUTO_TEST_CASE(one_operand_as_numpy) {
  on_ranks([] {
    check_one_operand<Tested, Split<0>>();
    check_one_operand<Tested, Split<1>>();
  });
}

BOOST_AUTO_TEST_CASE(several_operands_as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() { check_two_operands<Backend, Split<0>>(); });
    check_two_operands<Tested, Replicated>();
    check_two_operands<Tested, Split<1>>();
  });
}

BOOST_AUTO_TEST_CASE(borders_as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() { check_borders<Backend, Split<2>>(); });
    check_borders<Tested, Split<0>>();
  });
}

BOOST_AUTO_TEST_CASE(other_ranks_and_types) {
  on_ranks([] {
    const auto v = array_of<Array<double, 2, Split<0>, Tested>>(numpy_shape("v"));
    const auto u = array_of<Array<std::uint8_t, 1, Split<0>, Tested>>(numpy_shape("u"));
    const auto b = array_of<Array<bool, 3, Split<0>, Tested>>(numpy_shape("b"));
    expect_equal(eval(vstack(u, u)), numpy_shape("np.vstack([u, u])"), 0, "rows");
    expect_equal(eval(hstack(u, 2 * u)), numpy_shape("np.hstack([u, 2 * u])"), 0, "side by side");
    expect_equal(eval(vstack(v, v)), numpy_shape("np.vstack([v, v])"), 0, "below each other");
    expect_equal(eval(hstack(v, v)), numpy_shape("np.hstack([v, v])"), 0, "columns");
    expect_equal(eval(tile(u, {2, 3})), numpy_shape("np.tile(u, (2, 3))"), 0, "a new axis in front");
    expect_equal(eval(tile(v, {2})), numpy_shape("np.tile(v, 2)"), 0, "the last axis");
    expect_equal(eval(diff(u, axis<0>)), numpy_shape("np.diff(u)"), 0, "bytes wrap");
    expect_equal(eval(diff(b, axis<0>)), numpy_shape("np.diff(b, 1, 0)"), 0, "truth values");
    const auto total = sum(operand_x<Split<0>, Tested>(), axis<0>, keepdims);   // pending
    expect_equal(eval(concatenate(axis<0>, total, operand_x<Split<0>, Tested>())), numpy_shape("np.concatenate([x.sum(0, keepdims=True), x], 0)"), 0, "a pending sum");
  });
}

// Read in other orders than their own: with steps, backwards, transposed, from each other.
BOOST_AUTO_TEST_CASE(under_views) {
  on_ranks([] {
    const auto x = operand_x<Split<0>, Tested>();
    const auto backwards = range({}, {}, -2);
    expect_equal(eval(roll(x, 1, axis<2>)(all, all, backwards)), numpy_shape("np.roll(x, 1, 2)[:, :, ::-2]"), 0, "roll");
    expect_equal(eval(repeat(x, 2, axis<2>)(all, all, backwards)), numpy_shape("np.repeat(x, 2, 2)[:, :, ::-2]"), 0, "repeat");
    expect_equal(eval(concatenate(axis<2>, x, 2 * x)(all, all, backwards)), numpy_shape("np.concatenate([x, 2 * x], 2)[:, :, ::-2]"), 0, "concatenate");
    expect_equal(eval(transpose(roll(x, 3, axis<1>))), numpy_shape("np.roll(x, 3, 1).T"), 0, "transposed");
    expect_equal(eval(reshape(redistribute(x, replicated) + 0, {12, 5})(all, backwards)), numpy_shape("x.reshape(12, 5)[:, ::-2]"), 0, "reshape");
    expect_equal(eval(flip(pad(roll(x, 1, axis<1>), {{0, 0}, {1, 1}, {2, 2}}, Padding::wrap), axis<1>)),
                 numpy_shape("np.flip(np.pad(np.roll(x, 1, 1), ((0, 0), (1, 1), (2, 2)), 'wrap'), 1)"), 0, "of each other");
  });
}

BOOST_AUTO_TEST_CASE(sections) {
  on_ranks([] {
    const auto x = operand_x<Split<0>, Tested>();
    const auto parts = array_split(x, 3, axis<1>);
    expect(parts.size() == 3, "number of sections");
    expect_equal(eval(parts[0]), numpy_shape("np.array_split(x, 3, 1)[0]"), 0, "first");
    expect_equal(eval(parts[2]), numpy_shape("np.array_split(x, 3, 1)[2]"), 0, "last");
    const auto windows = array_split(x, 2, axis<0>);
    expect_equal(eval(windows[0] + 0), numpy_shape("np.array_split(x, 2, 0)[0]"), 0, "first window");
    expect_equal(eval(windows[1]), numpy_shape("np.array_split(x, 2, 0)[1]"), 0, "second window");
    expect_equal(eval(array_split(x, 4, axis<2>)[3]), numpy_shape("np.array_split(x, 4, 2)[3]"), 0, "an empty one");
  });
}

BOOST_AUTO_TEST_CASE(mistakes_throw_on_every_rank) {
  on_ranks([] {
    const auto x = operand_x<Split<0>, Tested>();
    const auto y = filled<Array<std::int32_t, 3, Split<0>, Tested>>({5, 4, 2}, [](const Index<3>&) { return 0; });
    expect(throws<ShapeError>([&] { concatenate(axis<0>, x, y); }), "extents differ");
    expect(!throws<ShapeError>([&] { concatenate(axis<2>, x, y); }), "only along the axis");
    expect(throws<ShapeError>([&] { stack(axis<0>, x, y); }), "stack");
    expect(throws<ShapeError>([&] { repeat(x, -1, axis<0>); }), "repeat");
    expect(throws<ShapeError>([&] { tile(x, {-1}); }), "tile");
    expect(throws<ShapeError>([&] { pad(x, {{-1, 0}, {0, 0}, {0, 0}}); }), "pad");
    expect(throws<ShapeError>([&] { array_split(x, 0, axis<0>); }), "array_split");
  }, {3});
}

BOOST_AUTO_TEST_SUITE_END()
