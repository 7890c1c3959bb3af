// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Pictures: what is written can be read back, every colour stands for its value, errors leave nothing behind.
#include "app/picture.hpp"
#include "tests/support/program.hpp"

#include <priel/communicator.hpp>

#include <boost/test/unit_test.hpp>

#include <cairo.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <vector>

namespace priel::app {

namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

// How light a colour looks, 0 to 1 (the luma of video is near enough for an order).
double lightness(const Colour& c) { return (0.299 * c.red + 0.587 * c.green + 0.114 * c.blue) / 255; }

struct Loaded {
  int width = 0, height = 0;
  std::vector<std::uint32_t> pixels;
};

Loaded load(const std::string& path) {
  cairo_surface_t* surface = cairo_image_surface_create_from_png(path.c_str());
  BOOST_TEST_REQUIRE(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS);
  Loaded image{cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface), {}};
  const unsigned char* data = cairo_image_surface_get_data(surface);
  for (int y = 0; y < image.height; ++y) {
    const auto* row = reinterpret_cast<const std::uint32_t*>(data + static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(surface));
    for (int x = 0; x < image.width; ++x) image.pixels.push_back(row[x] & 0xffffffu);
  }
  cairo_surface_destroy(surface);
  return image;
}

bool contains(const Loaded& image, const Colour& colour) {
  const auto wanted = static_cast<std::uint32_t>(colour.red) << 16 | static_cast<std::uint32_t>(colour.green) << 8 | colour.blue;
  return std::find(image.pixels.begin(), image.pixels.end(), wanted) != image.pixels.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(picture)

BOOST_AUTO_TEST_CASE(heat_grows_evenly_lighter) {
  for (int i = 0; i < 100; ++i) BOOST_TEST(lightness(colour_of(ColourMap::heat, (i + 1) / 100.0)) >= lightness(colour_of(ColourMap::heat, i / 100.0)));
  BOOST_TEST(lightness(colour_of(ColourMap::heat, 1)) - lightness(colour_of(ColourMap::heat, 0)) > 0.6);
  const Colour top = colour_of(ColourMap::heat, 1), beyond = colour_of(ColourMap::heat, static_cast<double>(infinity));
  BOOST_TEST(lightness(top) == lightness(beyond));
}

BOOST_AUTO_TEST_CASE(overlay_covers_background_where_it_has_values) {
  const test::ScratchFolder folder;
  const std::vector<float> background{0, 1, 0, 1, 0.5, 1}, overlay{nan, 1, 0, nan, infinity, nan};
  Picture picture;
  picture.height = 2;
  picture.width = 3;
  picture.title = "Six pixels";
  picture.background = Layer{background, ColourMap::grey, 0, 1};
  picture.overlay = Layer{overlay, ColourMap::anomaly, 0, 1};
  write_picture(folder / "six.png", picture);
  const Loaded image = load(folder / "six.png");
  BOOST_TEST(image.width > 600);
  BOOST_TEST(contains(image, colour_of(ColourMap::anomaly, 0)));
  BOOST_TEST(contains(image, colour_of(ColourMap::anomaly, 1)));
  BOOST_TEST(contains(image, {0, 0, 0}));
  BOOST_TEST(contains(image, {255, 255, 255}));
  // The pixel whose grey would be the middle one is covered.
  picture.overlay.reset();
  write_picture(folder / "grey.png", picture);
  const Loaded grey = load(folder / "grey.png");
  auto middle = [](const Loaded& from) { return from.pixels[static_cast<std::size_t>(from.width) * 400 + 300]; };
  BOOST_TEST(middle(grey) == 0x808080u);
  BOOST_TEST(middle(image) != 0x808080u);
}

BOOST_AUTO_TEST_CASE(a_large_raster_is_reduced_and_keeps_its_peaks) {
  const test::ScratchFolder folder;
  constexpr std::int64_t height = 40, width = 9000;
  std::vector<float> values(height * width, 0);
  values[17 * width + 5003] = 1;
  Picture picture;
  picture.height = height;
  picture.width = width;
  picture.overlay = Layer{values, ColourMap::anomaly, 0, 1};
  write_picture(folder / "long.png", picture);
  const Loaded image = load(folder / "long.png");
  BOOST_TEST(image.width < 2700);
  const auto loud = std::count(image.pixels.begin(), image.pixels.end(), 0xff6a00u);
  // One pixel of the raster besides the legend's box of 14 x 14.
  BOOST_TEST(loud == 14 * 14 + 1);
}

BOOST_AUTO_TEST_CASE(errors) {
  const test::ScratchFolder folder;
  const std::vector<float> values{1, 2, 3};
  Picture picture;
  picture.height = 1;
  picture.width = 3;
  picture.overlay = Layer{values, ColourMap::heat, 0, 3};
  BOOST_CHECK_THROW(write_picture(folder / "missing/x.png", picture), SystemError);
  picture.width = 4;
  BOOST_CHECK_THROW(write_picture(folder / "x.png", picture), ShapeError);
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(ranges) {
  std::vector<float> values{nan, infinity};
  BOOST_TEST(display_range(values).first == 0.0);
  BOOST_TEST(display_range(values).second == 1.0);
  for (int i = 0; i <= 100; ++i) values.push_back(static_cast<float>(100 - i));
  BOOST_TEST(display_range(values).first == 2.0);
  BOOST_TEST(display_range(values).second == 98.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::app
