// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// finite_percentile against a sort, with the positions that NumPy's default interpolates between; median and percentile against
// NumPy itself; the same bits for every cut.
#include <tests/algorithms/order_answers.hpp>

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

template <class A>
void check_axes(std::initializer_list<const char*> names) {
  const auto where = described<backend_of<A>, policy_of<A>>();
  for (const char* name : names) {
    const auto x = operand<A>(name);
    expect_equal(eval(percentile(x, 30, axis<0>)), numpy_order(name, "np.percentile(x, 30, 0)"), 0, where);
    expect_equal(eval(percentile(x, 99.7, axis<-1>)), numpy_order(name, "np.percentile(x, 99.7, -1)"), 0, where);
    expect_equal(eval(quantile(x, 0.625)), numpy_order(name, "np.quantile(x, 0.625)"), 0, where);
  }
}

template <class A>
void check_median(std::initializer_list<const char*> names) {
  const auto where = described<backend_of<A>, policy_of<A>>();
  for (const char* name : names) {
    const auto x = operand<A>(name);
    expect_equal(eval(median(x, axis<0>)), numpy_order(name, "np.median(x, 0)"), 0, where);
    expect_equal(eval(median(x, axis<1>)), numpy_order(name, "np.median(x, 1)"), 0, where);
    expect_equal(eval(median(x)), numpy_order(name, "np.median(x)"), 0, where);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(percentiles)

BOOST_AUTO_TEST_CASE(as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_axes<Array<double, 2, Split<1>, Backend>>({"m", "m1", "m3"});
      check_median<Array<float, 2, Split<0>, Backend>>({"n", "n0", "n1", "n3", "wide"});
    });
#ifndef PRIEL_TEST_DEVICE
    check_axes<Array<std::int32_t, 3, Split<0>, Reference>>({"i"});
    const auto x = operand<Array<double, 2, Split<0>>>("m");
    expect_equal(eval(percentile(2 * x, 100, axis<0>)), numpy_order("m", "np.percentile(2 * x, 100, 0)"), 0, "an expression");
    expect_equal(eval(median(x(range(3, 12), all))), numpy_order("m", "np.median(x[3:12])"), 0, "a range of the split axis, all");
    expect_equal(eval(percentile(x(range(3, 12), all), 40, axis<0>)), numpy_order("m", "np.percentile(x[3:12], 40, 0)"), 0, "a range of the split axis");
    for (const double q : {-0.5, 100.5, priel::nan}) expect(throws<InputError>([&] { percentile(x, q, axis<0>); }), "not a percentage");
    expect(throws<ShapeError>([&] { percentile(operand<Array<float, 2>>("n0"), 50, axis<0>); }), "zero elements");
    const auto w = filled<Array<float, 1, Split<0>>>({4}, [](const Index<1>& i) { return i[0] < 2 ? -INFINITY : 1.0f; });
    expect(item(percentile(w, 20)) == -INFINITY && item(percentile(w, 100)) == 1, "infinities that need no interpolation");
#endif
  });
}

#ifndef PRIEL_TEST_DEVICE

// Lines and shares that are worth several threads; more lines than a pass counts by bytes.
BOOST_AUTO_TEST_CASE(many_elements) {
  const auto value = [](const Index<2>& i) { return static_cast<float>((i[0] * 7919 + i[1] * 104729) % 10007); };
  for (const Shape<2>& shape : {Shape<2>{40001, 5}, Shape<2>{2000, 100}}) {
    std::vector<float> expected;
    for (Size column = 0; column < shape[1]; ++column) {
      std::vector<float> line;
      for (Size i = 0; i < shape[0]; ++i) line.push_back(value({{i, column}}));
      std::sort(line.begin(), line.end());
      expected.push_back(line[static_cast<std::size_t>(shape[0] - 1) / 4]);
    }
    on_ranks([&] {
      const auto x = filled<Array<float, 2, Split<0>>>(shape, value);
      const Size n = shape[0] - 1;
      const auto found = eval(quantile(x, static_cast<double>(n / 4) / static_cast<double>(n), axis<0>));
      expect(holds(found, [&](const Index<1>& i) { return expected[static_cast<std::size_t>(i[0])]; }), to_string(shape));
    }, {1, 3});
  }
}

BOOST_AUTO_TEST_CASE(sends_counts) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = operand<Array<double, 2, Split<0>>>("m");
    expect(sent_by(median(x, axis<1>), comm).collectives == 0, "rows");
    auto sent = sent_by(median(x, axis<0>), comm);
    const bool alone = comm->size() == 1;
    expect(sent.sent == sent.planned && sent.collectives == (alone ? 0 : 9), "columns: a pass for each byte, and one for the next elements");
    expect(sent.sent == (alone ? 0 : 5 * (8 * 256 * 8 + 3 * 8)), "columns");
    sent = sent_by(percentile(filled<Array<float, 2, Split<0>>>({3, 70}, mark<2>), 50, axis<0>), comm);
    expect(sent.sent == sent.planned && sent.sent == (alone ? 0 : 70 * (8 * 16 * 8 + 3 * 4)), "many columns: four bits a pass");
    sent = sent_by(median(x), comm);
    expect(sent.sent == sent.planned && sent.sent == (alone ? 0 : 8 * 256 * 8 + 3 * 8), "all");
  });
}

#endif

BOOST_AUTO_TEST_CASE(of_finite_values) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<Backend, Replicated>();
      check<Backend, Split<0>>();
    });
#ifndef PRIEL_TEST_DEVICE
    check<Host, Split<1>>();
#endif
  });
}

#ifndef PRIEL_TEST_DEVICE
BOOST_AUTO_TEST_CASE(nothing_finite_and_wrong_shares) {
  on_ranks([] {
    const auto x = filled<Array<float, 1, Split<0>>>({5}, [](const Index<1>&) { return INFINITY; });
    expect(std::isnan(finite_percentile(x, 50)), "nothing is finite");
    for (const double q : {-1.0, 100.5, priel::nan}) expect(throws<InputError>([&] { finite_percentile(x, q); }), std::to_string(q) + " %");
  });
}
#endif

BOOST_AUTO_TEST_SUITE_END()
