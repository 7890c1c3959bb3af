// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `coast detect` killed, stopped and met with a damaged file: what stays, and what a resumed run makes of it.
#include "results.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

namespace priel::test {

namespace {

// What a dry run says of the memory that a run needs at least.
std::int64_t memory_needed(const Arguments& arguments, int ranks) {
  const Outcome outcome = require_success(arguments + Arguments{"--dry-run", "--log-format", "json"}, ranks);
  std::istringstream lines(outcome.errors);
  for (std::string line; std::getline(lines, line);)
    if (const auto entry = nlohmann::json::parse(line); entry.contains("memory_needed")) return entry["memory_needed"].get<std::int64_t>();
  return 0;
}

// All files of two results are equal but for what a run says of itself.
void check_same_files(const std::filesystem::path& expected, const std::filesystem::path& found) {
  const auto files = [](const std::filesystem::path& folder) {
    std::map<std::string, std::string> content;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
      if (entry.is_regular_file() && entry.path().filename() != "run.json" && entry.path().filename() != "run.log")
        content[std::filesystem::relative(entry.path(), folder).string()] = read_text(entry.path().string());
    return content;
  };
  const auto a = files(expected), b = files(found);
  BOOST_TEST(a.size() == b.size());
  for (const auto& [name, bytes] : a) BOOST_TEST((b.count(name) == 1 && b.at(name) == bytes), name << " differs");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(coast_resume)

// Killed at some moment, three times over, and resumed: the files of an undisturbed run. Within the memory that is allowed.
BOOST_AUTO_TEST_CASE(killed_and_resumed) {
  if (io::hdf5_version().empty()) return;
  const ScratchFolder folder;
  constexpr std::int64_t side = 110, many = 120;
  {
    const auto sink = io::create_sink(folder / "in.h5", self());
    write_dataset(*sink, "/images", {many, side, side}, noise(many * side * side));
    write_dataset(*sink, "/mask", {side, side}, std::vector<unsigned char>(side * side, 1));
    sink->close();
  }
  const Arguments detect{"coast", "detect", folder / "in.h5:/images", "--mask", folder / "in.h5:/mask", "--k", "20:60", "--threshold", "p99.5",
                         "--score-maps", "--threads", "1", "--quiet", "--output"};
  require_success(detect + Arguments{folder / "whole"}, 0);
  const nlohmann::json whole = read_json(folder / "whole/run.json");

  std::random_device seeds;
  const auto seed = seeds();
  std::mt19937 random(seed);
  BOOST_TEST_MESSAGE("seed " << seed);
  for (const int ranks : {1, 3}) {
    if (ranks > 1 && std::string(PRIEL_MPIEXEC).empty()) continue;
    const std::string out = folder / ("out" + std::to_string(ranks)), part = folder / (".out" + std::to_string(ranks) + ".part");
    const std::int64_t least = memory_needed(detect + Arguments{out}, ranks), allowed = least + ranks * (std::int64_t{2} << 20);
    const Arguments bounded = detect + Arguments{out, "--memory", std::to_string(allowed)};
    check_refused(detect + Arguments{out, "--memory", "1M"}, " on a machine; at least ");

    // The program or one of its ranks is killed when a few more blocks are done.
    std::string line = "env --default-signal=INT '" PRIEL_PROGRAM "'";
    if (ranks > 1) line = "'" PRIEL_MPIEXEC "' -q -n " + std::to_string(ranks) + " " + line;
    for (const std::string& word : bounded) line += " '" + word + "'";
    int marks = 0;
    for (int kill = 0; kill < 3; ++kill) {
      marks += 1 + static_cast<int>(random() % 2);
      const std::string signal = ranks > 1 ? "KILL" : std::vector<std::string>{"KILL", "INT", "TERM"}[static_cast<std::size_t>(kill)];
      const std::string command = line + (kill > 0 ? " --resume" : "") + " & run=$!; until [ $(ls '" + part + "/blocks' 2>/dev/null | grep -c done) -ge " +
        std::to_string(marks) + " ] || ! kill -0 $run 2>/dev/null; do sleep 0.01; done; sleep 0.0" + std::to_string(random() % 10) + "; " +
        "kill -" + signal + (ranks > 1 ? " $(pgrep -P $run | tail -n 1)" : " $run") + "; wait $run";
      const Outcome outcome = run({"bash", "-c", command}, 60);
      BOOST_TEST(outcome.status != 0);
      BOOST_TEST(outcome.status != 124);
      BOOST_REQUIRE_MESSAGE(std::filesystem::exists(part), outcome.errors);
      if (ranks == 1) BOOST_TEST(outcome.status == (kill == 0 ? 137 : kill == 1 ? 130 : 143));
      if (ranks == 1 && kill > 0)
        BOOST_TEST(outcome.errors == "\npriel: stopped; the blocks that are done are kept, --resume goes on with them\n", outcome.errors);
      BOOST_TEST(!std::filesystem::exists(out));
      const auto left = std::filesystem::directory_iterator(part + "/blocks");
      marks = static_cast<int>(std::count_if(begin(left), end(left), [](const auto& entry) { return entry.path().extension() == ".done"; }));
      BOOST_TEST(marks > kill);
    }
    check_refused(bounded, "an unfinished run of it is in " + part + ": --resume goes on with it, --overwrite drops it");
    check_refused(bounded + Arguments{"--resume", "--transform", "db"}, "is of another run: --transform was none and is db");
    if (ranks == 1) {
      const int lock = ::open((part + "/lock").c_str(), O_RDWR);   // as a run has it that goes on
      BOOST_REQUIRE(::flock(lock, LOCK_EX | LOCK_NB) == 0);
      check_refused(bounded + Arguments{"--resume"}, "another run makes it now, in " + part);
      ::close(lock);
    }
    std::filesystem::last_write_time(folder / "in.h5", std::filesystem::file_time_type::clock::now());   // as a copy has another time
    require_success(bounded + Arguments{"--resume"}, ranks);
    BOOST_TEST(!std::filesystem::exists(part));
    check_same_files(folder / "whole", out);
    const nlohmann::json run = read_json(out + "/run.json");
    BOOST_TEST(run["results"] == whole["results"]);
    BOOST_TEST(run["values"] == whole["values"]);
    BOOST_TEST(run["pixels_of_an_earlier_run"].get<std::int64_t>() > 0);
    BOOST_TEST(run["memory"]["vmhwm_sum"].get<std::int64_t>() <= allowed);
    BOOST_TEST(run["memory"]["vmhwm_by_rank"].size() == static_cast<std::size_t>(ranks));
    // What is complete is not computed again; what it is not, is told.
    const Outcome again = require_success(bounded + Arguments{"--resume"}, ranks);
    BOOST_TEST(again.errors.empty());
    check_refused(detect + Arguments{out, "--resume", "--patch", "5"}, "is of another run: --patch was 7 and is 5");
    if (ranks > 1) continue;
    // Killed after its results had got their name: the marks that are left speak of nothing.
    std::filesystem::create_directories(part + "/blocks");
    std::filesystem::copy(out + "/run.json", part + "/run.json");
    std::ofstream(part + "/blocks/0.done") << "0 1\n0 10816\n";
    require_success(bounded + Arguments{"--resume"}, ranks);
    require_success(bounded + Arguments{"--resume", "--overwrite"}, ranks);
    check_same_files(folder / "whole", out);
  }
}

// A damaged piece in the middle of the file: told on every rank alike, and what was done before stays.
BOOST_AUTO_TEST_CASE(damaged_in_the_middle) {
  if (io::hdf5_version().empty()) return;
  const ScratchFolder folder;
  constexpr std::int64_t side = 64, many = 60;
  const std::string file = folder / "in.h5";
  {
    const auto sink = io::create_sink(file, self());
    const std::vector<std::int64_t> shape{many, side, side};
    sink->create("/images", io::Element::float32, shape, {{many, 8, 64}, 1});
    sink->write_all("/images", std::vector<std::int64_t>(3, 0), shape, io::Element::float32, noise(many * side * side).data());
    write_dataset(*sink, "/mask", {side, side}, std::vector<unsigned char>(side * side, 1));
    sink->close();
  }
  const auto bytes = static_cast<std::streamoff>(std::filesystem::file_size(file));
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(bytes * 3 / 4).write(std::string(2000, '\xff').data(), 2000);
  for (const int ranks : {1, 3}) {
    const std::string name = "out" + std::to_string(ranks);
    const Arguments detect{"coast", "detect", file + ":/images", "--mask", file + ":/mask", "--k", "5:9", "--threads", "1", "--quiet", "--output", folder / name};
    const std::int64_t allowed = memory_needed(detect, ranks) + ranks * (std::int64_t{2} << 20);
    const Outcome outcome = run_priel(detect + Arguments{"--memory", std::to_string(allowed)}, ranks, 20);
    BOOST_TEST(outcome.status == 3);
    BOOST_TEST(outcome.errors.starts_with("priel: cannot read " + file + ":/images: "), outcome.errors);
    BOOST_TEST(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
    BOOST_TEST(!std::filesystem::exists(folder / name));
  }
}

// Pieces of all dates, of which a picture needs one: neither they nor many small blocks take more than is allowed.
BOOST_AUTO_TEST_CASE(within_memory) {
  if (io::hdf5_version().empty()) return;
  const ScratchFolder folder;
  constexpr std::int64_t side = 256, many = 80;
  const std::string file = folder / "in.h5";
  {
    const auto sink = io::create_sink(file, self());
    const std::vector<std::int64_t> shape{many, side, side};
    sink->create("/images", io::Element::float32, shape, {{many, 16, 16}, 1});
    sink->write_all("/images", std::vector<std::int64_t>(3, 0), shape, io::Element::float32, noise(many * side * side).data());
    std::vector<unsigned char> mask(side * side);
    std::fill_n(mask.begin() + 100 * side, 8 * side, static_cast<unsigned char>(1));
    write_dataset(*sink, "/mask", {side, side}, mask);
    sink->close();
  }
  const Arguments detect{"coast", "detect", file + ":/images", "--mask", file + ":/mask", "--k", "5", "--patch", "21", "--threads", "1", "--quiet",
                         "--output", folder / "out"};
  const std::int64_t allowed = memory_needed(detect, 0) + (std::int64_t{1} << 20);
  require_success(detect + Arguments{"--memory", std::to_string(allowed)}, 0);
  BOOST_TEST(read_json(folder / "out/run.json")["memory"]["vmhwm_sum"].get<std::int64_t>() <= allowed);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::test
