// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// patches: windows round pixels, for every pair of policies, whole and in part, of arrays and of expressions.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

constexpr Size rows = 9, columns = 11;

struct Backscatter {
  PRIEL_DEVICE float operator()(const Index<3>& i) const { return static_cast<float>(10000 * i[0] + 100 * i[1] + i[2]); }
};

// Pixel n of any list: in no order, and the outermost that a window of 5 allows.
Size row_of(Size n) { return 2 + (n * 3) % 5; }
Size column_of(Size n) { return 2 + (n * 5) % 7; }

template <class P, class Backend>
auto pixel_list(Size count) {
  return filled<Array<Size, 2, P, Backend>>({count, 2}, [](const Index<2>& i) { return i[1] == 0 ? row_of(i[0]) : column_of(i[0]); });
}

float expected(const Index<3>& i, Size w) {
  return Backscatter{}(Index<3>{{i[1], row_of(i[0]) + i[2] / w - w / 2, column_of(i[0]) + i[2] % w - w / 2}});
}

template <class Images, class Pixels>
void check(const std::string& where, const Images& images, const Pixels& pixels) {
  const auto count = pixels.shape()[0], dates = images.shape()[0];
  for (const Size w : {1, 3, 5}) {
    const std::string text = where + ", " + std::to_string(count) + " pixels, width " + std::to_string(w);
    const auto X = patches(images, pixels, w);
    expect(X.shape() == Shape<3>{count, dates, w * w}, "extents, " + text);
    expect(holds(eval(X), [&](const Index<3>& i) { return expected(i, w); }), text);
    const auto doubled = eval(2 * patches(images + 1, pixels, w));
    expect(holds(doubled, [&](const Index<3>& i) { return 2 * (expected(i, w) + 1); }), "of an expression, " + text);
    expect(holds(eval(transpose(X)), [&](const Index<3>& i) { return expected({{i[2], i[1], i[0]}}, w); }), "transposed, " + text);
    expect(holds(eval(X(all, all, range(std::nullopt, std::nullopt, -1))), [&](const Index<3>& i) { return expected({{i[0], i[1], w * w - 1 - i[2]}}, w); }),
           "backwards, " + text);
    expect(holds(eval(sum(X, axis<2>)), [&](const Index<2>& i) {
      float sum = 0;
      for (Size f = 0; f < w * w; ++f) sum += expected({{i[0], i[1], f}}, w);
      return sum;
    }), "summed, " + text);
    if (count > 0 && dates > 1)
      expect(holds(eval(X(count - 1, dates - 1)), [&](const Index<1>& i) { return expected({{count - 1, dates - 1, i[0]}}, w); }), "the last, " + text);
  }
}

template <class Backend>
void check_backend() {
  const std::string where = Backend::name;
  for (const Size count : {0, 1, 16})
    for (const Size dates : {1, 5}) {
      const Shape<3> shape{dates, rows, columns};
      const auto everywhere = filled<Array<float, 3, Replicated, Backend>>(shape, Backscatter{});
      const auto by_date = filled<Array<float, 3, Split<0>, Backend>>(shape, Backscatter{});
      const auto pixels = pixel_list<Replicated, Backend>(count);
      const auto by_pixel = pixel_list<Split<0>, Backend>(count);
      check(where + " Replicated, Replicated", everywhere, pixels);
      check(where + " Replicated, Split<0>", everywhere, by_pixel);
      check(where + " Split<0>, Replicated", by_date, pixels);
      static_assert(std::is_same_v<policy_of<decltype(patches(everywhere, pixels, 3))>, Replicated>);
      static_assert(std::is_same_v<policy_of<decltype(patches(everywhere, by_pixel, 3))>, Split<0>>);
      static_assert(std::is_same_v<policy_of<decltype(patches(by_date, pixels, 3))>, Split<1>>);
      const auto X = eval(redistribute(patches(by_date, pixels, 3), split<0>));
      expect(holds(X, [](const Index<3>& i) { return expected(i, 3); }), "by date, then by pixel, " + where);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(patches_of_images)

BOOST_AUTO_TEST_CASE(every_pair_of_policies) {
  on_ranks([] { for_each_type<Backends>([]<class Backend>() { check_backend<Backend>(); }); });
}

// Images that any rank can compute, as a file's are: the patches have the policy of the pixels.
BOOST_AUTO_TEST_CASE(generated_images) {
  on_ranks([] {
    const auto images = generate<float>(Shape<3>{4, rows, columns}, Backscatter{});
    const auto X = patches(images, pixel_list<Split<0>, Host>(13), 5);
    static_assert(std::is_same_v<policy_of<decltype(X)>, Split<0>>);
    expect(holds(eval(X), [](const Index<3>& i) { return expected(i, 5); }), "Split<0>");
    expect(holds(eval(patches(images, pixel_list<Replicated, Host>(13), 5)), [](const Index<3>& i) { return expected(i, 5); }), "Replicated");
  });
}

BOOST_AUTO_TEST_CASE(nothing_is_sent) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto images = filled<Array<float, 3, Split<0>>>({5, rows, columns}, Backscatter{});
    const auto X = eval(patches(10 * log10(maximum(images, 1e-6f)), pixel_list<Replicated, Host>(16), 5));
    expect(comm->take().collectives() == 0, "by date");
  });
}

BOOST_AUTO_TEST_CASE(windows_that_leave_the_grid_are_thrown_on_every_rank) {
  on_ranks([] {
    const auto images = filled<Array<float, 3, Split<0>>>({2, rows, columns}, Backscatter{});
    const auto at = [](Size row, Size column) {
      return filled<Array<Size, 2>>({2, 2}, [&](const Index<2>& i) { return i[0] == 0 ? 4 : i[1] == 0 ? row : column; });
    };
    const auto leaves = [&](Size row, Size column, Size w) { return throws<ShapeError>([&] { patches(images, at(row, column), w); }); };
    expect(!leaves(1, 1, 3) && !leaves(rows - 2, columns - 2, 3) && !leaves(0, columns - 1, 1), "the outermost pixels");
    expect(leaves(0, 4, 3) && leaves(4, 0, 3) && leaves(rows - 1, 4, 3) && leaves(4, columns - 1, 3) && leaves(-1, 4, 1), "one farther out");
    expect(leaves(4, 4, 4) && leaves(4, 4, 0) && leaves(4, 4, -3) && leaves(4, 4, 11), "widths that are even, not positive or too large");
    expect(throws<ShapeError>([&] { patches(images, transpose(at(4, 4))(all, newaxis, 0), 3); }), "pixels that are not (N, 2)");
  });
}

BOOST_AUTO_TEST_SUITE_END()
