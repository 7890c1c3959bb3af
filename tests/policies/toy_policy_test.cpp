// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A policy made of a part and specialised rules only: blocks of axis 0 dealt out from the last rank to the first. It obeys the laws.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <priel/explain.hpp>

#include <boost/test/unit_test.hpp>

namespace toy {

using priel::Box;
using priel::Shape;

struct Backwards {
  template <int Rank>
  static constexpr bool fits = Rank >= 1;

  template <int Rank>
  static constexpr Box<Rank> part(const Shape<Rank>& shape, int size, int rank) {
    Box<Rank> box = priel::whole(shape);
    const priel::Block block = priel::block_of(shape[0], size, size - 1 - rank);
    box.lower[0] = block.lower;
    box.extent[0] = block.extent;
    return box;
  }
};
inline constexpr Backwards backwards{};

// What an operation makes of it where axis 0 does not stay in front: there is no such policy.
struct Nowhere;

}  // namespace toy

namespace priel {

template <>
struct join<toy::Backwards, toy::Backwards> {
  static constexpr bool ok = true;
  using type = toy::Backwards;
};
template <>
struct join<Replicated, toy::Backwards> : join<toy::Backwards, toy::Backwards> {};
template <>
struct join<toy::Backwards, Replicated> : join<toy::Backwards, toy::Backwards> {};
template <int K>
struct join<toy::Backwards, Split<K>> { static constexpr bool ok = false; };
template <int K>
struct join<Split<K>, toy::Backwards> { static constexpr bool ok = false; };

template <>
struct propagate<Lift<0>, toy::Backwards> {
  static constexpr bool across = false;
  using type = toy::Backwards;
};
template <int Axis>
struct propagate<RemoveAxis<Axis>, toy::Backwards> {
  static constexpr bool across = Axis == 0;
  using type = toy::Backwards;
};
template <int Axis>
struct propagate<InsertAxis<Axis>, toy::Backwards> {
  static constexpr bool across = false;
  using type = std::conditional_t<Axis == 0, toy::Nowhere, toy::Backwards>;
};

template <>
struct redistribution<Replicated, toy::Backwards> : EvaluatePart<toy::Backwards> {};
template <>
struct redistribution<toy::Backwards, Replicated> : BoxExchange<toy::Backwards, Replicated> {};
template <int K>
struct redistribution<toy::Backwards, Split<K>> : BoxExchange<toy::Backwards, Split<K>> {};
template <int K>
struct redistribution<Split<K>, toy::Backwards> : BoxExchange<Split<K>, toy::Backwards> {};

}  // namespace priel

template <>
struct priel::test::name_of_policy<toy::Backwards> { static constexpr const char* value = "Backwards"; };

namespace {

using namespace priel;
using namespace priel::test;
using toy::Backwards;
using toy::backwards;

template <class Backend>
using Toy = Array<float, 2, Backwards, Backend>;

float value(const Index<2>& i) { return static_cast<float>(mark(i)); }

const std::vector<Shape<2>> shapes{{0, 3}, {1, 4}, {3, 2}, {7, 5}, {8, 1}};

template <class Backend>
void point_wise(const Shape<2>& shape) {
  const auto x = filled<Toy<Backend>>(shape, value);
  const auto r = filled<Array<float, 2, Replicated, Backend>>(shape, value);
  static_assert(std::is_same_v<policy_of<decltype(2 * x + r)>, Backwards> && !CanCombine<Backwards, 2, Split<0>, 2>);
  const Toy<Backend> y = 2 * x + r - where(x > r, 1, maximum(x, 0));
  expect(holds(y, [](const Index<2>& i) { return 2 * value(i); }), "point-wise " + to_string(shape));
  const auto rows = eval(x(all, 0));
  static_assert(std::is_same_v<policy_of<decltype(rows)>, Backwards>);
  expect(holds(rows, [](const Index<1>& i) { return value(Index<2>{{i[0], 0}}); }), "a column " + to_string(shape));
  if (shape[0] > 0) {
    const auto last = eval(x(-1));
    expect(holds(last, [&](const Index<1>& i) { return value(Index<2>{{shape[0] - 1, i[0]}}); }), "a row " + to_string(shape));
  }
}

template <class Backend>
void reductions(const Shape<2>& shape) {
  const auto x = filled<Toy<Backend>>(shape, value);
  const auto column = [&](Size j) {
    float sum = 0;
    for (Size i = 0; i < shape[0]; ++i) sum += value(Index<2>{{i, j}});
    return sum;
  };
  const auto row = [&](const Index<1>& i) {
    float sum = 0;
    for (Size j = 0; j < shape[1]; ++j) sum += value(Index<2>{{i[0], j}});
    return sum;
  };
  const auto along = eval(sum(x, axis<1>));
  static_assert(std::is_same_v<policy_of<decltype(along)>, Backwards>);
  expect(holds(along, row), "sum along the rows " + to_string(shape));
  const auto across = eval(sum(x, axis<0>));
  static_assert(std::is_same_v<policy_of<decltype(across)>, Replicated>);
  expect(holds(across, [&](const Index<1>& j) { return column(j[0]); }), "sum across the ranks " + to_string(shape));
  const Array<float, 1, Split<0>, Backend> scattered(-sum(x, axis<0>));
  expect(holds(scattered, [&](const Index<1>& j) { return -column(j[0]); }), "Partial -> Split<0> " + to_string(shape));
  if (shape.size() > 0) expect(item(max(x)) == value(Index<2>{{shape[0] - 1, shape[1] - 1}}), "max " + to_string(shape));
}

template <class Backend, class To>
void there_and_back(const Shape<2>& shape) {
  const auto x = filled<Toy<Backend>>(shape, value);
  const Array<float, 2, To, Backend> y(redistribute(x, To{}));
  expect(holds(y, value), "to " + described<Backend, To>() + to_string(shape));
  const Toy<Backend> back(redistribute(y, backwards));
  expect(identical(shard_of(back), shard_of(x)), "and back from " + described<Backend, To>() + to_string(shape));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(toy_policy)

BOOST_AUTO_TEST_CASE(obeys_the_laws) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for (const auto& shape : shapes) {
        point_wise<Backend>(shape);
        reductions<Backend>(shape);
        there_and_back<Backend, Replicated>(shape);
        there_and_back<Backend, Split<0>>(shape);
        there_and_back<Backend, Split<1>>(shape);
      }
    });
  });
}

BOOST_AUTO_TEST_CASE(can_be_explained) {
  on_ranks([] {
    const auto x = filled<Toy<Reference>>({9, 2}, value);
    const Explanation explanation = explain(x, split<1>);
    expect(to_string(explanation).starts_with("(9, 2) float as Split<1>"), "its text");
    expect(world()->size() == 1 || explanation.messages.front().what == "a policy -> Split<1> of (9, 2) float", "a policy without a name");
  });
}

BOOST_AUTO_TEST_CASE(is_dealt_out_backwards) {
  on_ranks([] {
    const auto x = filled<Toy<Host>>({9, 2}, value);
    const int last = world()->size() - 1;
    if (world()->rank() == last) expect(x.part().lower[0] == 0, "the last rank holds the first rows");
  });
}

BOOST_AUTO_TEST_SUITE_END()
