// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays and expressions are values: copies, snapshots, assignments in place and not, leases.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class Backend>
using Matrix = Array<float, 2, Split<0>, Backend>;

float value(const Index<2>& i) { return static_cast<float>(10 * i[0] + i[1]); }
const auto twice = [](const Index<2>& i) { return 2 * value(i); };

template <class A>
const void* memory(const A& array) { return array.local().data(); }

// Runs a law for every backend on every number of ranks.
template <class F>
void law(F&& f) {
  on_ranks([&] { for_each_type<Backends>(f); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(copies_share_until_one_is_written) {
  law([]<class Backend>() {
    auto x = filled<Matrix<Backend>>({7, 7}, value);
    const auto copy = x;
    expect(memory(copy) == memory(x), "a copy shares");
    x = x + x;
    expect(holds(x, twice) && holds(copy, value), "an assignment leaves copies alone");
    auto written = copy;
    const std::vector<float> ones(static_cast<std::size_t>(written.lshape().size()), 1);
    Backend::upload(written.local_mut().data(), ones.data(), written.lshape().size() * 4);
    expect(holds(copy, value) && holds(written, [](const Index<2>&) { return 1; }), "writing detaches first");
  });
}

BOOST_AUTO_TEST_CASE(an_assignment_writes_in_place_where_it_may) {
  law([]<class Backend>() {
    auto x = filled<Matrix<Backend>>({7, 7}, value);
    const auto y = filled<Matrix<Backend>>({7, 7}, value);
    const void* before = memory(x);
    x = 0.5f * (x + y);
    expect(memory(x) == before && holds(x, value), "x = 0.5 (x + y)");
    x = full<float>({7, 7}, 3);
    expect(memory(x) == before && holds(x, [](const Index<2>&) { return 3; }), "a constant");
    x = y;
    expect(memory(x) == memory(y), "x = y shares");
    x = x + 1;
    expect(memory(x) != memory(y) && holds(y, value), "what is shared is not written");
    before = memory(x);
    x = (x - 1)(all, range(0, 7));
    expect(holds(x, value), "a view of itself");
  });
}

BOOST_AUTO_TEST_CASE(the_target_may_occur_anywhere_on_the_right) {
  law([]<class Backend>() {
    using R = Array<float, 2, Replicated, Backend>;
    auto a = filled<R>({7, 7}, value);
    a = a + transpose(a);
    expect(holds(a, [](const Index<2>& i) { return 11.0f * static_cast<float>(i[0] + i[1]); }), "a = a + transpose(a)");
    a = filled<R>({7, 7}, value);
    a = a(range(std::nullopt, std::nullopt, -1));
    expect(holds(a, [](const Index<2>& i) { return value(Index<2>{{6 - i[0], i[1]}}); }), "a = a reversed");
    a = a - a(0);
    expect(holds(a, [](const Index<2>& i) { return -10.0f * static_cast<float>(i[0]); }), "a = a - a(0), broadcast");
    a = a(range(2, 5), range(1, 3));
    expect(a.shape() == Shape<2>{3, 2} && item(a(0, 0)) == -20, "a smaller part of itself");

    auto x = filled<Matrix<Backend>>({7, 7}, value);
    x = x - mean(x, axis<0>);
    expect(holds(x, [](const Index<2>& i) { return 10.0f * static_cast<float>(i[0] - 3); }), "x = x - mean(x)");
    x = redistribute(transpose(x), split<0>) + x;
    expect(holds(x, [](const Index<2>& i) { return 10.0f * static_cast<float>(i[0] + i[1] - 6); }), "x = transpose(x) + x, redistributed");
  });
}

BOOST_AUTO_TEST_CASE(an_expression_keeps_what_its_operands_were) {
  law([]<class Backend>() {
    auto x = filled<Matrix<Backend>>({7, 7}, value);
    const auto e = x + x;
    x = 0 * x;
    expect(holds(eval(e), twice), "an operand is assigned between building and evaluating");
    expect(holds(x, [](const Index<2>&) { return 0; }), "and has its new value");

    auto y = filled<Matrix<Backend>>({7, 7}, value);
    const auto view = y(all, range(0, 3));
    Matrix<Backend> z(Shape<2>{7, 7});
    z = y;
    y = y * 0;
    expect(holds(eval(view), value) && holds(z, value), "a view and a copy");
  });
}

BOOST_AUTO_TEST_CASE(an_expression_outlives_its_operands) {
  law([]<class Backend>() {
    const auto build = [] {
      const auto a = filled<Matrix<Backend>>({7, 7}, value);
      const auto f = [](const Matrix<Backend>& x) { return sqrt(square(x)); };
      const float one = 1;
      return a + f(filled<Matrix<Backend>>({7, 7}, value)) * one - mean(a, axis<1>)(all, newaxis) * 0;
    };
    const auto e = build();
    expect(holds(eval(e), twice), "a + f(b)");
  });
}

BOOST_AUTO_TEST_CASE(an_expression_is_evaluated_as_often_as_wanted) {
  law([]<class Backend>() {
    const auto x = filled<Matrix<Backend>>({7, 7}, value);
    auto e = 2 * x;
    auto copy = e;
    const auto moved = std::move(e);
    expect(holds(eval(moved), twice) && holds(eval(copy), twice) && holds(eval(moved), twice), "copied and moved");
  });
}

// While somebody writes through a lease, nobody else sees what is half written.
BOOST_AUTO_TEST_CASE(a_lease_keeps_others_apart) {
  law([]<class Backend>() {
    auto x = filled<Matrix<Backend>>({7, 7}, value);
    const auto shared = x;
    {
      const auto lease = x.local_mut();
      expect(memory(shared) != lease.data(), "the lease detaches");
      const auto copy = x;
      const auto e = 2 * x;
      expect(memory(copy) != lease.data(), "a copy made meanwhile is deep");
      const std::vector<float> zeros(static_cast<std::size_t>(x.lshape().size()), 0);
      Backend::upload(lease.data(), zeros.data(), x.lshape().size() * 4);
      expect(holds(copy, value) && holds(eval(e), twice), "copies and expressions made meanwhile keep their values");
      x = shared;
      expect(holds(x, value), "the array may be assigned while a lease of its former memory lives");
      Backend::upload(lease.data(), zeros.data(), x.lshape().size() * 4);
      expect(holds(x, value), "which then is nobody's");
    }
    const auto copy = x;
    expect(memory(copy) == memory(x) && holds(shared, value), "afterwards copies share again");
  });
}

BOOST_AUTO_TEST_CASE(leases_of_one_array_write_to_it) {
  Array<int, 1> x = zeros<int>({3}, replicated);
  auto first = x.local_mut();
  first(0) = 1;
  auto second = x.local_mut();
  second(1) = 2;
  first(2) = 3;
  for (int i = 0; i < 3; ++i) BOOST_TEST(x.local()(i) == i + 1);
}

BOOST_AUTO_TEST_CASE(a_shared_result_keeps_its_communicator) {
  const auto m = sum(arange<double>(10));
  const Array<double, 0> here = m;
  const Comm before = here.comm();
  const ScopedWorld alone(self());
  const Array<double, 0> there = m;
  BOOST_TEST((here.comm() == before));
  BOOST_TEST((there.comm() == world()));
  BOOST_TEST(item(there) == 45.0);
}

BOOST_AUTO_TEST_CASE(negative_extents_are_refused) {
  BOOST_CHECK_THROW((Array<float, 1>(Shape<1>(-5))), ShapeError);
  BOOST_CHECK_THROW((zeros<double>({-3, 2}, replicated)), ShapeError);
  BOOST_CHECK_THROW((full<int>({4, -1}, 7)), ShapeError);
  BOOST_CHECK_THROW((zeros<double>({Size{1} << 62, 8})), ShapeError);
}

BOOST_AUTO_TEST_CASE(assignment_to_itself_and_from_moved) {
  law([]<class Backend>() {
    auto x = filled<Matrix<Backend>>({7, 7}, value);
    const auto& same_one = x;
    x = same_one;
    expect(holds(x, value), "to itself");
    auto y = std::move(x);
    expect(holds(y, value) && x.shape().size() == 0, "a moved-from array has no elements");
    x = filled<Matrix<Backend>>({3, 2}, twice);
    expect(x.shape() == Shape<2>{3, 2} && holds(x, twice), "a moved-from array is assigned");
    std::swap(x, y);
    expect(holds(x, value) && holds(y, twice), "swapped");
    Matrix<Backend> nothing;
    expect(nothing.shape() == Shape<2>{0, 0} && nothing.local().size() == 0, "a default array is empty");
    nothing = x;
    expect(holds(nothing, value), "and takes what it is assigned");
  });
}

// Policies differ: the assignment redistributes; so does the constructor call.
BOOST_AUTO_TEST_CASE(an_assignment_crosses_policies) {
  law([]<class Backend>() {
    const auto x = filled<Matrix<Backend>>({5, 4}, value);
    Array<float, 2, Split<1>, Backend> by_columns;
    by_columns = 2 * x;
    expect(holds(by_columns, twice), "Split<0> to Split<1>");
    Array<double, 2, Replicated, Backend> whole(Shape<2>{1, 1});
    whole = by_columns;
    expect(whole.shape() == Shape<2>{5, 4} && holds(whole, twice), "Split<1> to Replicated, float to double");
  });
}

BOOST_AUTO_TEST_CASE(truth_is_the_same_on_every_rank) {
  law([]<class Backend>() {
    const auto x = filled<Matrix<Backend>>({5, 4}, value);
    expect(item(max(x)) == 43 && item(x(4, 3)) == 43 && item(any(x > 42)) && !item(all(x > 42)), "item");
    expect(item(astype<double>(x(2, 1)) / 2) == 10.5, "of an expression");
  });
}

BOOST_AUTO_TEST_CASE(arrays_of_rank_0) {
  law([]<class Backend>() {
    const Array<float, 0, Replicated, Backend> x = sum(filled<Array<float, 1, Split<0>, Backend>>({9}, [](const Index<1>& i) { return i[0]; }));
    Array<float, 0, Replicated, Backend> y = x + 1;
    y = y * 2;
    expect(item(x) == 36 && item(y) == 74 && x.size() == 1, "a rank-0 array is a value like others");
  });
}

BOOST_AUTO_TEST_SUITE_END()
