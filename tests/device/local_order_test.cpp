// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Lines of the lengths that Device orders in different ways, against Reference; and that they are ordered in the device's memory.
#define PRIEL_TEST_DEVICE
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using namespace priel;
using namespace priel::test;

// Device, with the bytes counted that the CPU gets of its memory.
struct Watched : Device {
  static inline std::atomic<Size> downloaded{0};
  static void download(void* to, const void* from, Size bytes) {
    downloaded += bytes;
    Device::download(to, from, bytes);
  }
};

// Ties, zeros of both signs, NaN and infinities.
template <int Rank>
double element(const Index<Rank>& i) {
  const int m = mark(i) * 7919 % 1009;
  return m % 97 == 3 ? priel::nan : m % 89 == 1 ? -INFINITY : m % 61 == 0 ? -0.0 : (m - 500) * 0.25;
}

template <class A>
A on_device(const Shape<A::rank>& shape) { return filled<A>(shape, element<A::rank>); }
template <class A>
auto on_reference(const A& x) { return filled<Array<value_of<A>, A::rank, policy_of<A>, Reference>>(x.shape(), element<A::rank>); }

// f of an array on Device and on Reference.
template <class A, class F>
void check(const A& x, const char* what, F&& f) {
  const auto found = eval(f(x));
  const auto expected = eval(f(on_reference(x)));
  expect(found.shape() == expected.shape() && identical(shard_of(found), shard_of(expected)), what + std::string(" of ") + to_string(x.shape()));
}

template <class T>
void check_lines(const Shape<2>& shape) {
  const auto x = on_device<Array<T, 2, Split<0>, Device>>(shape);
  const auto across = on_device<Array<T, 2, Split<1>, Device>>(shape);
  const auto sorted = [](const auto& a) { return sort(a); };
  const auto order = [](const auto& a) { return argsort(a); };
  check(x, "sort", sorted);
  check(x, "argsort", order);
  check(across, "sort across ranks", sorted);
  check(across, "argsort across ranks", order);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(local_order)

BOOST_AUTO_TEST_CASE(lines_of_every_length) {
  on_ranks([] {
    for (const Shape<2>& shape : {Shape<2>{5, 20}, Shape<2>{3, 200}, Shape<2>{70, 40}, Shape<2>{1, 5000}}) {
      check_lines<float>(shape);
      check_lines<double>(shape);
      const auto x = on_device<Array<float, 2, Split<0>, Device>>(shape);
      for (const Size k : {1, 7, 20}) check(x, "argtopk", [k](const auto& a) { return argtopk(a, k); });
      check(x, "quantile", [](const auto& a) { return quantile(where(isnan(a), 0.0f, a), 0.7, axis<1>); });
      check(x, "argmax", [](const auto& a) { return argmax(a, axis<1>); });
    }
    const auto x = on_device<Array<float, 2, Split<1>, Device>>({4, 3001});
    check(x, "topk by sorting", [](const auto& a) { return topk(a, 333); });
    check(x, "topk by shares", [](const auto& a) { return topk(a, 32); });
    check(x, "argmin of all", [](const auto& a) { return argmin(where(isnan(a), 0.0f, a)); });
    check(x, "quantile of all", [](const auto& a) { return quantile(where(isnan(a), 0.0f, a), 0.1); });
    check(x, "cumsum", [](const auto& a) { return cumsum(where(isfinite(a), a, 0.0f), axis<1>); });
    check(x, "nonzero", [](const auto& a) { return nonzero(redistribute(a, split<0>)); });
  }, {1, 3, 5});
}

BOOST_AUTO_TEST_CASE(long_lines, *boost::unit_test::label("serial")) {
  const auto x = on_device<Array<float, 1, Replicated, Device>>({70000});
  BOOST_CHECK_NO_THROW(check(x, "histogram by sorting", [](const auto& a) { return histogram(a, 5000, -100, 100); }));
  BOOST_CHECK_NO_THROW(check(x, "histogram by pieces", [](const auto& a) { return histogram(a, 50, -100, 100); }));
  BOOST_CHECK_NO_THROW(check(x, "cumsum", [](const auto& a) { return cumsum(where(isfinite(a), a, 0.0f), axis<0>); }));
  BOOST_CHECK_NO_THROW(check(x, "argmax", [](const auto& a) { return argmax(where(isnan(a), 0.0f, a)); }));
  BOOST_CHECK_NO_THROW(check(x, "argtopk", [](const auto& a) { return argtopk(a, 9); }));
}

BOOST_AUTO_TEST_CASE(stays_on_the_device) {
  on_ranks([] {
    const auto x = filled<Array<float, 2, Split<0>, Watched>>({31, 50}, element<2>);
    const auto r = filled<Array<float, 1, Replicated, Watched>>({1000}, element<1>);
    const auto downloads = [](const char* what, Size most, auto&& statement) {
      world()->barrier();
      const Size before = Watched::downloaded;
      world()->barrier();
      statement();
      world()->barrier();
      const Size bytes = Watched::downloaded - before;
      expect(bytes <= most, what + std::string(" brings ") + std::to_string(bytes) + " bytes");
      world()->barrier();
    };
    downloads("sort", 0, [&] { eval(sort(x)); });
    downloads("argsort", 0, [&] { eval(argsort(r)); });
    downloads("topk", 0, [&] { eval(topk(x, 5)); });
    downloads("argtopk", 0, [&] { eval(argtopk(x, 40)); });
    downloads("percentile", 0, [&] { eval(percentile(x, 30, axis<1>)); });
    downloads("argmin", 0, [&] { eval(argmin(x, axis<1>)); });
    downloads("cumsum", 0, [&] { eval(cumsum(x, axis<1>)); });
    downloads("unique", 0, [&] { unique(r); });
    downloads("nonzero", 0, [&] { nonzero(r); });
    downloads("x(mask)", 0, [&] { r(r > 0); });
    downloads("x(mask) = y", 0, [&] {
      auto y = r;
      y(r > 0) = 2 * r(r > 0);
    });
    // Of every rank: what is sent, or counts.
    const Size p = world()->size();
    downloads("argmax of all", 16 * p, [&] { eval(argmax(x)); });
    downloads("histogram", 8 * 9 * p, [&] { eval(histogram(x, 9, -3, 3)); });
    downloads("topk across ranks", 12 * 50 * 2 * p, [&] { eval(topk(x, 2, axis<0>)); });
  }, {1, 3});
}

BOOST_AUTO_TEST_SUITE_END()
