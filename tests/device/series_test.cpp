// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// vmap of LOF and LoOP on the Device backend against their definitions, for all kinds of data, aggregates and batches.
#include <tests/algorithms/series_oracle.hpp>
#include <tests/support/arrays.hpp>

#include <priel/priel.hpp>
#include <priel/device.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <random>

namespace {

using namespace priel;
using namespace priel::test;

bool agree(double a, double b, double tolerance) {
  return (std::isnan(a) && std::isnan(b)) || a == b || std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b));
}

// The scores of every series by definition: LOF, LoOP over all samples, LoOP over the neighbourhood.
enum class Score { lof, global, local };
std::vector<double> expected_scores(Score score, const std::vector<Samples>& stack, const Sweep& k) {
  std::vector<double> result;
  for (const Samples& x : stack) {
    const auto scores = score == Score::lof ? reference_lof(x, k) : reference_loop(x, k, 3, score == Score::global ? Norm::global : Norm::local);
    result.insert(result.end(), scores.begin(), scores.end());
  }
  return result;
}

template <class X>
auto scores_on_device(Score score, const X& x, const Sweep& k, Chunk size = {}) {
  using Scores = Array<value_of<X>, 2, policy_of<X>, Device>;
  if (score == Score::lof) return Scores(vmap(lof(k), x, size));
  return Scores(vmap(loop(k, 3, score == Score::global ? Norm::global : Norm::local), x, size));
}

template <class T, class P>
auto on_device(const std::vector<Samples>& stack) {
  const Shape<3> shape(stack.size(), stack.front().size(), stack.front().front().size());
  return filled<Array<T, 3, P, Device>>(shape, [&](const Index<3>& i) {
    return static_cast<T>(stack[static_cast<std::size_t>(i[0])][static_cast<std::size_t>(i[1])][static_cast<std::size_t>(i[2])]);
  });
}

// Samples that float holds exactly, so that both element types have the same neighbours.
void check(const std::string& what, const std::vector<Samples>& stack, const Sweep& k) {
  for (const Score score : {Score::lof, Score::global, Score::local}) {
    const auto expected = expected_scores(score, stack, k);
    const auto wide = shard_of(scores_on_device(score, on_device<double, Replicated>(stack), k));
    const auto single = shard_of(scores_on_device(score, on_device<float, Replicated>(stack), k));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (agree(wide[i], expected[i], 1e-10) && agree(single[i], expected[i], 2e-5)) continue;
      BOOST_ERROR(what << ", method " << static_cast<int>(score) << ", k " << k.first << ":" << k.last << ":" << k.step << ", aggregate "
                  << static_cast<int>(k.aggregate) << ", score " << i << ": " << wide[i] << " and " << single[i] << ", expected " << expected[i]);
      break;
    }
  }
}

constexpr unsigned seed = 20261122;

std::vector<Samples> filled_with(std::size_t series, std::size_t n, std::size_t d, const std::function<double()>& value) {
  std::vector<Samples> stack(series, Samples(n, std::vector<double>(d)));
  for (auto& x : stack)
    for (auto& row : x)
      for (double& v : row) v = value();
  return stack;
}

// Backscatter in dB, as float has it.
std::vector<Samples> speckle(std::size_t series, std::size_t n, std::size_t d) {
  std::mt19937 random(seed);
  std::gamma_distribution<double> gamma(4.4, 1 / 4.4);
  return filled_with(series, n, d, [&] { return static_cast<double>(static_cast<float>(10 * std::log10(gamma(random)) - 15)); });
}

