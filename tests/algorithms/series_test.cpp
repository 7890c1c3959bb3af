// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The scores of one series against their definitions, for all kinds of data and every special case.
#include "series_oracle.hpp"

#include <priel/algorithms/detail/series.hpp>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <iomanip>
#include <numeric>
#include <random>
#include <string>
#include <thread>

namespace {

using namespace priel;
using test::Samples;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan_ = std::numeric_limits<double>::quiet_NaN();

enum class Method { lof, loop_global, loop_local };
constexpr Method kinds[] = {Method::lof, Method::loop_global, Method::loop_local};
constexpr double lambda = 3;

Norm norm_of(Method kind) { return kind == Method::loop_global ? Norm::global : Norm::local; }

template <class T>
Size score(Method kind, const T* x, Size n, Size d, const Sweep& k, T* scores) {
  return kind == Method::lof ? detail::lof_series(x, n, d, k, scores)
                           : detail::loop_series(x, n, d, k, lambda, norm_of(kind), scores);
}

template <class T>
std::vector<T> flat(const Samples& x) {
  std::vector<T> result;
  for (const auto& row : x)
    for (const double value : row) result.push_back(static_cast<T>(value));
  return result;
}

template <class T>
std::vector<double> scores_of(Method kind, const Samples& x, const Sweep& k) {
  const std::vector<T> data = flat<T>(x);
  std::vector<T> scores(x.size());
  score(kind, data.data(), static_cast<Size>(x.size()), static_cast<Size>(x.front().size()), k, scores.data());
  return {scores.begin(), scores.end()};
}

bool agree(double a, double b, double tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b));
}

// Where float can tell the distances apart as double does, its scores are compared as well.
void check_against_oracle(const std::string& what, const Samples& x, const Sweep& k, bool exact_in_float = true) {
  for (const Method kind : kinds) {
    const auto expected = kind == Method::lof ? test::reference_lof(x, k) : test::reference_loop(x, k, lambda, norm_of(kind));
    const auto wide = scores_of<double>(kind, x, k), single = scores_of<float>(kind, x, k);
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (agree(wide[i], expected[i], 1e-10) && (!exact_in_float || agree(single[i], expected[i], 2e-5))) continue;
      BOOST_ERROR(std::setprecision(15) << what << ", " << x.size() << " samples of " << x[0].size() << ", method "
                  << static_cast<int>(kind) << ", k " << k.first << ":" << k.last << ":" << k.step << ", aggregate "
                  << static_cast<int>(k.aggregate) << ", sample " << i << ", " << detail::instruction_set() << ": "
                  << wide[i] << " and " << single[i] << ", expected " << expected[i]);
      break;
    }
    BOOST_TEST(wide.size() == x.size());
  }
}

constexpr unsigned seed = 20260301;

template <class F>
Samples filled(std::size_t n, std::size_t d, F value) {
  Samples x(n, std::vector<double>(d));
  for (auto& row : x)
    for (double& v : row) v = value();
  return x;
}

// Backscatter in dB as a gamma distribution gives it.
Samples unrounded_speckle(std::size_t n, std::size_t d, unsigned offset = 0) {
  std::mt19937 random(seed + offset);
  std::gamma_distribution<double> gamma(4.4, 1 / 4.4);
  return filled(n, d, [&] { return 10 * std::log10(gamma(random)) - 15; });
}

// The same in sixteenths, whose squared distances float holds exactly.
Samples speckle(std::size_t n, std::size_t d, unsigned offset = 0) {
  Samples x = unrounded_speckle(n, d, offset);
  for (auto& row : x)
    for (double& value : row) value = std::round(value * 16) / 16;
  return x;
}

