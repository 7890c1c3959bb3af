// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What an expression refers to lives as long as the expression: for the address sanitizer.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>

namespace {

using namespace priel;
using namespace priel::test;

constexpr Size n = 9;

template <class Backend, class Policy = Split<0>>
using Matrix = Array<float, 2, Policy, Backend>;

float value(const Index<2>& i) { return static_cast<float>(10 * i[0] + i[1]); }

template <class A>
A made() { return filled<A>({n, n}, value); }

template <class A>
const void* memory(const A& array) { return array.local().data(); }

template <class F>
void law(F&& f) {
  on_ranks([&] { for_each_type<Backends>(f); });
}

// A library function as a user would write one: its parameters and locals are gone when the expression is evaluated.
template <class Backend>
auto scaled(Matrix<Backend> x, float factor) {
  const float shift = 3;
  const auto doubled = 2 * x;
  const Array<float, 1, Replicated, Backend> row(arange<float>(n));
  return where(doubled > 0, factor * (doubled + shift) - shift * factor, 0) + 0 * row;
}

template <class Backend>
auto centred(const Matrix<Backend>& x) {
  const auto m = mean(x, axis<0>);
  return x - m;
}

template <class A>
auto four_of_four(const A& a, const A& b) {
  const auto four = [](const A& p, const A& q) { return p + q - p + q; };
  return four(a, b) + four(b, a) + four(a, b) + four(b, a);
}

template <class Backend>
auto middle_columns(const Matrix<Backend>& x) { return x(all, range(3, 6)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(lifetime)

BOOST_AUTO_TEST_CASE(expressions_returned_from_functions) {
  law([]<class Backend>() {
    const auto e = scaled<Backend>(made<Matrix<Backend>>(), 5);
    expect(holds(eval(e), [](const Index<2>& i) { return 10 * value(i); }), "parameters, locals and local scalars");
    const auto d = centred<Backend>(made<Matrix<Backend>>());
    expect(holds(eval(d), [](const Index<2>& i) { return 10.0f * static_cast<float>(i[0] - n / 2); }), "a reduction of a local");
    const auto twice = [f = scaled<Backend>(made<Matrix<Backend>>(), 1)] { return f + f; };
    expect(holds(eval(twice()), [](const Index<2>& i) { return 4 * value(i); }), "an expression captured by value");
  });
}

// Of large trees the shares of one array end in one count: it is right where afterwards nobody else holds the elements, who then stay in place.
BOOST_AUTO_TEST_CASE(shares_of_a_large_tree) {
  on_ranks([] {
    using M = Matrix<Tested>;
    const auto four = [](const auto& a, const auto& b) { return a + b - a + b; };
    auto x = made<M>(), y = made<M>(), z = made<M>(), u = made<M>(), v = made<M>();
    const void* const place = memory(x);
    for (int twice = 0; twice < 2; ++twice) x = four(x, y) + four(z, u) + four(v, x) + four(y, z) + 0 * four(u, v) - 7 * x;
    expect(memory(x) == place && memory(y) != place, "in place");
    expect(holds(x, [](const Index<2>& i) { return value(i); }), "8 - 7 times the same");
    const auto e = [] {
      const auto a = made<M>(), b = made<M>();
      return four_of_four(a, b);
    }();
    expect(holds(eval(e), [](const Index<2>& i) { return 8 * value(i); }), "arrays that only the tree holds");
  });
}

BOOST_AUTO_TEST_CASE(views_outlive_their_array) {
  law([]<class Backend>() {
    const auto column = middle_columns<Backend>(made<Matrix<Backend>>())(all, 0);
    expect(holds(eval(column), [](const Index<1>& i) { return 10.0f * static_cast<float>(i[0]) + 3; }), "a view of a view of a temporary");
    const auto transposed = transpose(made<Matrix<Backend>>() + 1);
    expect(holds(eval(transposed), [](const Index<2>& i) { return 10.0f * static_cast<float>(i[1]) + static_cast<float>(i[0]) + 1; }), "a transpose");
    const auto local = made<Matrix<Backend>>().local();
    std::vector<float> values(static_cast<std::size_t>(local.size()));
    Backend::download(values.data(), local.data(), local.size() * 4);
    if (local.size() > 0) expect(values.back() - values.front() == 10.0f * static_cast<float>(local.shape()[0] - 1) + 8, "a shard");
    std::optional<Matrix<Backend>> x = made<Matrix<Backend>>();
    const auto row = (*x)(2);   // of another rank, on most
    x.reset();
    expect(holds(eval(row), [](const Index<1>& i) { return 20.0f + static_cast<float>(i[0]); }), "a slab that is fetched later");
  });
}

BOOST_AUTO_TEST_CASE(operands_assigned_before_evaluation) {
  law([]<class Backend>() {
    auto x = made<Matrix<Backend>>();
    auto y = made<Matrix<Backend>>();
    const auto e = x + y(all, 0)(all, newaxis);
    const auto m = mean(x, axis<0>);
    x = y * 0;                                    // another buffer
    y = full<float>({n, n}, 7);
    expect(holds(eval(e), [](const Index<2>& i) { return value(i) + 10.0f * static_cast<float>(i[0]); }), "both had their old values");
    expect(holds(eval(m), [](const Index<1>& j) { return 10.0f * static_cast<float>(n / 2) + static_cast<float>(j[0]); }), "a mean too");
    x = x + y;
    x = Matrix<Backend>(Shape<2>{2, 2});          // other extents
    expect(holds(y, [](const Index<2>&) { return 7; }), "and the others are left alone");
  });
}

BOOST_AUTO_TEST_CASE(the_target_on_the_right) {
  law([]<class Backend>() {
    const auto symmetric = [](const Index<2>& i) { return 11.0f * static_cast<float>(i[0] + i[1]); };
    auto a = made<Matrix<Backend, Replicated>>();
    a = a + transpose(a);
    expect(holds(a, symmetric), "a = a + transpose(a)");
    auto s = made<Matrix<Backend>>();
    s = s + redistribute(transpose(s), split<0>);
    expect(holds(s, symmetric), "the same of Split<0>");
    a = transpose(std::move(a));
    expect(holds(a, symmetric), "moved into its own expression");
  });
}

BOOST_AUTO_TEST_CASE(in_place_where_nobody_looks) {
  law([]<class Backend>() {
    auto x = made<Matrix<Backend>>();
    const auto y = made<Matrix<Backend>>();
    const void* const before = memory(x);
    for (int i = 0; i < 3; ++i) x = 0.5f * (x + y);
    expect(memory(x) == before && holds(x, value), "x = 0.5 (x + y) allocates nothing");
    const auto e = 2 * x;
    x = 0.5f * (x + y);
    expect(x.lshape().size() == 0 || memory(x) != before, "unless an expression holds x");
    expect(holds(eval(e), [](const Index<2>& i) { return 2 * value(i); }) && holds(x, value), "which keeps its values");
  });
}

BOOST_AUTO_TEST_CASE(one_message_for_two_statements) {
  law([]<class Backend>() {
    const auto comm = std::make_shared<Counting>(world());
    const auto x = filled<Matrix<Backend>>({n, n}, value, comm);
    auto m = std::make_optional(mean(x, axis<0>));
    const Matrix<Backend> y = x - *m;
    const Matrix<Backend> z = x * *m;
    const auto later = *m + 1;
    m.reset();
    const auto sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0, "one message in all");
    expect(holds(eval(later), [](const Index<1>& j) { return 10.0f * static_cast<float>(n / 2) + static_cast<float>(j[0]) + 1; }), "a copy keeps the result");
    expect(comm->take().collectives() == 0, "without another");
    expect(holds(y, [](const Index<2>& i) { return 10.0f * static_cast<float>(i[0] - n / 2); }) && y.shape() == z.shape(), "and right");
  });
}

BOOST_AUTO_TEST_CASE(leases) {
  law([]<class Backend>() {
    std::optional<Matrix<Backend>> x = made<Matrix<Backend>>();
    const auto zeros = std::vector<float>(static_cast<std::size_t>(x->lshape().size()), 0);
    const auto bytes = x->lshape().size() * 4;
    {
      const auto before = 2 * *x;
      const auto lease = x->local_mut();          // the expression holds the old memory
      const auto meanwhile = 3 * *x;
      const auto view = (*x)(all, range(0, 2));
      const auto copy = *x;
      Backend::upload(lease.data(), zeros.data(), bytes);
      expect(holds(eval(before), [](const Index<2>& i) { return 2 * value(i); }), "an expression built before");
      expect(holds(eval(meanwhile), [](const Index<2>& i) { return 3 * value(i); }), "an expression built meanwhile");
      expect(holds(eval(view), value) && holds(copy, value), "a view and a copy");
      *x = *x + 1;                                // not in place: the lease's memory is not the array's any more
      expect(holds(*x, [](const Index<2>&) { return 1; }), "what was written is there");
      Backend::upload(lease.data(), zeros.data(), bytes);
      expect(holds(*x, [](const Index<2>&) { return 1; }), "the lease writes its own memory");
    }
    {
      const auto lease = x->local_mut();
      x.reset();
      Backend::upload(lease.data(), zeros.data(), bytes);   // a lease outlives its array
    }
  });
}

BOOST_AUTO_TEST_CASE(moved_from_arrays) {
  law([]<class Backend>() {
    auto x = made<Matrix<Backend>>();
    const auto e = std::move(x) + 1;
    expect(holds(eval(e), [](const Index<2>& i) { return value(i) + 1; }), "moved into an expression");
    expect(x.size() == 0 && x.local().size() == 0, "a moved-from array has no elements");
    expect(holds(eval(x + 1), value) && item(sum(x)) == 0, "which may be used");
    x = made<Matrix<Backend>>();
    expect(holds(x, value), "and assigned");
    std::vector<Matrix<Backend>> many;
    for (int i = 0; i < 20; ++i) many.push_back(made<Matrix<Backend>>());   // moved as the vector grows
    expect(holds(many.front(), value) && holds(many.back(), value), "in a vector");
  });
}

BOOST_AUTO_TEST_SUITE_END()
