// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// explain of shape functions and contractions: the bytes it predicts are the bytes that MPI is given, rank by rank.
#include <tests/algorithms/explain_operands.hpp>

#include <priel/backend/host.hpp>

#include <priel/algorithms/cdist.hpp>
#include <priel/algorithms/concatenate.hpp>
#include <priel/algorithms/diff.hpp>
#include <priel/algorithms/matmul.hpp>
#include <priel/algorithms/outer.hpp>
#include <priel/algorithms/reshape.hpp>
#include <priel/algorithms/ring.hpp>
#include <priel/algorithms/roll.hpp>
#include <priel/algorithms/take.hpp>

#include <boost/test/unit_test.hpp>

using namespace priel;
using namespace priel::test;

BOOST_AUTO_TEST_SUITE(explain_shape)

BOOST_AUTO_TEST_CASE(joined) {
  with_shapes([](Predictions& p, const auto& x, const auto&, const auto&) {
    p.check("side by side", concatenate(axis<1>, x, x));
    p.check("one below the other", concatenate(axis<0>, x, 2 * x));
    p.check("stack", stack(axis<1>, x, x));
  });
}

BOOST_AUTO_TEST_CASE(moved) {
  with_shapes([](Predictions& p, const auto& x, const auto& y, const auto&) {
    p.check("roll of rows", roll(x, 1, axis<1>));
    p.check("roll across", roll(x, 2, axis<0>));
    p.check("flip across", flip(y, axis<1>));
    p.check("differences across", diff(x, axis<0>));
    p.check("reshape", reshape(x, {x.shape()[1], x.shape()[0]}));
    p.check("ravel", ravel(x));
  });
}

BOOST_AUTO_TEST_CASE(taken) {
  with_shapes([](Predictions& p, const auto& x, const auto& y, const auto&) {
    const auto first = filled<Array<Size, 1, Replicated, Reference>>({3}, [](const Index<1>&) { return 0; });
    p.check("columns", take<1>(x, first));
    p.check("rows that everybody wants", take<0>(x, first));
    p.check("columns across", take<1>(y, first));
  });
}

BOOST_AUTO_TEST_CASE(contracted) {
  with_shapes([](Predictions& p, const auto& x, const auto& y, const auto& r) {
    const auto t = eval(transpose(r));
    p.check("S0 R", matmul(x, t));
    p.check("S1 S0", matmul(y, transpose(y)));
    p.check("S1 S0 into S0", matmul(y, transpose(y)), split<0>);
    p.check("R S1", matmul(t, y));
    p.check("outer", outer(x(all, 0), r(0)));
    p.check("distances", cdist(x, r));
    p.check("distances of split features", cdist(y, y));
    p.check("a ring of distances", cdist_ring(x, x));
    p.check("a ring of products", matmul_ring(x, eval(redistribute(transpose(r), split<0>))));
  });
}

BOOST_AUTO_TEST_SUITE_END()
