// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The pipeline from images to hotspots: what lives where (Table 1 of the paper), what is sent and stored, the same result on any number of ranks.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>

#include <random>

namespace {

using namespace priel;
using namespace priel::test;

// Host with an eye on its largest allocation.
struct Watched : Host {
  static inline std::atomic<Size> largest{0};
  template <class T>
  static T* allocate(Size n) {
    const Size bytes = n * static_cast<Size>(sizeof(T));
    for (Size seen = largest; seen < bytes && !largest.compare_exchange_weak(seen, bytes);) {}
    return Host::allocate<T>(n);
  }
};

const Shape<3> grid{24, 40, 64};

float speckle(const Index<3>& i) {
  std::mt19937 random(static_cast<unsigned>(mark(i)));
  return std::gamma_distribution<float>(4.4f, 0.02f)(random);
}

// A coast from corner to corner, three pixels wide, inside a border of three.
bool is_coast(const Index<2>& i) { return i[0] >= 3 && i[0] < 37 && i[1] >= 3 && i[1] < 61 && std::abs(i[1] - i[0] * 3 / 2) <= 1; }

}  // namespace

BOOST_AUTO_TEST_SUITE(coast)

BOOST_AUTO_TEST_CASE(table_1) {
  std::vector<float> expected;
  on_ranks([&] {
    const auto images = filled<Array<float, 3, Split<0>>>(grid, speckle);
    static_assert(std::is_same_v<policy_of<decltype(images)>, Split<0>>);                 // stack T×H×W, split 0
    const auto pixels = nonzero(filled<Array<bool, 2>>({grid[1], grid[2]}, is_coast));
    const auto by_date = patches(10 * log10(maximum(images, 1e-6f)), pixels, 7);
    static_assert(std::is_same_v<policy_of<decltype(by_date)>, Split<1>>);
    const auto X = redistribute(by_date, split<0>);
    static_assert(std::is_same_v<policy_of<decltype(X)>, Split<0>> && rank_of<decltype(X)> == 3);   // patches N×T×p², split 0
    expect(X.shape() == Shape<3>(pixels.shape()[0], grid[0], 49), "patches N×T×p²");
    const auto S = vmap(lof(5, 10), X);
    static_assert(std::is_same_v<policy_of<decltype(S)>, Split<0>> && rank_of<decltype(S)> == 2);   // scores N×T, split 0
    const auto anomalous = eval(S > mean(S, axis<0>) + 3 * stddev(S, axis<0>));
    static_assert(std::is_same_v<decltype(anomalous), const Array<bool, 2, Split<0>>>);
    const auto maps = eval(scatter(full<signed char>({grid[0], grid[1], grid[2]}, -1), pixels, where(anomalous, 1, -1)));
    static_assert(std::is_same_v<decltype(maps), const Array<signed char, 3, Split<0>>>);           // anomaly map T×H×W, split 0
    const auto hotspots = eval(scatter(full<float>({grid[1], grid[2]}, priel::nan), pixels, mean(astype<float>(anomalous), axis<1>)));
    static_assert(std::is_same_v<decltype(hotspots), const Array<float, 2, Replicated>>);           // hotspot map H×W, not split
    expect(maps.shape() == grid && item(sum(isfinite(hotspots))) == pixels.shape()[0], "maps on the grid");
    expect(item(sum(maps > 0)) == item(sum(anomalous)), "every anomaly on its map");

    // The scores are the same bits on any number of ranks, however they are cut.
    const auto scores = shard_of(Array<float, 2>(redistribute(S, replicated)));
    const auto chunked = shard_of(Array<float, 2>(redistribute(vmap(lof(5, 10), X, chunk(7)), replicated)));
    expect(identical(scores, chunked), "chunks do not matter");
    if (world()->rank() == 0) {
      if (expected.empty()) expected = scores;
      expect(identical(scores, expected), "nor do ranks");
    }
  });
}

