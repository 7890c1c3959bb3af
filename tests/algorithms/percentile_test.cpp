// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// finite_percentile against a sort, with the positions that NumPy's default interpolates between; the same bits for every cut.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace priel;
using namespace priel::test;

float value(const Index<2>& i) {
  const int m = mark(i);
  if (m % 13 == 0) return m % 2 == 0 ? INFINITY : -INFINITY;
  return m % 11 == 0 ? static_cast<float>(priel::nan) : static_cast<float>(m % 1001 - 500) * 0.37f;
}

double by_sorting(const Shape<2>& shape, double q) {
  std::vector<double> finite;
  Index<2> i;
  for (Size n = shape.size(); n > 0; --n, advance(shape, i))
    if (std::isfinite(value(i))) finite.push_back(value(i));
  std::sort(finite.begin(), finite.end());
  const double position = q / 100 * static_cast<double>(finite.size() - 1), below = std::floor(position);
  const double low = finite[static_cast<std::size_t>(below)], high = finite[std::min(finite.size() - 1, static_cast<std::size_t>(below) + 1)];
  return low + (high - low) * (position - below);
}

template <class Backend, class P>
void check() {
  for (const Shape<2>& shape : {Shape<2>{1, 2}, Shape<2>{3, 7}, Shape<2>{40, 9}}) {
    const auto x = filled<Array<float, 2, P, Backend>>(shape, value);
    for (const double q : {0.0, 12.5, 50.0, 99.7, 100.0})
      expect(finite_percentile(x, q) == by_sorting(shape, q), std::to_string(q) + " % of " + to_string(shape) + ", " + described<Backend, P>());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(percentiles)

BOOST_AUTO_TEST_CASE(of_finite_values) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<Backend, Replicated>();
      check<Backend, Split<0>>();
    });
    check<Host, Split<1>>();
  });
}

BOOST_AUTO_TEST_CASE(nothing_finite_and_wrong_shares) {
  on_ranks([] {
    const auto x = filled<Array<float, 1, Split<0>>>({5}, [](const Index<1>&) { return INFINITY; });
    expect(std::isnan(finite_percentile(x, 50)), "nothing is finite");
    for (const double q : {-1.0, 100.5, priel::nan}) expect(throws<InputError>([&] { finite_percentile(x, q); }), std::to_string(q) + " %");
  });
}

BOOST_AUTO_TEST_SUITE_END()
