// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// nearest_neighbours, radius_neighbours: the definition for every metric, backend and number of ranks; what goes round; that no rank holds the table.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <priel/algorithms/radius_neighbours.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

namespace {

using namespace priel;
using namespace priel::test;

// kind 0: normal numbers; 1: few values, so that distances tie and samples coincide, and two samples that are not finite; 2: far from 0 and
// near each other; 3: normal numbers, and every third sample NaN.
std::vector<double> some_values(Size n, Size d, int kind) {
  std::mt19937 random(static_cast<unsigned>(17 + kind));
  std::normal_distribution<double> normal;
  std::vector<double> values(static_cast<std::size_t>(n * d));
  for (double& value : values) value = kind == 1 ? static_cast<double>(random() % 4) - 1 : kind == 2 ? 300 + 1e-5 * normal(random) : normal(random);
  if (kind == 1 && n > 8) values[static_cast<std::size_t>(3 * d)] = priel::nan, values[static_cast<std::size_t>(7 * d)] = INFINITY;
  for (std::size_t i = 0; kind == 3 && i < values.size(); i += 3 * static_cast<std::size_t>(d)) values[i] = priel::nan;
  return values;
}

template <class A>
A samples(Size n, Size d, int kind) {
  const auto values = some_values(n, d, kind);
  return filled<A>({n, d}, [&](const Index<2>& i) { return values[static_cast<std::size_t>(i[0] * d + i[1])]; });
}

// The neighbourhoods by definition, of distances that cdist gives.
template <class Near>
bool agrees(const Near& near, const std::vector<double>& distances, Size n, Size k) {
  const auto index = shard_of(near.index);
  const auto distance = shard_of(near.distance);
  const Size width = near.index.shape()[1], lower = near.index.part().lower[0];
  bool same = true;
  for (Size row = 0; row < near.index.lshape()[0]; ++row) {
    const Size x = lower + row;
    std::vector<std::pair<double, Size>> all;
    for (Size y = 0; y < n; ++y) {
      const double d = distances[static_cast<std::size_t>(x * n + y)];
      if (y != x && std::isfinite(d)) all.emplace_back(d, y);
    }
    std::sort(all.begin(), all.end());
    Size count = 0;
    if (static_cast<Size>(all.size()) >= k)
      while (count < static_cast<Size>(all.size()) && all[static_cast<std::size_t>(count)].first <= all[static_cast<std::size_t>(k - 1)].first) ++count;
    for (Size r = 0; r < width; ++r) {
      const auto at = static_cast<std::size_t>(row * width + r);
      if (r < count)
        same = same && index[at] == all[static_cast<std::size_t>(r)].second && std::abs(distance[at] - all[static_cast<std::size_t>(r)].first) <= 1e-12;
      else same = same && index[at] == x && (count == 0 ? std::isnan(distance[at]) : std::isinf(distance[at]));
    }
  }
  return same;
}

template <class Backend, class P, class M>
void check(const char* name, M metric) {
  struct Case { Size n, d, k; int kind; };
  for (const auto& [n, d, k, kind] : std::vector<Case>{{3, 2, 1, 0}, {9, 1, 3, 1}, {40, 2, 5, 1}, {61, 5, 20, 0}, {50, 2, 3, 3}}) {
    const auto x = samples<Array<double, 2, P, Backend>>(n, d, kind);
    const auto all = shard_of(eval(cdist(samples<Array<double, 2, Replicated, Backend>>(n, d, kind), samples<Array<double, 2, Replicated, Backend>>(n, d, kind), metric)));
    expect(agrees(nearest_neighbours(x, k, metric), all, n, k), std::string(name) + " of " + to_string(x.shape()) + " on " + described<Backend, P>());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(neighbours)

BOOST_AUTO_TEST_CASE(definition) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<Backend, Split<0>>("euclidean", metric::euclidean);
      check<Backend, Split<0>>("cosine", metric::cosine);
      check<Backend, Replicated>("manhattan", metric::manhattan);
      check<Backend, Split<0>>("chebyshev", metric::chebyshev);
    });
  });
}

