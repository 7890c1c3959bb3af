// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Operands that a loop does not read in a row: broadcast rows and columns, slices, transposes; more than a tile of each, against Reference.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <priel/backend/reference.hpp>
#include <priel/priel.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <vector>

using namespace priel;
using namespace priel::test;

namespace {

// The elements of f(operands) on this backend, operands being counted from 0.
template <class Backend, class T, class F>
std::vector<double> values(F&& f) {
  const auto counted = [](auto shape) {
    return to_backend<Backend>(eval(astype<T>(reshape(arange<int>(shape.size(), replicated) % 251, shape))));
  };
  const auto result = to_backend<Host>(eval(f(counted)));
  return std::vector<double>(result.local().begin(), result.local().end());
}
template <class T, class F>
void same_as_reference(F&& f) {
  const auto expected = values<Reference, T>(f), found = values<Tested, T>(f);
  BOOST_TEST(!expected.empty());
  BOOST_TEST(expected == found, boost::test_tools::per_element());
}

template <class T>
void rows_and_columns(std::initializer_list<Size> lengths) {
  for (const Size n : lengths) {
    same_as_reference<T>([n](auto x) { return x(Shape<2>(700, n)) + x(Shape<1>(n)); });
    same_as_reference<T>([n](auto x) { return x(Shape<2>(700, n)) - x(Shape<2>(700, 1)); });
    same_as_reference<T>([n](auto x) { return x(Shape<3>(5, 70, n)) * x(Shape<3>(5, 1, n)); });
    same_as_reference<T>([n](auto x) { return x(Shape<3>(5, 70, n)) + x(Shape<2>(70, 1)) + x(Shape<0>()); });
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strided, *boost::unit_test::label("serial"))

BOOST_AUTO_TEST_CASE(rows_and_columns_of_any_length) {
#ifndef PRIEL_TEST_DEVICE
  rows_and_columns<float>({1, 3, 16, 17, 512, 513, 1300});
  rows_and_columns<unsigned char>({1, 3, 16, 17, 512, 513, 1300});
#else
  rows_and_columns<float>({1, 17, 513});
#endif
}

BOOST_AUTO_TEST_CASE(transposes_in_panels) {
  for (const Size m : {Size{3}, Size{31}, Size{64}, Size{700}})
    for (const Size n : {Size{1}, Size{63}, Size{64}, Size{530}}) {
      same_as_reference<float>([=](auto x) { return x(Shape<2>(m, n)) + transpose(x(Shape<2>(n, m))); });
      same_as_reference<double>([=](auto x) { return transpose(x(Shape<2>(n, m))) * 2.0; });
    }
}

BOOST_AUTO_TEST_CASE(transposes_into_other_types) {
  same_as_reference<double>([](auto x) { return astype<float>(transpose(x(Shape<2>(70, 90)))); });
  same_as_reference<double>([](auto x) { return where(transpose(x(Shape<2>(130, 70))) > 5.0, 1, 0); });
  same_as_reference<std::int64_t>([](auto x) { return astype<unsigned char>(transpose(x(Shape<2>(70, 90)))) + x(Shape<1>(70)); });
  same_as_reference<float>([](auto x) { return astype<double>(permute<2, 0, 1>(x(Shape<3>(70, 80, 3)))) * 0.5; });
}

BOOST_AUTO_TEST_CASE(permuted_axes_and_steps) {
  same_as_reference<float>([](auto x) { return permute<2, 0, 1>(x(Shape<3>(40, 70, 33))) + permute<1, 2, 0>(x(Shape<3>(70, 33, 40))); });
  same_as_reference<float>([](auto x) { return permute<0, 2, 1>(x(Shape<3>(9, 70, 100))) - x(Shape<3>(9, 100, 70)); });
  same_as_reference<float>([](auto x) { return x(Shape<3>(8, 90, 80))(all, range(80, 3, -2), range(1, 80, 3)) + 1.0f; });
  same_as_reference<double>([](auto x) { return transpose(x(Shape<2>(300, 200)))(range(0, 200, 2), range(299, 0, -1)); });
  same_as_reference<float>([](auto x) { return permute<2, 1, 0>(x(Shape<3>(70, 1, 80))) + x(Shape<3>(80, 1, 70)); });
}

BOOST_AUTO_TEST_CASE(targets_past_the_cache) {
  const Size n = (Size{5} << 20) + 77;   // floats: more than host::streamed_bytes, and not a whole number of tiles
  const Array<float, 1, Replicated, Tested> x = astype<float>(arange<int>(n) % 1000);
  const Array<float, 1, Replicated, Tested> y = x * 3.0f - 1.0f;
  BOOST_TEST(holds(y, [](const Index<1>& i) { return static_cast<float>(i[0] % 1000) * 3.0f - 1.0f; }));
}

BOOST_AUTO_TEST_SUITE_END()
