// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// explain of contractions: the bytes it predicts are the bytes that MPI is given, rank by rank.
#include <tests/algorithms/explain_operands.hpp>

#include <priel/abstract.hpp>
#include <priel/algorithms/cdist.hpp>
#include <priel/algorithms/convolve.hpp>
#include <priel/algorithms/fft.hpp>
#include <priel/algorithms/linalg.hpp>
#include <priel/algorithms/norm.hpp>
#include <priel/algorithms/outer.hpp>
#include <priel/algorithms/polynomial.hpp>
#include <priel/algorithms/solve.hpp>

#include <boost/test/unit_test.hpp>

using namespace priel;
using namespace priel::test;

namespace {

struct Unit {
  template <int Rank>
  double operator()(const Index<Rank>& i) const { return i[Rank - 1] == i[Rank - 2]; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(explain_contractions)

BOOST_AUTO_TEST_CASE(products) {
  on_ranks([] {
    for (const auto& [m, k, n] : std::vector<Shape<3>>{{1, 4, 2}, {3, 2, 5}, {7, 5, 3}, {4, 28, 9}}) {
      Predictions p;
      const auto rows = made<Split<0>>(Shape<2>{m, k}), more = made<Split<0>>(Shape<2>{k, n});
      const auto columns = made<Split<1>>(Shape<2>{m, k}), others = made<Split<1>>(Shape<2>{k, n});
      const auto b = made<Replicated>(Shape<2>{k, n});
      p.check("S0 R", matmul(rows, b));
      p.check("S1 S0", matmul(columns, more));
      p.check("S1 S0 into S0", matmul(columns, more), split<0>);
      p.check("S1 S0 into S1", 2 * matmul(columns, more) - matmul(columns, b), split<1>);
      p.check("of what is redistributed", matmul(redistribute(rows, split<1>), b), split<0>);
      p.check("of a pending sum", matmul(rows, redistribute(sum(columns, axis<1>)(range(0, 1)), replicated) * made<Replicated>(Shape<2>{k, 1})));
      p.check("S0 S0 round", matmul_ring(rows, more));
      p.check("S1 S1 round", matmul_ring(columns, others));
      p.check("S0 S1 round", matmul_ring(rows, others) + 1);
      p.check("trace", trace(rows) + trace(columns));
      p.check("norm", norm(rows, axis<0>));
      p.check("distances", cdist(rows, made<Replicated>(Shape<2>{n, k})));
      p.check("of split features", cdist(columns, made<Split<1>>(Shape<2>{n, k})));
      p.check("round", cdist_ring(rows, made<Split<0>>(Shape<2>{n, k})));
    }
  });
}

BOOST_AUTO_TEST_CASE(linear_algebra) {
  on_ranks([] {
    Predictions p;
    const auto batch = eval(made<Split<0>>(Shape<3>{5, 3, 3}) + 50 * generate<double>(Shape<3>{5, 3, 3}, Unit{}));
    const auto matrix = eval(made<Replicated>(Shape<2>{4, 4}) + 50 * generate<double>(Shape<2>{4, 4}, Unit{}));
    p.check("inverses", linalg::inv(batch));
    p.check("determinants", linalg::det(batch) + 1);
    p.check("one inverse", linalg::inv(matrix));
    p.check("systems", linalg::solve(batch, made<Split<0>>(Shape<3>{5, 3, 2})));
    p.check("columns", linalg::solve(matrix, made<Split<1>>(Shape<2>{4, 6})));
    p.check("rows' spectra", fft::rfft(made<Split<0>>(Shape<2>{7, 6})));
    p.check("powers", polyval(made<Replicated>(Shape<1>{4}), made<Split<1>>(Shape<2>{2, 9})));
  });
}

BOOST_AUTO_TEST_CASE(convolutions) {
  on_ranks([] {
    for (const auto& [n, m] : std::vector<Shape<2>>{{1, 1}, {9, 4}, {3, 11}, {100, 7}}) {
      Predictions p;
      const auto x = made<Split<0>>(Shape<1>{n});
      const auto v = made<Replicated>(Shape<1>{m});
      p.check("full", convolve(x, v));
      p.check("same", convolve(v, x, Mode::same));
      p.check("valid", correlate(x, v));
      p.check("of a sum", convolve(x + 1, v, Mode::valid));
    }
  });
}

// Operands that nobody has.
BOOST_AUTO_TEST_CASE(abstract_operands) {
  const auto a = abstract<double>({1000, 40}, split<1>);
  const auto b = abstract<double>({40, 10}, split<0>);
  const auto pending = explain(matmul(a, b), ranks(8));
  BOOST_TEST((pending.collectives() == Collectives(Collective::all_reduce)));
  BOOST_TEST(pending.bytes(Collective::all_reduce).most() == 1000 * 10 * 8);
  const auto round = explain(cdist_ring(abstract<float>({4000, 18}, split<0>), abstract<float>({4000, 18}, split<0>)), ranks(4));
  BOOST_TEST(round.bytes(Collective::exchange).most() == 3 * 1000 * 18 * 4);
  const auto neighbours = explain(convolve(abstract<float>({4000}, split<0>), abstract<float>({5}, replicated), Mode::same), ranks(4));
  BOOST_TEST(neighbours.bytes(Collective::exchange).most() == 4 * 4);
  BOOST_TEST((explain(fft::fft2(abstract<double>({100, 64, 64}, split<0>)), ranks(4)).collectives() == Collectives()));
  BOOST_TEST((explain(linalg::solve(abstract<double>({100, 8, 8}, split<0>), abstract<double>({100, 8}, split<0>)), ranks(4)).collectives() == Collectives(Collective::all_reduce)));
  BOOST_TEST((explain(polyval(abstract<double>({3}, replicated), abstract<double>({100}, split<0>)), ranks(4)).collectives() == Collectives()));
}

BOOST_AUTO_TEST_SUITE_END()
