// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// GeoTIFF files: maps there and back, real images against the same ones in HDF5, dates and places, and files that are not in order.

#include "file_fixture.hpp"

#include "tests/support/shared_data.hpp"

#include <priel/io/raster.hpp>

#include <algorithm>
#include <cmath>

namespace {

using namespace priel;
using namespace priel::test;

// Of a grid that no tile fits: every 7th pixel of a diagonal band, in C order or from the last to the first.
struct Map {
  io::Grid grid{300, 200, io::Georeference{"EPSG:32632", {400000, 30, 0, 5900000, 0, -20}}};
  std::vector<std::int64_t> pixels;
  std::vector<float> values, whole = std::vector<float>(60000, NAN);

  explicit Map(bool backwards = false) {
    for (std::int64_t i = 0; i < 60000; ++i) {
      const std::int64_t at = backwards ? 59999 - i : i, row = at / 200, column = at % 200;
      if (std::abs(row - column) > 20 || at % 7 != 0) continue;
      pixels.insert(pixels.end(), {row, column});
      values.push_back(static_cast<float>(at) / 8);
      whole[static_cast<std::size_t>(at)] = values.back();
    }
  }
  void write(const std::string& path) const { io::write_raster(path, grid, pixels, values, NAN); }
};

template <class T>
std::vector<T> all_of(const std::string& where, int rank = -1) {
  const auto source = io::open_source(where, rank, self());
  std::int64_t count = 1;
  for (const std::int64_t n : source->shape()) count *= n;
  std::vector<T> values(static_cast<std::size_t>(count));
  source->read(Sizes(source->shape().size(), 0), source->shape(), io::element_of<T>(), values.data());
  return values;
}

bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) { return x == y || (x != x && y != y); });
}

