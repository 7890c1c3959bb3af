// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// DBSCAN: scikit-learn's labels, exactly, on every backend and number of ranks, and the definition; what is sent; what is refused.
#include <tests/algorithms/labelled.hpp>
#include <tests/support/counting.hpp>

#include <priel/algorithms/dbscan.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

namespace {

using namespace priel;
using namespace priel::test;

template <class Model>
bool is(const Model& found, const std::vector<int>& labels, const std::vector<int>& core) {
  const auto indices = shard_of(found.core_samples);
  return equal(found.labels, labels) && std::equal(indices.begin(), indices.end(), core.begin(), core.end()) &&
         found.clusters == *std::max_element(labels.begin(), labels.end()) + 1;
}

template <class B, class P>
void references() {
  const std::string where = described<B, P>();
  const auto moons = table<P, B>(classes::moons, 2), grid = table<P, B>(classes::grid, 2);
  expect(is(DBSCAN{.radius = 0.18}.fit(moons), classes::moons_labels, classes::moons_core), "moons on " + where);
  expect(is(DBSCAN{.radius = 0.12, .samples = 4}.fit(moons), classes::sparse_moons_labels, classes::sparse_moons_core), "sparse moons on " + where);
  expect(is(DBSCAN{.radius = 0.2, .samples = 6}.fit(moons, metric::manhattan), classes::taxi_moons_labels, classes::taxi_moons_core), "taxi moons on " + where);
  expect(is(DBSCAN{.radius = 1, .samples = 4}.fit(grid), classes::grid_labels, classes::grid_core), "grid on " + where);
}

// The definition, one sample after the other.
std::vector<int> by_definition(const std::vector<double>& x, Size d, double radius, Size least, std::vector<int>& core) {
  const auto n = static_cast<int>(static_cast<Size>(x.size()) / d);
  std::vector<std::vector<int>> near(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      double sum = 0;
      for (Size f = 0; f < d; ++f) sum += std::pow(x[static_cast<std::size_t>(i * d + f)] - x[static_cast<std::size_t>(j * d + f)], 2);
      if (std::sqrt(sum) <= radius) near[static_cast<std::size_t>(i)].push_back(j);
    }
  const auto is_core = [&](int i) { return static_cast<Size>(near[static_cast<std::size_t>(i)].size()) >= least; };
  std::vector<int> labels(static_cast<std::size_t>(n), -1);
  int clusters = 0;
  for (int i = 0; i < n; ++i) {
    if (is_core(i)) core.push_back(i);
    if (labels[static_cast<std::size_t>(i)] >= 0 || !is_core(i)) continue;
    std::vector<int> reached{i};
    while (!reached.empty()) {
      const int at = reached.back();
      reached.pop_back();
      if (labels[static_cast<std::size_t>(at)] >= 0) continue;
      labels[static_cast<std::size_t>(at)] = clusters;
      if (is_core(at)) reached.insert(reached.end(), near[static_cast<std::size_t>(at)].begin(), near[static_cast<std::size_t>(at)].end());
    }
    ++clusters;
  }
  return labels;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dbscan)

BOOST_AUTO_TEST_CASE(scikit_learn) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      references<Backend, Split<0>>();
      if constexpr (std::is_same_v<Backend, Tested>) references<Backend, Replicated>();
    });
  });
}

BOOST_AUTO_TEST_CASE(iris_of_scikit_learn) {
  const std::vector<double> values = iris_samples();
  if (values.empty()) return;
  on_ranks([&] {
    expect(is(DBSCAN{}.fit(table<Split<0>>(values, 4)), classes::iris_labels, classes::iris_core), "iris");
  }, {1, 3});
}

// Many samples in many cells, clumps of some of which reach each other and with duplicates: dense, hardly so, and with more than enough.
BOOST_AUTO_TEST_CASE(definition) {
  for (const Size d : {2, 11}) {
    std::mt19937 random(static_cast<unsigned>(d));
    std::normal_distribution<double> normal;
    std::vector<double> x;
    for (Size i = 0; i < 900; ++i)
      for (Size f = 0; f < d; ++f) {
        const double fresh = normal(random) + 3 * static_cast<double>((i * i + f) % 4);
        x.push_back(i % 10 == 9 ? x[x.size() - static_cast<std::size_t>(9 * d)] : fresh);
      }
    for (const auto& [radius, least] : std::vector<std::pair<double, Size>>{{0.4, 4}, {1.5, 12}, {2.4, 3}, {3, 1}, {100, 900}, {100, 901}}) {
      std::vector<int> core;
      const std::vector<int> labels = by_definition(x, d, radius, least, core);
      on_ranks([&] {
        expect(is(DBSCAN{radius, least}.fit(table<Split<0>>(x, d)), labels, core),
               "of " + std::to_string(d) + " features within " + std::to_string(radius) + ", " + std::to_string(least));
      }, {1, 4, 7});
    }
  }
}

// Bounded, whatever the data: blocks round the ranks and to half of them, what each sample is, and the sets.
BOOST_AUTO_TEST_CASE(messages) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    for (const auto& [values, d] : {std::pair(classes::moons, Size{2}), std::pair(classes::grid, Size{2})}) {
      const auto x = table<Split<0>>(values, d);
      comm->take();
      DBSCAN{.radius = 0.2}.fit(x);
      const auto sent = comm->take();
      expect(sent.all_reduces == 2 && sent.others == comm->size() - 1 + 1 + comm->size() / 2, "messages");
      const auto whole = table<Replicated>(values, d);
      DBSCAN{.radius = 0.2}.fit(whole);
      expect(comm->take().collectives() == 0, "replicated samples");
    }
  });
}

BOOST_AUTO_TEST_CASE(few_and_refused) {
  on_ranks([] {
    const auto two = filled<Array<float, 2, Split<0>, Tested>>({2, 3}, [](const Index<2>& i) { return i[0]; });
    expect(is(DBSCAN{.radius = 2, .samples = 2}.fit(two), {0, 0}, {0, 1}) && is(DBSCAN{.radius = 1, .samples = 1}.fit(two), {0, 1}, {0, 1}) &&
               is(DBSCAN{.radius = 1}.fit(two), {-1, -1}, {}), "two samples");
    const auto bad = filled<Array<double, 2, Split<0>, Tested>>({9, 2}, [](const Index<2>& i) { return i[0] == 8 && i[1] == 1 ? INFINITY : 0; });
    refuses("inf in row 8, column 1", [&] { DBSCAN{}.fit(bad); });
    refuses("radius = 0 is out of range", [&] { DBSCAN{.radius = 0}.fit(two); });
    refuses("radius = nan is out of range", [&] { DBSCAN{.radius = priel::nan}.fit(two); });
    refuses("samples = 0 is out of range", [&] { DBSCAN{.samples = 0}.fit(two); });
    refuses("too few samples", [&] { DBSCAN{}.fit(Array<double, 2, Split<0>, Tested>(Shape<2>{0, 2})); });
  });
}

BOOST_AUTO_TEST_SUITE_END()
