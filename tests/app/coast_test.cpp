// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `coast detect` on real stacks against scores by NumPy in double precision, on any number of ranks and in any number of blocks.
#include "figures_of_merit.hpp"
#include "results.hpp"
#include "tests/support/shared_data.hpp"

#include <priel/io/raster.hpp>

#include <set>

namespace priel::test {

namespace {

std::string coast(const std::string& dataset) { return (shared_data() / "coast/stack.h5").string() + ":/" + dataset; }
std::string ndvi(const std::string& dataset) { return (shared_data() / "ndvi/stack.h5").string() + ":/" + dataset; }

Arguments detect(const std::string& stack, const std::string& mask, const Arguments& more) {
  return Arguments{"coast", "detect", stack, "--mask", mask} + more;
}

// The coast as its references were made: dB, 7x7 patches, k 5..10.
Arguments usual(const Arguments& more) {
  return detect(coast("sigma0_vv"), coast("mask"), Arguments{"--transform", "db", "--k", "5:10", "--patch", "7"} + more);
}

// What a run leaves, and whether it is in order in itself.
struct Result {
  std::string folder;
  Dataset<float> scores;            // (pixels, dates)
  Dataset<std::int64_t> pixels;     // (pixels, 2)
  std::vector<std::int64_t> counts; // anomalies by date
  nlohmann::json run;

  explicit Result(std::string place) : folder(std::move(place)) {
    scores = read_dataset<float>(folder + "/scores.h5:/scores");
    pixels = read_dataset<std::int64_t>(folder + "/scores.h5:/pixels");
    counts = read_counts(folder + "/counts.csv");
    run = read_json(folder + "/run.json");
    BOOST_TEST(scores.shape[0] == pixels.shape[0]);
    BOOST_TEST(scores.shape[1] == static_cast<std::int64_t>(counts.size()));
    BOOST_TEST(run["results"]["anomalies"] == total());
  }
  std::int64_t total() const { return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}); }
  // The index of a date in counts.csv.
  std::size_t index(const std::string& date) const {
    const std::string text = read_text(folder + "/counts.csv");
    return static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("\n" + date)) + 1, '\n')) - 1;
  }
};

// Scores (N, T) against a reference (T, H - 6, W - 6), NaN at the same places; pixels in C order.
void check_scores(const Result& result, const std::string& reference) {
  const Dataset<float> expected = read_dataset<float>(reference);
  const std::int64_t dates = expected.shape[0], height = expected.shape[1], width = expected.shape[2];
  std::vector<float> by_pixel;
  std::vector<std::int64_t> places;
  for (std::int64_t i = 0; i < height; ++i)
    for (std::int64_t j = 0; j < width; ++j) {
      places.insert(places.end(), {i + 3, j + 3});
      for (std::int64_t t = 0; t < dates; ++t) by_pixel.push_back(expected.values[static_cast<std::size_t>((t * height + i) * width + j)]);
    }
  BOOST_TEST((result.pixels.values == places));
  BOOST_TEST(largest_difference(result.scores.values, by_pixel) <= 1e-4, reference);
}

// How many scores of one date (all: -1) lie within 1e-4 of the threshold: so much may a count differ.
std::int64_t doubtful(const Result& result, double threshold, std::int64_t date = -1) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < result.scores.values.size(); ++i)
    if (date < 0 || static_cast<std::int64_t>(i) % result.scores.shape[1] == date) count += std::abs(result.scores.values[i] - threshold) <= 1e-4;
  return count;
}