bool without_rasters() {
  if (!io::gdal_version().empty()) return false;
  BOOST_TEST_MESSAGE("this build has no GDAL");
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(raster, *boost::unit_test::label("serial"))

BOOST_AUTO_TEST_CASE(dates_in_names) {
  const auto day = [](const std::string& name) { return io::day_in_name(name).value_or(-1); };
  BOOST_TEST(day("/data/20200101/S1A_RTC_T137-292325-IW1_20211119_VV.tif") == 18950);
  BOOST_TEST(day("S1A_20211119T135908Z.tif") == 18950);
  BOOST_TEST(day("20211119135908.tif") == 18950);
  BOOST_TEST(day("sigma-2021-11-19.tif") == 18950);
  BOOST_TEST(day("2024-02-29") == 19782);
  for (const char* const name : {"x.tif", "20210229.tif", "20211319.tif", "120211119.tif", "2021-11-191.tif", "2021-11", "2021", "", "20211119/x.tif"})
    BOOST_TEST(day(name) == -1, name);
}

BOOST_AUTO_TEST_CASE(places) {
  const io::Georeference a{"", {400000, 30, 0, 5900000, 0, -20}};
  io::Georeference b = a;
  b.transform[0] += 0.02;
  BOOST_TEST(io::same_place(a, b, 300, 200));
  b.transform[1] += 0.001;   // 20 cm at the last column
  BOOST_TEST(!io::same_place(a, b, 300, 200));
  BOOST_TEST(io::to_text(a) == "upper left (400000, 5900000), pixels of (30, -20)");
}

BOOST_AUTO_TEST_CASE(places_in_hdf5) {
  if (!has_files()) return;
  const Folder folder;
  const std::string path = folder.file("a.h5"), image = path + ":/group/image";
  const auto write = [&](const std::string& system, const std::string& transform, bool evenly) {
    const auto sink = io::create_sink(path, self());
    const auto add = [&](const std::string& name, const Sizes& shape, const std::vector<double>& values) {
      sink->create(name, Element::float64, shape, {});
      sink->write_all(name, Sizes(shape.size(), 0), shape, Element::float64, values.data());
    };
    add("/group/image", {1, 2, 3}, std::vector<double>(6));
    add("/group/x", {3}, {15, 45, 75});
    add("/group/y", {2}, {20, 10});
    add("/group/only/image", {2, 3}, std::vector<double>(6));
    add("/group/only/lon", {3}, {1, evenly ? 2.0 : 2.5, 3});
    add("/group/only/lat", {2}, {50, 51});
    add("/crs", {}, {0});
    sink->attribute("/group/image", "grid_mapping", std::string("crs: x y"));
    if (!system.empty()) sink->attribute("/crs", "crs_wkt", system);
    if (!transform.empty()) sink->attribute("/crs", "GeoTransform", transform);
    sink->close();
  };
  const auto place = [](const std::string& where) {
    const auto found = io::georeference_of(where);
    return found ? io::to_text(*found) : "none";
  };
  write("", "1e-2 30 0 25.01 0 -10", true);
  BOOST_TEST(place(image) == "upper left (0.01, 25.01), pixels of (30, -10)");
  write("", "0 30 0 5 0 10", true);   // from the other end, as GDAL leaves it in files whose first row is the southernmost
  BOOST_TEST(place(image) == "upper left (0, 25), pixels of (30, -10)");
  BOOST_TEST(place(path + ":/group/only/image").starts_with("upper left (0.5, 49.5), pixels of (1, 1), "));
  BOOST_TEST(place(path + ":/crs") == "none");
  write("EPSG:32632", "", false);
  BOOST_TEST(place(image) == "upper left (0, 25), pixels of (30, -10), EPSG:32632");
  BOOST_TEST(place(path + ":/group/only/image") == "none");
  if (without_rasters()) return;
  write("the moon", "", true);
  BOOST_TEST(error_of(path, [&] { io::georeference_of(image); }) == "input: FILE:/crs: no reference system that GDAL knows: the moon");
}

BOOST_AUTO_TEST_CASE(there_and_back) {
  if (without_rasters()) return;
  const Folder folder;
  const Map map, backwards(true);
  map.write(folder.file("a.tif"));
  backwards.write(folder.file("b.TIFF"));
  BOOST_TEST((bytes_of(folder.file("a.tif")) == bytes_of(folder.file("b.TIFF"))));
  BOOST_TEST(same(all_of<float>(folder.file("a.tif")), map.whole));
  io::write_raster(folder.file("b.TIFF"), {200, 1, {}}, std::vector<std::int64_t>{0, 0, 199, 0, 0, 0}, std::vector<std::uint8_t>{1, 2, 3}, std::uint8_t{0});
  BOOST_TEST((all_of<int>(folder.file("b.TIFF"))[0] == 3));   // the last of equal ones
  BOOST_TEST(same(all_of<float>(folder.file("a.tif"), 3), map.whole));
  BOOST_TEST(folder.entries() == 2U);
  BOOST_TEST(std::isnan(io::number_attribute(folder.file("a.tif"), "_FillValue").value_or(0)));
  BOOST_TEST(io::to_text(*io::georeference_of(folder.file("a.tif"))) == "upper left (400000, 5900000), pixels of (30, -20), EPSG:32632");

  // Integers, read as themselves and as others: what does not fit is the nearest that does.
  std::vector<std::uint16_t> numbers(map.values.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::uint16_t>(i);
  io::write_raster(folder.file("n.tif"), map.grid, map.pixels, numbers, 65535);
  const auto found = all_of<std::uint16_t>(folder.file("n.tif"));
  const auto small = all_of<std::int8_t>(folder.file("n.tif"));
  const auto wide = all_of<double>(folder.file("n.tif"));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto at = static_cast<std::size_t>(map.pixels[2 * i] * 200 + map.pixels[2 * i + 1]);
    BOOST_REQUIRE((found[at] == numbers[i] && small[at] == std::min<int>(numbers[i], 127) && wide[at] == numbers[i]));
  }
  BOOST_TEST(io::number_attribute(folder.file("n.tif"), "_FillValue").value_or(0) == 65535);
}

BOOST_AUTO_TEST_CASE(by_threads_at_once) {
  if (without_rasters()) return;
  const Folder folder;
  const Map map;
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < 24; ++i) map.write(folder.file(std::to_string(i) + ".tif"));
  const std::string first = bytes_of(folder.file("0.tif"));
  for (int i = 1; i < 24; ++i) BOOST_TEST((bytes_of(folder.file(std::to_string(i) + ".tif")) == first));
  const auto source = io::open_source(folder.file("3.tif"), 2, self());
  std::vector<float> whole(60000);
#pragma omp parallel for num_threads(4)
  for (std::int64_t row = 0; row < 300; ++row) source->read(Sizes{row, 0}, Sizes{1, 200}, Element::float32, whole.data() + row * 200);
  BOOST_TEST(same(whole, map.whole));
}

BOOST_AUTO_TEST_CASE(a_stack_in_the_order_of_its_dates) {
  if (without_rasters()) return;
  const Folder folder;
  io::Grid grid{2, 3, {}};
  const std::vector<std::int64_t> pixels{0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2};
  const auto write = [&](const std::string& name, float first, const io::RasterText& text = {}) {
    io::write_raster(folder.file(name), grid, pixels, std::vector<float>{first, 1, 2, 3, 4, 5}, NAN, text);
  };
  write("b_20200103.tif", 30);
  write("a_20200105.tif", 50);
  write("undated.tif", 40, {{}, {{"TIFFTAG_DATETIME", "2020:01:04 05:43:12"}}, {}});
  write(".c_20200101.tif", 10);   // hidden
  std::ofstream(folder.file("readme.txt")) << "not an image";
  BOOST_TEST((io::raster_days(folder.file("")) == std::vector<std::int64_t>{18264, 18265, 18266}));
  const auto values = all_of<float>(folder.file(""));
  BOOST_TEST((values.size() == 18 && values[0] == 30 && values[6] == 40 && values[12] == 50));
  BOOST_TEST(all_of<float>(folder.file("*_2020*.tif"))[6] == 50);
  BOOST_TEST(!io::raster_days(folder.file("undated.tif")));
  const auto text = [&] { return error_of(folder.file(""), [&] { io::open_source(folder.file(""), 3, self()); }); };

  write("undated.tif", 40);
  BOOST_TEST(text() == "input: FILEundated.tif has no date; YYYYMMDD or YYYY-MM-DD expected in its name, or the tag TIFFTAG_DATETIME in the file");
  fs::remove(folder.file("undated.tif"));
  grid.georeference = io::Georeference{"EPSG:32632", {10, 1, 0, 20, 0, -1}};
  write("c_20200107.tif", 1);
  BOOST_TEST(text() == "input: FILEb_20200103.tif has 2 x 3 pixels, lying nowhere, but FILEc_20200107.tif has 2 x 3 pixels, upper left (10, 20), "
                       "pixels of (1, -1), EPSG:32632; the images of a stack have to be of one grid");
  grid = {2, 3, {}};
  io::write_raster(folder.file("c_20200107.tif"), grid, pixels, std::vector<float>(6), -1.0F);
  BOOST_TEST(contains(text(), "pixels without a value are nan in FILEb_20200103.tif, but -1"));
}

