// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Files: boxes there and back on every number of ranks, and files that others wrote.

#include "file_fixture.hpp"

#include "src/io/transfer.hpp"
#include "tests/support/shared_data.hpp"

#include <algorithm>
#include <cmath>

namespace {

using namespace priel;
using namespace priel::test;
using priel::io::Element;

void all_round_trips(const Folder& folder) {
  const Sizes shape{5, 7, 6}, empty{0, 7, 6};
  for (std::size_t write_axis = 0; write_axis < 3; ++write_axis) {
    round_trip<float>(folder.file("a.h5"), shape, {}, write_axis, 1);
    round_trip<double>(folder.file("a.h5"), shape, {{2, 3, 4}, 0}, write_axis, 0);
    round_trip<std::int16_t>(folder.file("a.h5"), shape, {{2, 100, 4}, 4}, write_axis, 2);
  }
  round_trip<std::uint8_t>(folder.file("a.h5"), empty, {}, 0, 1);
  round_trip<std::int64_t>(folder.file("a.h5"), empty, {{1, 1, 1}, 1}, 1, 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file)

BOOST_AUTO_TEST_CASE(where) {
  const auto check = [](const std::string& text, const std::string& file, const std::string& dataset) {
    const auto [f, d] = io::parse_where(text);
    BOOST_TEST(f == file);
    BOOST_TEST(d == dataset);
  };
  check("a.h5:/x", "a.h5", "/x");
  check("/data/a.h5:/group/x", "/data/a.h5", "/group/x");
  check("a:/b.h5:/x", "a:/b.h5", "/x");
  check("a.h5", "a.h5", "");
  check("", "", "");
}

// Whatever the limit, the parts are small enough and give the elements of the box in their order.
BOOST_AUTO_TEST_CASE(boxes_in_parts) {
  const Sizes lower{3, 0, 5}, extent{4, 3, 6};
  for (const std::int64_t limit : {1, 8, 16, 40, 48, 100, 144, 288, 500, 575, 576, 1000}) {
    std::vector<Sizes> places;
    for (const auto& part : io::detail::transfers(lower, extent, 8, limit)) {
      BOOST_TEST((part.count * 8 <= std::max<std::int64_t>(limit, 8)));
      BOOST_TEST(part.first == static_cast<std::int64_t>(places.size()));
      for (std::int64_t i = 0; i < part.extent[0]; ++i)
        for (std::int64_t j = 0; j < part.extent[1]; ++j)
          for (std::int64_t k = 0; k < part.extent[2]; ++k) places.push_back({part.lower[0] + i, part.lower[1] + j, part.lower[2] + k});
    }
    BOOST_TEST(places.size() == 72U);
    BOOST_TEST(std::is_sorted(places.begin(), places.end()));
    BOOST_TEST((std::adjacent_find(places.begin(), places.end()) == places.end()));
    BOOST_TEST((places.front() == lower && places.back() == Sizes{6, 2, 10}));
  }
  BOOST_TEST(io::detail::transfers(lower, Sizes{4, 0, 6}, 8).empty());
  BOOST_TEST(io::detail::transfers({}, {}, 8).size() == 1U);
}

BOOST_AUTO_TEST_CASE(without_hdf5) {
  if (has_files()) return;
  BOOST_TEST(contains(error_of("a.h5", [] { io::open_source("a.h5:/x", 1, world()); }), "input: this build has no HDF5"));
  BOOST_TEST(contains(error_of("a.h5", [] { io::create_sink("a.h5", world()); }), "input: this build has no HDF5"));
}

BOOST_AUTO_TEST_CASE(there_and_back) {
  on_ranks(all_round_trips);
}

BOOST_AUTO_TEST_CASE(equal_content_gives_equal_bytes) {
  on_ranks([](const Folder& folder) {
    const Sizes shape{5, 7, 6};
    for (const io::Layout& layout : {io::Layout{}, io::Layout{{2, 3, 4}, 4}}) {
      round_trip<float>(folder.file("a.h5"), shape, layout, 0, 1);
      round_trip<float>(folder.file("b.h5"), shape, layout, 0, 1);
      expect(bytes_of(folder.file("a.h5")) == bytes_of(folder.file("b.h5")), "equal bytes");
      world()->barrier();
    }
  });
}

// Whole chunks are compressed outside of HDF5; parts of chunks within. Either way the library's own filters read them, and so do ours.
BOOST_AUTO_TEST_CASE(chunks_whole_and_in_parts) {
  on_ranks([](const Folder& folder) {
    const Sizes shape{5, 7, 6}, chunk{2, 3, 4};
    std::vector<std::int32_t> values(5 * 7 * 6, 0), found(values.size());
    for (std::size_t i = 42 * 2; i < values.size(); i += 3) values[i] = static_cast<std::int32_t>(i * i * 977);  // none in the first row of chunks
    std::vector<std::size_t> sizes;
    for (const std::int64_t step : {5, 2, 1})
      for (const bool sparse : {false, true}) {
        const std::string path = folder.file("chunks.h5");
        const auto sink = io::create_sink(path, world());
        sink->create("/x", Element::int32, shape, {chunk, 3, sparse});
        for (std::int64_t at = 0; at < 5; at += step) {
          const Sizes from{world()->rank() == 0 ? at : 5, 0, 0}, extent{world()->rank() == 0 ? std::min<std::int64_t>(step, 5 - at) : 0, 7, 6};
          sink->write_all("/x", from, extent, Element::int32, values.data() + at * 42);
        }
        sink->close();
        const auto source = io::open_source(path + ":/x", 3, world());
        for (const char* how : {"the library's filters", "our own"}) {
          std::fill(found.begin(), found.end(), -1);
          source->read_all(Sizes{0, 0, 0}, shape, Element::int32, found.data());
          expect(found == values, how);
          source->stream();   // from now on chunks are unpacked here
        }
        sizes.push_back(bytes_of(path).size());
        world()->barrier();
      }
    expect(sizes[0] == sizes[2], "the same bytes for one box and several");
    expect(sizes[1] < sizes[0] && sizes[3] < sizes[2], "chunks of zeros are left out");
  });
}

BOOST_AUTO_TEST_CASE(types) {
  on_ranks([](const Folder& folder) {
    const std::string path = folder.file("types.h5");
    const auto sink = io::create_sink(path, world());
    const bool first = world()->rank() == 0;
    const Sizes none{0}, all{4}, begin{0}, extent = first ? all : none;
    const bool truth[4] = {true, false, true, true};
    const double numbers[4] = {0, -1, 0.5, std::nan("")};
    const int scalar = 17;
    sink->create("/truth", Element::boolean, all, {});
    sink->write_all("/truth", begin, extent, Element::boolean, truth);
    sink->create("/numbers", Element::float32, all, {{2}, 1});
    sink->write_all("/numbers", begin, extent, Element::float64, numbers);  // converted
    sink->create("/bytes", Element::int8, all, {});
    sink->write_all("/bytes", begin, extent, Element::float64, numbers);
    sink->create("/scalar", Element::int32, {}, {});
    sink->write_all("/scalar", {}, {}, Element::int32, &scalar);
    sink->close();
    expect(io::datasets(path) == std::vector<std::string>{"/bytes", "/numbers", "/scalar", "/truth"}, "names");

    unsigned char as_bytes[4] = {};
    io::open_source(path + ":/truth", 1, world())->read_all(begin, all, Element::uint8, as_bytes);
    expect(as_bytes[0] == 1 && as_bytes[1] == 0 && as_bytes[3] == 1, "bool is stored as 0 and 1");
    bool as_truth[4] = {};
    io::open_source(path + ":/numbers", 1, world())->read_all(begin, all, Element::boolean, as_truth);
    expect(!as_truth[0] && as_truth[1] && as_truth[2] && as_truth[3], "a number is true if it is not 0");
    io::open_source(path + ":/bytes", 1, world())->read_all(begin, all, Element::boolean, as_truth);
    expect(!as_truth[0] && as_truth[1], "-1 is true");
    const auto source = io::open_source(path + ":/numbers", -1, world());
    expect(source->element() == Element::float32, "float");
    float two[2] = {};
    source->read(Sizes{1}, Sizes{2}, Element::float32, two);
    expect(two[0] == -1 && two[1] == 0.5f, "a box of it");
    std::int64_t number = 0;
    io::open_source(path + ":/scalar", 0, world())->read_all({}, {}, Element::int64, &number);
    expect(number == 17, "a scalar, converted");
    world()->barrier();
  });
}

BOOST_AUTO_TEST_CASE(append) {
  on_ranks([](const Folder& folder) {
    const std::string path = folder.file("append.h5");
    const auto add = [&](const std::string& name, double value) {
      const auto sink = io::create_sink(path, world(), true);
      const Sizes shape{world()->size()}, lower{world()->rank()}, one{1};
      sink->create(name, Element::float64, shape, {});
      sink->write_all(name, lower, one, Element::float64, &value);
      sink->attribute(name, "units", std::string(value > 2 ? "km/h" : "m/s"));
      sink->close();
    };
    add("/x", 1);
    add("/y", 2);
    add("/x", 3);  // replaces it
    expect(io::datasets(path) == std::vector<std::string>{"/x", "/y"}, "names");
    double value = 0;
    io::open_source(path + ":/x", 1, world())->read_all(Sizes{world()->rank()}, Sizes{1}, Element::float64, &value);
    expect(value == 3 && io::attribute(path + ":/x", "units") == "km/h", "the later value");
    world()->barrier();
    if (world()->rank() == 0) fs::remove(path);
    world()->barrier();
  });
}

BOOST_AUTO_TEST_CASE(unfinished_files_vanish) {
  on_ranks([](const Folder& folder) {
    const std::size_t before = folder.entries();
    world()->barrier();
    {
      const auto sink = io::create_sink(folder.file("half.h5"), world());
      sink->create("/x", Element::float64, Sizes{10}, {});
      expect(folder.entries() == before + 1 && !fs::exists(folder.file("half.h5")), "a file of another name");
      world()->barrier();
    }
    world()->barrier();
    expect(folder.entries() == before, "nothing stays");
    world()->barrier();
  });
}

// Figures from h5py: files that other programs wrote, with compression, shuffling, NaN and text.
BOOST_AUTO_TEST_CASE(a_real_stack) {
  if (test::shared_data().empty()) return;
  const std::string path = (test::shared_data() / "coast" / "stack.h5").string();
  on_ranks([&](const Folder&) {
    const auto source = io::open_source(path + ":/sigma0_vv", 3, world());
    expect(source->shape() == Sizes{22, 100, 100} && source->element() == Element::float32, "shape and type");
    const Block rows = block_of(100, world()->size(), world()->rank());
    std::vector<double> box(static_cast<std::size_t>(22 * rows.extent * 100));
    source->read_all(Sizes{0, rows.lower, 0}, Sizes{22, rows.extent, 100}, Element::float64, box.data());
    double sums[2] = {};
    for (const double x : box) sums[0] += x;
    world()->all_reduce(sums, 1, sizeof(double), [](void* into, const void* from, std::int64_t) {
      *static_cast<double*>(into) += *static_cast<const double*>(from);
    });
    expect(std::abs(sums[0] - 32536.0317850337) < 1e-6, "the sum is " + std::to_string(sums[0]));
    float corner[6] = {};
    source->read(Sizes{20, 98, 97}, Sizes{1, 2, 3}, Element::float32, corner);
    const float expected[6] = {0.106256805f, 0.14687671f, 0.16106673f, 0.11035891f, 0.30033204f, 0.15696637f};
    expect(std::equal(corner, corner + 6, expected), "a corner");
    bool mask[10000] = {};
    io::open_source(path + ":/mask", 2, world())->read_all(Sizes{0, 0}, Sizes{100, 100}, Element::boolean, mask);
    expect(std::count(std::begin(mask), std::end(mask), true) == 8836, "the mask");
    expect(io::attribute(path + ":/time", "units") == "days since 1970-01-01", "the units of time");
    expect(contains(io::attribute(path + ":/spatial_ref", "crs_wkt"), "UTM zone 11N"), "the reference system");
    expect(contains(error_of(path, [&] { io::open_source(path + ":/sigma", 3, world()); }),
                    "FILE has no dataset /sigma; the file has /mask, /reference/gaps/lof_max"), "names");
  });
}

BOOST_AUTO_TEST_SUITE_END()
