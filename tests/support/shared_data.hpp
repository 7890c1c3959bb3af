// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Where the reference data lie that tests compare with.
#pragma once

#include <priel/communicator.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace priel::test {

// The folder that the environment variable PRIEL_SHARED_DATA names, by default shared/data beside the source tree.
// Empty where there is none, which is said once: a test that needs the data returns then.
inline const std::filesystem::path& shared_data() {
  static const std::filesystem::path folder = [] {
    const char* wish = std::getenv("PRIEL_SHARED_DATA");
    const std::filesystem::path path = wish != nullptr ? wish : PRIEL_SHARED_DATA_DEFAULT;
    if (std::filesystem::is_directory(path)) return std::filesystem::canonical(path);
    if (world()->rank() == 0)
      std::cerr << "No shared data in " << path << " (see PRIEL_SHARED_DATA): tests against references are skipped\n";
    return std::filesystem::path();
  }();
  return folder;
}

}  // namespace priel::test
