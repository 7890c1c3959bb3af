// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Detectors: scores of new samples against scikit-learn and the definition, on every backend, policy and number of ranks.
#include <tests/algorithms/fixtures/novelty.hpp>
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <priel/algorithms/detector.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class P, class Backend>
auto samples(const std::vector<double>& values) {
  const auto n = static_cast<Size>(values.size()) / 3;
  return filled<Array<double, 2, P, Backend>>({n, 3}, [&](const Index<2>& i) { return values[static_cast<std::size_t>(i[0] * 3 + i[1])]; });
}

// scikit-learn adds 1e-10 to mean reachability distances, which are about 0.01 of cosines.
template <class A>
bool near(const A& scores, const std::vector<double>& expected, double tolerance = 2e-9) {
  const auto values = shard_of(scores);
  bool good = scores.shape()[0] == static_cast<Size>(expected.size());
  for (std::size_t i = 0; good && i < values.size(); ++i)
    good = std::abs(values[i] - expected[static_cast<std::size_t>(scores.part().lower[0]) + i]) <= tolerance;
  return good;
}

template <class Fitted, class Asked, class Backend>
void check() {
  const std::string where = " on " + described<Backend, Fitted, Asked>();
  const auto x = samples<Fitted, Backend>(novelty::fitted);
  const auto y = samples<Asked, Backend>(novelty::added);
  const auto factors = lof(7).fit(x);
  const auto scores = factors.score(y);
  static_assert(std::is_same_v<policy_of<decltype(factors.scores())>, Fitted>);
  static_assert(std::is_same_v<policy_of<decltype(scores)>, std::conditional_t<std::is_same_v<Fitted, Replicated>, Asked, Fitted>>);
  expect(near(factors.scores(), novelty::fitted_lof_7), "scores of the fitted" + where);
  expect(near(scores, novelty::lof_7_euclidean), "of new ones" + where);
  expect(near(lof(7).fit(x, metric::cosine).score(y), novelty::lof_7_cosine, 5e-8), "cosine" + where);
  expect(near(loop(Sweep{7, 7}).fit(x).score(y), novelty::loop_7), "loop" + where);
  const auto flags = factors.classify(y, 1.5);
  static_assert(std::is_same_v<value_of<decltype(flags)>, std::int8_t>);
  expect(item(all((flags == 1) == (scores > 1.5))) && item(sum(flags == 1)) + item(sum(flags == -1)) == 12, "classes" + where);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(detectors)

BOOST_AUTO_TEST_CASE(against_scikit_learn) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<Replicated, Replicated, Backend>();
      check<Split<0>, Split<0>, Backend>();
    });
    check<Replicated, Split<0>, Tested>();
    check<Split<0>, Replicated, Tested>();
  });
}

BOOST_AUTO_TEST_CASE(sweeps_and_metrics) {
  on_ranks([] {
    const auto x = samples<Split<0>, Tested>(novelty::fitted);
    const auto y = samples<Split<0>, Tested>(novelty::added);
    expect(near(lof(5, 10).fit(x).score(y), novelty::lof_5_to_10), "the largest over k");
    expect(near(lof(7).fit(x, metric::manhattan).score(y), novelty::lof_7_manhattan), "manhattan");
    expect(near(lof(7).fit(x, metric::chebyshev).score(y), novelty::lof_7_chebyshev), "chebyshev");
    expect(item(all(lof(5, 10).fit(x).scores() == lof(x, Sweep{5, 10}))), "those of lof");
    expect(item(all(loop(Sweep{5, 10}).fit(x).scores() == loop(x, Sweep{5, 10}))), "those of loop");
    const auto local = loop(Sweep{5, 10}, 2, Norm::local).fit(x);
    expect(item(all(local.scores() == loop(x, Sweep{5, 10}, 2, Norm::local))), "loop, local");
    expect(item(all((local.score(y) >= 0) & (local.score(y) <= 1))), "probabilities");
  }, {1, 3});
}

BOOST_AUTO_TEST_CASE(awkward) {
  on_ranks([] {
    // Six samples at 0, others on a line.
    const auto x = filled<Array<double, 2, Split<0>, Tested>>({14, 1}, [](const Index<2>& i) { return i[0] < 6 ? 0.0 : static_cast<double>(i[0]); });
    const auto y = filled<Array<double, 2, Split<0>, Tested>>({4, 1}, [](const Index<2>& i) {
      const double values[] = {0, 0.5, 9, priel::nan};
      return values[i[0]];
    });
    const auto factors = lof(3).fit(x);
    const Array<double, 1, Replicated, Tested> scores(redistribute(factors.score(y), replicated));
    expect(item(scores(0)) == 1 && std::isinf(item(scores(1))) && std::isfinite(item(scores(2))) && std::isnan(item(scores(3))), "duplicates and NaN");
    const Array<std::int8_t, 1, Replicated, Tested> flags(redistribute(factors.classify(y, 1.5), replicated));
    expect(item(flags(0)) == -1 && item(flags(1)) == 1 && item(flags(3)) == -1, "infinite scores are outliers, NaN is none");
    expect(item(sum(factors.classify(1.5) == 1)) + item(sum(factors.classify(1.5) == -1)) == 14, "of the fitted");
    expect(throws<ShapeError>([&] { factors.score(filled<Array<double, 2, Split<0>, Tested>>({2, 3}, [](const Index<2>&) { return 0; })); }), "numbers of features");
    expect(throws<InputError>([&] { lof(14).fit(x); }), "k too large");
  });
}

BOOST_AUTO_TEST_SUITE_END()
