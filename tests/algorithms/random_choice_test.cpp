// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Permutations and choices: every order is equally probable, however the array is cut, and nothing more than slices is sent.
#include <priel/algorithms/random_choice.hpp>
#include <priel/algorithms/random_counts.hpp>
#include <priel/algorithms/random_distributions.hpp>

#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

namespace {

using namespace priel;
using namespace priel::test;

constexpr std::uint64_t seed = 20240607;

template <Expression E>
auto sorted(const E& e) {
  auto values = shard_of(Array<value_of<E>, rank_of<E>, Replicated, detail::backend_or_default<backend_of<E>>>(e));
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_choices)

#ifndef PRIEL_TEST_DEVICE

namespace {
std::vector<Size> order_of(Size n, std::uint64_t of_seed) {
  const random::detail::Bijection order(n, of_seed);
  std::vector<Size> result;
  for (Size i = 0; i < n; ++i) result.push_back(order({{i}}));
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_permutation_has_every_index_once, *boost::unit_test::label("serial")) {
  for (const Size n : {0, 1, 2, 3, 63, 64, 65, 1000, 1023, 1024, 1025, 5000}) {
    std::vector<Size> values = order_of(n, seed + static_cast<std::uint64_t>(n));
    std::sort(values.begin(), values.end());
    for (Size i = 0; i < n; ++i)
      if (values[static_cast<std::size_t>(i)] != i) BOOST_ERROR(n << " numbers: " << i << " is missing");
  }
}

// Of n numbers all n! orders come, equally often: by chi squared with n! - 1 degrees of freedom, four of its deviations above its mean.
BOOST_AUTO_TEST_CASE(every_order_is_equally_probable, *boost::unit_test::label("serial")) {
  for (const Size n : {2, 3, 4, 5, 6}) {
    std::map<std::vector<Size>, int> counts;
    int orders = 1;
    for (int i = 2; i <= n; ++i) orders *= i;
    constexpr int each = 200;
    for (int s = 0; s < each * orders; ++s) ++counts[order_of(n, static_cast<std::uint64_t>(s))];
    double chi_squared = each * static_cast<double>(orders - static_cast<int>(counts.size()));
    for (const auto& [order, count] : counts) chi_squared += (count - each) * (count - each) / static_cast<double>(each);
    BOOST_TEST(chi_squared < orders - 1 + 4 * std::sqrt(2.0 * (orders - 1)), n << " numbers: " << chi_squared);
  }
  double fixed = 0, odd = 0;   // also of many: one fixed point on average, as many odd orders as even ones
  for (std::uint64_t s = 0; s < 4000; ++s) {
    const auto order = order_of(100, s);
    std::vector<bool> seen(100, false);
    int swaps = 0;
    for (std::size_t i = 0; i < 100; ++i) {
      fixed += order[i] == static_cast<Size>(i) ? 1 : 0;
      if (!seen[i])
        for (std::size_t j = static_cast<std::size_t>(order[i]); j != i; j = static_cast<std::size_t>(order[j])) seen[j] = true, ++swaps;
      seen[i] = true;
    }
    odd += swaps % 2;
  }
  BOOST_TEST(std::abs(fixed / 4000 - 1) < 4 / std::sqrt(4000.0));
  BOOST_TEST(std::abs(odd / 4000 - 0.5) < 2 / std::sqrt(4000.0));
}

BOOST_AUTO_TEST_CASE(parameters_without_a_distribution, *boost::unit_test::label("serial")) {
  BOOST_CHECK_THROW(random::normal<double>(0, -1, {3}, seed), InputError);
  BOOST_CHECK_THROW(random::exponential<double>(-1, {3}, seed), InputError);
  BOOST_CHECK_THROW(random::exponential<double>(priel::nan, {3}, seed), InputError);
  BOOST_CHECK_THROW(random::triangular<double>(0, 2, 1, {3}, seed), InputError);
  BOOST_CHECK_THROW(random::gamma<double>(-1, 1, {3}, seed), InputError);
  BOOST_CHECK_THROW(random::beta<double>(0, 1, {3}, seed), InputError);
  BOOST_CHECK_THROW(random::poisson<int>(-1, {3}, seed), InputError);
  BOOST_CHECK_THROW(random::binomial<int>(3, 1.5, {3}, seed), InputError);
  BOOST_CHECK_THROW(random::geometric<int>(0, {3}, seed), InputError);
  BOOST_CHECK_THROW(random::choice(arange<int>(3), {4}, random::without_replacement, seed), InputError);
  BOOST_CHECK_THROW(random::choice(arange<int>(0), {4}, seed), InputError);
  BOOST_CHECK_THROW(random::choice(arange<int>(3), full<double>({4}, 0.25), {2}, seed), ShapeError);
  BOOST_CHECK_THROW(random::choice(arange<int>(3), full<double>({3}, 0.25), {2}, seed), InputError);
  // At the edges of their parameters.
  BOOST_TEST(item(all(random::exponential<double>(0, {9}, seed) == 0)));
  BOOST_TEST(item(all(random::poisson<int>(0, {9}, seed) == 0)));
  BOOST_TEST(item(all(random::binomial<int>(7, 0, {9}, seed) == 0)));
  BOOST_TEST(item(all(random::binomial<int>(7, 1, {9}, seed) == 7)));
  BOOST_TEST(item(all(random::geometric<int>(1, {9}, seed) == 1)));
  BOOST_TEST(item(all(random::gamma<double>(0, 1, {9}, seed) == 0)));
  BOOST_TEST(item(all(isfinite(random::beta<double>(1e-3, 1e-3, {1000}, seed)))));
  BOOST_TEST((item(min(random::choice(arange<int>(3), asarray(std::vector<double>{0, 1, 0}), {50}, seed))) == 1));
}

#endif

BOOST_AUTO_TEST_CASE(slices_in_random_order) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto f = [](const Index<2>& i) { return mark(i); };
      const auto whole = filled<Array<int, 2, Replicated, Backend>>({11, 4}, f);
      const auto rows = filled<Array<int, 2, Split<0>, Backend>>({11, 4}, f);
      const auto columns = filled<Array<int, 2, Split<1>, Backend>>({11, 4}, f);
      const Array<int, 2, Replicated, Backend> expected = random::permutation(whole, seed), within = random::permutation(whole, axis<-1>, seed);
      const auto of_rows = eval(random::permutation(rows, seed));
      const auto of_columns = eval(random::permutation(columns, seed));
      static_assert(std::is_same_v<policy_of<decltype(of_rows)>, Split<0>> && std::is_same_v<policy_of<decltype(of_columns)>, Split<1>>);
      expect(item(all(of_rows == expected)) && item(all(of_columns == expected)), "rows, however they are cut");
      expect(item(all(eval(random::permutation(columns, axis<1>, seed)) == within)), "columns");
      expect(sorted(expected) == sorted(whole) && sorted(within) == sorted(whole) && item(any(expected != whole)), "all of them");
    });
  });
}

