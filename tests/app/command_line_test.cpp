// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The command line as a user meets it: help with examples, one line and status 2 for what is wrong, on one rank and on three.
#include "results.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace priel::test {

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(help_has_examples) {
  const std::vector<Arguments> commands{{"info"}, {"lof"}, {"loop"}, {"kmeans"}, {"lasso"}, {"coast"}, {"coast", "synth"}, {"coast", "detect"}};
  for (Arguments command : commands) {
    std::string example = ":\n  priel";   // "Example:" or "Examples:"
    for (const std::string& word : command) example += " " + word;
    command.push_back("--help");
    const Outcome outcome = run_priel(command);
    BOOST_TEST(outcome.status == 0);
    BOOST_TEST(outcome.output.find(example) != std::string::npos, outcome.output);
    BOOST_TEST(outcome.errors.empty());
  }
  BOOST_TEST(run_priel({"--help"}, 3).output == run_priel({"--help"}).output);
}

BOOST_AUTO_TEST_CASE(version_and_info) {
  BOOST_TEST(run_priel({"--version"}).output == "0.1.0\n");
  const Outcome text = run_priel({"info"}, 2);
  BOOST_TEST(text.status == 0);
  BOOST_TEST(text.output.starts_with("priel            0.1.0\n"));
  const Outcome json = run_priel({"info", "--json"});
  BOOST_TEST(json.output.find("\"version\": \"0.1.0\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ranks_share_the_cores) {
  const char* set = std::getenv("OMP_NUM_THREADS");
  const std::string before = set ? set : "";
  unsetenv("OMP_NUM_THREADS");
  const int ranks = 2, cores = static_cast<int>(std::thread::hardware_concurrency());
  const Outcome outcome = run_priel({"info", "--json"}, ranks);
  if (set) setenv("OMP_NUM_THREADS", before.c_str(), 1);
  const auto at = outcome.output.find("\"threads_per_rank\": ");
  BOOST_REQUIRE(at != std::string::npos);
  const int threads = std::stoi(outcome.output.substr(at + 20));
  BOOST_TEST(threads >= 1);
  BOOST_TEST(threads <= std::max(1, cores / ranks));
}

BOOST_AUTO_TEST_CASE(wrong_lines) {
  Refusals refusals;
  refusals.add({}, "no command given");
  refusals.add({"frob"}, "frob is no command");
  refusals.add({"coast"}, "no command given");
  refusals.add({"coast", "synth"}, "--output is required");
  refusals.add({"coast", "synth", "--output", "x.h5", "--bogus"}, "--bogus");
  refusals.add({"lof", "x.csv", "--k", "20:10"}, "--k 20:10: expected");
  refusals.add_alone({"lof", "x.csv", "--k", "20", "--k", "30"}, "--k: given more than once; expected one");
  refusals.add_alone({"lof", "x.csv", "--k"}, "--k: expected K[:LAST[:STEP]] after it, found nothing");
  refusals.check();
}

BOOST_AUTO_TEST_CASE(wrong_options) {
  Refusals refusals;
  const auto refused = [&](const Arguments& more, const std::string& said) {
    Arguments arguments{"coast", "detect", "stack.h5:/x", "--mask", "mask.h5:/x", "--output", "result"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    refusals.add_alone(arguments, said);
  };
  refused({"--patch", "6"}, "--patch 6: expected an odd number");
  refused({"--patch", "99999999999"}, "--patch 99999999999: expected an odd number");
  refused({"--margin", "x"}, "--margin: x: expected a whole number of at least 0");
  refused({"--threads", "0"}, "--threads: 0: expected a whole number of at least 1");
  refused({"--lambda", "-1"}, "--lambda: -1: expected a number above 0");
  refused({"--memory", "8GB"}, "--memory 8GB: expected a size");
  refused({"--threshold", "p101"}, "--threshold p101: expected a number");
  refused({"--method", "magic"}, "--method magic: expected both|lof|loop");
  refused({"--method", "both", "--threshold", "1.5"}, "one constant does not suit both scores");
  refused({"--aggregate", "min"}, "--aggregate min: expected max, mean, median, trimmed");
  refused({"--dates", "2018-01-01..2017-01-01"}, "A not after B");
  refusals.check();
}

BOOST_AUTO_TEST_CASE(a_scene_is_not_overwritten) {
  const ScratchFolder folder;
  const std::string scene = folder / "scene.h5";
  const Arguments small{"coast", "synth", "--output", scene, "--dates", "24", "--height", "48", "--width", "48", "--quiet"};
  BOOST_TEST_REQUIRE(run_priel(small).status == 0);
  check_refused(small, scene + " exists");
  Arguments again = small;
  again.push_back("--overwrite");
  BOOST_TEST(run_priel(again, 2).status == 0);
  BOOST_TEST(run_priel({"coast", "synth", "--output", folder / "no/such/scene.h5", "--dates", "24", "--height", "48", "--width", "48"}, 2).status == 3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::test