bool have_data() { return !shared_data().empty() && !io::hdf5_version().empty(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(coast_detect)

BOOST_AUTO_TEST_CASE(factors_of_the_real_coast) {
  if (!have_data()) return;
  const ScratchFolder folder;
  const Outcome outcome = require_success(usual({"--threshold", "1.5", "--output", folder / "d1"}));
  const Result result(folder / "d1");
  check_scores(result, coast("reference/lof_max"));
  const std::size_t bright = result.index("2023-01-01");
  BOOST_TEST(std::abs(result.total() - 641) <= doubtful(result, 1.5));
  BOOST_TEST(std::abs(result.counts[bright] - 548) <= doubtful(result, 1.5, static_cast<std::int64_t>(bright)));
  BOOST_TEST(result.run["results"]["worst_dates"][0] == "2023-01-01");
  BOOST_TEST(outcome.output.find("LOF > 1.5: " + std::to_string(result.total()) + " anomalies in 194392 scores") != std::string::npos, outcome.output);

  const auto largest = std::max_element(result.scores.values.begin(), result.scores.values.end()) - result.scores.values.begin();
  const auto pixel = static_cast<std::size_t>(largest / 22);
  BOOST_TEST(std::abs(result.scores.values[static_cast<std::size_t>(largest)] - 2.1531f) <= 1e-4f);
  BOOST_TEST(result.pixels.values[2 * pixel] == 88);
  BOOST_TEST(result.pixels.values[2 * pixel + 1] == 34);
  const auto time = read_dataset<double>(folder / "d1/scores.h5:/time");
  BOOST_TEST((time.values == read_dataset<double>(coast("time")).values));
  BOOST_TEST(io::attribute(folder / "d1/scores.h5:/time", "units") == "days since 1970-01-01");

  // The dates with anomalies and one calm one, each as two pictures.
  const auto with_anomalies = std::count_if(result.counts.begin(), result.counts.end(), [](std::int64_t n) { return n > 0; });
  std::set<std::string> pictures;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "d1/quicklook")) pictures.insert(entry.path().filename());
  BOOST_TEST(static_cast<std::int64_t>(pictures.size()) == 2 * (std::min<std::int64_t>(with_anomalies, 10) + 1));
  BOOST_TEST(pictures.count("2023-01-01.png") == 1);
  BOOST_TEST(pictures.count("2023-01-01_score.png") == 1);
  BOOST_TEST(std::filesystem::exists(folder / "d1/hotspots.png"));
}

// Every value of every map is that of the scores, on three ranks as on one.
BOOST_AUTO_TEST_CASE(maps_of_each_date) {
  if (!have_data() || io::gdal_version().empty()) return;
  const ScratchFolder folder;
  const Arguments gaps = detect(coast("sigma0_vv_gaps"), coast("mask"), {"--transform", "db", "--k", "4:8", "--threshold", "1.3", "--score-maps", "--output"});
  require_success(gaps + Arguments{folder / "three"}, 3);
  const Result result(folder / "three");
  const auto valid = read_dataset<std::int64_t>(folder / "three/scores.h5:/n_valid");
  const std::string counts = read_text(folder / "three/counts.csv");
  std::int64_t wrong = 0, anomalous = 0, examined = 0;
  const auto hotspots = read_dataset<float>(folder / "three/hotspots.tif"), numbers = read_dataset<float>(folder / "three/n_valid.tif");
  for (std::size_t t = 0, line = counts.find('\n') + 1; t < 22; ++t, line = counts.find('\n', line) + 1) {
    const std::string date = counts.substr(line, counts.find(',', line) - line);
    const auto flags = read_dataset<float>(folder / ("three/anomaly/" + date + ".tif")), scores = read_dataset<float>(folder / ("three/scores/" + date + ".tif"));
    for (const float flag : flags.values) examined += flag != 255;
    for (std::size_t pixel = 0; pixel < valid.values.size(); ++pixel) {
      const auto at = static_cast<std::size_t>(result.pixels.values[2 * pixel] * flags.shape[1] + result.pixels.values[2 * pixel + 1]);
      const float score = result.scores.values[22 * pixel + t];
      wrong += !(scores.values[at] == score || (std::isnan(score) && std::isnan(scores.values[at])));
      wrong += flags.values[at] != (std::isnan(score) ? 254.0f : score > 1.3 ? 1.0f : 0.0f);
      wrong += t == 0 && numbers.values[at] != static_cast<float>(valid.values[pixel]);
      wrong += t == 0 && std::isnan(hotspots.values[at]) != (valid.values[pixel] < 9);
      anomalous += flags.values[at] == 1;
    }
  }
  BOOST_TEST(wrong == 0);
  BOOST_TEST(anomalous == result.total());
  BOOST_TEST(examined == static_cast<std::int64_t>(22 * valid.values.size()));
}

BOOST_AUTO_TEST_CASE(aggregates_and_norms) {
  if (!have_data()) return;
  const ScratchFolder folder;
  require_success(usual({"--aggregate", "mean", "--output", folder / "mean"}));
  check_scores(Result(folder / "mean"), coast("reference/lof_mean"));
  for (const std::string norm : {"global", "local"}) {
    require_success(usual({"--method", "loop", "--norm", norm, "--threshold", "0.8", "--output", folder / norm}));
    const Result result(folder / norm);
    check_scores(result, coast("reference/loop_" + norm + "_max"));
    BOOST_TEST(result.run["options"]["norm"] == norm);
  }
}

