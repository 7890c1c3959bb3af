// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What `coast detect` does with bad input, odd input and an early end.
#include "results.hpp"

#include <algorithm>
#include <cstdlib>

namespace priel::test {

namespace {

constexpr std::int64_t dates = 30, height = 20, width = 24;

// One file with good and bad datasets.
struct Input {
  ScratchFolder folder;
  std::string file = folder / "in.h5";
  std::vector<float> images = noise(dates * height * width);

  Input() {
    const auto sink = io::create_sink(file, self());
    const std::vector<std::int64_t> stack{dates, height, width}, grid{height, width};
    const std::vector<unsigned char> all(height * width, 1);
    write_dataset(*sink, "/images", stack, images);
    write_dataset(*sink, "/mask", grid, all);
    write_dataset(*sink, "/other", {height, width - 1}, std::vector<unsigned char>(height * (width - 1), 1));
    write_dataset(*sink, "/empty", grid, std::vector<unsigned char>(all.size(), 0));
    std::vector<unsigned char> corner(all.size(), 0);
    corner[0] = 1;
    write_dataset(*sink, "/corner", grid, corner);
    write_dataset(*sink, "/nan", stack, std::vector<float>(images.size(), NAN));
    std::vector<float> few = images;   // five good dates
    std::fill(few.begin() + 5 * height * width, few.end(), NAN);
    write_dataset(*sink, "/few", stack, few);
    write_dataset(*sink, "/same", stack, std::vector<float>(images.size(), 1));
    std::vector<float> lost = images;  // one date lost, half of another
    std::fill(lost.begin() + 3 * height * width, lost.begin() + 4 * height * width, NAN);
    std::fill(lost.begin() + 7 * height * width, lost.begin() + 7 * height * width + 10 * width, INFINITY);
    write_dataset(*sink, "/lost", stack, lost);
    std::vector<double> hours;
    for (int t = 0; t < dates; ++t) hours.push_back(12.0 * t);   // two images a day
    write_dataset(*sink, "/dated/images", stack, images);
    write_dataset(*sink, "/dated/time", {dates}, hours);
    sink->attribute("/dated/time", "units", "hours since 2020-02-20 06:00:00");
    write_dataset(*sink, "/unitless/images", stack, images);
    write_dataset(*sink, "/unitless/time", {dates}, hours);
    write_dataset(*sink, "/short/images", stack, images);
    write_dataset(*sink, "/short/time", {dates - 1}, std::vector<double>(dates - 1));
    sink->attribute("/short/time", "units", "days since 2020-01-01");
    sink->close();
  }

