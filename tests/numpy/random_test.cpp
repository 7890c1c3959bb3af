// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Random numbers beside NumPy's generators: the rows of docs/numpy.md about them.
#include <priel/algorithms/random_choice.hpp>
#include <priel/algorithms/random_counts.hpp>
#include <priel/algorithms/random_distributions.hpp>
#include <priel/algorithms/random_each.hpp>
#include <priel/algorithms/random_rare.hpp>

#include <tests/numpy/distributions.hpp>

namespace {

using namespace priel;
using namespace priel::test;
using Double = Types<double>;
using Long = Types<std::int64_t>;
using Seed = std::uint64_t;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_random)

BOOST_AUTO_TEST_CASE(simple) {
  distribution_row<Floats>("rng.random(n)", []<class T>(Size n, Seed s) { return random::uniform<T>({n}, s); });
  distribution_row<Floats>("rng.uniform(-1, 3, n)", []<class T>(Size n, Seed s) { return random::uniform<T>(-1, 3, {n}, s); });
  distribution_row<Floats>("rng.standard_normal(n)", []<class T>(Size n, Seed s) { return random::normal<T>({n}, s); });
  distribution_row<Floats>("rng.normal(2, 0.5, n)", []<class T>(Size n, Seed s) { return random::normal<T>(2, 0.5, {n}, s); });
  distribution_row<Types<std::int32_t, std::int64_t>>("rng.integers(-3, 9, n)", []<class T>(Size n, Seed s) { return random::integers<T>(-3, 9, {n}, s); });
}

BOOST_AUTO_TEST_CASE(transformations) {
  distribution_row<Floats>("rng.exponential(2, n)", []<class T>(Size n, Seed s) { return random::exponential<T>(2, {n}, s); });
  distribution_row<Double>("rng.laplace(1, 2, n)", []<class T>(Size n, Seed s) { return random::laplace<T>(1, 2, {n}, s); });
  distribution_row<Double>("rng.logistic(1, 2, n)", []<class T>(Size n, Seed s) { return random::logistic<T>(1, 2, {n}, s); });
  distribution_row<Double>("rng.gumbel(1, 2, n)", []<class T>(Size n, Seed s) { return random::gumbel<T>(1, 2, {n}, s); });
  distribution_row<Double>("rng.rayleigh(2, n)", []<class T>(Size n, Seed s) { return random::rayleigh<T>(2, {n}, s); });
  distribution_row<Double>("rng.weibull(1.5, n)", []<class T>(Size n, Seed s) { return random::weibull<T>(1.5, {n}, s); });
  distribution_row<Double>("rng.pareto(3, n)", []<class T>(Size n, Seed s) { return random::pareto<T>(3, {n}, s); }, {.moments = false});
  distribution_row<Double>("rng.power(0.5, n)", []<class T>(Size n, Seed s) { return random::power<T>(0.5, {n}, s); });
  distribution_row<Double>("rng.standard_cauchy(n)", []<class T>(Size n, Seed s) { return random::standard_cauchy<T>({n}, s); }, {.moments = false});
  distribution_row<Double>("rng.triangular(-1, 0, 3, n)", []<class T>(Size n, Seed s) { return random::triangular<T>(-1, 0, 3, {n}, s); });
  distribution_row<Double>("rng.lognormal(0.5, 0.25, n)", []<class T>(Size n, Seed s) { return random::lognormal<T>(0.5, 0.25, {n}, s); });
  distribution_row<Double>("rng.wald(2, 3, n)", []<class T>(Size n, Seed s) { return random::wald<T>(2, 3, {n}, s); });
}

BOOST_AUTO_TEST_CASE(of_the_gamma_family) {
  distribution_row<Floats>("rng.gamma(3, 2, n)", []<class T>(Size n, Seed s) { return random::gamma<T>(3, 2, {n}, s); });
  distribution_row<Double>("rng.gamma(0.3, 1, n)", []<class T>(Size n, Seed s) { return random::gamma<T>(0.3, 1, {n}, s); });
  distribution_row<Double>("rng.chisquare(5, n)", []<class T>(Size n, Seed s) { return random::chisquare<T>(5, {n}, s); });
  distribution_row<Double>("rng.beta(2, 3, n)", []<class T>(Size n, Seed s) { return random::beta<T>(2, 3, {n}, s); });
  distribution_row<Double>("rng.beta(0.5, 0.25, n)", []<class T>(Size n, Seed s) { return random::beta<T>(0.5, 0.25, {n}, s); });
  distribution_row<Double>("rng.standard_t(10, n)", []<class T>(Size n, Seed s) { return random::standard_t<T>(10, {n}, s); });
  distribution_row<Double>("rng.f(5, 20, n)", []<class T>(Size n, Seed s) { return random::f<T>(5, 20, {n}, s); }, {.moments = false});
}

