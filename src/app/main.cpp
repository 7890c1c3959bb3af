// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The program's start and end; the commands are in files of their own.
#include "commands.hpp"

#include <priel/environment.hpp>

int main(int argc, char** argv) {
  priel::Environment environment(argc, argv);
  return priel::app::run_command_line(argc, argv);
}