// Many samples, in cells of near ones.
BOOST_AUTO_TEST_CASE(many_samples) {
  for (const int kind : {0, 1, 3}) {
    const auto x = samples<Array<double, 2, Replicated, Tested>>(1300, 3, kind);
    expect(agrees(nearest_neighbours(x, 5), shard_of(eval(cdist(x, x))), 1300, 5), "kind " + std::to_string(kind));
  }
}

// Bit for bit those of one rank.
BOOST_AUTO_TEST_CASE(same_on_any_number_of_ranks) {
  on_ranks([] {
    for (const int kind : {0, 1, 2}) {
      const auto here = nearest_neighbours(samples<Array<float, 2, Split<0>, Tested>>(1211, 18, kind), 9);
      const auto alone = nearest_neighbours(samples<Array<float, 2, Replicated, Tested>>(1211, 18, kind), 9);
      const Array<float, 2, Replicated, Tested> distance(redistribute(here.distance, replicated));
      const Array<Size, 2, Replicated, Tested> index(redistribute(here.index, replicated));
      expect(identical(shard_of(distance), shard_of(alone.distance)) && identical(shard_of(index), shard_of(alone.index)), "kind " + std::to_string(kind));
    }
    const auto x = samples<Array<double, 2, Split<0>, Tested>>(97, 3, 1);
    const auto same_scores = [](const auto& split, const auto& whole) {
      return identical(shard_of(Array<double, 1, Replicated, Tested>(redistribute(split, replicated))), shard_of(eval(whole)));
    };
    const Array<double, 2, Replicated, Tested> whole(redistribute(x, replicated));
    expect(same_scores(eval(lof(x, Sweep{3, 9, 3})), lof(whole, Sweep{3, 9, 3})), "lof");
    expect(same_scores(eval(loop(x, Sweep{3, 9, 3})), loop(whole, Sweep{3, 9, 3})), "loop");
    expect(same_scores(eval(loop(x, 5, 2, Norm::local, metric::manhattan)), loop(whole, 5, 2, Norm::local, metric::manhattan)), "loop, local, manhattan");
  });
}

// On the CPU each block is shown to half of the ranks, with a limit for each sample; counts come back for each that is seen, and what was found.
// Elsewhere blocks go round once. Two numbers are agreed.
BOOST_AUTO_TEST_CASE(messages) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = samples<Array<double, 2, Split<0>, Tested>>(23, 4, 0);
    comm->take();
    const auto near = nearest_neighbours(x, 3);
    const auto sent = comm->take();
    if constexpr (!Tested::host_memory) {
      Size passed = 0;
      for (int step = 0; step + 1 < comm->size(); ++step) passed += block_of(23, comm->size(), (comm->rank() + step) % comm->size()).extent * 4 * 8;
      return expect(sent.all_reduces == 2 && sent.others == comm->size() - 1 && sent.bytes == passed + 2 * 8, "blocks and two numbers");
    }
    Size shown = 0, seen = 0;
    for (int step = 1; 2 * step <= comm->size(); ++step) {
      const int before = (comm->rank() - step + comm->size()) % comm->size(), behind = (comm->rank() + step) % comm->size();
      shown += detail::rows_shown(23, comm->size(), comm->rank(), before).extent;
      seen += detail::rows_shown(23, comm->size(), behind, comm->rank()).extent;
    }
    const Size least = shown * (4 + 1) * 8 + seen * 8 + 2 * 8;
    expect(sent.all_reduces == 2 && sent.others == comm->size() / 2 * 3 && sent.bytes >= least && sent.bytes <= least + seen * 3 * (8 + 8), "what is sent");
  });
}

