// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// from_local and borrow: shards of any extents become the canonical array, what is moved is not copied, what is wrong throws everywhere.
#include <priel/from_local.hpp>

#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

#include <numeric>

namespace {

using namespace priel;
using namespace priel::test;

int value(const Index<2>& i) { return static_cast<int>(10 * i[0] + i[1]); }

// What rank r holds at first: more the higher its rank, or all of it on one rank.
std::vector<Size> uneven(int p) {
  std::vector<Size> counts(static_cast<std::size_t>(p));
  for (std::size_t r = 0; r < counts.size(); ++r) counts[r] = static_cast<Size>(r * r % 5);
  return counts;
}
std::vector<Size> all_on(int p, int rank) {
  std::vector<Size> counts(static_cast<std::size_t>(p));
  counts[static_cast<std::size_t>(rank)] = 11;
  return counts;
}
std::vector<Size> canonical(int p, Size n) {
  std::vector<Size> counts;
  for (int r = 0; r < p; ++r) counts.push_back(block_of(n, p, r).extent);
  return counts;
}

// This rank's shard of an array of `value`s, cut along `axis`; the other axis has 3 entries.
struct Shard {
  Shard(const std::vector<Size>& counts, int axis) {
    const auto rank = static_cast<std::size_t>(world()->rank());
    const Size before = std::accumulate(counts.begin(), counts.begin() + world()->rank(), Size{0});
    extents[axis] = counts[rank];
    extents[1 - axis] = 3;
    global[axis] = std::accumulate(counts.begin(), counts.end(), Size{0});
    global[1 - axis] = 3;
    for (Size i = 0; i < extents[0]; ++i)
      for (Size j = 0; j < extents[1]; ++j) values.push_back(value({{i + (axis == 0 ? before : 0), j + (axis == 1 ? before : 0)}}));
  }
  Shape<2> extents, global;
  std::vector<int> values;
};

template <class Backend, int Axis>
void check_rebalancing() {
  const int p = world()->size();
  for (const auto& counts : {uneven(p), all_on(p, 0), all_on(p, p - 1), canonical(p, 7), canonical(p, 2), std::vector<Size>(static_cast<std::size_t>(p))}) {
    const Shard shard(counts, Axis);
    const auto x = from_local<Backend>(shard.values.data(), {shard.extents[0], shard.extents[1]}, split<Axis>);
    static_assert(std::is_same_v<decltype(x), const Array<int, 2, Split<Axis>, Backend>>);
    const auto where = described<Backend, Split<Axis>>();
    expect(x.shape() == shard.global && holds(x, value), "rebalanced, " + where);
    const bool in_place = counts == canonical(p, std::accumulate(counts.begin(), counts.end(), Size{0}));
    bool exact = true;
    try {
      expect(holds(from_local_exact<Backend>(shard.values.data(), {shard.extents[0], shard.extents[1]}, split<Axis>), value), "exact, " + where);
    } catch (const ShapeError&) {
      exact = false;
    }
    expect(exact == in_place, "from_local_exact takes canonical shards only, " + where);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(from_locals)

BOOST_AUTO_TEST_CASE(any_extents_are_rebalanced) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_rebalancing<Backend, 0>();
      check_rebalancing<Backend, 1>();
    });
  });
}

BOOST_AUTO_TEST_CASE(and_back) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto x = filled<Array<int, 2, Split<0>, Backend>>({9, 4}, value);
      const auto values = shard_of(x);
      const auto again = from_local_exact<Backend>(std::span(values), {x.lshape()[0], 4}, split<0>);
      expect(again.shape() == x.shape() && holds(again, value), "x.local() is a canonical shard");
    });
  });
}

BOOST_AUTO_TEST_CASE(replicated_takes_each_ranks_copy) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    std::vector<double> x{1, 2, 3};
    const auto copied = from_local(x, replicated);
    static_assert(std::is_same_v<decltype(copied), const Array<double, 1>>);
    expect(copied.local().data() != x.data(), "an lvalue is copied");
    x[0] = 7;
    expect(item(copied(0)) == 1, "and independent");
    const double* memory = x.data();
    const auto moved = asarray(std::move(x));
    expect(moved.local().data() == memory && item(sum(moved)) == 12, "an rvalue is moved");
    auto written = moved;
    written.local_mut()(1) = 5;
    expect(item(sum(moved)) == 12 && item(sum(written)) == 15, "copied on write");
    expect(comm->take().collectives() == 0, "nothing is sent");
    expect(throws<ShapeError>([&] { from_local(std::span<const double>(moved.local().span()), {2, 2}, replicated); }), "extents");
  });
}

