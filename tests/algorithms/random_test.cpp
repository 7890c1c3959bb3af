// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Random numbers: the published vectors of Philox, the same numbers for every number of ranks and every part, and their distributions.
#include <priel/algorithms/random.hpp>

#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace priel;
using namespace priel::test;

constexpr std::uint64_t seed = 20240607;

// Known answers: kat_vectors of Random123, the authors' library.
constexpr bool answers(random::Bits counter, std::uint32_t key0, std::uint32_t key1, random::Bits expected) {
  const random::Bits bits = random::philox(counter, key0, key1);
  for (int i = 0; i < 4; ++i)
    if (bits.word[i] != expected.word[i]) return false;
  return true;
}
static_assert(answers({{0, 0, 0, 0}}, 0, 0, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}));
static_assert(answers({{~0u, ~0u, ~0u, ~0u}}, ~0u, ~0u, {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}));
static_assert(answers({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822, 0x299f31d0, {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}));

#ifndef PRIEL_TEST_DEVICE

// The largest distance between the distribution function of the values and F (Kolmogorov and Smirnov), times the root of their number.
template <class F>
double distance(std::vector<double> values, F&& f) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    largest = std::max({largest, std::abs(f(values[i]) - static_cast<double>(i) / n), std::abs(f(values[i]) - static_cast<double>(i + 1) / n)});
  return largest * std::sqrt(n);
}

template <Expression E>
std::vector<double> values_of(const E& e) {
  const auto shard = shard_of(eval(astype<double>(e)));
  return {shard.begin(), shard.end()};
}

#endif

}  // namespace

BOOST_AUTO_TEST_SUITE(random_numbers)

BOOST_AUTO_TEST_CASE(the_same_for_every_number_of_ranks) {
  std::vector<double> uniforms, normals;
  std::vector<int> integers;
  on_ranks([&] {
    for_each_type<Backends>([&]<class Backend>() {
      const auto u = random::uniform<double>({7, 5}, seed);
      static_assert(detail::is_generated<policy_of<decltype(u)>>);
      const auto n = random::normal<double>(Shape<2>{7, 5}, seed);
      const auto k = random::integers<int>(-3, 4, {35}, seed);
      const auto whole_u = shard_of(Array<double, 2, Replicated, Backend>(u));
      const auto whole_n = shard_of(Array<double, 2, Replicated, Backend>(n));
      const auto whole_k = shard_of(Array<int, 1, Replicated, Backend>(k));
      if (world()->rank() == 0 && uniforms.empty()) uniforms = whole_u, normals = whole_n, integers = whole_k;
      if (world()->rank() == 0) expect(identical(whole_u, uniforms) && identical(whole_n, normals) && identical(whole_k, integers), "all of it");
      const auto at = [](const auto& values) { return [&values](const Index<2>& i) { return values[static_cast<std::size_t>(5 * i[0] + i[1])]; }; };
      expect(holds(Array<double, 2, Split<0>, Backend>(u), at(whole_u)), "rows");
      expect(holds(Array<double, 2, Split<1>, Backend>(n), at(whole_n)), "columns");
      expect(holds(Array<double, 2, Replicated, Backend>(transpose(n(range(2, 4), range(4, 0, -1)))), [&](const Index<2>& i) {
        return at(whole_n)({{i[1] + 2, 4 - i[0]}});
      }), "a view");
    });
    const auto stored = random::normal<double>({7, 5}, split<0>, seed);
    static_assert(std::is_same_v<decltype(stored), const Array<double, 2, Split<0>>>);
    expect(item(max(abs(stored - random::normal<double>({7, 5}, seed)))) == 0, "stored");
  });
}

#ifndef PRIEL_TEST_DEVICE