// Each where few are expected and where many are, which are two methods.
BOOST_AUTO_TEST_CASE(counts) {
  distribution_row<Types<std::int32_t>>("rng.poisson(4.5, n)", []<class T>(Size n, Seed s) { return random::poisson<T>(4.5, {n}, s); });
  distribution_row<Long>("rng.poisson(12, n)", []<class T>(Size n, Seed s) { return random::poisson<T>(12, {n}, s); });
  distribution_row<Long>("rng.poisson(1e6, n)", []<class T>(Size n, Seed s) { return random::poisson<T>(1e6, {n}, s); });
  distribution_row<Long>("rng.binomial(20, 0.3, n)", []<class T>(Size n, Seed s) { return random::binomial<T>(20, 0.3, {n}, s); });
  distribution_row<Long>("rng.binomial(50, 0.7, n)", []<class T>(Size n, Seed s) { return random::binomial<T>(50, 0.7, {n}, s); });
  distribution_row<Long>("rng.binomial(10**6, 0.01, n)", []<class T>(Size n, Seed s) { return random::binomial<T>(1000000, 0.01, {n}, s); });
  distribution_row<Long>("rng.geometric(0.25, n)", []<class T>(Size n, Seed s) { return random::geometric<T>(0.25, {n}, s); });
  distribution_row<Long>("rng.negative_binomial(5, 0.4, n)", []<class T>(Size n, Seed s) { return random::negative_binomial<T>(5, 0.4, {n}, s); });
}

BOOST_AUTO_TEST_CASE(rarer) {
  distribution_row<Double>("rng.vonmises(1, 2, n)", []<class T>(Size n, Seed s) { return random::vonmises<T>(1, 2, {n}, s); });
  distribution_row<Double>("rng.noncentral_chisquare(3, 2, n)", []<class T>(Size n, Seed s) { return random::noncentral_chisquare<T>(3, 2, {n}, s); });
  distribution_row<Double>("rng.noncentral_chisquare(0.5, 2, n)", []<class T>(Size n, Seed s) { return random::noncentral_chisquare<T>(0.5, 2, {n}, s); });
  distribution_row<Double>("rng.noncentral_f(5, 20, 2, n)", []<class T>(Size n, Seed s) { return random::noncentral_f<T>(5, 20, 2, {n}, s); }, {.moments = false});
  distribution_row<Long>("rng.zipf(2.5, n)", []<class T>(Size n, Seed s) { return random::zipf<T>(2.5, {n}, s); }, {.moments = false});
  distribution_row<Long>("rng.logseries(0.7, n)", []<class T>(Size n, Seed s) { return random::logseries<T>(0.7, {n}, s); });
  distribution_row<Long>("rng.hypergeometric(15, 20, 8, n)", []<class T>(Size n, Seed s) { return random::hypergeometric<T>(15, 20, 8, {n}, s); });
  distribution_row<Long>("rng.hypergeometric(150, 80, 100, n)", []<class T>(Size n, Seed s) { return random::hypergeometric<T>(150, 80, 100, {n}, s); });
  distribution_row<Long>("rng.hypergeometric(80, 150, 190, n)", []<class T>(Size n, Seed s) { return random::hypergeometric<T>(80, 150, 190, {n}, s); });
}

BOOST_AUTO_TEST_CASE(a_parameter_for_each_element) {
  const auto means = [](Size n) { return 30. / static_cast<double>(n) * arange<double>(n); };
  distribution_row<Long>("rng.poisson(30 / n * np.arange(n))", [=]<class T>(Size n, Seed s) { return random::poisson<T>(means(n), s); });
  distribution_row<Double>("rng.standard_gamma(30 / n * np.arange(n))", [=]<class T>(Size n, Seed s) { return random::gamma<T>(means(n), s); });
  distribution_row<Long>("rng.binomial(90, 1 / n * np.arange(n))", [=]<class T>(Size n, Seed s) { return random::binomial<T>(90, means(n) / 30, s); });
}

BOOST_AUTO_TEST_CASE(order_and_choice) {
  distribution_row<Long>("rng.permutation(n)", []<class>(Size n, Seed s) { return random::permutation(n, s); });
  distribution_row<Long>("rng.permutation(np.arange(n))", []<class T>(Size n, Seed s) { return random::permutation(arange<T>(n), s); });
  distribution_row<Long>("a = np.arange(n); rng.shuffle(a)", []<class T>(Size n, Seed s) { return random::permutation(arange<T>(n), s); });
  distribution_row<Long>("rng.choice(np.arange(9), n)", []<class T>(Size n, Seed s) { return random::choice(arange<T>(9), {n}, s); });
  distribution_row<Long>("rng.choice(np.arange(n), 50, replace=False)", []<class T>(Size n, Seed s) {
    return random::choice(arange<T>(n), {50}, random::without_replacement, s);
  });
  distribution_row<Long>("rng.choice(4, n, p=[0.1, 0.2, 0.3, 0.4])", []<class T>(Size n, Seed s) {
    return random::choice(arange<T>(4), asarray(std::vector<double>{0.1, 0.2, 0.3, 0.4}), {n}, s);
  });
}

BOOST_AUTO_TEST_SUITE_END()