// What coincides with more than k others has neighbours without number; the scores do not ask for them.
BOOST_AUTO_TEST_CASE(many_duplicates) {
  on_ranks([] {
    const Size n = 60;
    const auto x = filled<Array<double, 2, Split<0>, Tested>>({n, 1}, [](const Index<2>& i) { return i[0] % 3 == 0 ? static_cast<double>(i[0]) : 0.5; });
    const auto scores = eval(lof(x, 4));
    const auto values = shard_of(scores);
    bool ones = true;
    for (std::size_t i = 0; i < values.size(); ++i) ones = ones && ((scores.part().lower[0] + static_cast<Size>(i)) % 3 == 0 || values[i] == 1);
    expect(ones && nearest_neighbours(x, 4).index.shape()[1] == 42, "duplicates score 1");
    expect(item(all(loop(x, 4) <= 1)), "loop");
    const auto near_0 = filled<Array<float, 2, Replicated, Tested>>({512, 1}, [](const Index<2>& i) { return static_cast<float>(i[0]) * 1e-25f; });
    expect(nearest_neighbours(near_0, 3, metric::SquaredEuclidean{}).index.shape()[1] == 511, "distances that are 0 in float");
  }, {1, 3});
}

// Of new samples among others: as the distances say, wherever either lies.
template <class Backend, class Of, class Among, class M>
void check_others(const char* name, M metric, double radius) {
  struct Case { Size n, m, d, k; int kind; };
  for (const auto& [n, m, d, k, kind] : std::vector<Case>{{0, 3, 2, 1, 0}, {2, 9, 1, 3, 1}, {41, 33, 2, 33, 0}, {50, 40, 3, 5, 1}}) {
    if (kind == 1 && d > 1 && radius == 0) continue;
    const auto x = samples<Array<double, 2, Of, Backend>>(n, d, kind);
    const auto y = samples<Array<double, 2, Among, Backend>>(m, d, kind == 0 ? 3 : kind);
    const auto all = shard_of(eval(cdist(samples<Array<double, 2, Replicated, Backend>>(n, d, kind), samples<Array<double, 2, Replicated, Backend>>(m, d, kind == 0 ? 3 : kind), metric)));
    const std::string what = std::string(name) + " of " + to_string(x.shape()) + to_string(y.shape()) + " on " + described<Backend, Of, Among>();
    Size valid = 0;
    const auto values = some_values(m, d, kind == 0 ? 3 : kind);
    for (Size j = 0; j < m; ++j)
      valid += std::all_of(values.begin() + j * d, values.begin() + (j + 1) * d, [](double value) { return std::isfinite(value); });
    const Size wanted = std::min(k, valid), others = m;
    const auto near = nearest_neighbours(x, y, wanted, metric);
    const auto index = shard_of(near.index);
    const auto distance = shard_of(near.distance);
    const auto within = radius_neighbours(x, y, radius, metric);
    const auto count = shard_of(within.count);
    bool good = near.index.shape()[0] == n && throws<InputError>([&] { nearest_neighbours(x, y, valid + 1, metric); });
    for (Size row = 0; row < near.index.lshape()[0]; ++row) {
      std::vector<std::pair<double, Size>> sorted;
      for (Size j = 0; j < others; ++j)
        if (const double at = all[static_cast<std::size_t>((near.index.part().lower[0] + row) * others + j)]; std::isfinite(at)) sorted.emplace_back(at, j);
      std::sort(sorted.begin(), sorted.end());
      const bool valid_row = static_cast<Size>(sorted.size()) >= wanted;
      for (Size r = 0; r < wanted; ++r) {
        const auto at = static_cast<std::size_t>(row * near.index.shape()[1] + r);
        good = good && (valid_row ? index[at] == sorted[static_cast<std::size_t>(r)].second && std::abs(distance[at] - sorted[static_cast<std::size_t>(r)].first) <= 1e-12
                                  : std::isnan(distance[at]));
      }
      const auto begin = static_cast<std::size_t>(within.begin[static_cast<std::size_t>(row)]);
      std::size_t found = 0;
      for (; found < sorted.size() && sorted[found].first <= radius; ++found)
        good = good && begin + found < within.index.size() && within.index[begin + found] == sorted[found].second &&
               std::abs(within.distance[begin + found] - sorted[found].first) <= 1e-12;
      good = good && count[static_cast<std::size_t>(row)] == static_cast<Size>(found) && within.begin[static_cast<std::size_t>(row) + 1] == static_cast<Size>(begin + found);
    }
    expect(good, what);
  }
}

