// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reductions against NumPy: element types, axes, keepdims, NaN, no elements; replicated and split operands.
#include <tests/core/numpy.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// NumPy adds floats pairwise in their own type.
constexpr int few = 8;

template <class Backend, class P>
void check_axes() {
  using T = float;
  const auto where = described<Backend, P>();
  const auto m = array_of<Array<T, 3, P, Backend>>(numpy<T>("m"));
  expect_equal(eval(sum(m)), numpy<T>("np.sum(m)"), few, where);
  expect_equal(eval(sum(m, axis<0>)), numpy<T>("np.sum(m, axis=0)"), few, where);
  expect_equal(eval(sum(m, axis<1>)), numpy<T>("np.sum(m, axis=1)"), few, where);
  expect_equal(eval(sum(m, axis<-1>)), numpy<T>("np.sum(m, axis=-1)"), few, where);
  expect_equal(eval(sum(m, axis<0, 2>)), numpy<T>("np.sum(m, axis=(0, 2))"), few, where);
  expect_equal(eval(sum(m, axis<1>, keepdims)), numpy<T>("np.sum(m, axis=1, keepdims=True)"), few, where);
  expect_equal(eval(var(m, axis<0>)), numpy<T>("np.var(m, axis=0)"), few, where);
  expect_equal(eval(var(m, axis<1, 2>)), numpy<T>("np.var(m, axis=(1, 2))"), few, where);
  expect_equal(eval(stddev(m, axis<2>, keepdims)), numpy<T>("np.std(m, axis=2, keepdims=True)"), few, where);
  expect_equal(eval(max(m, axis<1>)), numpy<T>("np.max(m, axis=1)"), 0, where);
  expect_equal(eval(min(m, axis<0, 1>, keepdims)), numpy<T>("np.min(m, axis=(0, 1), keepdims=True)"), 0, where);
  expect_equal(eval(m - mean(m, axis<0>)), numpy<T>("m - np.mean(m, axis=0)"), few, where);
  expect_equal(eval(sum(m, axis<2>) / mean(m, axis<0>, keepdims)(0, all, 1)), numpy<T>("np.sum(m, axis=2) / np.mean(m, axis=0)[:, 1]"), few, where);
  expect_equal(eval(all(m > -12, axis<0>)), numpy<T>("np.all(m > -12, axis=0)"), 0, where);
}

// Every statistic of a type, over the split axis and over all.
template <class Backend, class T>
void check_type() {
  const std::string where = Backend::name;
  const auto m = array_of<Array<T, 3, Split<0>, Backend>>(numpy<T>("m"));
  expect_equal(eval(sum(m, axis<0>)), numpy<T>("np.sum(m, axis=0)"), few, where);
  expect_equal(eval(prod(m, axis<0>)), numpy<T>("np.prod(m, axis=0)"), few, where);
  expect_equal(eval(mean(m, axis<0>)), numpy<T>("np.mean(m, axis=0)"), few, where);
  expect_equal(eval(var(m)), numpy<T>("np.var(m)"), few, where);
  expect_equal(eval(min(m, axis<0>)), numpy<T>("np.min(m, axis=0)"), 0, where);
  expect_equal(eval(max(m)), numpy<T>("np.max(m)"), 0, where);
  expect_equal(eval(any(m, axis<0>)), numpy<T>("np.any(m, axis=0)"), 0, where);
  expect_equal(eval(all(m, axis<0>)), numpy<T>("np.all(m, axis=0)"), 0, where);
  expect_equal(eval(count_nonzero(m, axis<0>)), numpy<T>("np.count_nonzero(m, axis=0)"), 0, where);
}

template <class Backend, class T>
void check_not_finite() {
  const std::string where = std::string("NaN, ") + Backend::name;
  const auto n = array_of<Array<T, 3, Split<0>, Backend>>(numpy<T>("n"));
  expect_equal(eval(sum(n, axis<0>)), numpy<T>("np.sum(n, axis=0)"), few, where);
  expect_equal(eval(mean(n)), numpy<T>("np.mean(n)"), few, where);
  expect_equal(eval(min(n, axis<0>)), numpy<T>("np.min(n, axis=0)"), 0, where);
  expect_equal(eval(max(n, axis<0>)), numpy<T>("np.max(n, axis=0)"), 0, where);
  expect_equal(eval(max(n, axis<1, 2>)), numpy<T>("np.max(n, axis=(1, 2))"), 0, where);
  expect_equal(eval(var(n, axis<2>)), numpy<T>("np.var(n, axis=2)"), few, where);
  expect_equal(eval(any(isnan(n), axis<0>)), numpy<T>("np.any(np.isnan(n), axis=0)"), 0, where);
}

