// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The job under MPI: its start, its end, and what is known of it.

#include "mpi.hpp"
#include "process.hpp"

#include <priel/environment.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <thread>

#if defined(OPEN_MPI) && __has_include(<mpi-ext.h>)
#include <mpi-ext.h>
#endif

namespace priel::detail {
namespace {

// What this process knows of its job between start_job and stop_job.
struct Job {
  Comm world;
  MPI_Comm ending = MPI_COMM_NULL;  // for everyone_ends_within alone
  int ranks_on_node = 1;
  bool finalises = false;
};
Job job;

bool is_running() {
  int started = 0, ended = 0;
  MPI_Initialized(&started);
  MPI_Finalized(&ended);
  return started && !ended;
}

// Open MPI's extension and, since version 4, MPICH's.
bool cuda_support() {
#if defined(OPEN_MPI) && defined(MPIX_CUDA_AWARE_SUPPORT)
  return MPIX_Query_cuda_support() == 1;
#elif defined(MPICH_NUMVERSION) && MPICH_NUMVERSION >= 40000000
  int supported = 0;
  return MPIX_GPU_query_support(MPIX_GPU_SUPPORT_CUDA, &supported) == MPI_SUCCESS && supported != 0;
#else
  return false;
#endif
}

}  // namespace

bool mpi_takes_device_memory() {
  const char* const said = std::getenv("PRIEL_MPI_DEVICE_MEMORY");
  return said && *said ? *said == '1' : is_running() && cuda_support();
}

Comm start_job(int* argc, char*** argv) {
  int started = 0, ended = 0;
  MPI_Initialized(&started);
  MPI_Finalized(&ended);
  if (ended) throw std::logic_error("MPI has been finalised: a program has one Environment, at the top of main");
  if (!started) {
    // Without a launcher Open MPI would start a daemon for ranks that are never spawned; ten times the start-up. Isolated ranks
    // would all use one session folder, which the first to end removes under the others' feet: they do without.
    if (!getenv("OMPI_COMM_WORLD_SIZE") && !getenv("PMIX_RANK") && !getenv("PMI_RANK")) {
      setenv("OMPI_MCA_ess_singleton_isolated", "1", 0);
      setenv("OMPI_MCA_orte_create_session_dirs", "0", 0);
    }
    int level = 0;
    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &level);
    job.finalises = true;
  }
  MPI_Comm world = MPI_COMM_NULL, node = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &world);
  MPI_Comm_dup(MPI_COMM_WORLD, &job.ending);
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
  MPI_Comm_size(node, &job.ranks_on_node);
  MPI_Comm_free(&node);
  job.world = std::make_shared<const MpiCommunicator>(world);
  return job.world;
}

void stop_job() {
  job.world.reset();
  if (is_running()) {
    MPI_Comm_free(&job.ending);
    if (job.finalises) MPI_Finalize();
  }
  job = {};
}

bool everyone_ends_within(double seconds) {
  if (!is_running()) return true;
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(seconds);
  MPI_Request arrived;
  MPI_Ibarrier(job.ending, &arrived);
  for (;;) {
    int done = 0;
    MPI_Test(&arrived, &done, MPI_STATUS_IGNORE);
    if (done) return true;
    if (Clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace priel::detail

namespace priel {

void abort_job(int status) {
  std::cout.flush();
  std::fflush(nullptr);
  if (detail::is_running()) {
    int ranks = 1, is_main = 0;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    MPI_Is_thread_main(&is_main);
    // Where nobody waits, an orderly end saves the user MPI's own account of an abort.
    if (ranks == 1 && is_main) MPI_Finalize();
    else MPI_Abort(MPI_COMM_WORLD, status);
  }
  std::_Exit(status);
}

std::string mpi_version() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);
  // "Open MPI v4.1.4, package: ..." and "MPICH Version:\t4.0.2\nMPICH Release date: ..."
  std::string version(text, static_cast<std::size_t>(length));
  version.resize(std::min(version.find_first_of(",\n"), version.size()));
  if (const auto at = version.find("Version:"); at != std::string::npos) version.erase(at, 8);
  std::replace(version.begin(), version.end(), '\t', ' ');
  if (const auto at = version.find(" v"); at != std::string::npos) version.erase(at + 1, 1);
  for (auto at = version.find("  "); at != std::string::npos; at = version.find("  ")) version.erase(at, 1);
  return version;
}

int ranks_on_this_node() { return detail::job.ranks_on_node; }

}  // namespace priel
