// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Assignment to slices and masks, for every policy against plain loops; copies keep their values.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

int value(const Index<2>& i) { return mark(i) % 89; }

// A (rows, columns) array that plain code writes, too.
struct Plain {
  Size rows, columns;
  std::vector<int> values;
  explicit Plain(const Shape<2>& shape) : rows(shape[0]), columns(shape[1]) {
    for (Size i = 0; i < rows; ++i)
      for (Size j = 0; j < columns; ++j) values.push_back(value(Index<2>{{i, j}}));
  }
  int& operator()(Size i, Size j) { return values[static_cast<std::size_t>(i * columns + j)]; }
  int operator()(const Index<2>& i) { return (*this)(i[0], i[1]); }
};

template <class Backend, class P, class Q>
void check_slices(const Shape<2>& shape) {
  const auto where = described<Backend, P, Q>() + " " + to_string(shape);
  using A = Array<int, 2, P, Backend>;
  const Size n = shape[0], m = shape[1];
  const auto fresh = [&] { return filled<A>(shape, value); };
  const auto other = [](const Index<2>& i) { return 1000 + mark(i) % 71; };
  Plain plain(shape);

  A x = fresh();
  const A before = x;
  x(range(1, n - 1), all) = 7;
  for (Size i = 1; i < n - 1; ++i)
    for (Size j = 0; j < m; ++j) plain(i, j) = 7;
  expect(holds(x, plain), where + ": a number to rows");
  expect(holds(before, value), where + ": the copy keeps its values");

  x(all, range(m, std::nullopt, -2)) += 5;
  for (Size j = m - 1; j >= 0; j -= 2)
    for (Size i = 0; i < n; ++i) plain(i, j) += 5;
  expect(holds(x, plain), where + ": every other column from the back");

  const auto y = filled<Array<int, 2, Q, Backend>>({n - 1, m}, other);
  x(from<1>, all) = y;
  for (Size i = 1; i < n; ++i)
    for (Size j = 0; j < m; ++j) plain(i, j) = other(Index<2>{{i - 1, j}});
  expect(holds(x, plain), where + ": an array to a window");

  x(2, all) = y(0);
  x(all, m - 1) *= 2;
  for (Size j = 0; j < m; ++j) plain(2, j) = other(Index<2>{{0, j}});
  for (Size i = 0; i < n; ++i) plain(i, m - 1) *= 2;
  expect(holds(x, plain), where + ": a row and a column");

  x(0, 1) = 99;
  x(-1, -1) -= 3;
  plain(0, 1) = 99;
  plain(n - 1, m - 1) -= 3;
  expect(holds(x, plain), where + ": single elements");

  // From itself, shifted: the right side is what was there before.
  Plain old = plain;
  x(range(1, std::nullopt), all) = x(range(0, n - 1), all);
  for (Size i = 1; i < n; ++i)
    for (Size j = 0; j < m; ++j) plain(i, j) = old(i - 1, j);
  expect(holds(x, plain), where + ": shifted by itself");
}

template <class Backend, class P>
void check_masks(const Shape<2>& shape) {
  const auto where = described<Backend, P>() + " " + to_string(shape);
  using A = Array<int, 2, P, Backend>;
  A x = filled<A>(shape, value);
  const A before = x;
  Plain plain(shape);
  x(x > 40) = -1;
  x(x < 20) += 100;
  for (int& v : plain.values) v = v > 40 ? -1 : v;
  for (int& v : plain.values) v = v < 20 ? v + 100 : v;
  expect(holds(x, plain), where + ": numbers where a mask holds");
  expect(holds(before, value), where + ": the copy keeps its values");

  Size count = 0;
  for (const int v : plain.values) count += v % 3 == 0 ? 1 : 0;
  const auto kept = x(x % 3 == 0);
  x(x % 3 == 0) = arange<int>(count);
  Size next = 0;
  Plain old = plain;
  for (int& v : plain.values) v = v % 3 == 0 ? static_cast<int>(next++) : v;
  expect(holds(x, plain), where + ": as many values as the mask selects");
  expect(kept.shape()[0] == count, where + ": the value of a mask is what was there");
  const Array<int, 1, Replicated, Backend> gathered(redistribute(kept, replicated));
  std::vector<int> wanted;
  for (const int v : old.values)
    if (v % 3 == 0) wanted.push_back(v);
  expect(holds(gathered, [&](const Index<1>& i) { return wanted[static_cast<std::size_t>(i[0])]; }), where + ": its elements");

  const auto rows = filled<Array<bool, 1, P, Backend>>({shape[0]}, [](const Index<1>& i) { return i[0] % 3 == 1; });
  x(rows) = 8;
  for (Size i = 1; i < shape[0]; i += 3)
    for (Size j = 0; j < shape[1]; ++j) plain(i, j) = 8;
  expect(holds(x, plain), where + ": whole rows");
  const Size marked = (shape[0] + 1) / 3;
  const auto replacement = filled<Array<int, 2, P, Backend>>({marked, shape[1]}, [](const Index<2>& i) { return -mark(i) % 97; });
  x(rows) = replacement;
  for (Size i = 1, r = 0; i < shape[0]; i += 3, ++r)
    for (Size j = 0; j < shape[1]; ++j) plain(i, j) = -mark(Index<2>{{r, j}}) % 97;
  expect(holds(x, plain), where + ": an array of rows");
  expect(throws<ShapeError>([&] { x(rows) = filled<Array<int, 2, P, Backend>>({marked + 1, shape[1]}, value); }), where + ": too many rows");
  expect(holds(x, plain), where + ": nothing was written");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(assignment)

BOOST_AUTO_TEST_CASE(to_slices) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for (const Shape<2>& shape : {Shape<2>{9, 4}, Shape<2>{3, 5}}) {
        check_slices<Backend, Replicated, Replicated>(shape);
        check_slices<Backend, Replicated, Split<0>>(shape);
        check_slices<Backend, Split<0>, Split<0>>(shape);
        check_slices<Backend, Split<0>, Split<1>>(shape);
        check_slices<Backend, Split<1>, Replicated>(shape);
      }
    });
  });
}

