// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// roll, flip, repeat, tile, pad, concatenate, diff along the split axis: the definitions, for extents round the number of ranks, on
// every backend; and what is sent is what the plan says, at most a rank's own part.
#include <tests/algorithms/shape_answers.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// (n, 2) by rows or (2, n) by columns; `along` is the index of the split axis.
template <int K, class Backend>
struct Case {
  static constexpr Axes<K> along{};
  using A = Array<int, 2, Split<K>, Backend>;
  static int value(Size j, Size other) { return static_cast<int>(10 * j + other); }

  std::shared_ptr<const Counting> comm = std::make_shared<const Counting>(world());
  Size n;
  A x = make(n, 0);
  std::string where = described<Backend, Split<K>>() + " " + std::to_string(n) + ": ";

  explicit Case(Size extent) : n(extent) {}
  A make(Size extent, int more) const {
    const Shape<2> shape = K == 0 ? Shape<2>{extent, 2} : Shape<2>{2, extent};
    return filled<A>(shape, [&](const Index<2>& i) { return value(i[K], i[1 - K]) + more; }, comm);
  }
  // That the node has `extent` indices and reads f(j, other) at j.
  template <class E, class F>
  void check(const E& e, Size extent, const std::string& what, F&& f) const {
    static_assert(std::is_same_v<policy_of<E>, Split<K>>);
    const auto stored = eval(e);
    expect(stored.shape()[K] == extent && stored.shape()[1 - K] == 2, where + what + " has shape " + to_string(stored.shape()));
    expect(holds(stored, [&](const Index<2>& i) { return f(i[K], i[1 - K]); }), where + what);
  }
};

template <int K, class Backend>
void check_maps(Size n) {
  using C = Case<K, Backend>;
  const C c(n);
  for (const Size shift : {0, 1, -2, 7}) {
    const auto rolled = [&] { return roll(c.x, shift, c.along); };
    expect_sends(rolled(), c.comm, c.where + "roll");
    c.check(rolled(), n, "roll", [&](Size j, Size o) { return C::value(((j - shift) % n + n) % n, o); });
  }
  expect_sends(flip(c.x, c.along), c.comm, c.where + "flip");
  c.check(flip(c.x, c.along), n, "flip", [&](Size j, Size o) { return C::value(n - 1 - j, o); });
  for (const Size times : {0, 1, 3}) {
    expect_sends(repeat(c.x, times, c.along), c.comm, c.where + "repeat");
    c.check(repeat(c.x, times, c.along), n * times, "repeat", [&](Size j, Size o) { return C::value(j / times, o); });
  }
  const Size many[2] = {K == 0 ? 3 : 1, K == 0 ? 1 : 3};
  c.check(tile(c.x, many), 3 * n, "tile", [&](Size j, Size o) { return C::value(j % n, o); });
}

template <int K, class Backend>
void check_joins(Size n) {
  using C = Case<K, Backend>;
  const C c(n);
  const auto more = c.make(4, 1000);
  const auto joined = [&] { return concatenate(c.along, c.x, more, full<int>(more.shape(), -1), c.x); };
  expect_sends(joined(), c.comm, c.where + "concatenate");
  c.check(joined(), 2 * n + 8, "concatenate", [&](Size j, Size o) {
    return j < n ? C::value(j, o) : j < n + 4 ? C::value(j - n, o) + 1000 : j < n + 8 ? -1 : C::value(j - n - 8, o);
  });
  expect_sends(diff(c.x, c.along), c.comm, c.where + "diff");
  c.check(diff(c.x, c.along), n > 0 ? n - 1 : 0, "diff", [](Size, Size) { return 10; });
  Size widths[2][2] = {};
  widths[K][0] = 3;
  widths[K][1] = 2;
  c.check(pad(c.x, widths, 5), n + 5, "pad", [&](Size j, Size o) { return j >= 3 && j < n + 3 ? C::value(j - 3, o) : 5; });
  if (n == 0) return expect(throws<ShapeError>([&] { pad(c.x, widths, Padding::edge); }), "a border of nothing");
  c.check(pad(c.x, widths, Padding::wrap), n + 5, "pad by wrap", [&](Size j, Size o) { return C::value(((j - 3) % n + n) % n, o); });
  c.check(pad(c.x, widths, Padding::edge), n + 5, "pad by edge", [&](Size j, Size o) { return C::value(std::clamp<Size>(j - 3, 0, n - 1), o); });
}

// What is sent, where it is known by thought: bytes on this rank.
std::int64_t sent(const std::shared_ptr<const Counting>& comm, const auto& e) {
  comm->take();
  const auto stored = eval(e);
  return comm->take().bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rearranging_across)

BOOST_AUTO_TEST_CASE(maps) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for (const Size n : {0, 1, 2, 5, 13}) {
        check_maps<0, Backend>(n);
        check_maps<1, Backend>(n);
      }
    });
  });
}

BOOST_AUTO_TEST_CASE(joins) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for (const Size n : {0, 1, 2, 5, 13}) {
        check_joins<0, Backend>(n);
        check_joins<1, Backend>(n);
      }
    });
  });
}

#ifndef PRIEL_TEST_DEVICE
BOOST_AUTO_TEST_CASE(what_is_sent) {
  on_ranks([] {
    const Case<0, Host> c(6 * world()->size());   // 6 rows of 8 bytes on each rank
    const int p = world()->size(), me = world()->rank();
    const auto is = [&](std::int64_t bytes, std::int64_t rows, const std::string& what) {
      expect(bytes == (p > 1 ? 8 * rows : 0), what + " sends " + std::to_string(bytes) + " bytes");
    };
    is(sent(c.comm, roll(c.x, 0, axis<0>)), 0, "roll by nothing");
    is(sent(c.comm, roll(c.x, 2, axis<0>)), 2, "roll by two");
    is(sent(c.comm, roll(c.x, -6, axis<0>)), 6, "roll by a shard");
    is(sent(c.comm, roll(c.x, 2, axis<1>)), 0, "roll off the split axis");
    // Of 6 p - 1 differences the last rank makes 5; the others need the first row of the next.
    is(sent(c.comm, diff(c.x, axis<0>)), me > 0 ? 1 : 0, "diff");
    is(sent(c.comm, diff(c.x, axis<1>)), 0, "diff off the split axis");
    is(sent(c.comm, flip(c.x, axis<0>)), 2 * me == p - 1 ? 0 : 6, "flip");
    // Blocks of 6 rows become blocks of 12: block b goes to rank b / 2.
    is(sent(c.comm, concatenate(axis<0>, c.x, c.x)), (me / 2 == me ? 0 : 6) + ((p + me) / 2 == me ? 0 : 6), "concatenate");
    is(sent(c.comm, stack(axis<0>, c.x, c.x)), 0, "stack");
    is(sent(c.comm, concatenate(axis<1>, c.x, 2 * c.x)), 0, "concatenate off the split axis");
  });
}
#endif

BOOST_AUTO_TEST_SUITE_END()
