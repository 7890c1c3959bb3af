// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Starting a program with its output in files, waiting for it, and ending it when it takes too long.
#include "program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace priel::test {

static std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// In the child: a group of its own, so that all it starts can be ended; then the command. Does not return.
[[noreturn]] static void become(const std::vector<std::string>& command, const std::string& output, const std::string& errors) {
  ::setpgid(0, 0);
  const auto redirect = [](const char* path, int flags, int stream) { ::dup2(::open(path, flags, 0600), stream); };
  redirect("/dev/null", O_RDONLY, STDIN_FILENO);
  redirect(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  redirect(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

Outcome run(const std::vector<std::string>& command, double limit) {
  const ScratchFolder folder;
  const std::string output = folder / "output", errors = folder / "errors";
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };

  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot start " + command.at(0));
  if (child == 0) become(command, output, errors);

  Outcome outcome;
  int state = 0;
  while (::waitpid(child, &state, WNOHANG) == 0) {
    if (outcome.status != 124 && elapsed() > limit) {
      ::kill(-child, SIGKILL);
      outcome.status = 124;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  if (outcome.status != 124) outcome.status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  outcome.seconds = elapsed();
  outcome.output = content(output);
  outcome.errors = content(errors);
  return outcome;
}

Outcome run_priel(const std::vector<std::string>& arguments, int ranks, double limit) {
  std::vector<std::string> command;
  const std::string launcher = PRIEL_MPIEXEC;
  if (ranks > 0 && !launcher.empty()) {
    command = {launcher, "-q", "-n"};
    command.push_back(std::to_string(ranks));
  }
  command.push_back(PRIEL_PROGRAM);
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command, limit);
}

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "priel-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder like " + name);
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace priel::test
