// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Environment's start and end, and the last words of an error that nobody caught.

#include "on_root.hpp"
#include "process.hpp"

#include <priel/backend/closed.hpp>
#include <priel/environment.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <thread>
#if defined(_OPENMP)
#include <omp.h>
#endif

namespace priel {
namespace {

constexpr double patience = 3;  // seconds that other ranks get to come to the same end
constexpr int status_input = 2, status_system = 3, status_other = 70;

thread_local int on_root_depth = 0;

int environments = 0;
int uncaught_at_start = 0;
int rank_of_process = 0;
std::terminate_handler previous_handler = nullptr;

// One write, so that the lines of several ranks do not mix.
void print_error(const std::string& text) {
  std::fputs((text + "\n").c_str(), stderr);
  std::fflush(stderr);
}

std::string with_rank(const std::string& text) { return "[rank " + std::to_string(rank_of_process) + "] " + text; }

// All ranks are expected here with the same error, so rank 0 speaks and ends the job. If it does not come, the error
// was this rank's own after all.
[[noreturn]] void end_agreed(const char* text, int status) {
  if (rank_of_process == 0) {
    print_error(std::string("priel: ") + text);
    abort_job(status);
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(patience));
  print_error(with_rank(text));
  abort_job(status);
}

[[noreturn]] void end_alone(const std::string& text) {
  print_error(with_rank(text));
  abort_job(status_other);
}

[[noreturn]] void on_terminate() {
  static std::atomic_flag ending;
  if (ending.test_and_set()) std::this_thread::sleep_for(std::chrono::hours(1));  // another thread is speaking already
  const auto error = std::current_exception();
  if (!error) end_alone("ended without an exception");
  try {
    std::rethrow_exception(error);
  } catch (const InputError& e) {
    end_agreed(e.what(), status_input);
  } catch (const SystemError& e) {
    end_agreed(e.what(), status_system);
  } catch (const AgreedError& e) {
    end_agreed(e.what(), status_other);
  } catch (const std::exception& e) {
    end_alone(e.what());
  } catch (...) {
    end_alone("an exception of unknown type");
  }
}

// The ranks of a node share its cores; each takes its part, where OMP_NUM_THREADS does not say otherwise and the launcher has
// not bound it to fewer. More threads than cores spin for one another.
void share_cores() {
#if defined(_OPENMP)
  if (std::getenv("OMP_NUM_THREADS")) return;
  const int part = std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / ranks_on_this_node());
  if (part < omp_get_max_threads()) omp_set_num_threads(part);
#endif
}

void start(int* argc, char*** argv) {
  if (environments++ > 0) return;
  const Comm world = detail::start_job(argc, argv);
  detail::set_process_world(world);
  rank_of_process = world->rank();
  uncaught_at_start = std::uncaught_exceptions();
  previous_handler = std::set_terminate(on_terminate);
  share_cores();
  detail::agree_on_instruction_set(*world);
}

}  // namespace

detail::OnRoot::OnRoot() { ++on_root_depth; }
detail::OnRoot::~OnRoot() { --on_root_depth; }

void detail::forbid_on_root(const char* call) {
  if (on_root_depth > 0)
    throw std::logic_error(std::string("on_root: ") + call + " is a collective, and the other ranks are not here to take part: "
                           "call it on every rank, before or after on_root");
}

Environment::Environment() { start(nullptr, nullptr); }

Environment::Environment(int& argc, char**& argv) { start(&argc, &argv); }

Environment::~Environment() {
  if (--environments > 0) return;
  // If every rank unwinds, none waits for another, and whoever catches the exception can still say what it was.
  if (std::uncaught_exceptions() > uncaught_at_start && !detail::everyone_ends_within(patience))
    end_alone("an exception leaves this rank's Environment while other ranks go on");
  detail::set_process_world(nullptr);
  detail::stop_job();
  std::set_terminate(previous_handler);
}

}  // namespace priel
