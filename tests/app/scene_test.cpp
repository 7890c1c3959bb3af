// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What `coast detect` finds on synthetic coasts, for three seeds and for a coast where nothing happened.
#include "figures_of_merit.hpp"
#include "results.hpp"

#include "app/synth_coast.hpp"
#include "app/synth_shoreline.hpp"

namespace priel::test {

namespace {

struct Scene {
  ScratchFolder folder;
  std::string file = folder / "scene.h5";

  explicit Scene(const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"coast", "synth", "--output", file, "--dates", "120", "--quiet"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    require_success(arguments);
  }

  // The folder of the results. The counts in counts.csv must be those of the scores.
  std::string detect(const std::string& method, double threshold) const {
    const std::string result = folder / method;
    require_success({"coast", "detect", file + ":/sigma0", "--mask", file + ":/mask", "--transform", "db", "--method", method, "--quiet", "--output", result});
    const Detection detection = read_detection(result + "/scores.h5:/scores", threshold);
    const std::vector<std::int64_t> counts = read_counts(result + "/counts.csv");
    BOOST_TEST_REQUIRE(counts.size() == detection.date_score.size());
    for (std::size_t t = 0; t < counts.size(); ++t) BOOST_TEST(static_cast<double>(counts[t]) == detection.date_score[t]);
    return result;
  }
};

void check(const Figures& figures) {
  BOOST_TEST(figures.storms_found());
  BOOST_TEST(figures.recall >= 0.8);
  BOOST_TEST(figures.false_alarms <= 0.005);
  BOOST_TEST(figures.artefact_iou >= 0.7);
  BOOST_TEST(figures.hotspot_auc >= 0.8);
}

void check_seed(const std::string& seed) {
  const Scene scene({"--seed", seed});
  const std::string lof = scene.detect("lof", 1.5), loop = scene.detect("loop", 0.9);
  const Truth truth = read_truth(scene.file, read_pixels(lof + "/scores.h5"), 7);
  const Figures by_lof = judge(truth, read_detection(lof + "/scores.h5:/scores", 1.5));
  const Figures by_loop = judge(truth, read_detection(loop + "/scores.h5:/scores", 0.9));
  const Figures naive = judge(truth, naive_detection(truth));
  BOOST_TEST_MESSAGE("seed " << seed << '\n' << table({{"LOF", by_lof}, {"LoOP", by_loop}, {"naive", naive}}));
  check(by_lof);
  check(by_loop);
  // A scene on which the baseline does as well would show nothing.
  BOOST_TEST(naive.recall < 0.8);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scene)

BOOST_AUTO_TEST_CASE(seed_1) { check_seed("1"); }
BOOST_AUTO_TEST_CASE(seed_2) { check_seed("2"); }
BOOST_AUTO_TEST_CASE(seed_3) { check_seed("3"); }

BOOST_AUTO_TEST_CASE(without_events) {
  const Scene scene({"--seed", "1", "--no-events"});
  for (const auto& [method, threshold] : {std::pair("lof", 1.5), std::pair("loop", 0.9)}) {
    const std::string result = scene.detect(method, threshold);
    const Truth truth = read_truth(scene.file, read_pixels(result + "/scores.h5"), 7);
    BOOST_TEST(truth.storms.empty());
    const Figures figures = judge(truth, read_detection(result + "/scores.h5:/scores", threshold));
    BOOST_TEST(figures.untouched == truth.pixels * truth.dates);
    BOOST_TEST(figures.false_alarms <= 0.005);
  }
}

// The same seed gives the same scene on any number of ranks, without events the same coast and weather.
BOOST_AUTO_TEST_CASE(is_a_function_of_its_seed) {
  const ScratchFolder folder;
  const std::vector<std::string> small{"coast", "synth", "--dates", "25", "--height", "60", "--width", "70", "--seed", "9", "--quiet", "--output"};
  auto make = [&](const std::string& name, int ranks, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = small;
    arguments.push_back(folder / name);
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run_priel(arguments, ranks);
    BOOST_REQUIRE_MESSAGE(outcome.status == 0, outcome.errors);
    return folder / name;
  };
  std::vector<std::int64_t> pixels;
  for (std::int64_t row = 0; row < 60; ++row)
    for (std::int64_t column = 0; column < 70; ++column) pixels.insert(pixels.end(), {row, column});
  const Truth one = read_truth(make("one.h5", 1), pixels, 7), three = read_truth(make("three.h5", 3), pixels, 7);
  BOOST_TEST(one.sigma0 == three.sigma0);
  BOOST_TEST(one.contrast_db == three.contrast_db);
  BOOST_TEST(one.injected == three.injected);
  BOOST_TEST(one.storms == three.storms);
  const Truth calm = read_truth(make("calm.h5", 1, {"--no-events"}), pixels, 7);
  for (std::size_t i = 0; i < one.sigma0.size(); ++i)
    if (one.injected[i] == 0) BOOST_TEST_REQUIRE(calm.sigma0[i] == one.sigma0[i]);
}

// A coast in three pieces: the mainland's line, cut in two, with the south of the box behind it, and an island with a lagoon.
constexpr const char* bight = R"({"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[8.5, 53.3], [8.0, 53.5], [7.5, 53.3]]}},
  {"type": "Feature", "properties": {}, "geometry": {"type": "MultiLineString", "coordinates": [[[7.5, 53.3], [7, 53.3]], [[7, 53], [7.001, 53]]]}},
  {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [
    [[7.5, 53.6], [8.1, 53.6], [8.1, 53.9], [7.5, 53.9], [7.5, 53.6]], [[7.7, 53.7], [7.7, 53.8], [7.9, 53.8], [7.9, 53.7], [7.7, 53.7]]]}},
  {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [8.5, 54]}},
  {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[8.5, 54], [8.499, 54]]}}]})";