BOOST_AUTO_TEST_CASE(wrong_files_and_requests) {
  if (without_rasters()) return;
  const Folder folder;
  const Map map;
  map.write(folder.file("a.tif"));
  const std::string junk = folder.file("junk.tif"), cut = folder.file("cut.tif"), content = bytes_of(folder.file("a.tif"));
  std::ofstream(junk) << "no image";
  std::ofstream(cut, std::ios::binary) << content.substr(0, content.size() - content.size() / 4);
  const auto opening = [](const std::string& path, int rank = 2) { return error_of(path, [&] { io::open_source(path, rank, self()); }); };
  BOOST_TEST(opening(folder.file("none.tif")) == "input: cannot open FILE: no such file");
  BOOST_TEST(contains(opening(junk), "input: cannot open FILE: no GeoTIFF file"));
  BOOST_TEST(opening(folder.file("a.tif"), 1) == "input: FILE has 2 axes, (300, 200); 1 axis expected");
  BOOST_TEST(contains(error_of(cut, [&] { all_of<float>(cut); }), "system: cannot read FILE: "));
  BOOST_TEST(contains(error_of(junk, [&] { io::create_sink(junk, self()); }), "input: FILE: GeoTIFF files are written by io::write_raster"));
  BOOST_TEST(contains(error_of(folder.file("none"), [&] { map.write(folder.file("none/a.tif")); }), "system: cannot write FILE/a.tif: no such folder"));

  const std::string stack = folder.file("stack");   // by threads; the first image that is damaged is named
  fs::create_directory(stack);
  fs::copy(folder.file("a.tif"), stack + "/20200101.tif");
  for (const char* const day : {"02", "03", "04"}) fs::copy(cut, stack + "/202001" + day + ".tif");
  const auto source = io::open_source(stack, 3, self());
  source->stream();
  std::vector<float> values(4 * 300 * 200);
  const auto reading = [&] { source->read(Sizes{0, 0, 0}, Sizes{4, 300, 200}, Element::float32, values.data()); };
  BOOST_TEST(contains(error_of(stack, reading), "system: cannot read FILE/20200102.tif: "));
  fs::remove_all(stack);

  Map wrong = map;
  wrong.pixels[1] = 200;
  const auto writing = [&] { return error_of(folder.file("b.tif"), [&] { wrong.write(folder.file("b.tif")); }); };
  BOOST_TEST(writing() == "input: FILE: the pixel (0, 200) does not lie within the grid of 300 x 200");
  wrong.pixels.pop_back();
  BOOST_TEST(contains(writing(), "a pair for each expected"));
  wrong = map;
  wrong.grid.georeference->crs = "the moon";
  BOOST_TEST(writing() == "input: FILE: no reference system that GDAL knows: the moon");
  BOOST_TEST(folder.entries() == 3U);
}

// Real images, against the same ones in HDF5; cut over the ranks in any way.
BOOST_AUTO_TEST_CASE(a_real_stack) {
  if (without_rasters() || shared_data().empty()) return;
  const std::string images = (shared_data() / "coast/vv").string(), stack = (shared_data() / "coast/stack.h5").string() + ":/sigma0_vv";
  on_ranks([&](const Folder&) {
    const auto a = io::open_source(images, 3, world()), b = io::open_source(stack, 3, world());
    expect(a->shape() == b->shape() && a->element() == Element::float32, "shape and type");
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const Mine mine = block(*world(), a->shape(), axis);
      std::vector<float> x(static_cast<std::size_t>(mine.extent[0] * mine.extent[1] * mine.extent[2])), y(x.size());
      if (axis == 1) a->stream();
      a->read_all(mine.lower, mine.extent, Element::float32, x.data());
      b->read_all(mine.lower, mine.extent, Element::float32, y.data());
      expect(same(x, y), "the values");
    }
  });
  BOOST_TEST(io::same_place(*io::georeference_of(images), *io::georeference_of(stack), 100, 100));
  BOOST_TEST((all_of<std::int64_t>((shared_data() / "coast/stack.h5").string() + ":/time") == io::raster_days(images)));
}

BOOST_AUTO_TEST_SUITE_END()
