// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Host's reductions against Reference's: every choice of axes of narrow, wide and deep boxes, of memory and of expressions.
#include <priel/backend/reference.hpp>
#include <priel/priel.hpp>

#include <boost/test/unit_test.hpp>

#include <omp.h>

#include <cmath>
#include <random>
#include <vector>

namespace {

using namespace priel;

template <class T>
struct Larger {
  using op = op::Maximum;
  using result = T;
  template <std::size_t>
  using operand = T;
  static T function(T a, T b) { return op::call(a, b); }
};

// A job over the axes whose bits are set in `mask`, and its states.
template <class Statistic, int Root>
struct Job {
  Job(const Shape<Root>& extent, unsigned mask) : kept(extent), states(1) {
    for (int a = 0; a < Root; ++a) if (reduced(mask, a)) kept[a] = 1;
    stride = strides_of(kept);
    for (int a = 0; a < Root; ++a) if (reduced(mask, a)) stride[a] = 0;
    states = detail::States<Statistic>(kept.size());
  }
  static bool reduced(unsigned mask, int a) { return (mask >> a & 1) != 0; }
  operator ReduceJob<Statistic, Root>() { return {stride, states.data(), kept.size()}; }
  double value(Size i, Size n) { return static_cast<double>(Statistic::value(states.data()[i], n)); }

