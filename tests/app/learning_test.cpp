// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel kmeans` and `priel lasso`: iris and diabetes against scikit-learn, alone and on ranks; formats; what is refused.
#include "fixtures/learning.hpp"
#include "results.hpp"
#include "tests/support/shared_data.hpp"

#include <fmt/format.h>

#include <array>

namespace priel::test {

namespace {

std::string data(const std::string& where) { return (shared_data() / "regression" / where).string(); }
bool have_data() { return !shared_data().empty() && !io::hdf5_version().empty(); }

// Three groups of four on a line, far apart; with a header.
std::string three_groups(const ScratchFolder& folder) {
  std::string text = "\"width, m\",height\n";
  for (int i = 0; i < 12; ++i) text += fmt::format("{},{}\n", 100 * (i / 4) + i % 4, -i % 4);
  return write_file(folder / "groups.csv", text);
}

// y = 3 + 2 u - v, with a column of `ones` before u and v where there is one.
std::pair<std::string, std::string> line_of(const ScratchFolder& folder, const std::string& ones) {
  std::string x = (ones.empty() ? "" : "one,") + std::string("u,v\n"), y = "y\n";
  for (int i = 0; i < 9; ++i) {
    x += fmt::format("{}{},{}\n", ones, i, i * i % 5);
    y += fmt::format("{}\n", 3 + 2 * i - i * i % 5);
  }
  return {write_file(folder / (ones.empty() ? "x.csv" : "ones.csv"), x), write_file(folder / "y.csv", y)};
}

// The sum of the squared distances of samples to their centroids.
double inertia(const Dataset<double>& x, const std::vector<double>& labels, const std::vector<double>& centroids) {
  double sum = 0;
  const auto width = static_cast<std::size_t>(x.shape[1]);
  for (std::size_t i = 0; i < x.values.size(); ++i) {
    const double move = x.values[i] - centroids[static_cast<std::size_t>(labels[i / width]) * width + i % width];
    sum += move * move;
  }
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(learning)

// The best of some starts is the best known; every rank count finds the same clusters.
BOOST_AUTO_TEST_CASE(clusters_of_iris) {
  if (!have_data()) return;
  const ScratchFolder folder;
  const auto x = read_dataset<double>(data("iris.h5:/data"));
  const auto place = [&](int call) { return folder / fmt::format("c{}.npy", call); };
  std::vector<std::pair<Arguments, int>> calls;
  for (const int seed : {0, 1, 2, 3, 0}) {   // the last on ranks
    const int call = static_cast<int>(calls.size());
    const Arguments arguments{"kmeans", data("iris.h5:/data"), "--clusters", "3", "--seed", fmt::format("{}", seed), "--centroids", place(call)};
    calls.push_back({arguments, call == 4 ? 3 : 0});
  }
  const std::vector<Outcome> outcomes = require_success(calls);
  double least = INFINITY;
  std::vector<double> best;
  for (int seed = 0; seed < 4; ++seed) {
    const Outcome& outcome = outcomes[static_cast<std::size_t>(seed)];
    const std::vector<double> found = read_dataset<double>(place(seed)).values;
    const double reached = inertia(x, column(outcome.output), found);
    BOOST_TEST(outcome.errors.find(fmt::format("inertia {:.6g}, ", reached)) != std::string::npos, outcome.errors);
    if (reached < least) best = found;
    least = std::min(least, reached);
  }
  BOOST_TEST(outcomes[4].output == outcomes[0].output);
  BOOST_TEST(largest_difference(read_dataset<double>(place(4)).values, read_dataset<double>(place(0)).values) <= 1e-12);

  BOOST_TEST(std::abs(least - learning::iris_inertia) <= 1e-9);
  std::vector<std::array<double, 4>> rows(3);
  for (std::size_t i = 0; i < 12; ++i) rows[i / 4][i % 4] = best.at(i);
  std::sort(rows.begin(), rows.end());
  for (std::size_t i = 0; i < 12; ++i) BOOST_TEST(std::abs(rows[i / 4][i % 4] - learning::iris_centroids[i]) <= 1e-9);
}

BOOST_AUTO_TEST_CASE(models_of_diabetes) {
  if (!have_data()) return;
  const Arguments arguments{"lasso", data("diabetes.h5:/x"), data("diabetes.h5:/y"), "--tolerance", "0", "--iterations", "100000", "--lambda"};
  const auto outcomes = require_success({{arguments + Arguments{"0.1,1,0.01"}, 0}, {arguments + Arguments{"0.1"}, 0},
                                         {arguments + Arguments{"0.1"}, 3}, {arguments + Arguments{"0.1", "--intercept", "none"}, 0}});
  const auto check = [&](std::size_t call, int which, const std::vector<double>& wanted) {
    BOOST_TEST(largest_difference(column(outcomes[call].output, which), wanted) <= 1e-6, outcomes[call].output);
  };
  BOOST_TEST(outcomes[0].output.starts_with("name,0.1,1,0.01\nintercept,152.13"), outcomes[0].output);
  check(0, 1, learning::diabetes_01);
  check(0, 2, learning::diabetes_1);
  check(0, 3, learning::diabetes_001);
  check(3, 1, learning::diabetes_none);
  for (const std::size_t call : {1, 2}) {
    check(call, 1, learning::diabetes_01);
    BOOST_TEST(outcomes[call].errors.find("is constant and taken for the intercept") != std::string::npos, outcomes[call].errors);
    BOOST_TEST(outcomes[call].errors.find("7 of 10 coefficients not 0") != std::string::npos, outcomes[call].errors);
  }
}

BOOST_AUTO_TEST_CASE(labels_and_centroids) {
  const ScratchFolder folder;
  const bool hdf5 = !io::hdf5_version().empty();
  const Arguments arguments{"kmeans", three_groups(folder), "--clusters", "3"};
  const auto to = [&](const std::string& labels, const std::string& centroids) {
    return arguments + Arguments{"--output", folder / labels, "--centroids", folder / centroids};
  };
  const auto outcomes = require_success({{arguments + Arguments{"--centroids", folder / "c.csv"}, 0},
                                         {arguments + Arguments{"--quiet"}, 0},
                                         {arguments + Arguments{"--init", "random", "--iterations", "1", "--quiet"}, 0},
                                         {to("l.npy", "c.npy"), 0},
                                         {hdf5 ? to("r.h5:/labels", "r.h5:/centroids") : to("m.npy", "d.npy"), 3}});
  BOOST_TEST(outcomes[0].output.starts_with("label\n"));
  const std::vector<double> labels = column(outcomes[0].output);
  BOOST_TEST_REQUIRE(labels.size() == 12u);
  for (std::size_t i = 0; i < 12; ++i) BOOST_TEST(labels[i] == labels[i / 4 * 4]);
  BOOST_TEST(outcomes[0].errors.starts_with("iteration 1: inertia "), outcomes[0].errors);
  BOOST_TEST(outcomes[0].errors.find("\nconverged after ") != std::string::npos, outcomes[0].errors);
  BOOST_TEST(read_text(folder / "c.csv").starts_with("\"width, m\",height\n"), read_text(folder / "c.csv"));
  const auto centroids = read_dataset<double>(folder / "c.csv");
  std::vector<double> first{centroids.values.at(0), centroids.values.at(2), centroids.values.at(4)};
  std::sort(first.begin(), first.end());
  BOOST_TEST(first == (std::vector<double>{1.5, 101.5, 201.5}));

  BOOST_TEST(outcomes[1].output == outcomes[0].output);
  BOOST_TEST(outcomes[1].errors.empty(), outcomes[1].errors);
  BOOST_TEST(outcomes[2].errors.starts_with("not converged after 1 iteration: "), outcomes[2].errors);
  BOOST_TEST(read_dataset<double>(folder / "l.npy").values == labels);
  BOOST_TEST(read_dataset<double>(folder / "c.npy").values == centroids.values);
  if (!hdf5) return;
  BOOST_TEST(read_dataset<double>(folder / "r.h5:/labels").values == labels);
  BOOST_TEST((read_dataset<double>(folder / "r.h5:/centroids").shape == std::vector<std::int64_t>{3, 2}));
}

// A misprint in the first sample makes it a header; and nothing on the way is worth a result.
BOOST_AUTO_TEST_CASE(notes) {
  const ScratchFolder folder;
  const std::string table = write_file(folder / "x.csv", "1.5,2.o\n3,4\n5,6\n");
  const Outcome outcome = require_success({"kmeans", table, "--clusters", "1", "--quiet"});
  BOOST_TEST(outcome.output == "label\n0\n0\n");
  BOOST_TEST(outcome.errors == table + ": the first line is taken for the names of columns and is no sample, because `2.o` is no number; 1 of its 2 cells are\n");
  if (!std::filesystem::exists("/dev/full")) return;
  const Outcome deaf = run({"/bin/sh", "-c", "\"$0\" kmeans \"$1\" --clusters 1 2>/dev/full", PRIEL_PROGRAM, table});
  BOOST_TEST(deaf.status == 0);
  BOOST_TEST(deaf.output == "label\n0\n0\n");
}

BOOST_AUTO_TEST_CASE(coefficients) {
  const ScratchFolder folder;
  const auto call = [&](const std::string& ones, const Arguments& more, int ranks = 0) {
    const auto [x, y] = line_of(folder, ones);
    return std::pair(Arguments{"lasso", x, y, "--tolerance", "0", "--lambda", "0"} + more, ranks);
  };
  const auto outcomes = require_success({call("", {}), call("4,", {}, 3), call("4,", {"--intercept", "add"}), call("4,", {"--intercept", "none"}),
                                         call("", {"--output", folder / "c.npy"}), call("", {"--quiet", "--output", folder / "c.csv"})});
  const auto check = [&](const Outcome& outcome, const std::string& names, const std::vector<double>& values) {
    std::string found;
    std::istringstream lines(outcome.output);
    for (std::string line; std::getline(lines, line);) found += line.substr(0, line.find(',')) + ' ';
    BOOST_TEST(found == names);
    BOOST_TEST(largest_difference(column(outcome.output, 1), values) <= 1e-6, outcome.output);
  };
  check(outcomes[0], "name intercept u v ", {3, 2, -1});
  check(outcomes[1], "name intercept u v ", {3, 2, -1});
  BOOST_TEST(outcomes[1].errors.find("the first column of ") == 0u, outcomes[1].errors);
  check(outcomes[2], "name intercept one u v ", {3, 0, 2, -1});
  check(outcomes[3], "name one u v ", {0.75, 2, -1});
  BOOST_TEST(largest_difference(read_dataset<double>(folder / "c.npy").values, std::vector<double>{3, 2, -1}) <= 1e-6);
  BOOST_TEST(read_text(folder / "c.csv") == outcomes[0].output);
  BOOST_TEST(outcomes[5].errors.empty(), outcomes[5].errors);
}

BOOST_AUTO_TEST_CASE(bad_input) {
  const ScratchFolder folder;
  const std::string groups = three_groups(folder), gap = write_file(folder / "gap.csv", "1,2\n3,4\n5,\n,inf\n");
  const auto [x, y] = line_of(folder, "");
  const std::string short_y = write_file(folder / "short.csv", "1\n2\n"), gap_y = write_file(folder / "gap_y.csv", "1\n2\n3\nnan\n5\n6\n7\n8\n9\n");
  Refusals refusals;
  refusals.add({"kmeans", gap, "--clusters", "2"}, "gap.csv: 3 of 8 values are missing or infinite, the first in row 2, column 1, counted from 0");
  refusals.add({"kmeans", groups, "--clusters", "3", "--output", folder / "no/l.npy"}, "there is no folder", 3);
  refusals.add_alone({"kmeans", folder / "no.csv", "--clusters", "3"}, "no.csv: no such file");
  refusals.add_alone({"kmeans", write_file(folder / "text.csv", "1,2\n3,x\n"), "--clusters", "1"}, "line 2, column 2: `x` is no number");
  refusals.add_alone({"kmeans", write_file(folder / "empty.csv", ""), "--clusters", "1"}, "no samples in it");
  refusals.add_alone({"kmeans", groups, "--clusters", "13"}, "--clusters 13: " + groups + " has 12 samples");
  refusals.add_alone({"kmeans", groups}, "--clusters is required");
  refusals.add_alone({"kmeans", groups, "--clusters", "0"}, "--clusters: 0: expected a whole number of at least 1");
  refusals.add_alone({"kmeans", groups, "--clusters", "3", "--init", "far"}, "--init far: expected kmeans++|random");
  refusals.add_alone({"kmeans", groups, "--clusters", "3", "--output", folder / "x.npy", "--centroids", folder / "x.npy"}, "the labels go there");
  refusals.add_alone({"kmeans", groups, "--clusters", "3", "--centroids", folder / "./groups.csv"}, "that is the input");
  refusals.add_alone({"kmeans", groups, "--clusters", "3", "--output", y + ":/labels"}, "expected file.h5:/dataset, file.npy or file.csv");
  refusals.add_alone({"kmeans", groups, "--clusters", "3", "--output", folder / "l.csv", "--centroids", folder / "./l.csv"}, "the labels go there");
  refusals.add_alone({"kmeans", write_file(folder / "long.csv", "1\n" + std::string(99, '\x1b')), "--clusters", "1"}, "`" + std::string(40, '?') + "...` is no number");
  if (!io::hdf5_version().empty())
    refusals.add_alone({"kmeans", groups, "--clusters", "3", "--output", write_file(folder / "junk.h5", "hello") + ":/labels"}, "junk.h5: not an HDF5 file");
  refusals.add_alone({"lasso", x, y, "--lambda", "-1"}, "--lambda -1: expected a number of at least 0");
  refusals.add_alone({"lasso", x, y, "--lambda", "1,x"}, "--lambda 1,x: expected a number of at least 0, or several");
  refusals.add_alone({"lasso", x, short_y, "--lambda", "1"}, "short.csv: has 2 values for the 9 samples of " + x);
  refusals.add_alone({"lasso", x, x, "--lambda", "1"}, "x.csv: has the shape (9, 2); expected one column");
  refusals.add_alone({"lasso", x, gap_y, "--lambda", "1"}, "gap_y.csv: 1 of 9 values is missing or infinite, the first in row 3, counted");
  refusals.add_alone({"lasso", x, y, "--lambda", "1", "--intercept", "column0"}, "it has values from 0 to 8");
  refusals.add_alone({"lasso", x, y, "--lambda", "1", "--output", y}, "that is the input");
  refusals.check();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::test
