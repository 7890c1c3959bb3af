// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The same elements under other axes and in another order, against NumPy.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using Some = Types<std::int32_t, double>;
using Main = Types<double>;
using Rows = row_on<On<Replicated>, On<Split<0>>>;   // what is in C order

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_rearranging)

BOOST_AUTO_TEST_CASE(shapes) {
  Rows::run<Some, 2>("a.reshape(3, -1)", [](const auto& a) { return reshape(a, {3, -1}); }, {.shapes = {"6,4", "5,3", "4,4", "1,3"}});
  Rows::run<Main, 3>("a.reshape(a.shape[0] * a.shape[1], a.shape[2])", [](const auto& a) { return reshape(a, {a.shape()[0] * a.shape()[1], a.shape()[2]}); });
  Rows::run<Main, 2>("np.ravel(a)", [](const auto& a) { return ravel(a); });
  Rows::run<Main, 2>("a.flatten()", [](const auto& a) { return ravel(a); });
  row<Main, 3>("np.expand_dims(a, 1)", [](const auto& a) { return expand_dims<1>(a); });
  row_on<On<Replicated>, On<Split<0>>, On<Split<2>>>::run<Main, 3>("np.squeeze(a, 1)", [](const auto& a) { return squeeze<1>(a); }, {.shapes = {"4,1,3", "2,2,2"}});
  row<Main, 1>("np.atleast_1d(a)", [](const auto& a) { return atleast_1d(a); });
  row<Main, 1>("np.atleast_2d(a)", [](const auto& a) { return atleast_2d(a); });
  row<Main, 1>("np.atleast_3d(a)", [](const auto& a) { return atleast_3d(a); });
  row<Main, 2>("np.atleast_3d(a * 2)", [](const auto& a) { return atleast_3d(a * 2); });
  row_on<On<Replicated>, On<Split<0>>>::run<Main, 2>("np.broadcast_to(a, (2, 5, 3))", [](const auto& a) { return broadcast_to(a, {2, 5, 3}); },
                                                     {.shapes = {"5,3", "5,1", "5,2"}});
  row_on<On<Replicated, Replicated>, On<Split<1>, Replicated>>::run<Main, 2, 2>(
      "np.broadcast_arrays(a, b)", [](const auto& a, const auto& b) { return broadcast_arrays(a, b); }, {.shapes = {"1,4;3,1", "3,4;3,4", "1,2;0,1", "2,3;3,3"}});
}

BOOST_AUTO_TEST_CASE(axes) {
  row<Some, 2>("a.T", [](const auto& a) { return transpose(a); });
  row<Main, 3>("np.transpose(a, (1, 2, 0))", [](const auto& a) { return permute<1, 2, 0>(a); });
  row<Main, 3>("np.moveaxis(a, 0, 2)", [](const auto& a) { return moveaxis<0, 2>(a); });
  row<Main, 3>("np.swapaxes(a, 0, 1)", [](const auto& a) { return swapaxes<0, 1>(a); });
}

BOOST_AUTO_TEST_CASE(orders) {
  row<Some, 2>("np.roll(a, 3, axis=0)", [](const auto& a) { return roll(a, 3, axis<0>); });
  row<Main, 2>("np.roll(a, (1, -2), axis=(0, 1))", [](const auto& a) { return roll(a, {1, -2}, axis<0, 1>); });
  Rows::run<Main, 2>("np.roll(a, 4)", [](const auto& a) { return roll(a, 4); });
  row<Some, 2>("np.flip(a, 0)", [](const auto& a) { return flip(a, axis<0>); });
  row<Main, 3>("np.flip(a, (0, 2))", [](const auto& a) { return flip(a, axis<0, 2>); });
  row<Main, 2>("np.flip(a)", [](const auto& a) { return flip(a); });
  row<Main, 2>("np.flipud(a)", [](const auto& a) { return flipud(a); });
  row<Main, 2>("np.fliplr(a)", [](const auto& a) { return fliplr(a); });
  row<Main, 2>("np.rot90(a)", [](const auto& a) { return rot90(a); });
  row<Main, 3>("np.rot90(a, 2)", [](const auto& a) { return rot90<2>(a); });
  row<Main, 2>("np.rot90(a, -1)", [](const auto& a) { return rot90<-1>(a); });
}

BOOST_AUTO_TEST_SUITE_END()