// A pixel's scores are its own: the same bits in a coast of one pixel's width and of three.
BOOST_AUTO_TEST_CASE(wider_coast) {
  on_ranks([] {
    const auto images = filled<Array<float, 3, Split<0>>>(grid, speckle);
    const auto band = [](const Index<2>& i, Size most) { return is_coast(i) && std::abs(i[1] - i[0] * 3 / 2) <= most; };
    const auto scores_of = [&](const auto& pixels) {
      const auto X = redistribute(patches(10 * log10(maximum(images, 1e-6f)), pixels, 7), split<0>);
      return Array<float, 2>(redistribute(vmap(lof(5, 10), X), replicated));
    };
    const auto narrow = nonzero(filled<Array<bool, 2>>({grid[1], grid[2]}, [&](const Index<2>& i) { return band(i, 0); }));
    const auto wide = nonzero(filled<Array<bool, 2>>({grid[1], grid[2]}, [&](const Index<2>& i) { return band(i, 1); }));
    const auto few = scores_of(narrow), many = scores_of(wide);
    const auto *place = narrow.local().data(), *places = wide.local().data();
    Size found = 0;
    for (Size i = 0, j = 0; i < narrow.shape()[0]; ++j) {   // both in C order
      if (place[2 * i] != places[2 * j] || place[2 * i + 1] != places[2 * j + 1]) continue;
      found += std::equal(few.local().data() + i * grid[0], few.local().data() + (i + 1) * grid[0], many.local().data() + j * grid[0]);
      ++i;
    }
    expect(found == narrow.shape()[0] && found < wide.shape()[0], "the common pixels' scores");
  }, {1, 3});
}

// Two stacks for each pixel, VV and VH: the patches one behind the other, d = 2·p², are cut as they are read like those of one.
BOOST_AUTO_TEST_CASE(two_stacks) {
  on_ranks([] {
    const auto decibels = [](const auto& images) { return 10 * log10(maximum(images, 1e-6f)); };
    const auto vv = filled<Array<float, 3, Split<0>>>(grid, speckle);
    const auto vh = eval(0.2f * vv * vv + 0.01f);
    const auto pixels = nonzero(filled<Array<bool, 2>>({grid[1], grid[2]}, is_coast));
    const auto both = concatenate(axis<2>, patches(decibels(vv), pixels, 5), patches(decibels(vh), pixels, 5));
    static_assert(std::is_same_v<policy_of<decltype(both)>, Split<1>>);
    const auto scores = eval(vmap(lof(5, 10), redistribute(both, split<0>), chunk(9)));
    static_assert(std::is_same_v<policy_of<decltype(scores)>, Split<0>>);

    const auto stored = eval(redistribute(both, replicated));
    expect(stored.shape() == Shape<3>(pixels.shape()[0], grid[0], 50), "d = 2·p²");
    const auto values = stored.local();
    const auto own = scores.local();
    bool same = true;
    std::vector<float> one(static_cast<std::size_t>(grid[0]));
    for (Size i = 0; i < scores.lshape()[0]; ++i) {
      lof(5, 10).series(values.data() + (scores.part().lower[0] + i) * grid[0] * 50, grid[0], 50, one.data());
      same = same && std::equal(one.begin(), one.end(), own.data() + i * grid[0]);
    }
    expect(same, "the scores of the joined samples");
    expect(item(stored(7, 3, 12)) == item(eval(decibels(vv(3, item(pixels(7, 0)), item(pixels(7, 1)))))), "the first stack's centre");
  }, {1, 3});
}

BOOST_AUTO_TEST_CASE(nothing_as_large_as_the_images_is_stored) {
  on_ranks([] {
    const auto images = filled<Array<float, 3, Split<0>, Watched>>(grid, speckle);
    const auto host = nonzero(filled<Array<bool, 2>>({grid[1], grid[2]}, is_coast));
    const auto pixels = to_backend<Watched>(host);
    const Size share = images.lshape().size() * static_cast<Size>(sizeof(float));
    world()->barrier();
    Watched::largest = 0;
    world()->barrier();
    const Array<float, 2, Split<0>, Watched> scores =
        vmap(lof(5, 10), redistribute(patches(10 * log10(maximum(images, 1e-6f)), pixels, 7), split<0>), chunk(4));
    world()->barrier();
    expect(Watched::largest > 0 && Watched::largest < std::max<Size>(share, 65536),
           "largest allocation " + std::to_string(Watched::largest) + " bytes, images " + std::to_string(share));
  });
}

BOOST_AUTO_TEST_SUITE_END()
