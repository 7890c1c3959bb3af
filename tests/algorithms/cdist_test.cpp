// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// cdist, pdist: the definition of every metric, for every pair of policies that meet; symmetry, zeros, NaN; split features stay pending.
#include <tests/algorithms/fixtures/distances.hpp>
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <priel/algorithms/pdist.hpp>

#include <boost/test/unit_test.hpp>

#include <random>

namespace {

using namespace priel;
using namespace priel::test;

Size value(const Index<2>& i) { return (i[0] * 7 + i[1] * 5) % 11 - 5; }
Size other_value(const Index<2>& i) { return (i[0] * 3 + i[1] * 4) % 13 - 6; }

// A metric of a user's: how many features differ.
struct Hamming {
  static constexpr bool additive = true;
  template <class T>
  PRIEL_DEVICE static T add(T sum, T difference) { return sum + (difference != T{} ? T(1) : T{}); }
  template <class T>
  PRIEL_DEVICE static T finish(T sum) { return sum; }
};

// Of two samples, with a state: SciPy's canberra, times a factor.
struct Canberra {
  double factor;
  template <class T>
  PRIEL_DEVICE T operator()(Sample<T> a, Sample<T> b) const {
    T sum{};
    for (Size f = 0; f < a.size(); ++f) {
      const T difference = a[f] - b[f], left = a[f] < 0 ? -a[f] : a[f], right = b[f] < 0 ? -b[f] : b[f];
      sum += (difference < 0 ? -difference : difference) / (left + right);
    }
    return static_cast<T>(factor) * sum;
  }
};

// The samples of the fixtures.
double wave(const Index<2>& at, double seed = 0) {
  const auto i = static_cast<double>(at[0]), j = static_cast<double>(at[1]);
  return std::sin(1.7 * i + 2.3 * j * j + 0.9 * i * j + seed) + 0.25 * std::cos(0.37 * i * i + j);
}

// Whether an array has such values in C order, to rounding.
template <class A>
bool near(const A& array, const std::vector<double>& expected, double tolerance = 1e-14) {
  const auto held = shard_of(eval(redistribute(array, replicated)));
  bool good = held.size() == expected.size();
  for (std::size_t i = 0; good && i < held.size(); ++i) good = std::abs(static_cast<double>(held[i]) - expected[i]) <= tolerance * (1 + std::abs(expected[i]));
  return good;
}

// By the definition, in double.
template <class M>
double expected(Size i, Size j, Size features) {
  double sum = 0;
  for (Size f = 0; f < features; ++f) {
    const double difference = static_cast<double>(value({{i, f}}) - other_value({{j, f}}));
    if constexpr (std::is_same_v<M, metric::Manhattan>) sum += std::abs(difference);
    else if constexpr (std::is_same_v<M, metric::Chebyshev>) sum = std::max(sum, std::abs(difference));
    else if constexpr (std::is_same_v<M, Hamming>) sum += difference != 0;
    else sum += difference * difference;
  }
  return std::is_same_v<M, metric::Euclidean> ? std::sqrt(sum) : sum;
}

template <class M, class Backend, class P, class Q>
void check(const char* name) {
  for (const auto& [n, m, d] : std::vector<Shape<3>>{{0, 3, 2}, {3, 0, 2}, {2, 3, 0}, {1, 1, 1}, {5, 7, 3}, {9, 70, 5}}) {
    const Size features = d;
    const auto x = filled<Array<double, 2, P, Backend>>({n, d}, value);
    const auto y = filled<Array<double, 2, Q, Backend>>({m, d}, other_value);
    const auto distances = eval(cdist(x, y, M{}));
    expect(distances.shape() == Shape<2>(n, m) && holds(distances, [&](const Index<2>& i) { return expected<M>(i[0], i[1], features); }),
           std::string(name) + " " + described<Backend, P, Q>() + to_string(x.shape()) + to_string(y.shape()));
  }
}

template <class T, class P = Replicated>
using Samples = Array<T, 2, P, Tested>;

}  // namespace

BOOST_AUTO_TEST_SUITE(cdists)

BOOST_AUTO_TEST_CASE(every_metric_and_pair) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<metric::Euclidean, Backend, Split<0>, Replicated>("euclidean");
      check<metric::Chebyshev, Backend, Replicated, Split<0>>("chebyshev");
      check<metric::SquaredEuclidean, Backend, Split<1>, Split<1>>("squared_euclidean");
      check<metric::Manhattan, Backend, Split<1>, Replicated>("manhattan");
      check<Hamming, Backend, Replicated, Replicated>("hamming");
    });
  });
}

