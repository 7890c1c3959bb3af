// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// scatter: values of pixels back onto their grid, whatever the policies of grid, pixels and values.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

constexpr Size rows = 6, columns = 8;

// Pixel n of the list, or -1 where a grid cell is in none: every third cell, last ones first.
Size cell(Size n) { return rows * columns - 1 - 3 * n; }
Size pixel_at(Size row, Size column) {
  const Size back = rows * columns - 1 - (row * columns + column);
  return back % 3 == 0 ? back / 3 : -1;
}

template <class P, class Backend>
auto pixel_list() {
  return filled<Array<Size, 2, P, Backend>>({16, 2}, [](const Index<2>& i) { return i[1] == 0 ? cell(i[0]) / columns : cell(i[0]) % columns; });
}

float score(Size pixel, Size date) { return static_cast<float>(100 * pixel + date); }

template <class Backend, class PixelPolicy, class ValuePolicy>
void check_policies() {
  const auto where = described<Backend, PixelPolicy, ValuePolicy>();
  const auto pixels = pixel_list<PixelPolicy, Backend>();
  for (const Size dates : {1, 5}) {
    const auto y = filled<Array<float, 2, ValuePolicy, Backend>>({16, dates}, [](const Index<2>& i) { return score(i[0], i[1]); });
    const auto expected = [](const Index<3>& i) { return pixel_at(i[1], i[2]) < 0 ? -1 : score(pixel_at(i[1], i[2]), i[0]); };
    const auto maps = eval(scatter(full<double>({dates, rows, columns}, -1), pixels, y));
    static_assert(std::is_same_v<decltype(maps), const Array<double, 3, Split<0>, Backend>>);
    expect(holds(maps, expected), "maps, " + where);
    const auto base = filled<Array<double, 3, Split<0>, Backend>>({dates, rows, columns}, [](const Index<3>& i) { return mark(i); });
    const auto over = eval(scatter(base, pixels, y));
    expect(holds(over, [&](const Index<3>& i) { return pixel_at(i[1], i[2]) < 0 ? static_cast<float>(mark(i)) : expected(i); }), "maps over others, " + where);
    expect(holds(base, [](const Index<3>& i) { return mark(i); }), "which stay as they were, " + where);
  }
  if constexpr (!std::is_same_v<ValuePolicy, Split<1>>) {
    const auto y = filled<Array<int, 1, ValuePolicy, Backend>>({16}, [](const Index<1>& i) { return i[0] + 1; });
    const auto map = eval(scatter(full<float>({rows, columns}, priel::nan), pixels, y));
    static_assert(std::is_same_v<decltype(map), const Array<float, 2, Replicated, Backend>>);
    expect(holds(map, [](const Index<2>& i) { return pixel_at(i[0], i[1]) < 0 ? priel::nan : static_cast<double>(pixel_at(i[0], i[1]) + 1); }), "a map, " + where);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scattering)

BOOST_AUTO_TEST_CASE(every_policy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_policies<Backend, Replicated, Replicated>();
      check_policies<Backend, Replicated, Split<0>>();
      check_policies<Backend, Split<0>, Split<0>>();
      check_policies<Backend, Replicated, Split<1>>();
    });
  });
}

BOOST_AUTO_TEST_CASE(a_sparse_mask_there_and_back) {
  on_ranks([] {
    const auto mask = filled<Array<int, 2>>({7, 9}, [](const Index<2>& i) { return mark(i) % 4 == 0; });
    const auto pixels = nonzero(mask);
    const Size count = pixels.shape()[0];
    const auto back = scatter(full<int>({7, 9}, 0), pixels, full<int>({count}, 1));
    expect(item(all(back == mask)), "scatter(0, nonzero(mask), 1) is the mask");
    const auto none = nonzero(0 * mask);
    expect(item(sum(scatter(mask, none, full<int>({0}, 1)))) == count, "no pixels");
  });
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_thrown_on_every_rank) {
  on_ranks([] {
    const auto pixels = pixel_list<Replicated, Host>();
    const auto grid = full<float>({3, rows, columns}, 0);
    expect(throws<ShapeError>([&] { scatter(grid, pixels, full<float>({16, 4}, 0)); }), "another number of dates");
    expect(throws<ShapeError>([&] { scatter(grid, pixels, full<float>({15, 3}, 0)); }), "another number of pixels");
    expect(throws<ShapeError>([&] { eval(scatter(full<float>({3, rows - 1, columns}, 0), pixels, full<float>({16, 3}, 0))); }), "a pixel below the grid");
    expect(throws<ShapeError>([&] { eval(scatter(grid, pixels - 1, full<float>({16, 3}, 0))); }), "a pixel above the grid");
    expect(throws<ShapeError>([&] { scatter(grid, transpose(pixels), full<float>({2, 3}, 0)); }), "pixels that are not (N, 2)");
  });
}

BOOST_AUTO_TEST_SUITE_END()
