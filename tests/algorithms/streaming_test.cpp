// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// together(...) in for_each_block: the values of whole evaluations, each window of a file read once, within the bound, and errors on every rank.
#include <priel/priel.hpp>

#include <priel/algorithms/patch_statistics.hpp>
#include <priel/algorithms/streaming.hpp>

#include <tests/core/file_fixture.hpp>
#include <tests/support/arrays.hpp>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <mutex>

namespace {

using namespace priel;
using namespace priel::test;

constexpr Size dates = 9, rows = 40, columns = 50, width = 3;

// Backscatter with gaps: a date that is not there, a corner without values, single ones; and with infinities.
float value(Size t, Size r, Size c) {
  if (t == 4 || (r < 8 && c < 9 && t != 2) || (t * 7 + r * 5 + c * 3) % 97 == 0) return std::numeric_limits<float>::quiet_NaN();
  if ((t * 11 + r * 3 + c) % 131 == 0) return (t % 2 == 0 ? 1.0f : -1.0f) * std::numeric_limits<float>::infinity();
  const std::uint64_t mixed = static_cast<std::uint64_t>(1 + t * rows * columns + r * columns + c) * 0x9e3779b97f4a7c15u;
  return static_cast<float>((mixed >> 40) % 4096) / 512 - 1;
}

// A file that notes what is read of it, and fails when it is asked for a certain value.
struct Scene : io::Source {
  explicit Scene(Size row = -1) : bad_row(row) {}
  const std::vector<std::int64_t>& shape() const override { return extents; }
  io::Element element() const override { return io::Element::float32; }
  std::vector<std::int64_t> chunk() const override { return {1, 8, 8}; }
  void read(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, io::Element, void* to) const override {
    const std::lock_guard lock(mutex);
    boxes.push_back({{{lower[0], lower[1], lower[2]}}, {extent[0], extent[1], extent[2]}});
    if (lower[1] <= bad_row && bad_row < lower[1] + extent[1]) throw SystemError("row " + std::to_string(bad_row) + " is damaged");
    auto* out = static_cast<float*>(to);
    for (std::int64_t t = 0; t < extent[0]; ++t)
      for (std::int64_t r = 0; r < extent[1]; ++r)
        for (std::int64_t c = 0; c < extent[2]; ++c) *out++ = value(lower[0] + t, lower[1] + r, lower[2] + c);
  }
  void read_all(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, io::Element as, void* to) const override { read(lower, extent, as, to); }
  std::vector<std::int64_t> extents{dates, rows, columns};
  Size bad_row;
  mutable std::mutex mutex;
  mutable std::vector<Box<3>> boxes;
};

// A band, in C order: every third pixel near a slanting line; the first ones lie where values are missing.
Array<Size, 2, Split<0>> pixels_of(Size n) {
  return filled<Array<Size, 2, Split<0>>>({n, 2}, [n](const Index<2>& i) {
    const Size row = 2 + i[0] * 35 / std::max<Size>(n, 1);
    return i[1] == 0 ? row : 2 + row + i[0] * 7 % 9;
  });
}

struct Range2 {   // a general kernel with an array, and one with two results
  template <Expression E>
  auto operator()(const E& x) const { return eval(max(x, axis<1>) - min(x, axis<1>)); }
};
struct Two {
  template <Expression E>
  auto operator()(const E& x) const { return std::tuple(eval(x(all, 0) + 1), item(sum(where(isfinite(x), x, 0.0f)))); }
};

// All that is asked of the patches of these images.
template <class Images>
auto wanted(const Images& images, const Array<Size, 2, Split<0>>& pixels) {
  const auto raw = patches(images(range(1, dates), all, all), pixels, width);
  const auto x = patches(10 * log10(maximum(images(range(1, dates), all, all), 1e-6f)), pixels, width);
  auto [first, total] = vmap(Two{}, raw);
  return together(vmap(lof(2, 4), x), vmap(loop(2), x), valid_count(x), finite_min(raw), finite_max(raw), vmap(Range2{}, raw), first, total,
                  2 * vmap(lof(2, 4), raw), valid_count(patches(images, pixels, width + 2)));
}

template <class A>
void expect_same_rows(const A& block, const auto& whole, Size lower, const std::string& where) {
  const Size row = block.size() / std::max<Size>(block.shape()[0], 1);
  const auto* from = whole.local().data() + (lower - whole.part().lower[0]) * row;
  expect(std::memcmp(block.local().data(), from, static_cast<std::size_t>(block.size()) * sizeof(value_of<A>)) == 0, where);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(streaming)

BOOST_AUTO_TEST_CASE(the_values_of_whole_evaluations) {
  on_ranks([] {
    Array<float, 3> images(Shape<3>{dates, rows, columns});
    for (Size i = 0; i < images.size(); ++i) images.local_mut().data()[i] = value(i / (rows * columns), i / columns % rows, i % columns);
    for (const Size n : {0, 1, 3, 61}) {
      const auto pixels = pixels_of(n);
      const auto wholes = std::apply([](const auto&... e) { return std::tuple(eval(e)...); }, wanted(images, pixels).expressions);
      const auto scene = std::make_shared<Scene>();
      const io::Dataset<float, 3> file(scene);
      const auto asked = [&] { return wanted(file, pixels); };
      const Size least = smallest_bound(axis<0>, asked());
      for (const Size bytes : {least, 3 * least, Size{1} << 30}) {
        const std::string where = std::to_string(n) + " pixels, " + std::to_string(bytes) + " bytes";
        const BlockPlan plan = plan_blocks(axis<0>, bytes, asked());
        scene->boxes.clear();
        Size expected = pixels.part().lower[0], calls = 0, blocks = 0;
        const BlockReport report = for_each_block(axis<0>, bytes, asked(), [&](Size lower, const auto&... x) {
          expect(lower == expected, "the first row, " + where);
          ++calls;
          const Size count = std::get<0>(std::tie(x...)).shape()[0];
          expected += count;
          blocks += count > 0;
          std::apply([&](const auto&... whole) { (expect_same_rows(x, whole, lower, "the values, " + where), ...); }, wholes);
        });
        expect(expected == pixels.part().lower[0] + pixels.part().extent[0] && calls == plan.blocks && report.plan.blocks == calls, "all rows, as planned, " + where);
        expect(plan.peak <= bytes && (n == 0) == (plan.blocks == 0) && plan.all_read >= plan.read, "the plan, " + where);
        // One read a block, but for the extents of two kernels' results.
        Size read = 0, samples = n > 0 && pixels.part().extent[0] > 0 ? 2 : 0;
        for (std::size_t i = 0; i < scene->boxes.size(); ++i)
          if (static_cast<Size>(i) >= samples) read += scene->boxes[i].size() * 4;
        expect(static_cast<Size>(scene->boxes.size()) == blocks + samples, std::to_string(scene->boxes.size()) + " reads, " + where);
        expect(read <= plan.read && plan.read - read <= 64 * blocks && (plan.decoded > 0) == (blocks > 0), "bytes read, " + where);
      }
      if (n > 0) {
        expect(throws<InputError>([&] { plan_blocks(axis<0>, least - 1, asked()); }), "less than the least");
        expect(plan_blocks(axis<0>, Size{1} << 30, asked()).blocks == 1, "one block");
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(numbers_of_windows) {
  on_ranks([] {
    const auto pixels = pixels_of(61);
    const auto x = patches(io::Dataset<float, 3>(std::make_shared<Scene>()), pixels, width);
    const Array<std::int32_t, 1, Split<0>> valid(valid_count(x));
    const Array<float, 1, Split<0>> lowest(finite_min(x)), highest(finite_max(x));
    for (Size i = 0; i < pixels.part().extent[0]; ++i) {
      std::int32_t whole = 0;
      float low = std::numeric_limits<float>::infinity(), high = -low;
      for (Size t = 0; t < dates; ++t) {
        bool all_finite = true;
        for (Size f = 0; f < width * width; ++f) {
          const float v = value(t, pixels.local()(i, 0) + f / width - 1, pixels.local()(i, 1) + f % width - 1);
          if (!std::isfinite(v)) all_finite = false;
          else low = std::min(low, v), high = std::max(high, v);
        }
        whole += all_finite;
      }
      expect(valid.local()(i) == whole && lowest.local()(i) == low && highest.local()(i) == high, "pixel " + std::to_string(i));
    }
  });
}

BOOST_AUTO_TEST_CASE(a_failing_read_reaches_every_rank) {
  on_ranks([] {
    const auto pixels = pixels_of(61);
    for (const Size bad : {3, 20, 37}) {
      const io::Dataset<float, 3> file(std::make_shared<Scene>(bad));
      const auto x = patches(file + 0, pixels, width);
      const auto asked = together(vmap(lof(2), x), valid_count(x));
      Size done = 0;
      expect(throws<SystemError>([&] { for_each_block(axis<0>, 3 * smallest_bound(axis<0>, asked), asked, [&](Size, const auto&, const auto&) { ++done; }); }),
             "row " + std::to_string(bad));
      Size most = done;
      world()->all_reduce(&most, 1, sizeof most, [](void* a, const void* b, Size) { *static_cast<Size*>(a) = std::max(*static_cast<Size*>(a), *static_cast<const Size*>(b)); });
      expect(done == most, "after as many blocks everywhere");
    }
    const io::Dataset<float, 3> file(std::make_shared<Scene>());
    expect(throws<InputError>([&] {
      for_each_block(axis<0>, Size{1} << 20, together(valid_count(patches(file, pixels, width))), [](Size lower, const auto& count) {
        if (lower <= 30 && lower + count.shape()[0] > 30) throw InputError("the sink of row 30");
      });
    }), "the sink of one rank");
  });
}

BOOST_AUTO_TEST_CASE(a_heavy_node_alone) {
  on_ranks([] {
    const auto pixels = pixels_of(20);
    const auto scene = std::make_shared<Scene>();
    const io::Dataset<float, 3> file(scene);
    const auto whole = eval(vmap(lof(2), patches(file, pixels, width)));
    Size largest = 0;
    for (const auto& box : scene->boxes) largest = std::max(largest, box.size());
    scene->boxes.clear();
    for_each_block(axis<0>, 2 * dates * 4, vmap(lof(2), patches(file, pixels, width)), [&](Size lower, const auto& block) {
      expect(block.lshape()[0] <= 2, "two rows");
      const Size row = dates, first = lower - whole.part().lower[0];
      expect(std::memcmp(block.local().data(), whole.local().data() + first * row, static_cast<std::size_t>(block.lshape().size()) * 4) == 0, "as whole");
    });
    for (const auto& box : scene->boxes) expect(box.size() <= largest && (pixels.part().extent[0] <= 2 || box.size() < largest), "some rows at a time");
  });
}

BOOST_AUTO_TEST_CASE(a_compressed_file) {
  if (io::hdf5_version().empty()) return;
  on_ranks([] {
    const Folder folder;
    const auto images = filled<Array<float, 3, Split<0>>>({dates, rows, columns}, [](const Index<3>& i) { return value(i[0], i[1], i[2]); });
    const auto pixels = pixels_of(61);
    const auto whole = eval(patches(redistribute(images, replicated), pixels, width));
    for (const io::Layout& layout : {io::Layout{}, io::Layout{{1, 16, 16}, 1}, io::Layout{{dates, 7, 5}, 6}}) {
      const std::string where = folder.file("scene" + std::to_string(layout.deflate) + ".h5") + ":/sigma0";
      io::save(where, images, layout);
      const auto file = io::open<float, 3>(where);
      const auto asked = together(patches(file, pixels, width));
      expect(io::chunk_shape(where) == layout.chunk, "the chunks");
      Size count = 0;
      for_each_block(axis<0>, 2 * smallest_bound(axis<0>, asked), asked, [&](Size lower, const auto& x) {
        count += x.shape()[0];
        expect_same_rows(x, whole, lower, "the values of " + where);
        for_each_block(axis<0>, Size{1} << 20, together(file(range(0, 3), all, all)), [&](Size first, const auto& dates_of_file) {
          expect(dates_of_file.local()(2, 20, 20) == value(first + 2, 20, 20), "the same file in blocks, while the next window is read");
        });
      });
      expect(count == pixels.part().extent[0], "all of them");
    }
  });
}

BOOST_AUTO_TEST_CASE(tiles) {
  on_ranks([] {
    Array<Size, 2> pixels(Shape<2>{6, 2});
    const Size places[] = {0, 9, 0, 0, 7, 7, 1, 3, 8, 0, 9, 15};
    std::copy_n(places, 12, pixels.local_mut().data());
    const auto order = tile_order(pixels, 8, 8);
    const Size expected[] = {1, 3, 2, 0, 4, 5};
    expect(std::equal(order.local().begin(), order.local().end(), expected), "by tiles");
    expect(throws<ShapeError>([&] { tile_order(pixels, 0, 8); }), "tiles without rows");
  });
}

BOOST_AUTO_TEST_SUITE_END()
