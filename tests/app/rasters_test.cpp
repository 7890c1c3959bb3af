// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// GeoTIFF in and out: maps as GDAL's own tools see them, and `coast detect` on images in a folder.
#include "results.hpp"
#include "src/app/rasters.hpp"
#include "tests/support/shared_data.hpp"

#include <sstream>

namespace priel::test {

namespace {

// What a tool of GDAL's prints; empty, with a message, where it is not installed.
std::string said_by(const Arguments& command) {
  const Outcome outcome = run(command, 60);
  BOOST_TEST_REQUIRE((outcome.status == 0 || outcome.status == 127), command[0] << ": " << outcome.errors);
  if (outcome.status == 127) BOOST_TEST_MESSAGE(command[0] << " is not installed");
  return outcome.output;
}

bool without_rasters() {
  if (app::rasters_available()) return false;
  BOOST_TEST_MESSAGE("this build has no GDAL");
  return true;
}

std::string images() { return (shared_data() / "coast/vv").string(); }
std::string stack(const std::string& dataset) { return (shared_data() / "coast/stack.h5").string() + ":/" + dataset; }

Arguments detect(const std::string& input, const std::string& mask, const std::string& output, const std::string& k = "5:10") {
  return {"coast", "detect", input, "--mask", mask, "--transform", "db", "--k", k, "--output", output};
}

// The mask of the coast as a GeoTIFF file that lies at `left`; pixels that are not marked have no value.
void write_mask(const std::string& path, double left) {
  const auto mask = read_dataset<std::uint8_t>(stack("mask"));
  std::vector<std::int64_t> pixels;
  for (std::int64_t i = 0; i < 10000; ++i)
    if (mask.values[static_cast<std::size_t>(i)] != 0) pixels.insert(pixels.end(), {i / 100, i % 100});
  const io::Grid grid{100, 100, io::Georeference{"EPSG:32611", {left, 30, 0, 3908850, 0, -30}}};
  io::write_raster(path, grid, pixels, std::vector<std::uint8_t>(pixels.size() / 2, 1), std::uint8_t{255});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rasters)

BOOST_AUTO_TEST_CASE(a_map_as_gdal_sees_it) {
  if (without_rasters()) return;
  const ScratchFolder folder;
  const io::Grid grid{300, 500, io::Georeference{"EPSG:32632", {400000, 30, 0, 5900000, 0, -20}}};
  const std::vector<std::int64_t> pixels{0, 0, 1, 2, 299, 498, 299, 499};
  io::write_raster(folder / "map.tif", grid, pixels, std::vector<std::uint8_t>{0, 1, 254, 1}, app::map_not_examined, app::anomaly_text("2023-01-01"));
  const std::string said = said_by({"gdalinfo", "-json", folder / "map.tif"});
  if (said.empty()) return;
  const auto info = nlohmann::json::parse(said);
  const auto& band = info["bands"][0];
  BOOST_TEST((info["size"] == nlohmann::json{500, 300} && info["files"].size() == 1));
  BOOST_TEST((info["geoTransform"] == nlohmann::json{400000.0, 30.0, 0.0, 5900000.0, 0.0, -20.0}));
  BOOST_TEST(info["coordinateSystem"]["wkt"].get<std::string>().find("ID[\"EPSG\",32632]") != std::string::npos);
  BOOST_TEST(info["metadata"]["IMAGE_STRUCTURE"]["COMPRESSION"] == "DEFLATE");
  BOOST_TEST(info["metadata"][""]["VALUES"] == "0 inlier, 1 anomaly, 254 no valid sample, 255 not examined");
  BOOST_TEST((band["type"] == "Byte" && band["noDataValue"] == 255.0 && band["description"] == "anomalies of 2023-01-01"));
  BOOST_TEST((band["block"] == nlohmann::json{128, 128}));
  BOOST_TEST((band["colorTable"]["entries"][1] == nlohmann::json{255, 106, 0, 255}));

  said_by({"gdal_translate", "-q", "-of", "XYZ", folder / "map.tif", folder / "map.xyz"});
  std::istringstream lines(read_text(folder / "map.xyz"));
  std::vector<std::array<double, 3>> marked;
  for (double x = 0, y = 0, value = 0; lines >> x >> y >> value;)
    if (value != 255) marked.push_back({x, y, value});
  const std::vector<std::array<double, 3>> expected{{400015, 5899990, 0}, {400075, 5899970, 1}, {414955, 5894010, 254}, {414985, 5894010, 1}};
  BOOST_TEST((marked == expected));
}

BOOST_AUTO_TEST_CASE(images_in_a_folder_score_as_in_one_file) {
  if (without_rasters() || shared_data().empty() || io::hdf5_version().empty()) return;
  const ScratchFolder folder;
  write_mask(folder / "mask.tif", 145800);
  require_success(detect(stack("sigma0_vv"), stack("mask"), folder / "h5"));
  require_success(detect(images(), folder / "mask.tif", folder / "tif"), 2);
  for (const char* const name : {"scores", "pixels", "time", "n_valid"}) {
    const auto one = read_dataset<double>((folder / "h5/scores.h5:/") + name), other = read_dataset<double>((folder / "tif/scores.h5:/") + name);
    BOOST_TEST(one.shape == other.shape);
    BOOST_TEST(largest_difference(one.values, other.values) == 0, name);
  }
  BOOST_TEST(read_text(folder / "h5/counts.csv") == read_text(folder / "tif/counts.csv"));
  const Arguments some = detect(images() + "/*_VV.tif", stack("mask"), folder / "some", "3") + Arguments{"--dates", "2023-01-01..2024-12-31"};
  require_success(some);
  BOOST_TEST((read_dataset<float>(folder / "some/scores.h5:/scores").shape == std::vector<std::int64_t>{8836, 10}));
}

BOOST_AUTO_TEST_CASE(wrong_images) {
  if (without_rasters() || shared_data().empty() || io::hdf5_version().empty()) return;
  const ScratchFolder folder;
  namespace fs = std::filesystem;
  write_mask(folder / "elsewhere.tif", 145900);
  for (const char* const name : {"cut", "other", "empty"}) fs::create_directory(folder / name);
  const std::string image = read_text(images() + "/S1A_RTC_T137-292325-IW1_20211119_VV.tif");
  for (const char* const day : {"01", "02", "03", "04"}) {
    const bool whole = std::string(day) != "03";
    std::ofstream((folder / "cut/202001") + day + ".tif", std::ios::binary) << image.substr(0, whole ? image.size() : image.size() / 2);
    std::ofstream((folder / "other/202001") + day + ".tif", std::ios::binary) << image;
  }
  fs::copy(folder / "elsewhere.tif", folder / "other/20200105.tif");
  int folders = 0;   // one for each: they run at the same time
  const auto line = [&](const std::string& input, const std::string& mask) {
    return detect(input, mask, folder / ("out" + std::to_string(++folders)), "2") + Arguments{"--quiet"};
  };
  Refusals refusals;
  refusals.add(line(folder / "empty", stack("mask")), "holds no GeoTIFF files");
  refusals.add(line(images(), folder / "elsewhere.tif"), "elsewhere.tif: upper left (145900, 3908850)");
  refusals.add(line(folder / "other", stack("mask")), "the images of a stack have to be of one grid");
  refusals.add(line(folder / "cut", stack("mask")), "cannot read " + (folder / "cut/20200103.tif"), 3);
  refusals.check();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::test
