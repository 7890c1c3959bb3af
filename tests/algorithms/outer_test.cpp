// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// outer, trace, norm: the definitions under every policy, and what is sent.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <priel/algorithms/outer.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <int Rank>
float value(const Index<Rank>& i) { return static_cast<float>(mark(i) % 17 - 8); }

template <class Backend, class P, class Q, class Result>
void check_outer() {
  for (const auto& [m, n] : std::vector<Shape<2>>{{0, 3}, {1, 1}, {5, 1}, {1, 4}, {7, 5}}) {
    const auto x = filled<Array<float, 1, P, Backend>>({m}, value<1>);
    const auto y = filled<Array<float, 1, Q, Backend>>({n}, value<1>);
    const auto z = eval(outer(x, y));
    static_assert(std::is_same_v<policy_of<decltype(z)>, Result>);
    expect(z.shape() == Shape<2>(m, n) && holds(z, [](const Index<2>& i) { return value<1>({{i[0]}}) * value<1>({{i[1]}}); }),
           "outer of " + described<Backend, P, Q>() + to_string(z.shape()));
  }
}

template <class Backend, class P>
void check_trace() {
  for (const auto& [m, n] : std::vector<Shape<2>>{{0, 0}, {1, 1}, {0, 3}, {5, 2}, {3, 8}, {7, 7}}) {
    float sum = 0;
    for (Size i = 0; i < std::min(m, n); ++i) sum += value<2>({{i, i}});
    const auto x = filled<Array<float, 2, P, Backend>>({m, n}, value<2>);
    expect(item(trace(x)) == sum && item(2 * trace(x) + trace(x)) == 3 * sum, "trace of " + described<Backend, P>() + to_string(x.shape()));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(outers)

BOOST_AUTO_TEST_CASE(outer_products) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    for_each_type<Backends>([]<class Backend>() { check_outer<Backend, Replicated, Split<0>, Split<1>>(); });
    check_outer<Tested, Replicated, Replicated, Replicated>();
    check_outer<Tested, Split<0>, Replicated, Split<0>>();
    expect(comm->take().collectives() == 0, "nothing is sent");
  });
}

BOOST_AUTO_TEST_CASE(traces) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() { check_trace<Backend, Split<1>>(); });
    check_trace<Tested, Replicated>();
    check_trace<Tested, Split<0>>();
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Array<int, 2, Split<1>, Tested>>({6, 4}, value<2>);
    static_assert(std::is_same_v<value_of<decltype(trace(x))>, std::int64_t>);
    item(trace(x) - trace(2 * x));
    const auto sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0 && sent.bytes == 8, "one Allreduce of one number");
  });
}

BOOST_AUTO_TEST_CASE(norms) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Array<float, 2, Split<0>, Tested>>({7, 5}, value<2>);
    const auto along = [](Size fixed, bool row, Size n) {
      double sum = 0;
      for (Size i = 0; i < n; ++i) {
        const double v = row ? value<2>({{fixed, i}}) : value<2>({{i, fixed}});
        sum += v * v;
      }
      return sum;
    };
    expect(holds(eval(norm(x, axis<1>)), [&](const Index<1>& i) { return std::sqrt(static_cast<float>(along(i[0], true, 5))); }), "of rows");
    expect(comm->take().collectives() == 0, "nothing is sent for rows");
    expect(holds(eval(norm(x, axis<0>, keepdims)), [&](const Index<2>& i) { return std::sqrt(static_cast<float>(along(i[1], false, 7))); }), "of columns");
    expect(comm->take().all_reduces == 1, "one Allreduce for columns");
    double total = 0;
    for (Size i = 0; i < 7; ++i) total += along(i, true, 5);
    expect(item(norm(x)) == std::sqrt(static_cast<float>(total)) && item(norm(astype<std::int8_t>(16 * x))) == 16 * std::sqrt(total), "Frobenius; bytes in double");
  });
}

BOOST_AUTO_TEST_SUITE_END()
