// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Point-wise operators and functions against NumPy, for every element type, over every pair of its special values.
#include <tests/core/numpy.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Compares e, evaluated, with NumPy's answer; a type that NumPy does not offer it for is left out.
template <class E>
void check(const Answer& answer, const E& e) {
  try {
    expect_equal(eval(e), answer, 0, backend_of<E>::name);
  } catch (const std::exception& error) {
    BOOST_ERROR(error.what());
  }
}

template <class Backend, class T>
void check_arithmetic() {
  const auto a = array_of<Array<T, 1, Replicated, Backend>>(numpy<T>("a"));
  const auto b = array_of<Array<T, 1, Replicated, Backend>>(numpy<T>("b"));
  check(numpy<T>("a + b"), a + b);
  check(numpy<T>("a * b"), a * b);
  check(numpy<T>("a / b"), a / b);
  check(numpy<T>("np.maximum(a, b)"), maximum(a, b));
  check(numpy<T>("np.minimum(a, b)"), minimum(a, b));
  check(numpy<T>("np.where(a > b, a, b)"), where(a > b, a, b));
  if constexpr (!std::is_same_v<T, bool>) {
    check(numpy<T>("a - b"), a - b);
    check(numpy<T>("-a"), -a);
    check(numpy<T>("np.square(a)"), square(a));
    check(numpy<T>("np.abs(a)"), abs(a));
    check(numpy<T>("a // b"), floor_divide(a, b));
    check(numpy<T>("a % b"), a % b);
    check(numpy<T>("np.clip(a, T(1), T(3))"), clip(a, 1, 3));
  }
  check(numpy<T>("a.astype(np.float32)"), astype<float>(a));
  check(numpy<T>("a.astype(bool)"), astype<bool>(a));
}

template <class Backend, class T>
void check_logic() {
  const auto a = array_of<Array<T, 1, Replicated, Backend>>(numpy<T>("a"));
  const auto b = array_of<Array<T, 1, Replicated, Backend>>(numpy<T>("b"));
  check(numpy<T>("a < b"), a < b);
  check(numpy<T>("a <= b"), a <= b);
  check(numpy<T>("a > b"), a > b);
  check(numpy<T>("a >= b"), a >= b);
  check(numpy<T>("a == b"), a == b);
  check(numpy<T>("a != b"), a != b);
  check(numpy<T>("np.logical_and(a, b)"), logical_and(a, b));
  check(numpy<T>("np.logical_or(a, b)"), logical_or(a, b));
  check(numpy<T>("np.logical_xor(a, b)"), logical_xor(a, b));
  check(numpy<T>("np.logical_not(a)"), !a);
  if constexpr (std::is_integral_v<T>) {
    check(numpy<T>("a & b"), a & b);
    check(numpy<T>("a | b"), a | b);
    check(numpy<T>("a ^ b"), a ^ b);
    check(numpy<T>("~a"), ~a);
  } else {
    check(numpy<T>("np.isnan(a)"), isnan(a));
    check(numpy<T>("np.isinf(a)"), isinf(a));
    check(numpy<T>("np.isfinite(a)"), isfinite(a));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(operators, *boost::unit_test::label("serial"))

BOOST_AUTO_TEST_CASE(arithmetic) {
  for_each_type<Backends>([]<class Backend>() {
    for_each_type<std::tuple<bool, std::uint8_t, std::int64_t, float>>([]<class T>() { check_arithmetic<Backend, T>(); });
  });
}

BOOST_AUTO_TEST_CASE(comparisons_and_logic) {
  for_each_type<Backends>([]<class Backend>() {
    for_each_type<std::tuple<bool, int, double>>([]<class T>() { check_logic<Backend, T>(); });
  });
}

// The types that operands meet in, for every pair; a Python scalar is a C++ one here.
BOOST_AUTO_TEST_CASE(element_types) {
  using Types = std::tuple<bool, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t,
                           float, double, std::complex<float>, std::complex<double>>;
  for_each_type<Types>([]<class A>() {
    const auto asked = [](const char* other) { return numpy(std::string("promote ") + numpy_name<A> + " " + other).type; };
    for_each_type<Types>([&]<class B>() { BOOST_TEST((numpy_name<promote<A, B>> == asked(numpy_name<B>)), numpy_name<A> << " with " << numpy_name<B>); });
    const auto with = [&]<class S>(const char* other, S) {
      BOOST_TEST((numpy_name<decltype(detail::promote_weak<A, false, S, true>())> == asked(other)), numpy_name<A> << " with " << other);
    };
    with("a Python bool", true);
    with("a Python int", 1);
    with("a Python float", 1.0);
    with("a Python complex", std::complex<double>(1));
  });
}

// Whatever the types, a comparison is that of the numbers.
BOOST_AUTO_TEST_CASE(comparisons_across_signs_are_exact) {
  for_each_type<Backends>([]<class Backend>() {
    const auto bytes = filled<Array<std::uint8_t, 1, Replicated, Backend>>({3}, [](const Index<1>& i) { return 100 * i[0]; });
    BOOST_TEST(!item(any(bytes < -1)));
    BOOST_TEST(item(all(bytes > -1)));
    BOOST_TEST(!item(any(bytes == 300)));
    BOOST_TEST(item(all(bytes < 300)));
    BOOST_TEST(item(all(-1 < bytes)));
    const auto large = filled<Array<std::uint64_t, 1, Replicated, Backend>>({2}, [](const Index<1>&) { return ~std::uint64_t{0}; });
    const auto small = filled<Array<std::int64_t, 1, Replicated, Backend>>({2}, [](const Index<1>& i) { return -1 + i[0] * (std::int64_t{1} << 53); });
    BOOST_TEST(!item(any(large == small)));
    BOOST_TEST(item(all(small < large)));
    BOOST_TEST(item(all(large > small)));
    BOOST_TEST(item(all(large > -1)));
    const auto odd = filled<Array<std::uint64_t, 1, Replicated, Backend>>({1}, [](const Index<1>&) { return (std::uint64_t{1} << 53) + 1; });
    const auto even = filled<Array<std::int64_t, 1, Replicated, Backend>>({1}, [](const Index<1>&) { return std::int64_t{1} << 53; });
    BOOST_TEST(item(all(even != odd)));
    BOOST_TEST(item(all(even < odd)));
    BOOST_TEST(item(all(even >= even)));
  });
}

BOOST_AUTO_TEST_SUITE_END()
