// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// copy_box: every element of a box arrives where it belongs and nothing else changes, for short and long runs; boxes one after another.
#include <priel/backend/host.hpp>
#include <priel/copy_box.hpp>

#include <boost/test/unit_test.hpp>

#include <vector>

namespace {

using namespace priel;

template <int Rank>
bool within(const Index<Rank>& i, const Box<Rank>& box) {
  bool inside = true;
  for (int a = 0; a < Rank; ++a) inside = inside && i[a] >= box.lower[a] && i[a] < box.lower[a] + box.extent[a];
  return inside;
}

// The element at a global index is its linear number in a large shape; what is not copied stays -1.
template <int Rank>
bool copies(const Box<Rank>& piece, const Box<Rank>& from, const Box<Rank>& to) {
  const auto number = [](const Index<Rank>& i, const Box<Rank>& held) {
    int value = 0;
    for (int a = 0; a < Rank; ++a) value = value * 1009 + static_cast<int>(i[a] + held.lower[a]);
    return value;
  };
  std::vector<int> source(static_cast<std::size_t>(from.size())), target(static_cast<std::size_t>(to.size()), -1);
  Index<Rank> i;
  for (int& value : source) {
    value = number(i, from);
    advance(from.extent, i);
  }
  detail::copy_box<Host>(piece, source.data(), from, target.data(), to);
  bool right = true;
  i = {};
  for (const int value : target) {
    Index<Rank> global = i;
    for (int a = 0; a < Rank; ++a) global[a] += to.lower[a];
    right = right && value == (within(global, piece) ? number(i, to) : -1);
    advance(to.extent, i);
  }
  return right;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(copies_of_boxes)

BOOST_AUTO_TEST_CASE(runs_of_every_length) {
  for (Size length = 0; length < 12; ++length) {
    const Box<2> piece{{3, 2}, {7, length}};
    BOOST_TEST(copies(piece, {{3, 0}, {9, 20}}, {{0, 2}, {12, length + 1}}), "strided on both sides, " << length);
    BOOST_TEST(copies(piece, {{3, 0}, {9, 20}}, piece), "packed, " << length);
    BOOST_TEST(copies(piece, piece, {{0, 0}, {30, 15}}), "placed, " << length);
    BOOST_TEST(copies(Box<3>{{1, 3, 2}, {4, 5, length}}, {{0, 0, 0}, {6, 9, 14}}, {{1, 2, 2}, {4, 7, length}}), "three axes, " << length);
  }
  BOOST_TEST(copies(Box<1>{{2}, {5}}, {{0}, {9}}, {{1}, {7}}));
  BOOST_TEST(copies(Box<0>{}, {}, {}));
  BOOST_TEST(copies(Box<3>{{0, 0, 1}, {3, 100000, 2}}, {{0, 0, 0}, {3, 100001, 3}}, {{0, 0, 1}, {3, 100000, 2}}), "several chunks");
}

BOOST_AUTO_TEST_CASE(order_in_memory) {
  using detail::one_after_another;
  const Box<2> held{{4, 0}, {6, 5}};
  BOOST_TEST(one_after_another(std::vector<Box<2>>{{{4, 0}, {1, 5}}, {{5, 0}, {0, 5}}, {{5, 0}, {5, 5}}}, held));
  BOOST_TEST(!one_after_another(std::vector<Box<2>>{{{5, 0}, {5, 5}}, {{4, 0}, {1, 5}}}, held), "another order");
  BOOST_TEST(!one_after_another(std::vector<Box<2>>{{{4, 0}, {6, 2}}, {{4, 2}, {6, 3}}}, held), "columns");
  BOOST_TEST(!one_after_another(std::vector<Box<2>>{{{4, 0}, {3, 5}}}, held), "a part");
  BOOST_TEST(one_after_another(std::vector<Box<2>>{{{4, 0}, {1, 2}}, {{4, 2}, {1, 3}}}, Box<2>{{4, 0}, {1, 5}}), "parts of one row");
}

BOOST_AUTO_TEST_SUITE_END()
