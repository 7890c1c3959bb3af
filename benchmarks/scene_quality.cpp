// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Prints how well LOF, LoOP and a naive baseline find what is injected into synthetic coasts: scene_quality PRIEL [SEED ...]
#include "tests/app/figures_of_merit.hpp"

#include <priel/communicator.hpp>

#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace priel::test;

constexpr int patch = 7;

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw priel::SystemError("this did not work: " + command);
}

std::string detect(const std::string& priel, const std::string& scene, const std::string& method, const std::string& folder) {
  run(fmt::format("'{}' coast detect '{}:/sigma0' --mask '{}:/mask' --transform db --method {} --patch {} --quiet --overwrite --output '{}'", priel, scene,
                  scene, method, patch, folder));
  return folder + "/scores.h5";
}

void judge_scene(const std::string& priel, const std::string& name, const std::string& options, const std::filesystem::path& folder) {
  const std::string scene = folder / "scene.h5";
  run(fmt::format("'{}' coast synth --output '{}' --overwrite --quiet {}", priel, scene, options));
  const std::string lof = detect(priel, scene, "lof", folder / "lof"), loop = detect(priel, scene, "loop", folder / "loop");
  const Truth truth = read_truth(scene, read_pixels(lof), patch);
  fmt::print("{}: {} pixels, {} dates\n\n{}\n", name, truth.pixels, truth.dates,
             table({{"LOF > 1.5", judge(truth, read_detection(lof + ":/scores", 1.5))},
                    {"LoOP > 0.9", judge(truth, read_detection(loop + ":/scores", 0.9))},
                    {"naive: mean backscatter, robust z > 3.5", judge(truth, naive_detection(truth))}}));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: scene_quality PRIEL [SEED ...]\n");
    return 2;
  }
  std::vector<std::string> seeds(argv + 2, argv + argc);
  if (seeds.empty()) seeds = {"1", "2", "3"};
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("priel-scene-quality-{}", seeds.front());
  int status = 0;
  try {
    std::filesystem::create_directories(folder);
    for (const std::string& seed : seeds) judge_scene(argv[1], "Seed " + seed, "--dates 120 --seed " + seed, folder);
    judge_scene(argv[1], "Seed " + seeds.front() + " without events", "--no-events --dates 120 --seed " + seeds.front(), folder);
  } catch (const std::exception& error) {
    fmt::print(stderr, "scene_quality: {}\n", error.what());
    status = 1;
  }
  std::filesystem::remove_all(folder);
  return status;
}