BOOST_AUTO_TEST_CASE(on_a_given_shoreline) {
  const ScratchFolder folder;
  const auto line = folder / "bight.geojson";
  std::ofstream(line) << bight;
  const std::int64_t dates = 24, height = 100, width = 90, examined = 1234;
  const Arguments common{"coast", "synth", "--dates", "24", "--height", "100", "--width", "90", "--seed", "3",
                         "--shoreline", line, "--examine", "1234", "--quiet", "--output"};
  // In any chunks on any number of ranks the values are the same: tiles that fit neither rows nor columns, and all dates of a pixel.
  const std::vector<std::string> files{folder / "rows.h5", folder / "tiles.h5", folder / "pixels.h5"};
  require_success(common + Arguments{files[0]});
  require_success(common + Arguments{files[1], "--chunk", "1x32x32"}, 3);
  require_success(common + Arguments{files[2], "--chunk", "363x16x16"}, 2);
  for (const std::string& file : {files[1], files[2]}) {
    for (const auto* name : {":/sigma0", ":/truth/contrast_db"})
      BOOST_TEST((read_dataset<float>(file + name).values == read_dataset<float>(files[0] + name).values), file << name);
    for (const auto* name : {":/truth/anomaly", ":/mask", ":/truth/hotspots"})
      BOOST_TEST((read_dataset<unsigned char>(file + name).values == read_dataset<unsigned char>(files[0] + name).values), file << name);
  }

  // Land is bright in the mean over the dates, water dark. Rows and columns of places far from any shoreline, north and west first.
  const auto sigma0 = read_dataset<float>(files[0] + ":/sigma0").values;
  const auto mean_at = [&](double longitude, double latitude) {
    const auto row = static_cast<std::int64_t>((54 - latitude) * height), column = static_cast<std::int64_t>((longitude - 7) / 1.5 * width);
    double sum = 0;
    for (std::int64_t t = 0; t < dates; ++t) sum += static_cast<double>(sigma0[static_cast<std::size_t>((t * height + row) * width + column)]);
    return sum / static_cast<double>(dates);
  };
  for (const auto& [x, y] : {std::pair(8.0, 53.2), std::pair(7.6, 53.75), std::pair(8.0, 53.65)}) BOOST_TEST(mean_at(x, y) > 0.075, x << ' ' << y);
  for (const auto& [x, y] : {std::pair(7.2, 53.6), std::pair(8.4, 53.8), std::pair(7.8, 53.75)}) BOOST_TEST(mean_at(x, y) < 0.07, x << ' ' << y);

  // The mask is exactly the nearest pixels whose window lies within the scene.
  const auto mask = read_dataset<unsigned char>(files[0] + ":/mask").values;
  const app::Coast coast = app::make_coast(height, width, 3, app::land_within(app::read_shoreline(line), height, width, line));
  double farthest_in = 0, nearest_out = INFINITY;
  for (std::int64_t row = 0; row < height; ++row)
    for (std::int64_t column = 0; column < width; ++column) {
      const auto at = static_cast<std::size_t>(row * width + column);
      const double distance = std::abs(coast.distance[at]);
      if (row < 3 || row >= height - 3 || column < 3 || column >= width - 3) BOOST_TEST_REQUIRE(mask[at] == 0);
      else if (mask[at] != 0) farthest_in = std::max(farthest_in, distance);
      else nearest_out = std::min(nearest_out, distance);
    }
  BOOST_TEST(std::count(mask.begin(), mask.end(), 1) == examined);
  BOOST_TEST(farthest_in <= nearest_out);

  Refusals refusals;
  std::ofstream(folder / "both.geojson") << R"({"type": "MultiLineString", "coordinates": [[[0, 0], [0, 1]], [[1, 0], [1, 1]], [[2, 0], [2, 1]]]})";
  const Arguments other{"coast", "synth", "--height", "100", "--width", "90", "--output", folder / "none.h5"};
  refusals.add(other + Arguments{"--shoreline", folder / "both.geojson"}, "expected land to the left of every line");
  refusals.add(other + Arguments{"--shoreline", files[0]}, "expected GeoJSON with lines or polygons");
  refusals.add(other + Arguments{"--examine", "7897"}, "has 7896 whose 7 x 7 window lies within");
  refusals.add(other + Arguments{"--chunk", "1x256"}, "--chunk 1x256: expected DATESxROWSxCOLUMNS");
  refusals.check();
  BOOST_TEST(!std::filesystem::exists(folder / "none.h5"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::test
