// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// for_each_block: the blocks are the expression, as many on every rank, in the memory of one; files are read piece by piece.
#include <priel/algorithms/blocks.hpp>

#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using namespace priel;
using namespace priel::test;

float value(const Index<2>& i) { return static_cast<float>(mark(i)); }

// Host with an eye on what is allocated at once, by all ranks of the process.
struct Watched : Host {
  static inline std::atomic<Size> now{0}, most{0};
  template <class T>
  static T* allocate(Size n) {
    const Size bytes = n * static_cast<Size>(sizeof(T));
    auto* memory = Host::allocate<std::max_align_t>((bytes + 127) / static_cast<Size>(sizeof(std::max_align_t)) + 1);
    *reinterpret_cast<Size*>(memory) = bytes;
    const Size all = now += bytes;
    for (Size seen = most; seen < all && !most.compare_exchange_weak(seen, all);) {}
    return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(memory) + 64);
  }
  static void release(void* data) {
    void* memory = static_cast<std::byte*>(data) - 64;
    now -= *static_cast<Size*>(memory);
    Host::release(memory);
  }
};

template <class Backend, class P>
void check_blocks() {
  for (const Size n : {0, 1, 2, 5, 23}) {
    const auto x = filled<Array<float, 2, P, Backend>>({n, 6}, value);
    for (const Size bytes : {1, 100, 1000000}) {
      const auto where = described<Backend, P>() + ", " + std::to_string(n) + " rows, " + std::to_string(bytes) + " bytes";
      Size rows = 0, expected_lower = x.part().lower[0], all_rows = 0, calls = 0;
      for_each_block(axis<0>, bytes, 2 * x, [&](Size lower, auto block) {
        static_assert(std::is_same_v<decltype(block), Array<float, 2, P, Backend>>);
        expect(lower == expected_lower, "the first row, " + where);
        expected_lower += block.lshape()[0];
        rows += block.lshape()[0];
        all_rows += block.shape()[0];
        ++calls;
        expect(block.lshape()[0] <= 1 || block.lshape().size() * 4 <= bytes, "the size of a block, " + where);
        const Size first = lower - block.part().lower[0];
        expect(holds(block, [&](const Index<2>& i) { return 2 * value({{first + i[0], i[1]}}); }), "the values, " + where);
      });
      expect(rows == x.lshape()[0] && all_rows == n, "every row once, " + where);
      Size most = calls;
      world()->all_reduce(&most, 1, sizeof most, [](void* a, const void* b, Size) { *static_cast<Size*>(a) = std::max(*static_cast<Size*>(a), *static_cast<const Size*>(b)); });
      expect(calls == most, "as many calls on every rank, " + where);
    }
  }
}

// A file of which nobody reads more than a few rows at a time.
struct Rows : io::Source {
  const std::vector<std::int64_t>& shape() const override { return extents; }
  io::Element element() const override { return io::Element::float32; }
  void read(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, io::Element, void* to) const override {
    if (extent[0] > 4) throw SystemError("too many rows at a time");
    for (std::int64_t i = 0; i < extent[0]; ++i)
      for (std::int64_t j = 0; j < extent[1]; ++j) static_cast<float*>(to)[i * extent[1] + j] = value({{lower[0] + i, lower[1] + j}});
  }
  void read_all(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, io::Element as, void* to) const override { read(lower, extent, as, to); }
  std::vector<std::int64_t> extents{61, 6};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(blocks)

BOOST_AUTO_TEST_CASE(are_the_expression) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_blocks<Backend, Replicated>();
      check_blocks<Backend, Split<0>>();
      check_blocks<Backend, Split<1>>();
    });
  });
}

BOOST_AUTO_TEST_CASE(a_redistribution_moves_block_by_block) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Array<float, 2, Split<1>>>({23, 6}, value);
    comm->take();
    Size calls = 0;
    double sums = 0;
    for_each_block(axis<0>, 3 * 6 * 4, redistribute(x, split<0>) , [&](Size, const auto& block) {
      ++calls;
      sums += item(sum(astype<double>(block)));
    });
    const Size share = block_of(23, comm->size(), 0).extent;
    expect(calls == (share + 2) / 3 && comm->take().others == calls, "one exchange a block");
    expect(sums == item(sum(astype<double>(x))), "all values");
  });
}

BOOST_AUTO_TEST_CASE(a_file_as_a_leaf) {
  on_ranks([] {
    const io::Dataset<float, 2> file(std::make_shared<Rows>());
    const auto scale = filled<Array<float, 1>>({6}, [](const Index<1>& i) { return i[0] + 1; });
    double sums = 0;
    for_each_block(axis<-2>, 4 * 6 * 4, redistribute(file * scale, split<0>), [&](Size, const auto& block) { sums += item(sum(astype<double>(block))); });
    double expected = 0;
    for (Size i = 0; i < 61; ++i)
      for (Size j = 0; j < 6; ++j) expected += value({{i, j}}) * static_cast<float>(j + 1);
    expect(sums == expected, "the sum of a file");
    expect(throws<SystemError>([&] { for_each_block(axis<0>, 9 * 6 * 4, redistribute(file + 0, split<0>), [](Size, const auto&) {}); }) ||
           block_of(61, world()->size(), 0).extent <= 4, "a failing read reaches every rank");
  });
}

BOOST_AUTO_TEST_CASE(memory_for_one_block) {
  on_ranks([] {
    const auto x = filled<Array<float, 1, Split<0>, Watched>>({900}, [](const auto& i) { return mark(i); });
    const auto y = filled<Array<float, 1, Replicated, Watched>>({400}, [](const auto& i) { return mark(i); });
    const auto products = x(all, newaxis) * y;   // 1.4 MB that is never stored
    world()->barrier();
    const Size before = Watched::now;
    world()->barrier();
    Watched::most = 0;
    world()->barrier();
    double sums = 0;
    constexpr Size bytes = 40000;
    for_each_block(axis<0>, bytes, products, [&](Size, const auto& block) { sums += item(sum(astype<double>(block))); });
    world()->barrier();
    const Size most = Watched::most - before;
    expect(most <= world()->size() * (bytes + 4096) && most >= bytes, "at most " + std::to_string(most) + " bytes at once");
    const double expected = item(sum(astype<double>(x))) * item(sum(astype<double>(y)));
    expect(std::abs(sums - expected) < 1e-6 * expected, "all of it");
  });
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_sink_reaches_every_rank) {
  on_ranks([] {
    const auto x = filled<Array<float, 2, Split<0>>>({23, 6}, value);
    expect(throws<InputError>([&] {
      for_each_block(axis<0>, 100, x, [](Size lower, const auto& block) {
        if (lower <= 13 && lower + block.lshape()[0] > 13) throw InputError("row 13");
      });
    }), "the owner of a row throws");
  });
}

BOOST_AUTO_TEST_SUITE_END()
