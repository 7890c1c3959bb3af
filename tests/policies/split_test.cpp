// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Laws of policies as partitions: parts cover and are disjoint; operations on axes leave every element on its rank.
#include <tests/support/backends.hpp>
#include <tests/support/ranks.hpp>

#include <boost/test/unit_test.hpp>

#include <vector>

namespace {

using namespace priel;
using test::for_each_type;

template <int Rank>
bool inside(const Box<Rank>& box, const Index<Rank>& i) {
  for (int a = 0; a < Rank; ++a)
    if (i[a] < box.lower[a] || i[a] >= box.lower[a] + box.extent[a]) return false;
  return true;
}

// The ranks that hold an element.
template <class P, int Rank>
std::vector<int> holders(const Shape<Rank>& shape, int size, const Index<Rank>& i) {
  std::vector<int> ranks;
  for (int r = 0; r < size; ++r)
    if (inside(P::part(shape, size, r), i)) ranks.push_back(r);
  return ranks;
}

template <int Rank, class F>
void for_each_index(const Shape<Rank>& shape, F&& f) {
  Index<Rank> i;
  for (Size n = shape.size(); n > 0; --n, advance(shape, i)) f(i);
}

const std::vector<Shape<3>> shapes{{0, 3, 2}, {1, 2, 3}, {5, 4, 3}, {2, 7, 1}, {3, 1, 8}};
constexpr int sizes[] = {1, 2, 3, 4, 7};

// Every element of `operand` of rank 3 is, as an element of `result`, on the same ranks: what makes an operation send nothing.
template <class P, class Q, int Rank, class Shapes, class Indices>
void check_in_place(const char* operation, Shapes&& shape_of, Indices&& index_of) {
  for (const auto& shape : shapes)
    for (const int size : sizes)
      for_each_index(shape, [&](const Index<3>& i) {
        const Shape<Rank> result = shape_of(shape);
        BOOST_TEST_REQUIRE((holders<P>(shape, size, i) == holders<Q>(result, size, Index<Rank>(index_of(i)))),
                           operation << " on " << size << " ranks at " << to_string(i) << " of " << to_string(shape));
      });
}

template <class P, int A, int B, int C>
void check_permutation() {
  using Q = typename propagate<PermuteAxes<A, B, C>, P>::type;
  const auto permuted = [](const auto& old) {
    std::remove_cvref_t<decltype(old)> result;
    result[0] = old[A], result[1] = old[B], result[2] = old[C];
    return result;
  };
  check_in_place<P, Q, 3>("permute", permuted, permuted);
}

template <class P, int Axis>
void check_new_axis() {
  using Q = typename propagate<InsertAxis<Axis>, P>::type;
  const auto inserted = [](const auto& old, Size value, auto result) {
    for (int a = 0; a < 4; ++a) result[a] = a < Axis ? old[a] : a == Axis ? value : old[a - 1];
    return result;
  };
  check_in_place<P, Q, 4>("newaxis", [&](const Shape<3>& s) { return inserted(s, 1, Shape<4>{}); },
                          [&](const Index<3>& i) { return inserted(i, 0, Index<4>{}); });
}

// An axis that is not distributed: whatever the index on it was, the others tell where the element is.
template <class P, int Axis>
void check_removed_axis() {
  using Rule = propagate<RemoveAxis<Axis>, P>;
  if constexpr (!Rule::across) {
    const auto removed = [](const auto& old, auto result) {
      for (int a = 0; a < 2; ++a) result[a] = old[a < Axis ? a : a + 1];
      return result;
    };
    check_in_place<P, typename Rule::type, 2>("dropping an axis", [&](const Shape<3>& s) { return removed(s, Shape<2>{}); },
                                              [&](const Index<3>& i) { return removed(i, Index<2>{}); });
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(partitions, *boost::unit_test::label("serial"))

BOOST_AUTO_TEST_CASE(parts_cover_and_are_disjoint) {
  for_each_type<test::Policies>([]<class P>() {
    for (const auto& shape : shapes)
      for (const int size : sizes)
        for_each_index(shape, [&](const Index<3>& i) {
          const std::size_t wanted = std::is_same_v<P, Replicated> ? static_cast<std::size_t>(size) : 1;
          BOOST_TEST_REQUIRE(holders<P>(shape, size, i).size() == wanted);
        });
  });
}

BOOST_AUTO_TEST_CASE(large_extents_are_cut_evenly) {
  for (const Size n : {Size{1000003}, Size{1} << 33, Size{999999999999}})
    for (const int parts : {2, 3, 7, 1024, 4096}) {
      Size end = 0;
      for (int part = 0; part < parts; ++part) {
        const Block block = block_of(n, parts, part);
        BOOST_TEST_REQUIRE((block.lower == end && block.extent - n / parts <= 1 && block.extent >= n / parts));
        BOOST_TEST_REQUIRE((owner_of(n, parts, block.lower) == part && owner_of(n, parts, block.lower + block.extent - 1) == part));
        end += block.extent;
      }
      BOOST_TEST(end == n);
    }
}

BOOST_AUTO_TEST_CASE(operations_on_axes_move_nothing) {
  for_each_type<test::Policies>([]<class P>() {
    check_permutation<P, 0, 1, 2>();
    check_permutation<P, 2, 1, 0>();
    check_permutation<P, 1, 2, 0>();
    check_permutation<P, 2, 0, 1>();
    check_permutation<P, 0, 2, 1>();
    check_permutation<P, 1, 0, 2>();
    check_new_axis<P, 0>();
    check_new_axis<P, 1>();
    check_new_axis<P, 2>();
    check_new_axis<P, 3>();
    check_removed_axis<P, 0>();
    check_removed_axis<P, 1>();
    check_removed_axis<P, 2>();
    using Lifted = typename propagate<Lift<1>, P>::type;   // broadcast to a higher rank: axes are counted from the right
    check_in_place<P, Lifted, 4>("broadcasting", [](const Shape<3>& s) { return Shape<4>{6, s[0], s[1], s[2]}; },
                                 [](const Index<3>& i) { return Index<4>{{4, i[0], i[1], i[2]}}; });
  });
}

BOOST_AUTO_TEST_CASE(an_operation_across_the_distributed_axis_is_known) {
  BOOST_TEST((propagate<RemoveAxis<1>, Split<1>>::across && !propagate<RemoveAxis<0>, Split<1>>::across));
  BOOST_TEST((!propagate<RemoveAxis<0>, Replicated>::across));
}

BOOST_AUTO_TEST_SUITE_END()