BOOST_AUTO_TEST_CASE(margin_and_thresholds) {
  if (!have_data()) return;
  const ScratchFolder folder;
  require_success(usual({"--margin", "7", "--output", folder / "margin"}));
  const Result margin(folder / "margin");
  BOOST_TEST(margin.pixels.shape[0] == 7396);
  const std::size_t bright = margin.index("2023-01-01");
  BOOST_TEST(std::abs(margin.counts[bright] - 461) <= doubtful(margin, 1.5, static_cast<std::int64_t>(bright)));
  BOOST_TEST(std::abs(margin.total() - 529) <= doubtful(margin, 1.5));

  require_success(usual({"--threshold", "3sigma", "--output", folder / "3sigma"}));
  const Result sigma(folder / "3sigma");
  BOOST_TEST(sigma.counts[sigma.index("2023-01-01")] == 209);
  BOOST_TEST(sigma.counts[sigma.index("2021-11-19")] == 218);
  BOOST_TEST(*std::max_element(sigma.counts.begin(), sigma.counts.end()) == 218);

  require_success(usual({"--threshold", "p99.7", "--output", folder / "p"}), 3);
  const Result percentile(folder / "p");
  const double found = percentile.run["results"]["threshold"].get<double>();
  BOOST_TEST(std::abs(found - 1.5154) <= 5e-5);
  std::ofstream(folder / "scores", std::ios::binary)
      .write(reinterpret_cast<const char*>(percentile.scores.values.data()), static_cast<std::streamsize>(4 * percentile.scores.values.size()));
  const Outcome numpy = test::run({"python3", "-c", "import numpy as np, sys\nx = np.fromfile(sys.argv[1], np.float32).astype(float)\n"
                                                    "print(repr(float(np.percentile(x[np.isfinite(x)], 99.7))))", folder / "scores"});
  if (numpy.status == 0) BOOST_TEST(std::abs(found - std::stod(numpy.output)) <= 1e-15 * found);

  // The mean and the spread of all scores, by hand.
  require_success(usual({"--threshold", "3sigma-all", "--output", folder / "all"}));
  const Result all(folder / "all");
  double sum = 0, squares = 0;
  for (const float score : all.scores.values) sum += static_cast<double>(score);
  const double mean = sum / static_cast<double>(all.scores.values.size());
  for (const float score : all.scores.values) squares += (static_cast<double>(score) - mean) * (static_cast<double>(score) - mean);
  const double expected = mean + 3 * std::sqrt(squares / static_cast<double>(all.scores.values.size()));
  BOOST_TEST(std::abs(all.run["results"]["threshold"].get<double>() - expected) <= 1e-6);
}

BOOST_AUTO_TEST_CASE(gaps_are_left_out) {
  if (!have_data()) return;
  const ScratchFolder folder;
  const auto gaps = [](const Arguments& more) {
    return detect(coast("sigma0_vv_gaps"), coast("mask"), Arguments{"--transform", "db", "--k", "4:8", "--threshold", "p99"} + more);
  };
  require_success(gaps({"--method", "both", "--output", folder / "gaps"}));
  check_scores(Result(folder / "gaps/lof"), coast("reference/gaps/lof_max"));
  check_scores(Result(folder / "gaps/loop"), coast("reference/gaps/loop_global_max"));
  const auto valid = read_dataset<std::int64_t>(folder / "gaps/lof/scores.h5:/n_valid"), expected = read_dataset<std::int64_t>(coast("reference/gaps/n_valid"));
  BOOST_TEST((valid.values == expected.values));

  // The same holes, marked by a number that _FillValue names.
  {
    auto images = read_dataset<float>(coast("sigma0_vv_gaps"));
    for (float& value : images.values) value = std::isnan(value) ? -9999.0f : value;
    const auto sink = io::create_sink(folder / "filled.h5", self());
    write_dataset(*sink, "/images", images.shape, images.values);
    sink->attribute("/images", "_FillValue", -9999.0);
    sink->close();
  }
  require_success(detect(folder / "filled.h5:/images", coast("mask"), Arguments{"--transform", "db", "--k", "4:8", "--output", folder / "filled"}));
  check_scores(Result(folder / "filled"), coast("reference/gaps/lof_max"));

  // Pixels with fewer valid dates than asked for have no scores.
  require_success(gaps({"--min-valid", "20", "--output", folder / "strict"}));
  const Result strict(folder / "strict"), free(folder / "gaps/lof");
  std::int64_t without = 0, wrong = 0;
  for (std::size_t pixel = 0; pixel < valid.values.size(); ++pixel) {
    const bool enough = valid.values[pixel] >= 20;
    bool any = false;
    for (std::size_t t = 0; t < 22; ++t) {
      const float score = strict.scores.values[22 * pixel + t];
      any = any || !std::isnan(score);
      wrong += enough && !std::isnan(score) && score != free.scores.values[22 * pixel + t];
    }
    wrong += any != enough;
    without += !enough;
  }
  BOOST_TEST(wrong == 0);
  BOOST_TEST(strict.run["pixels"]["without_scores"] == without);
}

