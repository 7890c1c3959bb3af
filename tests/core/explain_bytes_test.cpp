// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// explain: the bytes it predicts are the bytes that MPI is given, rank by rank, row by row of the rules.
#include <tests/support/arrays.hpp>
#include <tests/support/pmpi.hpp>

#include <priel/slice.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/policies/window.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <int Rank>
float value(const Index<Rank>& i) { return static_cast<float>(mark(i)); }

template <class P>
auto made(const Shape<2>& shape) { return filled<Array<float, 2, P, Reference>>(shape, value<2>); }

// Fewer, as many, and more rows or columns than ranks; none.
const std::vector<Shape<2>> shapes{{0, 3}, {1, 4}, {3, 2}, {7, 5}, {8, 1}, {4, 28}};

template <class F>
void with_shapes(F&& f) {
  on_ranks([&] {
    for (const auto& shape : shapes) {
      Predictions predictions;
      f(predictions, shape);
    }
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(explain_bytes)

BOOST_AUTO_TEST_CASE(point_wise_and_shape) {
  with_shapes([](Predictions& p, const Shape<2>& shape) {
    const auto x = made<Split<0>>(shape);
    const auto r = made<Replicated>(shape);
    p.check("R o S0", 2 * x + r);
    p.check("G o S0 into S1", sqrt(x + 1), split<1>);
    p.check("transpose", transpose(x));
    p.check("transpose into R", transpose(x), replicated);
    p.check("a column", x(all, 0));
    p.check("every second column into S1", x(all, range(0, 100, 2)), split<1>);
    p.check("newaxis", x(newaxis, all));
    if (shape[0] > 0) {
      p.check("the last row", x(-1));
      p.check("the first row, twice", x(0) + x(0));
      p.check("a row under all", x - x(0));
      p.check("an element", x(0, 0));
    }
  });
}

BOOST_AUTO_TEST_CASE(windows_and_halos) {
  with_shapes([](Predictions& p, const Shape<2>& shape) {
    const auto x = made<Split<0>>(shape);
    const auto part = x(range(1, 6), all);
    p.check("a window", part);
    p.check("a window of a function, moved", 2 * x(range({}, {}, 2), all), split<1>);
    p.check("windows that meet", part + part, replicated);
    p.check("a reduced window", sum(x(range(1, 6), all), axis<0>));
    if (shape[0] > 2) p.check("differences", x(from<1>, all) - x(until<-1>, all));
  });
}

BOOST_AUTO_TEST_CASE(redistributions) {
  with_shapes([](Predictions& p, const Shape<2>& shape) {
    const auto pairs = [&](const std::string& what, const auto& x) {
      p.check(what + " into R", x, replicated);
      p.check(what + " into S0", x, split<0>);
      p.check(what + " into S1", x, split<1>);
    };
    pairs("R", made<Replicated>(shape));
    pairs("S0", made<Split<0>>(shape));
    pairs("S1", made<Split<1>>(shape));
    pairs("G", full<float>({shape[0], shape[1]}, 1));
    const auto x = made<Split<0>>(shape);
    p.check("a node", 2 * redistribute(x, split<1>) + 1);
    const auto y = redistribute(x, split<1>);
    p.check("a node, twice", y + y);
    p.check("to where it is", redistribute(x, split<0>) + x);
    p.check("the lighter operand, moved", astype<double>(x), split<1>);
    p.check("a lighter operand below another", astype<double>(2 * x) + 1, replicated);
    p.check("there and back", redistribute(redistribute(x, split<1>), replicated) + 1);
  });
}

BOOST_AUTO_TEST_CASE(reductions) {
  with_shapes([](Predictions& p, const Shape<2>& shape) {
    const auto x = made<Split<0>>(shape);
    const auto y = made<Split<1>>(shape);
    p.check("along the rows", sum(x, axis<1>));
    p.check("along the rows into R", sum(x, axis<1>), replicated);
    p.check("across into R", sum(x, axis<0>));
    p.check("across into S0", sum(x, axis<0>), split<0>);
    p.check("keepdims into S1", mean(y, axis<1>, keepdims), split<1>);
    p.check("all", mean(y));
    p.check("count", count_nonzero(x > 3, axis<0>));
    p.check("var", var(x, axis<0>));
    p.check("stddev into S0", stddev(x, axis<0>), split<0>);
    p.check("any", any(x > 3, axis<0>), split<0>);
    if (shape[0] > 0) p.check("min", min(x, axis<0>));
    p.check("centred", x - mean(x, axis<0>));
    p.check("of what is centred", sum(square(x - mean(x, axis<0>)), axis<0>), split<0>);
    p.check("moved before", sum(redistribute(x, split<1>), axis<1>));
  });
}

BOOST_AUTO_TEST_CASE(several_in_one_statement) {
  with_shapes([](Predictions& p, const Shape<2>& shape) {
    const auto x = made<Split<0>>(shape);
    p.check("mean and stddev", mean(x, axis<0>) + 3 * stddev(x, axis<0>));
    p.check("the same under x", (x - mean(x, axis<0>)) / stddev(x, axis<0>));
    p.check("pending", sum(x, axis<0>) - 2 * sum(x, axis<0>));
    p.check("pending into S0", sum(x, axis<0>) - 2 * mean(x, axis<0>), split<0>);
    p.check("pending and another", sum(x, axis<0>) + var(x, axis<0>));
    p.check("of two operands", sum(x, axis<0>) * sum(x * x, axis<0>));
    const auto m = mean(x, axis<0>);
    p.check("the first use", x - m);
    p.check("the second use", x * m);
  });
}

BOOST_AUTO_TEST_SUITE_END()