BOOST_AUTO_TEST_CASE(choices) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto f = [](const Index<2>& i) { return mark(i); };
      const auto whole = filled<Array<int, 2, Replicated, Backend>>({11, 4}, f);
      const auto rows = filled<Array<int, 2, Split<0>, Backend>>({11, 4}, f);
      const Array<int, 2, Replicated, Backend> some = random::choice(whole, {6}, seed), different = random::choice(whole, {6}, random::without_replacement, seed);
      expect(item(all(random::choice(rows, {6}, seed) == some)), "with replacement");
      expect(item(all(random::choice(rows, {6}, random::without_replacement, seed) == different)), "without replacement");
      const auto firsts = sorted(different(all, 0));
      expect(std::adjacent_find(firsts.begin(), firsts.end()) == firsts.end(), "different rows");
      expect(rank_of<decltype(random::choice(whole, {2, 3}, seed))> == 3, "a grid of rows");
      const auto weights = full<double>({11}, 1. / 11);
      expect(item(all(random::choice(rows, weights, {6}, seed) == Array<int, 2, Replicated, Backend>(random::choice(whole, weights, {6}, seed)))), "with probabilities");
    });
  });
}

BOOST_AUTO_TEST_CASE(what_is_sent) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto whole = filled<Array<int, 1, Replicated, Tested>>({100}, [](const Index<1>& i) { return mark(i); });
    comm->take();
    eval(random::permutation(whole, seed));
    eval(random::choice(whole, {5}, random::without_replacement, seed));
    eval(random::permutation(1000, split<0>, seed));
    eval(random::gamma<double>(2, 1, {100}, split<0>, seed));
    expect(comm->take().collectives() == 0, "nothing, of what every rank can compute");
  });
}

BOOST_AUTO_TEST_SUITE_END()
