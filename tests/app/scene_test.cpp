// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What `coast detect` finds on synthetic coasts, for three seeds and for a coast where nothing happened.
#include "figures_of_merit.hpp"
#include "results.hpp"

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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::test
