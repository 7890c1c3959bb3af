// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Statistics of one statement: one pass over an operand they share, one message for all, and the values of each alone.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using namespace priel;
using namespace priel::test;

std::atomic<Size> reads{0};

// Counts how often an element is computed, on this process.
struct Watched {
  template <int Rank>
  double operator()(const Index<Rank>& i) const {
    ++reads;
    return static_cast<double>(mark(i) % 1009);
  }
  bool operator==(const Watched&) const = default;
};
// The same, not known to be equal to anything.
struct Unlike {
  double operator()(const Index<2>& i) const { return Watched{}(i); }
};

bool near(double a, double b) { return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b)); }

// Each alone first, then all together: the same values, one Allreduce.
template <class Backend, int Axis>
void check_values() {
  const auto where = described<Backend, Split<Axis>>();
  const Size p = world()->size();
  for (const Size n : {Size{1}, p - 1, p, 3 * p + 1}) {
    if (n == 0) continue;
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    Shape<2> shape{4, 4};
    shape[Axis] = n;
    const auto x = filled<Array<double, 2, Split<Axis>, Backend>>(shape, [](const Index<2>& i) { return mark(i) % 1009; });
    const auto y = filled<Array<double, 2, Split<Axis>, Backend>>(shape, [](const Index<2>& i) { return mark(i) % 101 - 50; });
    const double m = item(mean(x)), s = item(stddev(x)), high = item(max(x)), low = item(min(y));
    const auto columns = eval(mean(x, axis<Axis>));
    comm->take();
    const auto all_of_it = eval(mean(x) + 3 * stddev(x) - max(x) * min(y) + exp(0 * (sum(y) - 2 * mean(x))));
    expect(comm->take().collectives() == 1, where + ": six reductions, one message");
    expect(near(item(all_of_it), m + 3 * s - high * low + 1), where + ": the values of each alone");
    const auto centred = eval(mean(x, axis<Axis>) - mean(x) + 0 * any(x > 2000, axis<Axis>));
    expect(comm->take().collectives() == 1, where + ": different axes, one message");
    const auto expected = eval(columns - m);
    for (std::size_t i = 0; i < shard_of(expected).size(); ++i)
      expect(std::abs(shard_of(centred)[i] - shard_of(expected)[i]) < 1e-9, where + ": different axes");
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sharing)

BOOST_AUTO_TEST_CASE(one_message_and_the_values_of_each_alone) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_values<Backend, 0>();
    });
  });
}

#ifndef PRIEL_TEST_DEVICE
BOOST_AUTO_TEST_CASE(one_pass_over_a_shared_operand, *boost::unit_test::label("serial")) {
  const Shape<2> shape{20, 30};
  const auto x = generate<double>(shape, Watched{});
  const auto passes = [&](const auto& e) {
    reads = 0;
    eval(e);
    return static_cast<double>(reads) / static_cast<double>(shape.size());
  };
  BOOST_TEST(passes(mean(x)) == 1);
  BOOST_TEST(passes(mean(x) + 3 * stddev(x)) == 1);
  BOOST_TEST(passes(mean(x, axis<0>) + 3 * stddev(x, axis<0>) - max(x)) == 1);
  BOOST_TEST(passes((mean(2 * x) - min(2 * x)) / stddev(2 * x)) == 1);
  BOOST_TEST(passes(mean(x) + max(2 * x) + min(x)) == 2);
  BOOST_TEST(passes(mean(2 * x) + max(3 * x)) == 2);              // one type, two operands
  BOOST_TEST(passes(mean(x, axis<1>) + var(x, axis<1>)) == 1);
  BOOST_TEST(passes(mean(square(x - mean(x)))) == 2);
  const auto m = mean(x);
  const auto s = stddev(x);
  BOOST_TEST(passes(m + s) == 1);
  BOOST_TEST(passes(m * s) == 0);
  const auto alone = mean(generate<double>(shape, Unlike{}));
  BOOST_TEST(passes(alone * alone + alone) == 1);      // one reduction in three places
  const Array<double, 1> one = full<double>({3}, 1);
  BOOST_TEST(std::isnan(item(min(one / 0.0) + max(one / -0.0))));   // zeros of two signs are two operands
}
#endif

BOOST_AUTO_TEST_CASE(a_statistic_used_in_two_statements_is_sent_once) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Array<float, 2, Split<0>>>({9, 5}, [](const Index<2>& i) { return mark(i) % 7; });
    const auto m = mean(x, axis<0>);
    const auto s = stddev(x, axis<0>);
    const auto z = eval((x - m) / s);
    expect(comm->take().collectives() == 1, "both in one message");
    const auto again = eval(x * m + s);
    expect(comm->take().collectives() == 0, "both known");
    const auto scores = eval(max(x - m) + min(x / s));
    expect(comm->take().collectives() == 1, "only what is new");
    const auto sum_of_two = eval(sum(x, axis<0>) + 2 * mean(x, axis<0>));
    expect(comm->take().all_reduces == 1, "a pending sum is one message");
    const Array<float, 1, Split<0>> scattered(sum(x, axis<0>) - 2 * mean(x, axis<0>));
    const auto sent = comm->take();
    expect(sent.all_reduces == 0 && sent.collectives() == 1, "scattered at its end");
  });
}

BOOST_AUTO_TEST_CASE(what_a_rank_shares_does_not_decide_what_it_sends) {
  on_ranks([] {
    const auto x = filled<Array<double, 1, Split<0>>>({9}, [](const Index<1>& i) { return static_cast<double>(i[0]); });
    auto y = x;
    if (world()->rank() == 0) y.local_mut().data()[0] = 0;   // a copy on one rank only
    expect(item(sum(x(from<1>)) * max(y(from<1>))) == 36 * 8, "halos of arrays that share memory on some ranks");
    const Comm alone = world()->split(world()->rank());
    const Array<double, 1> mine(Shape<1>{2}, alone);
    expect(eval(0 * mine + max(arange<double>(5))).comm() == alone, "a number that every rank can compute has no communicator");
  });
}

BOOST_AUTO_TEST_SUITE_END()
