// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// skew and kurtosis against SciPy: axes, policies, element types, far and constant values, NaN, few elements; one pass, one message.
#include <priel/algorithms/moments.hpp>
#include <tests/algorithms/shape_answers.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using namespace priel;
using namespace priel::test;

// The tables of fixtures/make_moments_fixture.py.
double element(const std::string& kind, const Shape<2>& shape, const Index<2>& at) {
  const Size n = shape[0], m = shape[1], i = at[0], j = at[1];
  double x = static_cast<double>((i * i * 7 + i * 13 + j * 29 + i * j) % 101 - 30) / 8;
  if (i == n / 2 && j == m / 2 && n > 8) x += 500;
  if (kind == "integers") x *= 8;
  if (kind == "far") x += 1e8;
  if (kind == "constant") x = 0.1;
  if (kind == "nan" && i == n - 1 && j == 0) x = priel::nan;
  if (kind == "nan" && i == 0 && j == m - 1) x = HUGE_VAL;
  return x;
}

const Answer& scipy(const std::string& key) {
  static const auto answers = read_answers(std::filesystem::path(__FILE__).parent_path() / "fixtures/moments.txt");
  const auto found = answers.find(key);
  if (found == answers.end()) throw std::logic_error("SciPy was not asked: " + key + " (run fixtures/make_moments_fixture.py)");
  return found->second;
}

// Of one axis that is longer than 1, or of none.
template <class A>
void expect_near(const A& array, const std::string& key, const std::string& where) {
  const Answer& answer = scipy(key);
  const bool far = key.find("far") != key.npos;   // a mean of 1e8 is known to 1e-8
  const double tolerance = std::is_same_v<value_of<A>, float> ? 1e-6 : far ? 1e-7 : 1e-10;
  expect(array.shape().size() == static_cast<Size>(answer.values.size()), where + " " + key + ": another shape");
  Size at = 0;
  for (int a = 0; a < A::rank; ++a) at += array.part().lower[a];
  for (const double ours : shard_of(array)) {
    const double theirs = answer.at<double>(static_cast<std::size_t>(at++));
    if (test::same(ours, theirs) || std::abs(ours - theirs) <= tolerance * (1 + std::abs(theirs))) continue;
    throw std::logic_error(where + " " + key + " at " + std::to_string(at - 1) + ": " + std::to_string(theirs) + " to SciPy, here " +
                           std::to_string(ours));
  }
}

template <class T, class Backend, class P>
void check(const std::string& kind, const Shape<2>& shape) {
  const auto where = described<Backend, P>();
  const auto x = filled<Array<T, 2, P, Backend>>(shape, [&](const Index<2>& i) { return element(kind, shape, i); });
  const auto key = [&](const char* function, const char* options) {
    return std::string(function) + "(" + kind + " " + std::to_string(shape[0]) + "x" + std::to_string(shape[1]) + ", " + options + ")";
  };
  if (shape[1] <= 1000) {
    expect_near(eval(skew(x, axis<0>)), key("skew", "0, biased"), where);
    expect_near(eval(kurtosis(x, axis<0>, unbiased)), key("kurtosis", "0, unbiased"), where);
  }
  if (shape[0] <= 1000) {
    expect_near(eval(skew(x, axis<1>, keepdims, unbiased)), key("skew", "1, unbiased"), where);
    expect_near(eval(kurtosis(x, axis<-1>)), key("kurtosis", "1, biased"), where);
  }
  expect_near(eval(skew(x)), key("skew", "None, biased"), where);
  expect_near(eval(kurtosis(x, unbiased)), key("kurtosis", "None, unbiased"), where);
}

template <class T, class Backend, class P>
void check_short() {
  for (const auto& shape : {Shape<2>{13, 5}, {1, 4}, {2, 3}, {3, 4}, {4, 3}, {9, 37}}) check<T, Backend, P>("plain", shape);
  check<T, Backend, P>("constant", {6, 7});
  check<T, Backend, P>("nan", {6, 7});
}

// Watches how often elements are computed, on this process.
std::atomic<Size> reads{0};
struct Watched {
  double operator()(const Index<2>& i) const {
    ++reads;
    return element("plain", {40, 30}, i);
  }
  bool operator==(const Watched&) const = default;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(moments)

BOOST_AUTO_TEST_CASE(policies_and_small_tables) {
  on_ranks([] {
    check_short<double, Tested, Split<0>>();
    check_short<double, Tested, Split<1>>();
    check<double, Tested, Split<0>>("far", {300, 20});
    check<double, Tested, Split<1>>("far", {300, 20});
  });
  check_short<double, Tested, Replicated>();
}

BOOST_AUTO_TEST_CASE(element_types) {
  on_ranks([] {
    check_short<float, Tested, Split<0>>();
    check<std::int32_t, Tested, Split<0>>("integers", {50, 11});
  });
}

// More elements than are summed before they are merged, along rows, columns and all; on two threads where there are so many.
BOOST_AUTO_TEST_CASE(long_axes) {
  on_ranks([] {
    for (const auto& shape : {Shape<2>{9000, 3}, {2, 70000}}) {
      check<double, Tested, Split<1>>("plain", shape);
      check<float, Tested, Split<0>>("plain", shape);
    }
    check<std::int32_t, Tested, Split<0>>("integers", {5, 9000});
  }, {1, 3});
}

#ifndef PRIEL_TEST_DEVICE
BOOST_AUTO_TEST_CASE(plain_loops) {
  on_ranks([] { check_short<double, Reference, Split<0>>(); }, {3});
}

BOOST_AUTO_TEST_CASE(one_pass, *boost::unit_test::label("serial")) {
  const auto x = generate<double>(Shape<2>{40, 30}, Watched{});
  const double all = item(eval(mean(x) + var(x) + stddev(x) + skew(x) + kurtosis(x) + skew(x, unbiased)));
  BOOST_TEST(static_cast<double>(reads) == 1200);
  BOOST_TEST(all == item(mean(x)) + item(var(x)) + item(stddev(x)) + item(skew(x)) + item(kurtosis(x)) + item(skew(x, unbiased)),
             boost::test_tools::tolerance(1e-12));
}
#endif

// Each alone, then all of one statement: the same values, one Allreduce of the bytes that the plan says.
BOOST_AUTO_TEST_CASE(one_message) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const Shape<2> shape{50, 11};
    const auto x = filled<Array<double, 2, Split<0>, Tested>>(shape, [&](const Index<2>& i) { return element("plain", shape, i); });
    if (comm->size() > 1) expect_sends(skew(x, axis<0>), comm, "skew");
    const auto m = eval(mean(x, axis<0>)), v = eval(var(x, axis<0>)), s = eval(skew(x, axis<0>)), k = eval(kurtosis(x, axis<0>));
    comm->take();
    const auto all_of_it = eval(mean(x, axis<0>) + 10 * var(x, axis<0>) + 100 * skew(x, axis<0>) + 1000 * kurtosis(x, axis<0>));
    expect(comm->take().collectives() == 1, "four statistics, one message");
    const auto expected = eval(m + 10 * v + 100 * s + 1000 * k);
    for (std::size_t c = 0; c < 11; ++c) expect(std::abs(shard_of(all_of_it)[c] - shard_of(expected)[c]) < 1e-9, "the values of each alone");
    eval(skew(x, axis<1>));
    expect(comm->take().collectives() == 0, "along rows that are on one rank each");
  });
}

BOOST_AUTO_TEST_SUITE_END()