template <class Backend, class P>
void check_no_elements() {
  using T = double;
  const auto where = described<Backend, P>();
  const auto e = array_of<Array<T, 3, P, Backend>>(numpy<T>("m[:, :0]"));
  expect_equal(eval(sum(e, axis<1>)), numpy<T>("np.sum(m[:, :0], axis=1)"), 0, where);
  expect_equal(eval(prod(e)), numpy<T>("np.prod(m[:, :0])"), 0, where);
  expect_equal(eval(mean(e, axis<1>)), numpy<T>("np.mean(m[:, :0], axis=1)"), 0, where);
  expect_equal(eval(var(e)), numpy<T>("np.var(m[:, :0])"), 0, where);
  expect_equal(eval(any(e)), numpy<T>("np.any(m[:, :0])"), 0, where);
  expect_equal(eval(all(e, axis<1>)), numpy<T>("np.all(m[:, :0], axis=1)"), 0, where);
  expect_equal(eval(sum(e, axis<0>)), numpy<T>("np.sum(m[:, :0], axis=0)"), 0, where);
  expect(throws<ShapeError>([&] { max(e); }) && throws<ShapeError>([&] { min(e, axis<1>); }), "max and min of nothing, " + where);
  expect(!throws<ShapeError>([&] { eval(max(e, axis<0>)); }), "max over an axis that has elements, " + where);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reductions)

BOOST_AUTO_TEST_CASE(axes) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for_each_type<std::tuple<Replicated, Split<0>, Split<1>>>([]<class P>() { check_axes<Backend, P>(); });
    });
  });
}

BOOST_AUTO_TEST_CASE(element_types) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for_each_type<std::tuple<std::uint8_t, std::int64_t, double>>([]<class T>() { check_type<Backend, T>(); });
    });
  });
}

BOOST_AUTO_TEST_CASE(truth_values) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      using T = bool;
      const auto m = array_of<Array<T, 3, Split<1>, Backend>>(numpy<T>("m"));
      expect_equal(eval(sum(m, axis<1>)), numpy<T>("np.sum(m, axis=1)"), 0, Backend::name);
      expect_equal(eval(mean(m)), numpy<T>("np.mean(m)"), few, Backend::name);
      expect_equal(eval(max(m, axis<1>)), numpy<T>("np.max(m, axis=1)"), 0, Backend::name);
      expect_equal(eval(all(m)), numpy<T>("np.all(m)"), 0, Backend::name);
    });
  });
}

BOOST_AUTO_TEST_CASE(values_that_are_not_finite) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() { check_not_finite<Backend, float>(); });
  });
}

BOOST_AUTO_TEST_CASE(no_elements) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_no_elements<Backend, Replicated>();
      check_no_elements<Backend, Split<1>>();
    });
  });
}

// Sums of floats are accumulated in double: neither the order nor the number of ranks shows in a sum of many.
BOOST_AUTO_TEST_CASE(floats_are_accumulated_in_double) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const Size n = 300000;
      const auto x = filled<Array<float, 1, Split<0>, Backend>>({n}, [](const Index<1>& i) { return i[0] == 0 ? 1e9f : 0.1f; });
      const double exact = 1e9 + static_cast<double>(0.1f) * static_cast<double>(n - 1);
      expect(item(sum(x)) == static_cast<float>(exact), "sum");
      expect(item(mean(x)) == static_cast<float>(exact / static_cast<double>(n)), "mean");
      const auto shifted = filled<Array<float, 1, Split<0>, Backend>>({n}, [](const Index<1>& i) { return 1000 + static_cast<float>(i[0] % 2); });
      expect(item(var(shifted)) == 0.25f, "the variance of large values");
    });
  });
}

BOOST_AUTO_TEST_SUITE_END()