// Split features: the sum of squares stays pending, the root is taken of the finished one.
BOOST_AUTO_TEST_CASE(split_features) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Samples<float, Split<1>>>({6, 10}, value);
    const auto y = filled<Samples<float, Split<1>>>({4, 10}, other_value);
    const Samples<float> distances = cdist(x, y);
    auto sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0 && sent.bytes == 6 * 4 * 8, "one Allreduce of the sums");
    expect(holds(distances, [](const Index<2>& i) { return static_cast<float>(expected<metric::Euclidean>(i[0], i[1], 10)); }), "euclidean");
    const Samples<float, Split<0>> squares(cdist(x, y, metric::squared_euclidean) + cdist(x, y, metric::manhattan));
    sent = comm->take();
    expect(sent.all_reduces == 0 && sent.others == 1, "one Reduce_scatter of two pending distances");
    expect(holds(squares, [](const Index<2>& i) { return expected<metric::SquaredEuclidean>(i[0], i[1], 10) + expected<metric::Manhattan>(i[0], i[1], 10); }),
           "their sum");
    const auto rows = redistribute(x, split<0>);
    const auto alone = eval(cdist(eval(rows), eval(redistribute(y, replicated))));
    expect(comm->take().all_reduces == 0 && holds(alone, [&](const Index<2>& i) { return static_cast<float>(expected<metric::Euclidean>(i[0], i[1], 10)); }), "whole samples");
  });
}

// Symmetric bit for bit, 0 for duplicates, the same whatever is beside; NaN where a feature is NaN.
BOOST_AUTO_TEST_CASE(exactness) {
  std::mt19937 generator(7);
  const Size n = 131, d = 19;
  std::vector<float> values(static_cast<std::size_t>(n * d));
  for (float& v : values) v = static_cast<float>(generator() % 100000) / 777.0f + 1000;   // an offset that a product form would not survive
  for (Size f = 0; f < d; ++f) values[static_cast<std::size_t>(40 * d + f)] = values[static_cast<std::size_t>(3 * d + f)];
  values[static_cast<std::size_t>(9 * d + 4)] = std::numeric_limits<float>::quiet_NaN();
  const auto at = [&](const Index<2>& i) { return values[static_cast<std::size_t>(i[0] * d + i[1])]; };
  const auto whole_matrix = eval(cdist(filled<Samples<float>>({n, d}, at, self()), filled<Samples<float>>({n, d}, at, self())));
  const auto all_of_them = shard_of(whole_matrix);
  const auto value_at = [&](Size i, Size j) { return all_of_them[static_cast<std::size_t>(i * n + j)]; };
  bool symmetric = true, undefined = true, zero = value_at(3, 40) == 0;
  for (Size i = 0; i < n; ++i) {
    for (Size j = 0; j < n; ++j) symmetric = symmetric && same(value_at(i, j), value_at(j, i));
    undefined = undefined && std::isnan(value_at(i, 9));
    zero = zero && (i == 9 || value_at(i, i) == 0);
  }
  BOOST_TEST(symmetric);
  BOOST_TEST(undefined);
  BOOST_TEST(zero);
  on_ranks([&] {
    const auto rows = eval(cdist(filled<Samples<float, Split<0>>>({n, d}, at), filled<Samples<float>>({n, d}, at)));
    expect(holds(rows, [&](const Index<2>& i) { return value_at(i[0], i[1]); }), "bit for bit on any number of ranks");
  });
  const auto largest = eval(cdist(filled<Samples<float>>({n, d}, at, self()), filled<Samples<float>>({n, d}, at, self()), metric::chebyshev));
  BOOST_TEST(std::isnan(shard_of(largest)[9]));
}

