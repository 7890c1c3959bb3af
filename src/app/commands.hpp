// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The commands of the program. Each is collective over world(), writes to stdout and stderr on rank 0 only, and returns the exit
// status; errors are thrown as InputError or SystemError on every rank alike.
#pragma once

#include "options.hpp"

#include <string>

namespace priel::app {

int run_info(const InfoOptions& options);
int run_lof(const LofOptions& options);
int run_loop(const LoopOptions& options);
int run_kmeans(const KMeansOptions& options);
int run_lasso(const LassoOptions& options);
int run_synth(const SynthOptions& options);
int run_detect(const DetectOptions& options);

// Reads a command line and runs its command: what main does between start and end. Returns the exit status.
int run_command_line(int argc, const char* const* argv);

// "0.1.0".
std::string program_version();

}  // namespace priel::app
