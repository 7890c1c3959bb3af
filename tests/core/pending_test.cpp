// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reductions across ranks: what they are worth in an expression, and how many messages they take.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

const Shape<2> shape{11, 3};

template <class T>
T value(const Index<2>& i) { return static_cast<T>(mark(i) % 19 - 9); }   // mixed signs

template <class T>
T total(Size column) {
  T sum{};
  for (Size i = 0; i < shape[0]; ++i) sum += value<T>(Index<2>{{i, column}});
  return sum;
}

// The laws of pending sums: what is done to them before they are added up is as if done after.
template <class Backend, class T>
void check_laws() {
  const auto x = filled<Array<T, 2, Split<0>, Backend>>(shape, value<T>);
  const auto r = filled<Array<T, 1, Replicated, Backend>>({3}, [](const Index<1>& i) { return i[0] - 1; });
  const auto p = sum(x, axis<0>);
  const auto q = sum(2 * x, axis<0>);
  const auto check = [&](const char* what, const auto& e, auto expected) {
    const std::string text = std::string(what) + " on " + Backend::name;
    expect(holds(eval(e), [&](const Index<1>& j) { return expected(total<T>(j[0]), static_cast<T>(j[0] - 1)); }), text);
  };
  check("P", p, [](T s, T) { return s; });
  check("-P", -p, [](T s, T) { return -s; });
  check("3 P", 3 * p, [](T s, T) { return 3 * s; });
  check("P + Q", p + q, [](T s, T) { return 3 * s; });
  check("P - Q", p - q, [](T s, T) { return -s; });
  check("2 (P - 3 Q) - P", 2 * (p - 3 * q) - p, [](T s, T) { return -11 * s; });
  check("P + 5: a number is added once", p + 5, [](T s, T) { return s + 5; });
  check("5 - P", 5 - p, [](T s, T) { return 5 - s; });
  check("P + R: R is added once", p + r, [](T s, T t) { return s + t; });
  check("R - P", r - p, [](T s, T t) { return t - s; });
  check("P P", p * p, [](T s, T) { return s * s; });
  check("|P|", abs(p), [](T s, T) { return s < 0 ? -s : s; });
  check("max(P, Q)", maximum(p, q), [](T s, T) { return std::max(s, 2 * s); });
  check("P (P + R)", p * (p + r), [](T s, T t) { return s * (s + t); });
  check("P / 4", p / 4, [](T s, T) { return static_cast<double>(s) / 4; });
  check("P beside min and max", p + max(x, axis<0>) - min(x, axis<0>) - max(x, axis<0>) + min(x, axis<0>), [](T s, T) { return s; });
}

// Ten bits each, anywhere between 2^-40 and 2^50, of both signs.
template <class T>
T wide(const Index<2>& i) {
  const Size m = mark(i) * 7919 % 1000003;
  return std::ldexp(static_cast<T>(m % 2047 - 1023), static_cast<int>(m % 80) - 40);
}