  Arguments detect(const std::string& stack, const std::string& mask, const Arguments& more = {}) const {
    return Arguments{"coast", "detect", file + ":" + stack, "--mask", file + ":" + mask, "--k", "3:6", "--output", folder / "out"} + more;
  }
  // Nothing but the input is in the folder.
  bool clean() const { return std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(coast_failures)

BOOST_AUTO_TEST_CASE(bad_input) {
  if (io::hdf5_version().empty()) return;
  const Input input;
  Refusals refusals;
  int folders = 0;   // one for each: they run at the same time
  const auto refused = [&](Arguments arguments, const std::string& said) {
    *(std::find(arguments.begin(), arguments.end(), "--output") + 1) += std::to_string(++folders);
    refusals.add(std::move(arguments), said);
  };
  const auto with = [&](const Arguments& more) { return input.detect("/images", "/mask", more); };
  refused({"coast", "detect", input.folder / "no.h5:/x", "--mask", input.file + ":/mask", "--output", input.folder / "out"}, "no.h5: no such file");
  refused({"coast", "detect", input.file + ":/images", "--mask", input.folder / "no.h5:/x", "--output", input.folder / "out"}, "no.h5: no such file");
  refused(input.detect("/no", "/mask"), "has no dataset /no; the file has /corner");
  refused(input.detect("/images", "/no"), "has no dataset /no");
  refused(input.detect("/mask", "/mask"), "has 2 axes, (20, 24); 3 axes expected");
  refused(input.detect("/images", "/images"), "has 3 axes, (30, 20, 24); 2 axes expected");
  refused(input.detect("/images", "/other"), "a mask of 20 x 23 pixels for images of 20 x 24");
  refused(input.detect("/images", "/empty"), "the mask is empty");
  refused(input.detect("/images", "/corner"), "each of the 1 pixels marked is nearer than 3 to an edge");
  refused(with({"--k", "30"}), "--k");   // twice --k
  refused({"coast", "detect", input.file + ":/images", "--mask", input.file + ":/mask", "--k", "20:30", "--output", input.folder / "out"},
          "--k 20:30: too large for 30 dates of " + input.file + ":/images; the largest usable k is 29");
  refused(with({"--min-valid", "31"}), "there are 30 dates only");
  refused(with({"--method", "loop", "--lambda", "4"}), "the largest possible score is 0.829");
  refused(with({"--method", "loop", "--threshold", "1"}), "a LoOP score does not exceed 1");
  refused(with({"--dates", "2020-01-01..2020-12-31"}), "--dates needs a dataset `time` beside the images");
  refused(input.detect("/dated/images", "/mask", {"--dates", "2021-01-01..2021-12-31"}), "they are of 2020-02-20 to 2020-03-05");
  refused(input.detect("/dated/images", "/mask", {"--dates", "2020-03-03..2020-03-05"}), "too large for 6 dates");
  refused(input.detect("/unitless/images", "/mask"), "no units; expected the attribute `units`");
  refused(input.detect("/short/images", "/mask"), "29 values for 30 images");
  // Known from the values only.
  refused(input.detect("/nan", "/mask", {"--quiet"}), "no finite value in the windows of the 252 examined pixels");
  refused(input.detect("/few", "/mask", {"--quiet"}), "no pixel has 7 dates without a missing value in its window, 5 at most; use a --k up to 4");
  refusals.check();
  BOOST_TEST(input.clean(), "something was written");
}

BOOST_AUTO_TEST_CASE(places_that_cannot_be_written) {
  if (io::hdf5_version().empty()) return;
  const Input input;
  const auto to = [&](const std::string& output, const Arguments& more = {}) {
    return Arguments{"coast", "detect", input.file + ":/images", "--mask", input.file + ":/mask", "--k", "3:6", "--output", output} + more;
  };
  Refusals refusals;
  refusals.add(to("/proc/priel-result"), "cannot make /proc/priel-result", 3);
  refusals.add(to(input.folder / "no/such/place"), "there is no folder", 3);
  refusals.add(to(input.file + "/out"), "there is no folder", 3);
  refusals.add(to(""), "the name of a folder is missing");
  refusals.add(to(input.file, {"--overwrite"}), "is no folder and is not overwritten");

  // What is no result of the program stays, whatever it is told.
  std::filesystem::create_directories(input.folder / "mine/photographs");
  refusals.add(to(input.folder / "mine"), "exists: name another folder");
  refusals.add(to(input.folder / "mine", {"--overwrite"}), "holds something else than results of priel");
  refusals.check();
  BOOST_TEST(std::filesystem::exists(input.folder / "mine/photographs"));

  require_success(to(input.folder / "out", {"--quiet"}));
  const std::string counts = read_text(input.folder / "out/counts.csv");
  check_refused(to(input.folder / "out"), "out exists: name another folder with --output, or give --overwrite");
  BOOST_TEST(read_text(input.folder / "out/counts.csv") == counts);
  const Outcome again = require_success(to(input.folder / "out/", {"--quiet", "--overwrite", "--threshold", "1.1"}), 3);
  BOOST_TEST(again.output.empty());
  BOOST_TEST(again.errors.empty());
  BOOST_TEST(read_text(input.folder / "out/counts.csv") != counts);
  std::filesystem::remove_all(input.folder / "mine");
  std::filesystem::remove_all(input.folder / "out");
  BOOST_TEST(input.clean());
}

BOOST_AUTO_TEST_CASE(odd_values) {
  if (io::hdf5_version().empty()) return;
  const Input input;
  for (const int ranks : {0, 3}) {
    // Equal everywhere: every score is 1, nothing is anomalous.
    require_success(input.detect("/same", "/mask", {"--overwrite"}), ranks);
    const auto same = read_dataset<float>(input.folder / "out/scores.h5:/scores");
    BOOST_TEST(std::all_of(same.values.begin(), same.values.end(), [](float score) { return score == 1; }));
    BOOST_TEST(read_json(input.folder / "out/run.json")["results"]["anomalies"] == 0);

    require_success(input.detect("/lost", "/mask", {"--overwrite"}), ranks);
    const std::string counts = read_text(input.folder / "out/counts.csv");
    BOOST_TEST(counts.find("\n0003,252,0,0,nan,nan,nan,0\n") != std::string::npos, counts);
    BOOST_TEST(counts.find("\n0007,252,72,") != std::string::npos, counts);
  }
}

BOOST_AUTO_TEST_CASE(dates_are_chosen) {
  if (io::hdf5_version().empty()) return;
  const Input input;
  const Arguments range{"--dates", "2020-02-22..2020-02-28"};
  const Outcome dry = require_success(input.detect("/dated/images", "/mask", range + Arguments{"--dry-run"}), 3);
  BOOST_TEST(dry.errors.find("30 dates of 20 x 24 pixels, 14 of them chosen, 2020-02-22 to 2020-02-28_2") != std::string::npos, dry.errors);
  BOOST_TEST(dry.output.empty());
  BOOST_TEST(input.clean());
  require_success(input.detect("/dated/images", "/mask", range), 2);
  const auto time = read_dataset<double>(input.folder / "out/scores.h5:/time");
  BOOST_TEST(time.values.size() == 14u);
  BOOST_TEST(time.values.front() == 48);
  BOOST_TEST(read_text(input.folder / "out/counts.csv").find("\n2020-02-22,252,252,") != std::string::npos);
  BOOST_TEST(read_text(input.folder / "out/counts.csv").find("\n2020-02-22_2,252,252,") != std::string::npos);

  // The scores are those of a file that holds nothing but these dates.
  {
    const auto sink = io::create_sink(input.folder / "part.h5", self());
    const auto begin = input.images.begin() + 4 * height * width;
    write_dataset(*sink, "/images", {14, height, width}, std::vector<float>(begin, begin + 14 * height * width));
    sink->close();
  }
  require_success({"coast", "detect", input.folder / "part.h5:/images", "--mask", input.file + ":/mask", "--k", "3:6", "--output", input.folder / "part"});
  BOOST_TEST((read_dataset<float>(input.folder / "out/scores.h5:/scores").values == read_dataset<float>(input.folder / "part/scores.h5:/scores").values));
  BOOST_TEST(read_text(input.folder / "part/counts.csv").find("\n0013,") != std::string::npos);
}

// A run that is ended early leaves nothing behind.
BOOST_AUTO_TEST_CASE(stopped) {
  if (io::hdf5_version().empty()) return;
  const ScratchFolder folder;
  constexpr std::int64_t side = 200, many = 150;
  {
    const auto sink = io::create_sink(folder / "in.h5", self());
    write_dataset(*sink, "/images", {many, side, side}, noise(many * side * side));
    write_dataset(*sink, "/mask", {side, side}, std::vector<unsigned char>(side * side, 1));
    sink->close();
  }
  // Sends the signal once the hidden folder is there. The shell makes what it starts in the background ignore SIGINT: undone.
  const auto stop = [&](const std::string& signal, const std::string& launcher) {
    const std::string command = "cd '" + folder.path().string() + "'; env --default-signal=INT " + launcher + " '" PRIEL_PROGRAM
      "' coast detect in.h5:/images --mask in.h5:/mask --quiet --output out & run=$!; until [ -e .out.part ] || ! kill -0 $run; do sleep 0.02; done; "
      "kill -" + signal + " $run; wait $run";
    return run({"bash", "-c", command}, 60);
  };
  for (const auto& [signal, status] : {std::pair("INT", 130), std::pair("TERM", 143)}) {
    const Outcome outcome = stop(signal, "");
    BOOST_TEST(outcome.status == status, outcome.errors);
    BOOST_TEST(outcome.errors == "\npriel: stopped; no results are left\n");
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  }
  if (const std::string launcher = PRIEL_MPIEXEC; !launcher.empty()) {
    const Outcome outcome = stop("INT", "'" + launcher + "' -q -n 3");
    BOOST_TEST(outcome.status != 0);
    BOOST_TEST(outcome.status != 124);
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::test