BOOST_AUTO_TEST_CASE(among_others) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_others<Backend, Split<0>, Split<0>>("euclidean", metric::euclidean, 1.25);
      check_others<Backend, Split<0>, Replicated>("manhattan", metric::manhattan, 2);
      check_others<Backend, Replicated, Split<0>>("cosine", metric::cosine, 0.25);
    });
    const auto x = samples<Array<double, 2, Split<0>, Tested>>(5, 3, 0);
    expect(throws<ShapeError>([&] { nearest_neighbours(x, samples<Array<double, 2, Split<0>, Tested>>(5, 2, 0), 2); }), "numbers of features");
    expect(throws<InputError>([&] { radius_neighbours(x, -1.0); }) && throws<InputError>([&] { radius_neighbours(x, priel::nan); }), "a radius");
  });
}

// Those of one rank, bit for bit, which are the pairs that cdist finds; blocks go round once.
BOOST_AUTO_TEST_CASE(within_a_radius) {
  struct Case { Size n, d; int kind; double radius; };
  for (const auto& [n, d, kind, radius] : std::vector<Case>{{0, 2, 0, 1}, {3, 2, 0, 100}, {310, 3, 1, 1}, {150, 20, 0, 5}, {420, 2, 3, 0.2}, {170, 3, 2, 1e-5}}) {
    const auto whole = samples<Array<double, 2, Replicated, Tested>>(n, d, kind);
    const auto alone = radius_neighbours(whole, radius);
    const auto distances = shard_of(eval(cdist(whole, whole)));
    bool good = static_cast<Size>(alone.begin.size()) == n + 1 && alone.begin[0] == 0;
    for (Size i = 0; i < n; ++i) {
      std::vector<std::pair<double, Size>> sorted;
      for (Size j = 0; j < n; ++j)
        if (const double at = distances[static_cast<std::size_t>(i * n + j)]; i != j && at <= radius) sorted.emplace_back(at, j);
      std::sort(sorted.begin(), sorted.end());
      const auto begin = static_cast<std::size_t>(alone.begin[static_cast<std::size_t>(i)]);
      good = good && alone.begin[static_cast<std::size_t>(i) + 1] == static_cast<Size>(begin + sorted.size());
      for (std::size_t r = 0; good && r < sorted.size(); ++r) good = alone.index[begin + r] == sorted[r].second && alone.distance[begin + r] == sorted[r].first;
    }
    BOOST_TEST(good, n << " samples of kind " << kind);
    on_ranks([&, samples_here = n, features = d, values = kind, within = radius] {
      const auto comm = std::make_shared<Counting>(world());
      const ScopedWorld here(comm);
      const auto x = samples<Array<double, 2, Split<0>, Tested>>(samples_here, features, values);
      comm->take();
      const auto found = radius_neighbours(x, within);
      const auto sent = comm->take();
      Size passed = 0;
      for (int step = 0; step + 1 < comm->size(); ++step) passed += block_of(samples_here, comm->size(), (comm->rank() + step) % comm->size()).extent * features * 8;
      expect(sent.all_reduces == 0 && sent.others == comm->size() - 1 && sent.bytes == passed, "blocks go round");
      const auto from = alone.begin[static_cast<std::size_t>(x.part().lower[0])];
      bool equal = true;
      for (std::size_t row = 0; row < found.begin.size(); ++row)
        equal = equal && found.begin[row] + from == alone.begin[static_cast<std::size_t>(x.part().lower[0]) + row];
      equal = equal && std::equal(found.index.begin(), found.index.end(), alone.index.begin() + from) &&
              std::equal(found.distance.begin(), found.distance.end(), alone.distance.begin() + from);
      expect(equal, "bit for bit of " + to_string(x.shape()));
    }, {2, 3, 7});
  }
}

BOOST_AUTO_TEST_SUITE_END()