Samples small_integers(std::size_t n, std::size_t d, int most) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> uniform(0, most);
  return filled(n, d, [&] { return uniform(random); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(series, *boost::unit_test::label("serial"))

BOOST_AUTO_TEST_CASE(random_series_of_many_shapes) {
  BOOST_TEST_MESSAGE("seed " << seed << ", " << detail::instruction_set());
  for (const std::size_t n : {2U, 3U, 15U, 16U, 17U, 33U, 64U, 65U, 130U})
    for (const std::size_t d : {1U, 2U, 7U, 49U}) {
      const int most = static_cast<int>(n) - 1;
      check_against_oracle("speckle", speckle(n, d), {1, std::min(most, 5)});
      check_against_oracle("speckle", speckle(n, d), {std::min(most, 4), std::min(most, 60), 3});
      check_against_oracle("unrounded", unrounded_speckle(n, d), {std::min(most, 4), std::min(most, 60), 3}, false);
      check_against_oracle("all k", speckle(n, d), {1, most});
      check_against_oracle("n = k + 1", speckle(n, d), {most, most});
    }
}

BOOST_AUTO_TEST_CASE(the_coast_and_the_synthetic_case) {
  check_against_oracle("coast", speckle(363, 49), {20, 60});
  check_against_oracle("synthetic", speckle(300, 20), {10, 30});
}

// Every twelfth sample is near: all neighbours lie in one of the parts that the network sorts first.
BOOST_AUTO_TEST_CASE(neighbours_at_regular_distances) {
  for (const std::size_t period : {11U, 12U, 24U}) {
    Samples x = speckle(363, 5);
    for (std::size_t i = 0; i < x.size(); ++i) x[i][0] += 64 * static_cast<double>(i % period);
    check_against_oracle("periodic", x, {10, 60, 5});
  }
}

BOOST_AUTO_TEST_CASE(many_neighbours) {
  for (const int last : {126, 127, 128, 129, 199}) check_against_oracle("many", speckle(200, 3), {120, last});
}

BOOST_AUTO_TEST_CASE(aggregates) {
  for (const Aggregate aggregate : {Aggregate::max, Aggregate::mean, Aggregate::median, Aggregate::trimmed})
    for (const int last : {5, 6, 19, 60, 170}) {
      check_against_oracle("aggregate", speckle(180, 5), {5, last, 1, aggregate});
      check_against_oracle("aggregate", speckle(180, 5), {5, last, 4, aggregate, 0.25});
      check_against_oracle("aggregate", small_integers(180, 2, 9), {5, last, 1, aggregate, 0.4});
    }
}

BOOST_AUTO_TEST_CASE(ties_and_duplicates) {
  for (const int most : {1, 2, 3, 10, 100})
    for (const std::size_t d : {1U, 2U, 5U}) {
      check_against_oracle("integers", small_integers(150, d, most), {10, 40});
      check_against_oracle("integers", small_integers(150, d, most), {1, 149, 7});
      check_against_oracle("integers", small_integers(40, d, most), {1, 20, 1, Aggregate::mean});
    }
  check_against_oracle("bits", small_integers(200, 20, 1), {20, 60});
  check_against_oracle("line", [] {
    Samples x;
    for (int i = 0; i < 100; ++i) x.push_back({static_cast<double>(i)});
    return x;
  }(), {3, 70});
}

BOOST_AUTO_TEST_CASE(mostly_duplicates) {
  for (const std::size_t different : {0U, 1U, 2U, 5U, 30U})
    for (const std::size_t n : {70U, 200U}) {
      Samples x = speckle(n, 6);
      for (std::size_t i = different; i < n; ++i) x[i] = x.back();
      check_against_oracle("duplicates", x, {5, 20});
      check_against_oracle("duplicates", x, {20, 60});
      check_against_oracle("duplicates", x, {20, 60, 1, Aggregate::median});
    }
  Samples pairs = speckle(100, 4);
  for (std::size_t i = 0; i < 100; i += 2) pairs[i] = pairs[i + 1];
  check_against_oracle("pairs", pairs, {1, 40});
  Samples wide = speckle(200, 49);  // with a distance of 0, the keys keep too few bits for all others
  for (std::size_t i = 0; i < 200; i += 2) wide[i] = wide[i + 1];
  check_against_oracle("wide pairs", wide, {1, 60});
  Samples groups = speckle(120, 4);
  for (std::size_t i = 0; i < 120; ++i) groups[i] = groups[i % 9];
  check_against_oracle("groups", groups, {8, 60});
}

BOOST_AUTO_TEST_CASE(equal_distances_have_no_outlier) {
  Samples corners(40, std::vector<double>(40));
  for (std::size_t i = 0; i < 40; ++i) corners[i][i] = 0.7;
  for (const double value : scores_of<float>(Method::loop_global, corners, {3, 30})) BOOST_TEST(value == 0);
  for (const double value : scores_of<double>(Method::loop_local, corners, {3, 30})) BOOST_TEST(value == 0);
  for (const double value : scores_of<double>(Method::lof, corners, {3, 30})) BOOST_TEST(agree(value, 1, 1e-14));
}

BOOST_AUTO_TEST_CASE(distances_equal_but_for_rounding_have_no_outlier) {
  Samples circle(48, std::vector<double>(2));
  for (std::size_t i = 0; i < circle.size(); ++i)
    circle[i] = {std::cos(static_cast<double>(i) * M_PI / 24), std::sin(static_cast<double>(i) * M_PI / 24)};
  for (const double value : scores_of<float>(Method::loop_global, circle, {6, 30, 2})) BOOST_TEST(value == 0);
}

BOOST_AUTO_TEST_CASE(rounding_to_float_makes_no_ties) {
  for (const std::size_t d : {2U, 7U, 49U})
    for (unsigned offset = 0; offset < 4; ++offset) {
      Samples x = unrounded_speckle(130, d, offset);
      for (auto& row : x)
        for (double& value : row) value = static_cast<float>(value);
      check_against_oracle("float", x, {4, 60, 3});
      check_against_oracle("float", x, {1, 129, 2});
      for (std::size_t i = 0; i < 60; ++i)
        for (double& value : x[i]) value = static_cast<float>(value * 1e-2 + 500);
      check_against_oracle("float clusters", x, {5, 80});
    }
}

// The coast's shape, unrounded: float's scores are double's, where distances come from differences and not from products.
BOOST_AUTO_TEST_CASE(float_agrees_with_double) {
  const Sweep k{20, 60};
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 1e-4);
  const auto check = [&](const char* what, auto change) {
    Samples x = unrounded_speckle(363, 49);
    for (std::size_t i = 0; i < x.size(); ++i)
      for (std::size_t f = 0; f < 49; ++f) x[i][f] = static_cast<float>(change(x, i, f));
    for (const Method kind : kinds) {
      const auto single = scores_of<float>(kind, x, k), wide = scores_of<double>(kind, x, k);
      double largest = 0;
      for (std::size_t i = 0; i < x.size(); ++i)
        largest = std::max(largest, std::abs(single[i] - wide[i]) / (kind == Method::lof ? wide[i] : 1));
      BOOST_TEST(largest <= (kind == Method::lof ? 1e-5 : 1e-4), what << ", method " << static_cast<int>(kind) << ": " << largest);
    }
  };
  check("plain", [](const Samples& x, std::size_t i, std::size_t f) { return x[i][f]; });
  check("an offset", [](const Samples& x, std::size_t i, std::size_t f) { return x[i][f] + 300; });
  check("a far cluster", [](const Samples& x, std::size_t i, std::size_t f) { return x[i][f] + (i % 3 == 0 ? 1e5 : 0); });
  for (const double offset : {0, 300})
    check("near duplicates", [&](const Samples& x, std::size_t i, std::size_t f) {
      return i % 2 == 0 ? x[i][f] + (i % 6 == 0 ? offset : 0) : x[i - 1][f] + noise(random);
    });
}

BOOST_AUTO_TEST_CASE(infinite_densities) {
  // Six copies of 0 and one stranger: own density infinite gives 1, the stranger's neighbours all have an infinite one.
  const Samples x = {{0}, {0}, {0}, {0}, {0}, {0}, {7}};
  const auto lof = scores_of<double>(Method::lof, x, {2, 4});
  BOOST_TEST(lof[0] == 1);
  BOOST_TEST(lof[6] == infinity);
  for (const Method kind : {Method::loop_global, Method::loop_local}) {
    const auto loop = scores_of<float>(kind, x, {2, 4});
    BOOST_TEST(loop[0] == 0);
    BOOST_TEST(loop[6] == 1);
  }
}

BOOST_AUTO_TEST_CASE(scales_and_offsets) {
  for (const double scale : {0x1p-20, 0x1p20, 0x1p-100, 0x1p100}) {
    Samples x = speckle(120, 8);
    for (auto& row : x)
      for (double& value : row) value *= scale;
    check_against_oracle("scaled", x, {5, 40});
  }
  Samples tails = speckle(120, 8);
  for (auto& row : tails)
    for (double& value : row) value = std::pow(10.0, value / 4);
  check_against_oracle("heavy tails", tails, {5, 40}, false);
  Samples far = speckle(120, 8);
  for (double& value : far[7]) value = 1e30;
  check_against_oracle("one far away", far, {5, 40});
  Samples kelvin = speckle(120, 8);
  for (auto& row : kelvin)
    for (double& value : row) value = 280 + value / 128;
  check_against_oracle("offset", kelvin, {5, 40});
  Samples clusters = speckle(120, 8);
  for (std::size_t i = 0; i < 60; ++i)
    for (double& value : clusters[i]) value = value * 1e-2 + 500;
  check_against_oracle("clusters", clusters, {5, 80}, false);
}

BOOST_AUTO_TEST_CASE(samples_that_are_not_finite) {
  Samples x = speckle(90, 5);
  x[0][0] = nan_;
  x[17][4] = infinity;
  x[18][2] = -infinity;
  x[89] = std::vector<double>(5, nan_);
  check_against_oracle("gaps", x, {5, 85, 5});
  const std::vector<float> data = flat<float>(x);
  std::vector<float> scores(90);
  for (const Method kind : kinds) {
    BOOST_TEST(score(kind, data.data(), 90, 5, {20, 40}, scores.data()) == 86);
    BOOST_TEST((std::isnan(scores[17]) && std::isfinite(scores[16])));
    BOOST_TEST(score(kind, data.data(), 90, 5, {20, 86}, scores.data()) == 86);
    for (const float value : scores) BOOST_TEST(std::isnan(value));
    BOOST_TEST(score(kind, data.data(), 10, 5, {20, 40}, scores.data()) == 9);
    BOOST_TEST(score(kind, data.data(), 0, 5, {20, 40}, scores.data()) == 0);
  }
}

BOOST_AUTO_TEST_CASE(published_figures) {
  // mhahsler/dbscan, tests/testthat/test-lof.R, minPts = 4; scikit-learn's documentation of LocalOutlierFactor.
  const auto ties = scores_of<double>(Method::lof, {{1}, {2}, {3}, {4}, {5}, {6}, {7}}, {3, 3});
  const double dbscan[] = {1.0679012, 1.0679012, 1.0133929, 0.8730159, 1.0133929, 1.0679012, 1.0679012};
  for (std::size_t i = 0; i < ties.size(); ++i) BOOST_TEST(agree(ties[i], dbscan[i], 1e-7));
  const auto four = scores_of<double>(Method::lof, {{-1.1}, {0.2}, {101.1}, {0.3}}, {2, 2});
  const double sklearn[] = {0.9821, 1.037, 73.3697, 0.9821};
  for (std::size_t i = 0; i < four.size(); ++i) BOOST_TEST(agree(four[i], sklearn[i], 1e-4));
  // vc1492a/PyNomaly, tests/test_loop.py, 10 neighbours, extent 3.
  const Samples x = {{0.02059752}, {0.32629926}, {0.63036653}, {0.94409321}, {0.63251097}, {0.47598494}, {0.80204026},
                     {0.34845067}, {0.81556468}, {0.89183},    {0.25210317}, {0.11460502}, {0.19953434}, {0.36955067},
                     {0.06038041}, {0.34527368}, {0.56621582}, {0.90533649}, {0.33773613}, {0.71573306}};
  const double pynomaly[] = {0.6356276742921594, 0, 0, 0.48490790006974044, 0, 0, 0, 0, 0.021728288376168012,
                             0.28285086151683225, 0, 0.18881886507113213, 0, 0, 0.45350246469681843, 0,
                             0.07886635748113013, 0.3349068501560546, 0, 0};
  const auto loop = scores_of<double>(Method::loop_global, x, {10, 10});
  for (std::size_t i = 0; i < loop.size(); ++i) BOOST_TEST(agree(loop[i], pynomaly[i], 1e-12));
}

BOOST_AUTO_TEST_CASE(the_samples_alone_decide) {
  const std::size_t n = 150, d = 11;
  const Sweep k{10, 40};
  const std::vector<float> x = flat<float>(speckle(n, d));
  for (const Method kind : kinds) {
    std::vector<float> first(n), scores(n);
    const auto size = static_cast<Size>(n), features = static_cast<Size>(d);
    score(kind, x.data(), size, features, k, first.data());

    for (std::size_t shift = 1; shift < 17; shift += 3) {  // wherever the samples lie
      std::vector<float> moved(x.size() + shift);
      std::copy(x.begin(), x.end(), moved.begin() + static_cast<std::ptrdiff_t>(shift));
      score(kind, moved.data() + shift, size, features, k, scores.data());
      BOOST_TEST(std::memcmp(scores.data(), first.data(), n * sizeof(float)) == 0);
    }

    std::vector<float> big = flat<float>(speckle(500, d, 1)), big_scores(500);  // whatever was computed before
    score(kind, big.data(), 500, features, {1, 200}, big_scores.data());
    std::vector<float> other(n);
    std::thread thread([&] { score(kind, x.data(), size, features, k, other.data()); });
    score(kind, x.data(), size, features, k, scores.data());
    thread.join();
    BOOST_TEST(std::memcmp(scores.data(), first.data(), n * sizeof(float)) == 0);
    BOOST_TEST(std::memcmp(other.data(), first.data(), n * sizeof(float)) == 0);

    std::vector<float> reversed(x.size());  // in whatever order, to rounding
    for (std::size_t i = 0; i < n; ++i) std::copy_n(&x[i * d], d, &reversed[(n - 1 - i) * d]);
    score(kind, reversed.data(), size, features, k, scores.data());
    for (std::size_t i = 0; i < n; ++i) BOOST_TEST(agree(scores[n - 1 - i], first[i], 2e-5));
  }
}

BOOST_AUTO_TEST_SUITE_END()
