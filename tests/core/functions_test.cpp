// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Mathematical functions against NumPy, within a few units in the last place, and the same bits wherever an element lies.
#include <tests/core/numpy.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class E>
void check(const Answer& answer, const E& e, int ulps) {
  try {
    expect_equal(eval(e), answer, ulps, backend_of<E>::name);
  } catch (const std::exception& error) {
    BOOST_ERROR(error.what());
  }
}

// NumPy computes in double here, so that its own rounding is not taken for ours.
template <class Backend, class T>
void check_functions() {
  constexpr int few = 4;
  const auto a = array_of<Array<T, 1, Replicated, Backend>>(numpy<T>("a"));
  const auto b = array_of<Array<T, 1, Replicated, Backend>>(numpy<T>("b"));
  check(numpy<T>("np.sqrt(a)"), sqrt(a), 0);
  check(numpy<T>("np.floor(a)"), floor(a), 0);
  check(numpy<T>("np.ceil(a)"), ceil(a), 0);
  check(numpy<T>("np.round(2.5 * a)"), round(2.5 * a), 0);
  check(numpy<T>("np.exp(a, dtype=float).astype(T)"), exp(a), few);
  check(numpy<T>("np.expm1(a, dtype=float).astype(T)"), expm1(a), few);
  check(numpy<T>("np.log(a, dtype=float).astype(T)"), log(a), few);
  check(numpy<T>("np.log2(a, dtype=float).astype(T)"), log2(a), few);
  check(numpy<T>("np.log10(a, dtype=float).astype(T)"), log10(a), few);
  check(numpy<T>("np.log1p(a, dtype=float).astype(T)"), log1p(a), few);
  check(numpy<T>("np.sin(a, dtype=float).astype(T)"), sin(a), few);
  check(numpy<T>("np.cos(a, dtype=float).astype(T)"), cos(a), few);
  check(numpy<T>("np.tan(a, dtype=float).astype(T)"), tan(a), few);
  check(numpy<T>("np.tanh(a, dtype=float).astype(T)"), tanh(a), few);
  check(numpy<T>("erf(a)"), erf(a), few);
  check(numpy<T>("np.power(a, b, dtype=float).astype(T)"), pow(a, b), few);
}

// Values of all magnitudes, made of the index alone.
float some_value(Size i) {
  return static_cast<float>(static_cast<double>((i * 2654435761u) % 1000003 + 1) / 65537.0);
}

// Functions in packets, none of which may depend on where in its rank's part an element lies: a scalar remainder loop would
// round differently. Products, which hide no last bit. (Sine and cosine are no packet functions, and would make the whole scalar.)
template <class X>
auto long_expression(const X& x) { return exp(-0.5f * x) * log(x) / sqrt(1 + x) * log10(maximum(x, 1e-6f)); }

// Functions that are staged run by run, and those that no packets have.
template <class X>
auto staged_expression(const X& x) { return arctan2(sinh(x / 9), cbrt(x)) + erfc(x / 7) * hypot(x, arcsinh(x)) - lgamma(x) * trunc(x); }

template <class Backend, class Policy, class T>
void check_bits(const Shape<2>& shape) {
  using Whole = Array<T, 2, Replicated, Backend>;
  using Mine = Array<T, 2, Policy, Backend>;
  const auto value = [&](const Index<2>& i) { return some_value(i[0] * shape[1] + i[1]); };
  const Whole whole = long_expression(filled<Whole>(shape, value));
  const Mine mine = long_expression(filled<Mine>(shape, value));
  const Mine expected = whole;
  expect(identical(shard_of(mine), shard_of(expected)), described<Backend, Policy>() + to_string(shape));
  const Mine staged = staged_expression(filled<Mine>(shape, value)), of_whole = Whole(staged_expression(filled<Whole>(shape, value)));
  expect(identical(shard_of(staged), shard_of(of_whole)), "staged functions, " + described<Backend, Policy>() + to_string(shape));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(functions)

BOOST_AUTO_TEST_CASE(agree_with_numpy, *boost::unit_test::label("serial")) {
  for_each_type<Backends>([]<class Backend>() {
    check_functions<Backend, float>();
    check_functions<Backend, double>();
  });
}

BOOST_AUTO_TEST_CASE(powers_of_integers, *boost::unit_test::label("serial")) {
  for_each_type<Backends>([]<class Backend>() {
    const auto x = filled<Array<int, 1, Replicated, Backend>>({5}, [](const Index<1>& i) { return i[0] - 2; });
    const auto cubes = eval(pow(x, 3));
    static_assert(std::is_same_v<value_of<decltype(cubes)>, int>);
    BOOST_TEST(holds(cubes, [](const Index<1>& i) { return (i[0] - 2) * (i[0] - 2) * (i[0] - 2); }));
    BOOST_TEST(holds(eval(sqrt(square(x))), [](const Index<1>& i) { return std::abs(static_cast<double>(i[0] - 2)); }));
  });
}

BOOST_AUTO_TEST_CASE(bits_do_not_depend_on_the_cut) {
  on_ranks([] {
    for (const Shape<2>& shape : {Shape<2>{5, 3}, Shape<2>{37, 41}, Shape<2>{1, 1543}}) {
      for_each_type<Backends>([&]<class Backend>() { check_bits<Backend, Split<1>, float>(shape); });
      check_bits<Tested, Split<0>, float>(shape);
      check_bits<Tested, Split<1>, double>(shape);
    }
  });
}

// Nor on the place in a larger array, for slices and other strides.
BOOST_AUTO_TEST_CASE(bits_do_not_depend_on_the_place, *boost::unit_test::label("serial")) {
  const auto x = filled<Array<float, 1, Replicated, Tested>>({1200}, [](const Index<1>& i) { return some_value(i[0]); });
  const auto whole = shard_of(eval(long_expression(x)));
  for (const Size first : {0, 1, 7, 513, 1199}) {
    const auto part = shard_of(eval(long_expression(x(range(first, std::nullopt)))));
    BOOST_TEST(identical(part, std::vector<float>(whole.begin() + first, whole.end())));
  }
  auto backwards = shard_of(eval(long_expression(x(range(std::nullopt, std::nullopt, -1)))));
  std::reverse(backwards.begin(), backwards.end());
  BOOST_TEST(identical(backwards, whole));
}

BOOST_AUTO_TEST_SUITE_END()