// Half the squared distance of directions: 0 for duplicates and multiples by powers of 2, NaN for a sample of zeros, huge samples as small ones.
BOOST_AUTO_TEST_CASE(cosine) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto a = [](const Index<2>& i) { return std::sin(static_cast<double>(7 * i[0] + 3 * i[1] + 1)) * (i[0] == 4 ? 1e200 : 1); };
      const auto b = [&](const Index<2>& i) { return i[0] == 2 ? 0.0 : i[0] == 3 ? 8 * a({{3, i[1]}}) : std::cos(static_cast<double>(5 * i[0] + i[1])); };
      const auto x = filled<Array<double, 2, Split<0>, Backend>>({6, 5}, a);
      const auto y = filled<Array<double, 2, Replicated, Backend>>({7, 5}, b);
      const auto distances = eval(cdist(x, y, metric::cosine));
      const auto values = shard_of(distances);
      bool good = true;
      for (Size i = 0; i < distances.lshape()[0]; ++i)
        for (Size j = 0; j < 7; ++j) {
          double product = 0, left = 0, right = 0;
          for (Size f = 0; f < 5; ++f) {
            const double u = a({{distances.part().lower[0] + i, f}}) / (distances.part().lower[0] + i == 4 ? 1e200 : 1), v = b({{j, f}});
            product += u * v, left += u * u, right += v * v;
          }
          const double value = values[static_cast<std::size_t>(i * 7 + j)];
          good = good && (j == 2 ? std::isnan(value) : std::abs(value - (1 - product / std::sqrt(left * right))) < 1e-15 * 8);
          if (distances.part().lower[0] + i == 3 && j == 3) good = good && value == 0;
        }
      expect(good, std::string("cosine on ") + Backend::name);
      expect(identical(shard_of(eval(cdist_ring(x, eval(redistribute(y, split<0>)), metric::cosine))), values), std::string("the ring on ") + Backend::name);
    });
  }, {1, 3});
}

// SciPy's and scikit-learn's, of a callable and of a metric with a state, too.
BOOST_AUTO_TEST_CASE(as_scipy_has_them) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const std::string where = std::string(" on ") + Backend::name;
      const auto x = filled<Array<double, 2, Split<0>, Backend>>({7, 4}, [](const Index<2>& i) { return wave(i); });
      const auto y = filled<Array<double, 2, Replicated, Backend>>({3, 4}, [](const Index<2>& i) { return wave(i, 5); });
      expect(near(cdist(x, y), distances::euclidean), "euclidean" + where);
      expect(near(cdist(x, y, metric::rbf(0.7)), distances::rbf), "rbf" + where);
      expect(near(cdist(x, y, Canberra{1}), distances::canberra), "canberra" + where);
      expect(near(cdist_ring(x, redistribute(y, split<0>), Canberra{2}) / 2, distances::canberra), "canberra, round the ring" + where);
      expect(near(pdist(x), distances::euclidean_pairs) && near(pdist(x, Canberra{1}), distances::canberra_pairs), "pairs" + where);
      expect(near(pdist(x, metric::cosine), distances::cosine_pairs), "pairs, cosine" + where);
    });
    const auto x = filled<Samples<float, Split<1>>>({7, 4}, [](const Index<2>& i) { return wave(i); });
    const auto y = filled<Samples<float, Split<1>>>({3, 4}, [](const Index<2>& i) { return wave(i, 5); });
    expect(near(cdist(x, y, metric::rbf(0.7)), distances::rbf, 1e-5), "rbf of split features, in float");
    const auto whole = filled<Samples<float>>({7, 4}, [](const Index<2>& i) { return wave(i); });
    expect(near(pdist(whole, metric::manhattan), distances::manhattan_pairs, 1e-5) && near(pdist(whole, metric::chebyshev), distances::chebyshev_pairs, 1e-5),
           "pairs, in float");
    expect(near(pdist(whole, metric::squared_euclidean), distances::squared_euclidean_pairs, 1e-5), "pairs, squared, in float");
    expect(throws<InputError>([] { metric::rbf(0); }) && throws<InputError>([] { metric::rbf(priel::nan); }), "sigma");
  });
}