std::vector<Samples> levels(std::size_t series, std::size_t n, std::size_t d, int most) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> uniform(0, most);
  return filled_with(series, n, d, [&] { return uniform(random); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(device_series)

BOOST_AUTO_TEST_CASE(random_series_of_many_shapes, *boost::unit_test::label("serial")) {
  for (const std::size_t n : {2U, 3U, 16U, 17U, 65U})
    for (const std::size_t d : {1U, 7U}) {
      const int most = static_cast<int>(n) - 1;
      check("speckle", speckle(2, n, d), {std::min(most, 4), std::min(most, 60), 3});
      check("all k", speckle(2, n, d), {1, most});
    }
  check("the coast", speckle(1, 363, 49), {20, 60});
}

BOOST_AUTO_TEST_CASE(ties_duplicates_and_aggregates, *boost::unit_test::label("serial")) {
  for (const Aggregate aggregate : {Aggregate::max, Aggregate::mean, Aggregate::median, Aggregate::trimmed}) {
    check("levels", levels(2, 60, 2, 4), {3, 30, 2, aggregate, 0.25});
    check("bits", levels(2, 60, 5, 1), {3, 30, 1, aggregate, 0.4});
  }
  for (const std::size_t different : {0U, 1U, 5U, 30U}) {
    auto stack = speckle(2, 70, 6);
    for (auto& x : stack)
      for (std::size_t i = different; i < 70; ++i) x[i] = x.back();
    check("duplicates", stack, {5, 20});
    check("duplicates", stack, {20, 60, 1, Aggregate::median});
  }
  Samples corners(40, std::vector<double>(40));
  for (std::size_t i = 0; i < 40; ++i) corners[i][i] = 0.5;
  check("equal distances", {corners}, {3, 30});
  check("infinite densities", {{{0}, {0}, {0}, {0}, {0}, {0}, {7}}}, {2, 4});
}

BOOST_AUTO_TEST_CASE(scales_and_rounding, *boost::unit_test::label("serial")) {
  for (const double scale : {0x1p-100, 0x1p100}) {
    auto stack = speckle(1, 50, 4);
    for (auto& row : stack[0])
      for (double& value : row) value *= scale;
    check("scaled", stack, {5, 20});
  }
  const auto plain = speckle(1, 50, 4);
  const auto scores = shard_of(scores_on_device(Score::lof, on_device<double, Replicated>(plain), {5, 20}));
  for (const double scale : {0x1p-1000, 0x1p1000}) {   // squares of these leave the range of double
    auto stack = plain;
    for (auto& row : stack[0])
      for (double& value : row) value *= scale;
    BOOST_TEST(identical(shard_of(scores_on_device(Score::lof, on_device<double, Replicated>(stack), {5, 20})), scores));
  }
  Samples circle(48, std::vector<double>(2));   // distances equal but for rounding to float: no outlier
  for (std::size_t i = 0; i < circle.size(); ++i)
    circle[i] = {std::cos(static_cast<double>(i) * M_PI / 24), std::sin(static_cast<double>(i) * M_PI / 24)};
  for (const float value : shard_of(scores_on_device(Score::global, on_device<float, Replicated>({circle}), {6, 30, 2}))) BOOST_TEST(value == 0);
}

BOOST_AUTO_TEST_CASE(samples_that_are_not_finite, *boost::unit_test::label("serial")) {
  auto stack = speckle(3, 40, 3);
  stack[0][0][0] = NAN;
  stack[0][17][2] = INFINITY;
  stack[1][39] = {-INFINITY, NAN, 1};
  for (std::size_t i = 0; i < 10; ++i) stack[2][i][0] = NAN;   // 30 are left: none for k = 30
  check("gaps", stack, {5, 30, 5});
  check("too few samples", speckle(2, 5, 3), {4, 5});
  BOOST_TEST(throws<InputError>([] { scores_on_device(Score::lof, on_device<float, Replicated>(speckle(1, 5, 3)), {0, 3}); }));
}

// Whichever rank has a series, and whichever are scored with it.
BOOST_AUTO_TEST_CASE(a_series_alone_decides) {
  const auto stack = speckle(9, 33, 5);
  const Sweep k{4, 12};
  for (const Score score : {Score::lof, Score::global, Score::local}) {
    const auto expected = expected_scores(score, stack, k);
    on_ranks([&] {
      const auto x = on_device<float, Split<0>>(stack);
      const auto whole = shard_of(scores_on_device(score, x, k));
      const auto begin = static_cast<std::size_t>(x.part().lower[0] * 33);
      for (std::size_t i = 0; i < whole.size(); ++i) expect(agree(whole[i], expected[begin + i], 2e-5), "score " + std::to_string(i));
      for (const Size slices : {1, 2, 100}) expect(identical(shard_of(scores_on_device(score, x, k, chunk(slices))), whole), "in chunks");

      const detail::SeriesMethod method{k, score != Score::lof, 3, score == Score::local ? Norm::local : Norm::global};
      for (const Size bound : {1, 100000}) {   // one series at a time; some
        const Size n = x.lshape()[0];
        detail::SeriesBatch<Device, float> batch(n, 33, 5, method, bound);
        Array<float, 2, Replicated, Device> scores(Shape<2>{n, 33}, self());
        batch(x.local().data(), n, scores.local_mut().data());
        expect(identical(shard_of(scores), whole), "with little memory");
      }
    });
  }
  on_ranks([] {
    const auto none = filled<Array<float, 3, Split<0>, Device>>({0, 4, 3}, [](const Index<3>&) { return 0; });
    expect(eval(vmap(lof(2), none)).shape() == Shape<2>{0, 4}, "no series");
  }, {1, 2});
}

BOOST_AUTO_TEST_SUITE_END()
