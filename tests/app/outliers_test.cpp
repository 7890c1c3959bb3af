// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel lof` and `priel loop`: data sets of the literature against R's dbscan, ELKI and NumPy; formats; what is refused.
#include "results.hpp"
#include "tests/support/shared_data.hpp"

#include <fmt/format.h>

namespace priel::test {

namespace {

// Ten points on a line, and one apart.
std::string some_samples(const ScratchFolder& folder) {
  std::string text = "a,b\n";
  for (int i = 0; i < 10; ++i) text += fmt::format("{},{}\n", i, 0.1 * i * i);
  return write_file(folder / "some.csv", text + "40,-7\n");
}

bool have_data() { return !shared_data().empty() && !io::hdf5_version().empty(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(outliers)

BOOST_AUTO_TEST_CASE(data_sets_of_the_literature) {
  if (!have_data()) return;
  const ScratchFolder folder;
  for (const std::string name : {"14_glass", "18_ionosphere", "40_vowels", "42_wbc", "6_cardio"}) {
    const std::string file = (shared_data() / "outliers" / (name + ".h5")).string() + ":/";
    const auto check = [&](const Arguments& arguments, const Arguments& references) {
      require_success(Arguments{arguments[0], file + "X"} + Arguments(arguments.begin() + 1, arguments.end()) + Arguments{"--output", folder / "s.h5:/s"});
      const auto scores = read_dataset<double>(folder / "s.h5:/s");
      for (const std::string& reference : references)
        BOOST_TEST(largest_difference(scores.values, read_dataset<double>(file + "reference/" + reference).values) <= 1e-10, name + " " + reference);
    };
    for (const std::string k : {"10", "20", "40"}) {
      const std::string at = "k" + k + "/";
      check({"lof", "--k", k}, {at + "lof_incl", at + "lof_rdbscan1111", at + "lof_elki071"});
      check({"loop", "--k", k, "--lambda", "2"}, {at + "loop_paper_lam2"});
      check({"loop", "--k", k, "--lambda", "3"}, {at + "loop_paper_lam3"});
      check({"loop", "--k", k, "--norm", "local"}, {at + "loop_local_lam3"});
    }
    check({"lof", "--k", "20:60"}, {"maxk20_60/lof_incl"});
  }
}

BOOST_AUTO_TEST_CASE(published_figures) {
  if (!have_data()) return;
  const ScratchFolder folder;
  const nlohmann::json published = read_json((shared_data() / "published.json").string());
  const auto scores = [&](const std::string& name, const Arguments& arguments) {
    std::string text = "x\n";
    for (const double x : published[name]["x"]) text += fmt::format("{}\n", x);
    const std::string input = write_file(folder / (name + ".csv"), text);
    return column(require_success(Arguments{arguments[0], input} + Arguments(arguments.begin() + 1, arguments.end()), 2).output);
  };
  const auto expected = [&](const std::string& name, const std::string& key) { return published[name][key].get<std::vector<double>>(); };
  BOOST_TEST(largest_difference(scores("pynomaly_n20", {"loop", "--k", "10", "--lambda", "3"}), expected("pynomaly_n20", "loop")) <= 1e-10);
  // Printed with seven and four digits.
  BOOST_TEST(largest_difference(scores("rdbscan_ties", {"lof", "--k", "3"}), expected("rdbscan_ties", "lof_inclusive")) <= 5.1e-8);
  BOOST_TEST(largest_difference(scores("sklearn_doc", {"lof", "--k", "2"}), expected("sklearn_doc", "lof")) <= 5.1e-5);
}

// Every way in and out gives the same scores, on any number of ranks.
BOOST_AUTO_TEST_CASE(formats) {
  const ScratchFolder folder;
  const std::string input = some_samples(folder);
  const std::string text = require_success({"lof", input, "--k", "2:4"}).output;
  BOOST_TEST(text.starts_with("lof\n"));
  const std::vector<double> scores = column(text);
  BOOST_TEST(scores.size() == 11u);
  BOOST_TEST((std::max_element(scores.begin(), scores.end()) == scores.end() - 1));
  for (const int ranks : {1, 2, 3, 4, 7}) BOOST_TEST(require_success({"lof", input, "--k", "2:4"}, ranks).output == text);

  require_success({"lof", input, "--k", "2:4", "--output", folder / "s.csv"}, 3);
  BOOST_TEST(read_text(folder / "s.csv") == text);
  require_success({"lof", input, "--k", "2:4", "--output", folder / "s.npy"}, 3);
  const std::string npy = read_text(folder / "s.npy");
  BOOST_TEST_REQUIRE(npy.size() > 88u);
  std::vector<double> stored(11);
  std::copy_n(npy.end() - 88, 88, reinterpret_cast<char*>(stored.data()));
  BOOST_TEST(stored == scores);
  if (io::hdf5_version().empty()) return;
  require_success({"lof", input, "--k", "2:4", "--output", folder / "s.h5:/a/lof"}, 3);
  require_success({"lof", input, "--k", "2:4", "--output", folder / "s.h5:/again"}, 3);
  BOOST_TEST(read_dataset<double>(folder / "s.h5:/a/lof").values == scores);
  BOOST_TEST(read_dataset<double>(folder / "s.h5:/again").values == scores);

  // Scores in as samples: npy and HDF5 hold the same numbers, but npy has one axis.
  check_refused({"lof", folder / "s.npy", "--k", "2"}, "has 1 axis, (11,); 2 axes expected");
  check_refused({"lof", folder / "s.h5:/again", "--k", "2"}, "has 1 axis, (11,); 2 axes expected");
}

BOOST_AUTO_TEST_CASE(npy_samples) {
  const ScratchFolder folder;
  const auto npy = [&](const std::string& type, const std::string& order, const std::string& bytes) {
    std::string header = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': (4, 2), }}", type, order);
    header.resize(118, ' ');
    return write_file(folder / "x.npy", std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header.substr(0, 117) + "\n" + bytes);
  };
  const auto raw = [](const auto& values) { return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0])); };
  const std::string wanted = require_success({"lof", write_file(folder / "x.csv", "0,1\n2,3\n4,5\n60,7\n"), "--k", "2"}).output;
  const auto scores = [&](const std::string& path) { return require_success({"lof", path, "--k", "2"}, 2).output; };
  BOOST_TEST(scores(npy("<f8", "False", raw(std::vector<double>{0, 1, 2, 3, 4, 5, 60, 7}))) == wanted);
  BOOST_TEST(scores(npy("<f4", "False", raw(std::vector<float>{0, 1, 2, 3, 4, 5, 60, 7}))) == wanted);
  BOOST_TEST(scores(npy("<i8", "False", raw(std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 60, 7}))) == wanted);
  BOOST_TEST(scores(npy("<f8", "True", raw(std::vector<double>{0, 2, 4, 60, 1, 3, 5, 7}))) == wanted);
}

