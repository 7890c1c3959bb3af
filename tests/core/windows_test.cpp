// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Ranges of a split axis stay where they are until they are stored; constant windows of it are halo exchanges.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Python's range(first, last, step) of n, as first index and count.
struct Cut {
  std::optional<Size> first, last;
  Size step;
};
std::vector<Size> indices(const Cut& cut, Size n) {
  std::vector<Size> result;
  const bool up = cut.step > 0;
  const auto limit = [&](std::optional<Size> v, Size missing) {
    if (!v) return missing;
    const Size i = *v < 0 ? *v + n : *v;
    return std::min(std::max(i, up ? Size{0} : Size{-1}), up ? n : n - 1);
  };
  const Size last = limit(cut.last, up ? n : -1);
  for (Size i = limit(cut.first, up ? 0 : n - 1); up ? i < last : i > last; i += cut.step) result.push_back(i);
  return result;
}

std::vector<Size> extents() {
  const Size p = world()->size();
  return {0, 1, 2, p - 1, p, p + 1, 11};
}

template <class Backend, int Axis>
void check_windows() {
  const auto where = described<Backend, Split<Axis>>();
  for (const Size n : extents()) {
    Shape<2> shape{3, 3};
    shape[Axis] = n;
    const auto x = filled<Array<int, 2, Split<Axis>, Backend>>(shape, [](const Index<2>& i) { return mark(i); });
    const auto r = filled<Array<int, 2, Replicated, Backend>>(shape, [](const Index<2>& i) { return mark(i); });
    for (const Cut& cut : {Cut{1, 4, 1}, Cut{std::nullopt, std::nullopt, -1}, Cut{-3, std::nullopt, 1}, Cut{8, 1, -3}, Cut{1, std::nullopt, 2}, Cut{4, 2, 1}}) {
      const auto wanted = indices(cut, n);
      const auto part = range(cut.first, cut.last, cut.step);
      const auto window = [&] { if constexpr (Axis == 0) return x(part); else return x(all, part); }();
      const auto same_of_r = [&] { if constexpr (Axis == 0) return r(part); else return r(all, part); }();
      static_assert(std::is_same_v<policy_of<decltype(window)>, Window<Axis>>);
      const auto expected = [&](Index<2> i) {
        i[Axis] = wanted[static_cast<std::size_t>(i[Axis])];
        return mark(i);
      };
      Shape<2> cut_shape = shape;
      cut_shape[Axis] = static_cast<Size>(wanted.size());
      expect(window.shape() == cut_shape, where + " shape " + to_string(window.shape()));
      Array stored = window;
      static_assert(std::is_same_v<decltype(stored), Array<int, 2, Split<Axis>, Backend>>);
      expect(holds(stored, expected), where + " stored");
      expect(holds(Array<int, 2, Replicated, Backend>(2 * window), [&](const Index<2>& i) { return 2 * expected(i); }), where + " gathered");
      const auto doubled = eval(window + same_of_r + window * 0);
      expect(holds(doubled, [&](const Index<2>& i) { return 2 * expected(i); }), where + " with itself and replicated");
      Size total = 0;
      for (Size i = 0; i < cut_shape[0]; ++i)
        for (Size j = 0; j < cut_shape[1]; ++j) total += expected(Index<2>{{i, j}});
      expect(item(sum(window)) == total, where + " sum");
      expect(item(sum(sum(window, axis<1 - Axis>))) == total, where + " sum of sums along the other axis");
      expect(holds(eval(transpose(window)), [&](const Index<2>& i) { return expected(Index<2>{{i[1], i[0]}}); }), where + " transposed");
      if (wanted.size() > 2) {
        const auto inner = [&] { if constexpr (Axis == 0) return window(range(2, 0, -1)); else return window(all, range(2, 0, -1)); }();
        expect(holds(eval(inner), [&](Index<2> i) { i[Axis] = 2 - i[Axis]; return expected(i); }), where + " range of a range");
        const auto row = [&] { if constexpr (Axis == 0) return eval(window(-1)); else return eval(window(all, -1)); }();
        expect(holds(row, [&](const Index<1>& j) {
          Index<2> i;
          i[Axis] = cut_shape[Axis] - 1;
          i[1 - Axis] = j[0];
          return expected(i);
        }), where + " integer of a range");
      }
    }
  }
}

template <class Backend, int Axis>
void check_halos() {
  const auto where = described<Backend, Split<Axis>>();
  for (const Size n : extents()) {
    Shape<2> shape{4, 4};
    shape[Axis] = n;
    const auto value = [](const Index<2>& i) { return mark(i) % 101; };
    const auto x = filled<Array<int, 2, Split<Axis>, Backend>>(shape, value);
    const auto window = [&](auto spec) { if constexpr (Axis == 0) return x(spec, range(1, std::nullopt)); else return x(range(1, std::nullopt), spec); };
    const auto at = [&](Index<2> i, Size shift) {
      i[Axis] += shift;
      i[1 - Axis] += 1;
      return value(i);
    };
    const auto difference = window(from<1>) - window(until<-1>);
    static_assert(std::is_same_v<policy_of<decltype(difference)>, Split<Axis>>);
    expect(holds(eval(difference), [&](const Index<2>& i) { return at(i, 1) - at(i, 0); }), where + " difference of " + std::to_string(n));
    const auto second = eval(window(from<3>) + 2 * window(between<1, -2>) - window(until<-3>));
    expect(second.shape()[Axis] == std::max<Size>(0, n - 3), where + " extent");
    expect(holds(second, [&](const Index<2>& i) { return at(i, 3) + 2 * at(i, 1) - at(i, 0); }), where + " three points of " + std::to_string(n));
    const auto twice = 2 * x;
    const auto of_expression = [&] { if constexpr (Axis == 0) return eval(twice(from<2>)); else return eval(twice(all, from<2>)); }();
    expect(holds(of_expression, [&](Index<2> i) { i[Axis] += 2; return 2 * value(i); }), where + " of an expression");
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(windows)

BOOST_AUTO_TEST_CASE(ranges_of_the_split_axis) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_windows<Backend, 0>();
      check_windows<Backend, 1>();
    });
  });
}

BOOST_AUTO_TEST_CASE(constant_windows_are_halo_exchanges) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_halos<Backend, 0>();
      check_halos<Backend, 1>();
    });
  });
}

BOOST_AUTO_TEST_CASE(nothing_moves_before_a_window_is_stored) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Array<int, 2, Split<0>>>({12, 3}, [](const Index<2>& i) { return mark(i); });
    const auto y = filled<Array<int, 2, Split<0>>>({12, 3}, [](const Index<2>& i) { return 2 * mark(i); });
    const auto both = x(range(2, 7), all) + y(range(2, 7), all);
    expect(comm->take().collectives() == 0, "a window is a view");
    eval(both);
    expect(comm->take().collectives() == 1, "one exchange stores it");
    expect(throws<ShapeError>([&] { x(range(2, 7), all) + y(range(3, 8), all); }), "unequal windows throw on every rank");
    expect(comm->take().collectives() == 0, "before any message");
    eval(x(from<1>, all) - x(until<-1>, all));
    const auto sent = comm->take();
    expect(sent.bytes <= 4 * 3 * 4, "a halo of one row is one or two rows of 12 bytes to each neighbour");
  });
}

BOOST_AUTO_TEST_SUITE_END()