BOOST_AUTO_TEST_CASE(to_masks) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for (const Shape<2>& shape : {Shape<2>{9, 4}, Shape<2>{2, 5}}) {
        check_masks<Backend, Replicated>(shape);
        check_masks<Backend, Split<0>>(shape);
      }
    });
  });
}

BOOST_AUTO_TEST_CASE(in_place_where_nobody_else_holds_the_elements) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    auto x = filled<Array<int, 2, Split<0>>>({8, 4}, value);
    const int* const data = x.local().data();
    x(range(2, 5), all) = 1;
    x(all, 0) += 2;
    x += 3;
    x *= 2;
    x(x > 10) = 0;
    expect(x.local().data() == data, "the same memory");
    expect(comm->take().collectives() == 0, "numbers are not sent");
    const auto copy = x;
    x(all, 0) = 5;
    expect(x.local().data() != data || x.lshape().size() == 0, "a copy is left alone");
    expect(copy.local().data() == data, "it keeps the memory");
  });
}

BOOST_AUTO_TEST_CASE(a_slice_of_the_right_side_is_no_reason_to_copy_all) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    auto x = filled<Array<int, 2, Split<0>>>({8, 4}, value);
    const int* const data = x.local().data();
    x(all, 0) = 2 * x(all, 1);
    x(range(2, 7), all) += 1;
    expect(x.local().data() == data, "the same memory");
    expect(comm->take().collectives() == 0, "what is in place is not moved");
    expect(holds(x, [](const Index<2>& i) {
      const int before = i[1] == 0 ? 2 * value(Index<2>{{i[0], 1}}) : value(i);
      return before + (i[0] >= 2 && i[0] < 7 ? 1 : 0);
    }), "values");
    // A slice that was kept has no share of what the array became since.
    auto kept = x(range(0, 2), all);
    x = eval(0 * x);
    const auto copy = x;
    std::move(kept) = 9;
    expect(holds(copy, [](const Index<2>&) { return 0; }), "a copy is left alone");
    expect(holds(x, [](const Index<2>& i) { return i[0] < 2 ? 9 : 0; }), "the array is written");
  });
}

BOOST_AUTO_TEST_CASE(masks_must_fit) {
  on_ranks([] {
    Array<int, 1> x = arange<int>(5);
    const Array<bool, 1> seven = full<bool>({7}, true), one = full<bool>({1}, true);
    const Array<int, 1> values = arange<int>(7);
    expect(throws<ShapeError>([&] { x(seven) = values; }), "longer than x");
    expect(throws<ShapeError>([&] { x(seven) = 3; }) && throws<ShapeError>([&] { x(one) = 3; }), "masks are not stretched");
    expect(holds(x, [](const Index<1>& i) { return static_cast<int>(i[0]); }), "nothing was written");
    auto y = filled<Array<int, 1, Split<0>>>({6}, [](const Index<1>& i) { return static_cast<int>(i[0]); });
    const auto flags = filled<Array<bool, 1, Split<0>>>({9}, [](const Index<1>& i) { return i[0] % 2 == 0; });
    y(flags(range(0, 6))) = -1;
    expect(holds(y, [](const Index<1>& i) { return i[0] % 2 == 0 ? -1 : static_cast<int>(i[0]); }), "a window as a mask");
  });
}

BOOST_AUTO_TEST_CASE(extents_must_match) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    auto x = filled<Array<int, 2, Split<0>>>({8, 4}, value);
    const auto y = filled<Array<int, 2, Split<0>>>({3, 4}, value);
    auto column = eval(x(all, range(0, 1)));
    expect(throws<ShapeError>([&] { x(range(0, 4), all) = y; }), "4 rows of 3");
    expect(throws<ShapeError>([&] { column += x; }), "an array does not grow");
    expect(comm->take().collectives() == 0, "before a message");
    expect(holds(x, value), "nothing was written");
  });
}

BOOST_AUTO_TEST_SUITE_END()
