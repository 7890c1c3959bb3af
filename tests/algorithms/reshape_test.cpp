// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// reshape, ravel and the functions that add, drop and move axes: NumPy's answers; rows that change owner are sent once.
#include <tests/algorithms/shape_answers.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class Backend, class P>
void check_reshape() {
  const auto where = described<Backend, P>();
  const auto x = operand_x<P, Backend>();
  expect_equal(eval(reshape(x, {6, 10})), numpy_shape("x.reshape(6, 10)"), 0, where);
  expect_equal(eval(reshape(x + 1, {2, -1, 3})), numpy_shape("(x + np.int32(1)).reshape(2, -1, 3)"), 0, where);
  expect_equal(eval(ravel(x)), numpy_shape("x.ravel()"), 0, where);
}

// Rows of 6 become rows of 4 and back.
template <class Backend>
void check_rows(Size n) {
  const auto comm = std::make_shared<const Counting>(world());
  const std::string where = std::string(Backend::name) + " " + std::to_string(n);
  const auto x = filled<Array<int, 2, Split<0>, Backend>>({2 * n, 6}, [](const Index<2>& i) { return static_cast<int>(6 * i[0] + i[1]); }, comm);
  expect_sends(reshape(x, {3 * n, 4}), comm, where);
  const auto y = eval(reshape(x, {3 * n, 4}));
  expect(holds(y, [](const Index<2>& i) { return static_cast<int>(4 * i[0] + i[1]); }), where);
  comm->take();
  expect(holds(eval(reshape(y, {2 * n, 3, 2})), [](const Index<3>& i) { return static_cast<int>(6 * i[0] + 2 * i[1] + i[2]); }), where + " and further");
  expect(comm->take().collectives() == 1, where + " one exchange");
  if (n % world()->size() == 0) {
    const auto same = eval(reshape(x, {2 * n, 2, 3}));
    expect(comm->take().bytes == 0, where + ": rows that stay are not sent");
  }
}

template <class P>
void check_axes() {
  const auto where = described<Host, P>();
  const auto x = operand_x<P>();
  expect_equal(eval(expand_dims<0>(x)), numpy_shape("np.expand_dims(x, 0)"), 0, where);
  expect_equal(eval(expand_dims<-2>(x)), numpy_shape("np.expand_dims(x, -2)"), 0, where);
  expect_equal(eval(squeeze<3>(expand_dims<3>(x))), numpy_shape("x"), 0, where);
  expect_equal(eval(squeeze<-4>(expand_dims<0>(x))), numpy_shape("x"), 0, where);
  expect_equal(eval(moveaxis<0, -1>(x)), numpy_shape("np.moveaxis(x, 0, -1)"), 0, where);
  expect_equal(eval(moveaxis<2, 0>(x)), numpy_shape("np.moveaxis(x, 2, 0)"), 0, where);
  expect_equal(eval(swapaxes<0, 2>(x)), numpy_shape("np.swapaxes(x, 0, 2)"), 0, where);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reshaping)

BOOST_AUTO_TEST_CASE(as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_reshape<Backend, Replicated>();
      check_reshape<Backend, Split<0>>();
    });
  });
}

BOOST_AUTO_TEST_CASE(rows) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for (const Size n : {0, 1, 2, 5, 12}) check_rows<Backend>(n);
    });
  });
}

BOOST_AUTO_TEST_CASE(extents_that_do_not_fit) {
  on_ranks([] {
    const auto x = operand_x<Split<0>>();
    expect(throws<ShapeError>([&] { reshape(x, {7, 9}); }), "another size");
    expect(throws<ShapeError>([&] { reshape(x, {-1, 7}); }), "no whole number");
    expect(throws<ShapeError>([&] { reshape(x, {-1, -1}); }), "two open extents");
    expect(throws<ShapeError>([&] { reshape(x, {-2, 30}); }), "a negative extent");
    expect(throws<ShapeError>([&] { reshape(x, {-1, 0}); }), "an open extent beside 0");
    expect(throws<ShapeError>([&] { squeeze<1>(x); }), "squeeze of an axis that is not 1");
  }, {3});
}

#ifndef PRIEL_TEST_DEVICE
BOOST_AUTO_TEST_CASE(axes_as_numpy) {
  on_ranks([] {
    check_axes<Replicated>();
    check_axes<Split<0>>();
    check_axes<Split<2>>();
  });
}
#endif

BOOST_AUTO_TEST_SUITE_END()