BOOST_AUTO_TEST_CASE(a_wide_sweep_on_vegetation) {
  if (!have_data()) return;
  const ScratchFolder folder;
  const Arguments arguments = detect(ndvi("ndvi"), ndvi("mask"), {"--k", "20:60"});
  require_success(arguments + Arguments{"--output", folder / "lof"});
  const Result result(folder / "lof");
  check_scores(result, ndvi("reference/lof_max"));
  BOOST_TEST(std::abs(result.total() - 7713) <= doubtful(result, 1.5));
  BOOST_TEST(result.run["results"]["worst_dates"][0] == "2017-09-08");
  require_success(arguments + Arguments{"--method", "loop", "--output", folder / "loop"});
  check_scores(Result(folder / "loop"), ndvi("reference/loop_global_max"));
}

// Neither ranks nor blocks nor threads change a byte.
BOOST_AUTO_TEST_CASE(the_same_bytes) {
  if (!have_data()) return;
  const ScratchFolder folder;
  const auto run = [&](const std::string& name, int ranks, const Arguments& more) {
    require_success(detect(coast("sigma0_vv_gaps"), coast("mask"), Arguments{"--transform", "db", "--k", "4:8", "--method", "both", "--threshold", "p99",
                                                                             "--quiet", "--output", folder / name} + more), ranks);
    return folder / name;
  };
  std::set<std::int64_t> blocks;
  const std::string first = run("one", 0, {});
  const auto same = [&](const std::string& other) {
    for (const std::string method : {"lof", "loop"}) {
      const std::string a = first + "/" + method, b = other + "/" + method;
      const auto bytes = [](const std::string& where) {
        const auto values = read_dataset<float>(where).values;
        return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
      };
      BOOST_TEST((bytes(a + "/scores.h5:/scores") == bytes(b + "/scores.h5:/scores")), b);
      BOOST_TEST((read_dataset<std::int64_t>(a + "/scores.h5:/n_valid").values == read_dataset<std::int64_t>(b + "/scores.h5:/n_valid").values), b);
      for (const std::string file : {"counts.csv", "hotspots.png", "scores.h5"}) BOOST_TEST((read_text(a + "/" + file) == read_text(b + "/" + file)), b + "/" + file);
    }
    blocks.insert(read_json(other + "/lof/run.json")["blocks"].get<std::int64_t>());
  };
  for (const int ranks : {1, 2, 3, 4, 7}) {
    same(run("ranks" + std::to_string(ranks), ranks, {}));
    BOOST_TEST(read_json(folder / ("ranks" + std::to_string(ranks) + "/lof/run.json"))["ranks"] == ranks);
  }
  // Less and less memory, to the least that works.
  const auto bounded = [&](int ranks, std::int64_t beyond) {
    const auto least = read_json(folder / ("ranks" + std::to_string(ranks) + "/lof/run.json"))["memory"]["smallest_possible"].get<std::int64_t>();
    const std::string name = std::to_string(beyond) + " more on " + std::to_string(ranks);
    same(run(name, ranks, {"--memory", std::to_string(least + beyond)}));
    const nlohmann::json memory = read_json(folder / (name + "/lof/run.json"))["memory"];
    BOOST_TEST(memory["vmhwm_sum"].get<std::int64_t>() <= memory["bound"].get<std::int64_t>());
  };
  blocks = {1};
  bounded(1, std::int64_t{8} << 20);
  bounded(1, std::int64_t{2} << 20);
  BOOST_TEST(blocks.size() >= 2u, "the numbers of blocks have to differ");
  bounded(3, std::int64_t{6} << 20);
  same(run("threads", 0, {"--threads", "3"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::test
