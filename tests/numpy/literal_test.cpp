// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays whose elements are written out, beside NumPy's.
#include <priel/literal.hpp>

#include <tests/numpy/rows.hpp>

namespace {

using namespace priel;
using namespace priel::test;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_literals)

BOOST_AUTO_TEST_CASE(rows) {
  using Some = Types<std::uint8_t, std::int64_t, double, std::complex<double>>;
  creator<Some>("np.array([4, 5, 6], dtype=T)", []<class T>() { return array<T>({4, 5, 6}); });
  creator<Some>("np.array([[1, 2, 3], [4, 5, 6]], dtype=T)", []<class T>() { return array<T>({{1, 2, 3}, {4, 5, 6}}); });
  creator<Types<double>>("np.array([[[1, 2]], [[3, 4]]], dtype=T)", []<class T>() { return array<T>({{{1, 2}}, {{3, 4}}}); });
  creator<Types<double>>("np.array([[1, 2, 3], [4, 5, 6]], dtype=T)", []<class T>() { return array<T>({{1, 2, 3}, {4, 5, 6}}, split<1>); });
}

BOOST_AUTO_TEST_CASE(types_and_errors) {
  static_assert(std::is_same_v<decltype(array({1, 2})), Array<int, 1>>);
  static_assert(std::is_same_v<decltype(array({{1.5f}, {2.f}}, split<0>)), Array<float, 2, Split<0>>>);
  BOOST_TEST(item(all(array<double>({{1}, {2}}) == 1.0 + arange(2)(all, newaxis))));
  BOOST_TEST(array<int>({}).shape()[0] == 0);
  BOOST_CHECK_THROW(array({{1, 2}, {3}}), ShapeError);
}

BOOST_AUTO_TEST_SUITE_END()