// Bit for bit the upper triangle of cdist, however many ranks hold it; each sends the rows that pairs begin with, and blocks that go round.
BOOST_AUTO_TEST_CASE(pairs) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    for (const Size n : {0, 1, 2, 3, 5, 8, 37, 150}) {
      const auto at = [](const Index<2>& i) { return wave(i) + 1000; };
      const auto x = filled<Samples<float, Split<0>>>({n, 5}, at);
      const auto whole = filled<Samples<float>>({n, 5}, at);
      const auto square = shard_of(eval(cdist(whole, whole)));
      comm->take();
      const auto node = pdist(x);
      const Size planned = explain(node).bytes(Collective::exchange).bytes[static_cast<std::size_t>(comm->rank())];
      const auto split = eval(node);
      const auto sent = comm->take();
      const auto alone = eval(pdist(whole));
      expect(comm->take().collectives() == 0, "replicated samples send nothing");
      Size passed = 0, rows = 0;
      const int p = comm->size();
      for (int step = 0; step + 1 < p; ++step) passed += block_of(n, p, (comm->rank() + step) % p).extent * 5 * 4;
      for (int q = 0; q < p; ++q) {
        const Block held = block_of(n * (n - 1) / 2, p, q), own = block_of(n, p, comm->rank());
        const Block wanted = detail::Condensed{n, held.lower, held.extent}.rows();
        if (q != comm->rank()) rows += std::max<Size>(0, std::min(own.lower + own.extent, wanted.lower + wanted.extent) - std::max(own.lower, wanted.lower)) * 5 * 4;
      }
      expect(sent.all_reduces == 0 && sent.others == p && sent.bytes == passed + rows && sent.bytes == planned, "what is sent of " + std::to_string(n));
      std::vector<float> expected;
      for (Size i = 0; i < n; ++i) expected.insert(expected.end(), square.begin() + i * n + i + 1, square.begin() + (i + 1) * n);
      expect(identical(shard_of(alone), expected), "condensed of " + std::to_string(n));
      const auto part = split.part();
      expect(split.shape() == alone.shape() &&
             identical(shard_of(split), std::vector<float>(expected.begin() + part.lower[0], expected.begin() + part.lower[0] + part.extent[0])),
             "shared out, of " + std::to_string(n));
    }
  });
}

BOOST_AUTO_TEST_CASE(integers_and_errors) {
  on_ranks([] {
    const auto x = filled<Samples<int, Split<0>>>({5, 3}, value);
    const auto y = filled<Samples<int>>({4, 3}, other_value);
    const auto distances = eval(cdist(x, y));
    static_assert(std::is_same_v<value_of<decltype(distances)>, double>);
    expect(holds(distances, [](const Index<2>& i) { return expected<metric::Euclidean>(i[0], i[1], 3); }), "integers in double");
    expect(throws<ShapeError>([&] { cdist(x, filled<Samples<int>>({4, 2}, value)); }), "numbers of features");
  }, {1, 3});
}

#ifndef PRIEL_TEST_DEVICE   // kernels of the CPU

// The others get all blocks and go on.
BOOST_AUTO_TEST_CASE(a_metric_that_throws_on_one_rank) {
  on_ranks([] {
    const auto x = filled<Samples<double, Split<0>>>({9, 2}, [](const Index<2>& i) { return static_cast<double>(i[0]); });
    const auto picky = [](Sample<double> a, Sample<double> b) { return a[0] == 0 && b[0] > 3 ? throw InputError("too far") : b[0] - a[0]; };
    const bool failed = throws<InputError>([&] { eval(cdist_ring(x, x, picky)); });
    expect(failed == (x.part().lower[0] == 0 && x.lshape()[0] > 0), "where it throws");
    expect(item(sum(cdist_ring(x, x, metric::manhattan))) == 480, "the next round");
  });
}

BOOST_AUTO_TEST_CASE(metrics_of_the_kernels) {
  check<metric::Euclidean, Host, Replicated, Replicated>("euclidean");
  check<metric::SquaredEuclidean, Host, Replicated, Replicated>("squared_euclidean");
  check<metric::Manhattan, Host, Replicated, Replicated>("manhattan");
  check<metric::Chebyshev, Host, Replicated, Replicated>("chebyshev");
}

// A large result is written past the cache where its rows are aligned: the same distances, and no others overwritten.
BOOST_AUTO_TEST_CASE(large_results) {
  const Size n = 2055, m = 4096 + 64, used = 4096 + 7, d = 3;
  const auto x = shard_of(filled<Array<float, 2>>({n, d}, value, self())), y = shard_of(filled<Array<float, 2>>({used, d}, other_value, self()));
  Array<float, 2> aligned(Shape<2>{n, m}, self()), shifted(Shape<2>{n, m + 1}, self());
  float* const into = aligned.local_mut().data();
  float* const beside = shifted.local_mut().data();
  std::fill_n(into, n * m, -1.0f);
  detail::pair_distances(detail::Metric::euclidean, n, used, d, x.data(), y.data(), into, m);
  detail::pair_distances(detail::Metric::euclidean, n, used, d, x.data(), y.data(), beside, m + 1);
  bool same_rows = true, untouched = true;
  for (Size i = 0; i < n; ++i) {
    same_rows = same_rows && std::equal(into + i * m, into + i * m + used, beside + i * (m + 1));
    untouched = untouched && std::all_of(into + i * m + used, into + (i + 1) * m, [](float at) { return at == -1; });
  }
  BOOST_TEST(same_rows);
  BOOST_TEST(untouched);
}

#endif

BOOST_AUTO_TEST_SUITE_END()