// Element i of the flattened array, whatever the shape; all 64 bits of i count.
BOOST_AUTO_TEST_CASE(the_linear_index_decides, *boost::unit_test::label("serial")) {
  const auto rows = values_of(random::uniform<double>({7, 5}, seed)), line = values_of(random::uniform<double>({35}, seed));
  BOOST_TEST(identical(rows, line));
  constexpr Size large = Size{1} << 20;
  const auto far = random::uniform<double>({large, large}, seed);
  BOOST_TEST(item(far(0, 3)) == line[3]);
  BOOST_TEST(item(far(large / 2, 3)) != line[3]);   // the same lower 32 bits
  const auto all_different = [](std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return std::adjacent_find(values.begin(), values.end()) == values.end();
  };
  BOOST_TEST(all_different(values_of(far(large - 1, range(large - 1000, large)))));
}

BOOST_AUTO_TEST_CASE(nothing_is_sent) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    eval(random::uniform<float>({100}, split<0>, seed) + random::uniform<float>({100}, seed));
    expect(comm->take().collectives() == 0, "messages");
  });
}

// Critical value 1.63: one sound generator in a hundred is worse. These seeds are fixed.
BOOST_AUTO_TEST_CASE(distributions, *boost::unit_test::label("serial")) {
  constexpr Size n = 20000;
  const auto u = values_of(random::uniform<double>({n}, seed)), f = values_of(random::uniform<float>({n}, seed)), z = values_of(random::normal<float>({n}, seed));
  const auto identity = [](double x) { return x; };
  const auto gauss = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  BOOST_TEST(distance(u, identity) < 1.63);
  BOOST_TEST(distance(f, identity) < 1.63);
  BOOST_TEST(distance(z, gauss) < 1.63);
  for (const auto* values : {&u, &f}) BOOST_TEST((*std::min_element(values->begin(), values->end()) >= 0 && *std::max_element(values->begin(), values->end()) < 1));
  // Neighbours, distributions of one seed, and neighbouring seeds are independent.
  const auto correlation = [](const auto& x, const auto& y) { return std::abs(item(mean((x - mean(x)) * (y - mean(y))) / (stddev(x) * stddev(y)))); };
  const auto x = random::normal<double>({n}, seed);
  BOOST_TEST(correlation(eval(x(range(n - 1))), eval(x(range(1, n)))) < 0.03);
  BOOST_TEST(correlation(x, random::normal<double>({n}, seed + 1)) < 0.03);
  BOOST_TEST(correlation(x, random::uniform<double>({n}, seed)) < 0.03);
  BOOST_TEST(correlation(abs(x), random::uniform<double>({n}, seed)) < 0.03);
  // A large seed's upper half counts.
  BOOST_TEST(item(any(random::uniform<double>({9}, seed) != random::uniform<double>({9}, seed + (std::uint64_t{1} << 32)))));
}

BOOST_AUTO_TEST_CASE(integers_are_in_their_range_and_equally_frequent, *boost::unit_test::label("serial")) {
  constexpr Size n = 60000;
  std::vector<double> counts(6);
  for (const double k : values_of(random::integers<std::int8_t>(-2, 4, {n}, seed))) ++counts.at(static_cast<std::size_t>(k + 2));
  double chi_squared = 0;
  for (const double count : counts) chi_squared += (count - n / 6.0) * (count - n / 6.0) / (n / 6.0);
  BOOST_TEST(chi_squared < 15.1);   // 1 % with 5 degrees of freedom
  const auto wide = random::integers<std::int64_t>(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), {1000}, seed);
  BOOST_TEST((item(min(wide)) < -(std::int64_t{1} << 62) && item(max(wide)) > (std::int64_t{1} << 62)));
  BOOST_TEST(item(all(random::integers<int>(5, 6, {100}, seed) == 5)));
  BOOST_CHECK_THROW(random::integers<int>(5, 5, {3}, seed), InputError);
  static_assert(random::detail::Integers<std::uint64_t, 1>::upper_half(~std::uint64_t{0}, ~std::uint64_t{0}) == ~std::uint64_t{0} - 1);
  static_assert(random::detail::Integers<std::uint64_t, 1>::upper_half(std::uint64_t{3} << 62, 10) == 7);
}

#endif

BOOST_AUTO_TEST_SUITE_END()