BOOST_AUTO_TEST_CASE(csv_as_people_write_it) {
  const ScratchFolder folder;
  const auto scores = [&](const std::string& text) { return require_success({"lof", write_file(folder / "x.csv", text), "--k", "2"}).output; };
  const std::string wanted = scores("0,1\n2,3\n4,5\n60,7\n");
  BOOST_TEST(scores("a,b\r\n0,1\r\n2,3\r\n4,5\r\n60,7\r\n") == wanted);
  BOOST_TEST(scores("# made by hand\n\n\"a\",\"b\"\n\"0\", 1\n+2,3\n\n4,5e0\n60,7") == wanted);
  BOOST_TEST(scores("\xef\xbb\xbf" "0,1\n2,3\n4,5\n60,7\n") == wanted);

  // A sample with an empty cell has no score and is nobody's neighbour.
  const Outcome outcome = require_success({"lof", write_file(folder / "gap.csv", "0,1\n2,3\n7,\n4,5\n60,7\n"), "--k", "2"});
  std::string with_gap = wanted;
  with_gap.insert(with_gap.find('\n', with_gap.find('\n', 4) + 1) + 1, "nan\n");
  BOOST_TEST(outcome.output == with_gap);
  BOOST_TEST(outcome.errors == "1 of 5 samples have missing values and no score\n");
}

BOOST_AUTO_TEST_CASE(thresholds) {
  const ScratchFolder folder;
  const std::string input = some_samples(folder);
  const std::vector<double> scores = column(require_success({"lof", input, "--k", "3"}).output);
  const auto marked = [&](const std::string& threshold, const std::string& said) {
    const Outcome outcome = require_success({"lof", input, "--k", "3", "--threshold", threshold}, 3);
    BOOST_TEST(outcome.output.starts_with("lof,anomalous\n"));
    BOOST_TEST(outcome.errors.find(said) == 0u, outcome.errors);
    return std::count(outcome.output.begin(), outcome.output.end(), '\n') - 1 ? outcome.output : std::string();
  };
  BOOST_TEST(marked("1.5", "1 of 11 samples above 1.5\n").ends_with(",1\n"));
  // The median is a score itself, and five lie above it.
  marked("p50", "5 of 11 samples above ");
  marked("p100", "0 of 11 samples above ");
  marked("3sigma", "1 of 11 samples above ");
  marked("3sigma-all", "1 of 11 samples above ");
}