// Memory that was moved in needs no alignment: whole packets are loaded from wherever it is.
BOOST_AUTO_TEST_CASE(moved_memory_is_evaluated_and_written_in_place) {
  on_ranks([] {
    const Block mine = block_of(2003, world()->size(), world()->rank());
    std::vector<float> shard(static_cast<std::size_t>(mine.extent));
    for (Size i = 0; i < mine.extent; ++i) shard[static_cast<std::size_t>(i)] = static_cast<float>(mine.lower + i);
    const float* memory = shard.data();
    auto x = from_local(std::move(shard), split<0>);
    expect(x.shape() == Shape<1>{2003} && (mine.extent == 0 || x.local().data() == memory), "a canonical shard is moved");
    expect(holds(eval(sqrt(x * x) + 1), [](const Index<1>& i) { return i[0] + 1; }), "as an operand");
    x = 2 * x;
    expect(holds(x, [](const Index<1>& i) { return 2 * i[0]; }) && x.local().data() == memory, "as a target, in place");
  });
}

BOOST_AUTO_TEST_CASE(what_is_sent) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const int p = comm->size();
    const Shard fits(canonical(p, 12), 0), all(all_on(p, 0), 0);
    from_local(fits.values.data(), {fits.extents[0], 3}, split<0>);
    auto counts = comm->take();
    expect(counts.collectives() == 1 && counts.bytes == (p - 1) * 16, "the extents");
    from_local(all.values.data(), {all.extents[0], 3}, split<0>);
    counts = comm->take();
    const Size leaving = comm->rank() == 0 ? 11 - block_of(11, p, 0).extent : 0;
    expect(counts.collectives() == (p == 1 ? 1 : 2) && counts.bytes == (p - 1) * 16 + leaving * 12, "and what changes owner");
  });
}

BOOST_AUTO_TEST_CASE(wrong_shards_throw_on_every_rank) {
  on_ranks([] {
    const int p = world()->size(), last = p - 1;
    const std::vector<int> values(12);
    const bool odd = world()->rank() == last && p > 1;
    expect(throws<ShapeError>([&] { from_local(values.data(), {2, odd ? 5 : 6}, split<0>); }) == (p > 1), "columns");
    expect(throws<ShapeError>([&] { from_local(std::span(values), {world()->rank() == last ? 3 : 2, 6}, split<0>); }), "a span of another size");
    expect(from_local(values.data(), {odd ? 0 : 2, odd ? 0 : 6}, split<0>).shape() == Shape<2>(p > 1 ? 2 * last : 2, 6), "an empty shard may have any columns");
  });
}

BOOST_AUTO_TEST_CASE(borrowed_memory_is_read_where_it_is) {
  on_ranks([] {
    std::vector<float> memory(24);
    std::iota(memory.begin(), memory.end(), 0.f);
    const auto x = borrow(memory.data() + 1, {4, 5});
    static_assert(std::is_same_v<policy_of<decltype(x)>, Replicated>);
    expect(holds(eval(2 * x), [](const Index<2>& i) { return 2 * (5 * i[0] + i[1] + 1); }), "in C order");
    expect(holds(eval(transpose(x)(range(1, 3), 2)), [](const Index<1>& i) { return 11 + i[0] + 1; }), "a view of it");
    expect(holds(eval(x(range({}, {}, -1), range({}, {}, 2)) + 0), [](const Index<2>& i) { return 5 * (3 - i[0]) + 2 * i[1] + 1; }), "a view with steps");
    const auto columns = borrow(memory.data(), Shape<2>(4, 5), Index<2>{{1, 4}});
    expect(holds(eval(columns + 0), [](const Index<2>& i) { return i[0] + 4 * i[1]; }), "with strides");
    const auto split_rows = filled<Array<float, 2, Split<0>>>({4, 5}, [](const Index<2>&) { return 1; });
    expect(holds(eval(split_rows + x), [](const Index<2>& i) { return 5 * i[0] + i[1] + 2; }), "beside a split operand");
    expect(item(sum(borrow(memory))) == 276 && item(sum(borrow(std::span(memory).first(2)))) == 1, "a vector, a span");
    memory[1] = 100;
    expect(item(x(0, 0)) == 100, "not copied");
    expect(item(sum(borrow<Reference>(memory))) == 375, "on another backend");
    expect(holds(Array<float, 2, Split<1>>(redistribute(x, split<1>)), [](const Index<2>& i) { return i[0] + i[1] == 0 ? 100 : 5 * i[0] + i[1] + 1; }), "restricted");
  });
}

BOOST_AUTO_TEST_SUITE_END()