// Against integers; whatever the policy and the order of rows.
template <class T>
void check_reproducible() {
  const auto comm = std::make_shared<Counting>(world());
  const ScopedWorld here(comm);
  const Shape<2> wide_shape{37, 29};
  __int128 scaled = 0;
  Index<2> i;
  for (Size n = 0; n < wide_shape.size(); ++n, advance(wide_shape, i)) scaled += static_cast<__int128>(std::ldexp(wide<T>(i), 40));
  const double total_of_all = std::ldexp(static_cast<double>(scaled), -40), n = static_cast<double>(wide_shape.size());
  const auto upside_down = [&](const Index<2>& at) { return wide<T>(Index<2>{{wide_shape[0] - 1 - at[0], at[1]}}); };
  const auto spread = item(var(filled<Array<T, 2>>(wide_shape, wide<T>), reproducible));
  const auto columns = shard_of(eval(sum(filled<Array<T, 2>>(wide_shape, wide<T>), axis<0>, reproducible)));
  comm->take();
  const auto check = [&](const auto& x, int messages) {
    expect(item(sum(x, reproducible)) == static_cast<T>(total_of_all) && item(mean(x, reproducible)) == static_cast<T>(total_of_all / n), "sum, mean");
    expect(comm->take().all_reduces == 2 * messages, "a message each");
    expect(item(var(x, reproducible)) == spread, "var");
    const auto sent = comm->take();
    expect(sent.collectives() == messages && sent.bytes == messages * (sizeof(T) == 4 ? 248 : 1616), "the state of a variance");
    expect(holds(eval(sum(x, axis<0>, reproducible)), [&](const Index<1>& j) { return columns[static_cast<std::size_t>(j[0])]; }), "sums of columns");
    comm->take();
  };
  check(filled<Array<T, 2>>(wide_shape, wide<T>), 0);
  check(filled<Array<T, 2>>(wide_shape, upside_down), 0);
  check(filled<Array<T, 2, Split<0>>>(wide_shape, wide<T>), 1);
  check(filled<Array<T, 2, Split<0>>>(wide_shape, upside_down), 1);
  check(filled<Array<T, 2, Split<1>>>(wide_shape, wide<T>), 1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pending)

BOOST_AUTO_TEST_CASE(reproducible_sums) {
  on_ranks([] {
    check_reproducible<float>();
    check_reproducible<double>();
    const auto of = [](double a, double b, double c) {
      const auto x = filled<Array<double, 1, Split<0>>>({3}, [&](const Index<1>& i) { return i[0] == 0 ? a : i[0] == 1 ? b : c; });
      return std::pair(item(sum(x, reproducible)), item(var(x, reproducible)));
    };
    constexpr double infinite = std::numeric_limits<double>::infinity(), large = std::numeric_limits<double>::max();
    constexpr double smallest = std::numeric_limits<double>::denorm_min();
    expect(of(1, infinite, 2).first == infinite && of(1, -infinite, 2).first == -infinite && std::isnan(of(1, -infinite, 2).second), "infinities");
    expect(std::isnan(of(infinite, -infinite, 1).first) && std::isnan(of(1, priel::nan, 1).first), "what is no number");
    expect(of(large, -large, smallest).first == smallest && of(large, large, -large).first == large && of(large, large, 1).first == infinite, "ends of the range");
    expect(of(-smallest, -smallest, smallest).first == -smallest, "the smallest numbers");
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const auto integers = filled<Array<std::int64_t, 1, Split<0>>>({4}, [&](const Index<1>& i) { return i[0] < 2 ? most : -most + 2 * i[0]; });
    expect(item(mean(integers, reproducible)) == 2.5 && item(var(integers, reproducible)) == 0x1p126, "integers whose sum wraps");
  });
}


BOOST_AUTO_TEST_CASE(laws) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_laws<Backend, std::int64_t>();
      check_laws<Backend, double>();
    });
  });
}

BOOST_AUTO_TEST_CASE(a_result_is_reduced_once) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Array<double, 2, Split<0>>>(shape, value<double>);

    const auto m = mean(x, axis<0>);
    expect(comm->take().collectives() == 0, "building an expression sends nothing");
    const auto y = eval(x - m);
    const auto z = eval(x * m);
    auto sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0 && sent.bytes == 3 * 8, "one Allreduce of the result for two statements");

    const auto centred = eval((x - m) * (x - m));
    const auto copy = m;
    const auto again = eval(copy * m);
    expect(comm->take().collectives() == 0, "copies of a node share the result");

    const auto w = eval(2 * sum(x, axis<0>) - sum(x * x, axis<0>) / 3 + mean(x, axis<0>));
    sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0, "one Allreduce for a sum of pending sums");

    const Array<double, 1, Split<0>> scattered(sum(x, axis<0>) - sum(x * x, axis<0>));
    sent = comm->take();
    expect(sent.all_reduces == 0 && sent.others == 1, "one Reduce_scatter where the target is split");

    const auto along = eval(mean(x, axis<1>) + sum(x, axis<1>));
    expect(comm->take().collectives() == 0, "reductions along another axis send nothing");

    const double spread = item(var(x));
    expect(comm->take().all_reduces == 1 && spread > 0, "a variance takes one message");
    const auto replicated_twice = eval(mean(eval(redistribute(x, replicated)), axis<0>));
    expect(comm->take().all_reduces == 0, "nor is anything reduced across ranks that all have it");
  });
}

// An operand is what it was when the expression was built.
BOOST_AUTO_TEST_CASE(a_result_is_of_the_operand_at_the_time) {
  on_ranks([] {
    auto x = filled<Array<double, 2, Split<0>>>(shape, value<double>);
    const auto m = sum(x, axis<0>);
    x = 0 * x;
    expect(holds(eval(m), [](const Index<1>& j) { return total<double>(j[0]); }), "evaluated after the assignment");
    expect(item(sum(x)) == 0, "the array itself has changed");
  });
}

// Ranks without elements take part.
BOOST_AUTO_TEST_CASE(few_rows) {
  on_ranks([] {
    for (const Size n : {0, 1, 2}) {
      const auto x = filled<Array<float, 1, Split<0>>>({n}, [](const Index<1>&) { return -3; });
      expect(item(sum(x)) == -3.0f * static_cast<float>(n) && item(count_nonzero(x)) == n && item(all(x < 0)), "sum, count_nonzero, all");
      if (n > 0) expect(item(max(x)) == -3 && item(min(x)) == -3 && item(var(x)) == 0, "max, min, var");
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()