// On a line all metrics but the cosine are one; the cosine sees directions only.
BOOST_AUTO_TEST_CASE(metrics) {
  const ScratchFolder folder;
  const auto scores = [&](const std::string& input, const std::string& metric, int ranks) {
    return require_success({"lof", input, "--k", "2", "--metric", metric}, ranks).output;
  };
  const std::string line = write_file(folder / "line.csv", "0\n1\n3\n6\n10\n30\n");
  const std::string wanted = require_success({"lof", line, "--k", "2"}).output;
  for (const char* metric : {"euclidean", "manhattan", "chebyshev"}) BOOST_TEST(scores(line, metric, 2) == wanted, metric);

  const std::string plane = write_file(folder / "plane.csv", "0,0\n1,0\n2,1\n8,1\n4,9\n");
  BOOST_TEST(scores(plane, "manhattan", 3) != scores(plane, "chebyshev", 3));
  BOOST_TEST(scores(plane, "manhattan", 3) == scores(plane, "manhattan", 1));
  const std::string rays = write_file(folder / "rays.csv", "1,0\n0,2\n1,1\n3,1\n1,9\n"), longer = write_file(folder / "longer.csv", "4,0\n0,1\n8,8\n6,2\n2,18\n");
  BOOST_TEST(largest_difference(column(scores(rays, "cosine", 2)), column(scores(longer, "cosine", 3))) <= 1e-9);

  const Outcome zeros = require_success({"loop", write_file(folder / "zeros.csv", "1,0\n0,2\n0,0\n1,1\n3,1\n"), "--k", "2", "--metric", "cosine"});
  BOOST_TEST(std::isnan(column(zeros.output)[2]));
  BOOST_TEST(zeros.errors == "1 of 5 samples have missing values and no score\n");
}

BOOST_AUTO_TEST_CASE(bad_input) {
  const ScratchFolder folder;
  const std::string input = some_samples(folder), before = read_text(input);
  int files = 0;
  const auto csv = [&](const std::string& text) { return write_file(folder / fmt::format("bad{}.csv", files++), text); };
  Refusals refusals;
  refusals.add({"lof", folder / "no.csv", "--k", "2"}, "no.csv: no such file");
  refusals.add({"lof", folder / "no.npy", "--k", "2"}, "no.npy: no such file");
  refusals.add({"lof", folder / "no.txt", "--k", "2"}, "expected file.h5:/dataset, file.npy or file.csv");
  refusals.add({"lof", csv("1,2\n3,x\n"), "--k", "2"}, "line 2, column 2: `x` is no number");
  refusals.add({"lof", csv("1,2\n3\n"), "--k", "2"}, "line 2 has a different number of columns, 1, than the lines before it, 2");
  refusals.add({"lof", csv("a,b\n"), "--k", "2"}, "no samples in it");
  refusals.add({"lof", csv("1,\n2,\n3,\n"), "--k", "2"}, "k = 2 is too large: 0 valid samples of 3");
  refusals.add({"lof", write_file(folder / "junk.npy", "hello"), "--k", "2"}, "no npy file of numbers");
  refusals.add({"lof", input, "--k", "11"}, "k = 11 is too large: 11 valid samples of 11 allow at most k = 10");
  refusals.add({"loop", input, "--k", "5:11"}, "at most k = 10");
  refusals.add({"loop", input, "--k", "5", "--threshold", "0.9"}, "with 11 samples and --lambda 3: the largest possible score is 0.731");
  refusals.add({"loop", input, "--k", "5", "--threshold", "1.5"}, "a LoOP score does not exceed 1");
  refusals.add({"lof", input, "--k", "2", "--metric", "hamming"}, "--metric hamming: expected chebyshev|cosine|euclidean|manhattan");
  refusals.add({"lof", input, "--k", "2", "--output", folder / "s"}, "expected file.h5:/dataset, file.npy or file.csv");
  refusals.add({"lof", input, "--k", "2", "--output", input}, "that is the input");
  refusals.add({"lof", input, "--k", "2", "--output", folder / "no/s.csv"}, "there is no folder", 3);
  refusals.add({"lof", input, "--k", "2", "--output", folder / "no/s.h5:/s"}, "there is no folder", 3);
  refusals.check();
  BOOST_TEST(read_text(input) == before);
  if (io::hdf5_version().empty()) return;
  refusals = {};
  refusals.add({"lof", folder / "no.h5:/X", "--k", "2"}, "no.h5: no such file");
  {
    const auto sink = io::create_sink(folder / "x.h5", self());
    write_dataset<double>(*sink, "/three", {2, 2, 2}, std::vector<double>(8));
    sink->close();
  }
  refusals.add({"lof", folder / "x.h5:/X", "--k", "2"}, "has no dataset /X; the file has /three");
  refusals.add({"lof", folder / "x.h5:/three", "--k", "2"}, "has 3 axes, (2, 2, 2); 2 axes expected");
  refusals.add({"lof", folder / "x.h5", "--k", "2"}, "no dataset is named");
  refusals.check();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::test