  Shape<Root> kept;
  Index<Root> stride;
  detail::States<Statistic> states;
};

template <class Backend, class Kernel, int Root, class... Statistic>
void reduce(const Kernel& kernel, const Shape<Root>& extent, Job<Statistic, Root>&... jobs) {
  Backend::reduce(kernel, extent, static_cast<ReduceJob<Statistic, Root>>(jobs)...);
}

bool close(double a, double b, double scale) { return a == b || (a != a && b != b) || std::fabs(a - b) <= 1e-12 * scale; }

// The statistics together, so that they share their work, and one of them alone.
template <class T, class Kernel, int Root>
void check(const std::string& what, const Kernel& kernel, const Shape<Root>& extent) {
  using namespace statistic;
  for (unsigned mask = 1; mask < 1u << Root; ++mask) {
    Job<Mean<T>, Root> mean(extent, mask), plain_mean(extent, mask);
    Job<Variance<T>, Root> variance(extent, mask), plain_variance(extent, mask);
    Job<Max<T>, Root> largest(extent, mask), plain_largest(extent, mask);
    Job<All<T>, Root> all(extent, mask), plain_all(extent, mask);
    reduce<Host>(kernel, extent, mean, variance, largest);
    reduce<Host>(kernel, extent, all);
    reduce<Reference>(kernel, extent, plain_mean, plain_variance, plain_largest, plain_all);
    const Size n = extent.size() / mean.kept.size();
    for (Size i = 0; i < mean.kept.size(); ++i) {
      const bool right = close(mean.value(i, n), plain_mean.value(i, n), 200) && close(variance.value(i, n), plain_variance.value(i, n), 2e4) &&
                         close(largest.value(i, n), plain_largest.value(i, n), 0) && all.value(i, n) == plain_all.value(i, n);
      BOOST_TEST(right, what << to_string(extent) << ", axes " << mask << ", element " << i << ": mean " << mean.value(i, n) << ", variance "
                             << variance.value(i, n) << " and " << plain_variance.value(i, n));
      if (!right) return;
    }
  }
}

template <class T, int Root>
void check_shape(const Shape<Root>& extent) {
  std::mt19937 random(5);
  for (const int rare : {0, 701}) {   // with and without values that are not finite
    std::vector<T> x(static_cast<std::size_t>(extent.size()));
    for (T& v : x) v = static_cast<T>(random() % 200);
    if (rare > 0 && std::is_floating_point_v<T>)
      for (std::size_t i = 1; i < x.size(); i += static_cast<std::size_t>(rare)) x[i] = static_cast<T>(i % 2 == 0 ? std::nan("") : HUGE_VAL);
    auto leaf = kernel::strided(x.data(), whole(extent), frame_of(whole(extent)));
    check<T>("memory ", leaf, extent);
    check<T>("expression ", kernel::Apply<Larger<T>, decltype(leaf), decltype(leaf)>{kernel::pack(leaf, leaf)}, extent);
  }
}

// Over all of `x`.
template <class T>
double variance_of(const std::vector<T>& x) {
  const Shape<1> extent{static_cast<Size>(x.size())};
  Job<statistic::Variance<T>, 1> job(extent, 1);
  reduce<Host>(kernel::strided(x.data(), whole(extent), frame_of(whole(extent))), extent, job);
  return job.states.data()->squares / static_cast<double>(x.size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(host_reduce)

BOOST_AUTO_TEST_CASE(axes, *boost::unit_test::label("serial")) {
  for (const Size n : {1, 7, 600, 5001}) {
    check_shape<float>(Shape<2>{n, 3});
    check_shape<float>(Shape<2>{3, n});
    check_shape<std::int32_t>(Shape<2>{n, 18});
  }
  check_shape<float>(Shape<2>{70, 5000});
  check_shape<float>(Shape<2>{9000, 70});
  check_shape<std::int32_t>(Shape<3>{7, 50, 300});
  check_shape<std::int32_t>(Shape<3>{300, 4, 3});
}

// Large enough for two threads: few states, of which each has a copy, and many.
BOOST_AUTO_TEST_CASE(threads, *boost::unit_test::label("serial")) {
  const int before = omp_get_max_threads();
  omp_set_num_threads(2);
  check_shape<float>(Shape<2>{100000, 3});
  check_shape<float>(Shape<2>{3, 100000});
  omp_set_num_threads(before);
}

// Small deviations from a large mean, in an order that begins with an outlier; squares that leave double's range.
// Axes between which others stay: threads meet in a state.
BOOST_AUTO_TEST_CASE(threads_that_share_states, *boost::unit_test::label("serial")) {
  const int before = omp_get_max_threads();
  omp_set_num_threads(4);
  for (int round = 0; round < 10; ++round) {
    const Array<int, 3> pairs = full<int>({Size{1} << 18, 2, 8}, 3);
    const Array<std::int64_t, 1> of_pairs = sum(pairs, axis<0, 2>);
    BOOST_TEST(of_pairs.local()(1) == (std::int64_t{1} << 18) * 8 * 3);
    const Array<int, 4> columns = full<int>({Size{1} << 13, 2, 32, 8}, 5);
    const Array<std::int64_t, 2> of_columns = sum(columns, axis<0, 2>);
    BOOST_TEST(of_columns.local()(1, 7) == (std::int64_t{1} << 13) * 32 * 5);
  }
  omp_set_num_threads(before);

  // Rows that are joined hold columns of one state: those of a slab are one thread's.
  const Size extent[] = {8, 64, 4096}, stride[] = {4096, 0, 1};
  host::ColumnsPass pass(host::Layout(extent, stride, 3));
  BOOST_TEST((!pass.copies(16) && pass.units() == 8));
}

// A result for each of many runs, of memory and of an expression: by two threads, straight to the results.
BOOST_AUTO_TEST_CASE(results_of_many_runs, *boost::unit_test::label("serial")) {
  const int before = omp_get_max_threads();
  omp_set_num_threads(2);
  for (const Size length : {1, 3, 7, 12, 40, 300}) {
    const Array<int, 2> x = generate<int>(Shape<2>{600001 / length, length}, [](const Index<2>& i) { return static_cast<int>((i[0] * 7 + i[1] * i[1]) % 11); });
    const Array<std::int64_t, 1> sums = sum(x, axis<1>);
    const Array<int, 1> largest = max(2 * x, axis<1>);
    const Array<double, 1> variances = var(2 * x, axis<1>);
    const Array<bool, 1> whole_rows = all(x, axis<1>);
    for (Size row = 0; row < sums.size(); row += 997) {
      std::int64_t total = 0, squares = 0;
      int most = 0;
      bool none_is_zero = true;
      for (Size j = 0; j < length; ++j) {
        const int v = x.local()(row, j);
        total += v;
        squares += std::int64_t{4} * v * v;
        most = 2 * v > most ? 2 * v : most;
        none_is_zero = none_is_zero && v != 0;
      }
      const double n = static_cast<double>(length), mean = 2 * static_cast<double>(total) / n;
      const bool right = sums.local()(row) == total && largest.local()(row) == most && whole_rows.local()(row) == none_is_zero &&
                         std::fabs(variances.local()(row) - (static_cast<double>(squares) / n - mean * mean)) < 1e-9;
      BOOST_TEST(right, "row " << row << " of " << length);
      if (!right) break;
    }
  }
  omp_set_num_threads(before);
}

// What a user's function throws comes out of the threads.
BOOST_AUTO_TEST_CASE(exceptions_leave_threads, *boost::unit_test::label("serial")) {
  struct Refused {};
  struct Function {
    int operator()(const Index<1>& i) const { return i[0] == 777777 ? throw Refused() : 1; }
  };
  const int before = omp_get_max_threads();
  omp_set_num_threads(2);
  BOOST_CHECK_THROW((Array<int, 1>(generate<int>(Shape<1>(1000000), Function()))), Refused);
  BOOST_CHECK_THROW(Host::for_each(1000, [](Size i) { if (i == 600) throw Refused(); }), Refused);
  omp_set_num_threads(before);
}

BOOST_AUTO_TEST_CASE(variance_of_far_values, *boost::unit_test::label("serial")) {
  std::mt19937 random(11);
  std::normal_distribution<double> normal;
  std::vector<double> x(100003);
  std::vector<float> y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = 1e6 + 1e-3 * normal(random);
    y[i] = static_cast<float>(1e4 + normal(random));
  }
  x[0] += 1;
  const auto exact = [](const auto& values) {
    long double sum = 0, squares = 0;
    for (const auto v : values) sum += v;
    for (const auto v : values) squares += (v - sum / values.size()) * (v - sum / values.size());
    return static_cast<double>(squares / values.size());
  };
  BOOST_TEST(std::fabs(variance_of(x) / exact(x) - 1) < 1e-8);
  BOOST_TEST(std::fabs(variance_of(y) / exact(y) - 1) < 1e-12);
  BOOST_TEST(variance_of(std::vector<double>(1000, 3.7)) == 0);
  BOOST_TEST(std::isinf(variance_of(std::vector<double>{0, 1e200, 0, 0, 0, 0, 0, 0, 0, 0})));
  BOOST_TEST(std::isnan(variance_of(std::vector<double>{1, 2, HUGE_VAL, 3})));
}

BOOST_AUTO_TEST_SUITE_END()
