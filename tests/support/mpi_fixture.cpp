// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The fixture of mpi_fixture.hpp: the logs, the meeting after each test unit, and the watcher.
#include "mpi_fixture.hpp"

#include <boost/test/results_reporter.hpp>
#include <boost/test/tree/test_unit.hpp>
#include <boost/test/unit_test_log.hpp>
#include <boost/test/unit_test_suite.hpp>

#ifdef PRIEL_HAS_MPI
#include <mpi.h>
#endif

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <vector>

namespace priel::test {

using Clock = std::chrono::steady_clock;

constexpr int diverged = 201;

// In one system call, so that the lines of two ranks do not mix.
static void write_error(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data() + done, text.size() - done);
    if (written <= 0) return;
    done += static_cast<std::size_t>(written);
  }
}

#ifdef PRIEL_HAS_MPI

struct MpiFixture::Channel {
  MPI_Comm comm = MPI_COMM_NULL;

  Channel() { MPI_Comm_dup(MPI_COMM_WORLD, &comm); }
  ~Channel() { MPI_Comm_free(&comm); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  int rank() const {
    int result = 0;
    MPI_Comm_rank(comm, &result);
    return result;
  }

  int size() const {
    int result = 1;
    MPI_Comm_size(comm, &result);
    return result;
  }

  // Whether all ranks came within the limit.
  bool meet(std::chrono::duration<double> limit) const {
    MPI_Request request;
    MPI_Ibarrier(comm, &request);
    const auto start = Clock::now();
    for (int tries = 0;; ++tries) {
      int met = 0;
      MPI_Test(&request, &met, MPI_STATUS_IGNORE);
      if (met != 0) return true;
      if (limit.count() > 0 && Clock::now() - start > limit) return false;
      if (tries < 100) std::this_thread::yield();
      else std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }

  int largest(int value) const {
    int result = value;
    MPI_Allreduce(&value, &result, 1, MPI_INT, MPI_MAX, comm);
    return result;
  }

  // Every rank's text, on rank 0.
  std::vector<std::string> gather(std::string text) const {
    constexpr std::size_t limit = 1 << 20;  // a longer log is no use, and counts are int
    text.resize(std::min(text.size(), limit));
    int mine = static_cast<int>(text.size());
    std::vector<int> counts(static_cast<std::size_t>(size())), places(counts.size());
    MPI_Gather(&mine, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, comm);
    for (std::size_t r = 1; r < counts.size(); ++r) places[r] = places[r - 1] + counts[r - 1];
    std::string all(rank() == 0 ? static_cast<std::size_t>(places.back() + counts.back()) : 0, '\0');
    MPI_Gatherv(text.data(), mine, MPI_CHAR, all.data(), counts.data(), places.data(), MPI_CHAR, 0, comm);
    std::vector<std::string> result;
    if (rank() == 0)
      for (std::size_t r = 0; r < counts.size(); ++r)
        result.push_back(all.substr(static_cast<std::size_t>(places[r]), static_cast<std::size_t>(counts[r])));
    return result;
  }

  [[noreturn]] void abort() const {
    MPI_Abort(MPI_COMM_WORLD, diverged);
    std::_Exit(diverged);
  }
};

#else

struct MpiFixture::Channel {
  int rank() const { return 0; }
  int size() const { return 1; }
  bool meet(std::chrono::duration<double>) const { return true; }
  int largest(int value) const { return value; }
  std::vector<std::string> gather(std::string text) const { return {std::move(text)}; }
  [[noreturn]] void abort() const { std::_Exit(diverged); }
};

#endif

MpiFixture::MpiFixture() : channel_(std::make_unique<Channel>()), rank_(channel_->rank()), size_(channel_->size()) {
  if (const char* seconds = std::getenv("PRIEL_TEST_DEADLINE"))
    deadline_ = std::chrono::duration<double>(std::atof(seconds));
  watcher_ = std::thread([this] { watch(); });
}

MpiFixture::~MpiFixture() {
  {
    std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  watcher_.join();
}

void MpiFixture::attach() {
  boost::unit_test::unit_test_log.set_stream(log_);
  boost::unit_test::results_reporter::set_stream(log_);
  boost::unit_test::framework::register_observer(*this);
}

int MpiFixture::verdict(int status) {
  boost::unit_test::unit_test_log.set_stream(std::cout);
  boost::unit_test::results_reporter::set_stream(std::cerr);
  const bool shown = rank_ == 0 || status != 0;
  const auto logs = channel_->gather(shown ? log_.str() : "");
  for (std::size_t r = 0; r < logs.size(); ++r) std::cout << prefixed(logs[r], static_cast<int>(r));
  std::cout.flush();
  return channel_->largest(status);
}

void MpiFixture::test_unit_start(const boost::unit_test::test_unit& unit) {
  if (unit.p_type != boost::unit_test::TUT_CASE) return;
  std::lock_guard lock(mutex_);
  inside_ = unit.full_name();
  since_ = Clock::now();
  changed_.notify_all();
}

void MpiFixture::test_unit_finish(const boost::unit_test::test_unit& unit, unsigned long) {
  {
    std::lock_guard lock(mutex_);
    inside_.clear();
  }
  meet(unit.full_name());
}

// A unit that depends on another is skipped on the rank where that one failed and runs on the others.
void MpiFixture::test_unit_skipped(const boost::unit_test::test_unit& unit, boost::unit_test::const_string) {
  meet(unit.full_name());
}

void MpiFixture::meet(const std::string& unit) {
  if (channel_->meet(deadline_)) return;
  std::ostringstream sentence;
  sentence << "finished '" << unit << "', but another rank did not within " << deadline_.count() << " s: the ranks diverged";
  give_up(sentence.str());
}

// For ranks that all wait inside a test case, each for something else: none comes to the meeting. No MPI call here, which
// would be one from a second thread; a process that ends by itself ends the job. The log is read without a lock: who would
// write to it hangs.
void MpiFixture::watch() {
  std::unique_lock lock(mutex_);
  while (!over_) {
    if (inside_.empty() || deadline_.count() <= 0) {
      changed_.wait(lock);
      continue;
    }
    const auto end = since_ + std::chrono::duration_cast<Clock::duration>(2 * deadline_);
    if (changed_.wait_until(lock, end) == std::cv_status::timeout && !inside_.empty() && Clock::now() >= since_ + 2 * deadline_) {
      std::ostringstream sentence;
      sentence << "is inside '" << inside_ << "' since " << 2 * deadline_.count() << " s\n" << log_.str();
      write_error(prefixed(sentence.str(), rank_));
      std::_Exit(diverged);
    }
  }
}

void MpiFixture::give_up(const std::string& sentence) const {
  write_error(prefixed(sentence + "\n" + log_.str(), rank_));
  channel_->abort();
}

std::string MpiFixture::prefixed(const std::string& text, int rank) const {
  if (size_ == 1) return text;
  const std::string mark = "[rank " + std::to_string(rank) + "/" + std::to_string(size_) + "] ";
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) result += mark + line + "\n";
  return result;
}

}  // namespace priel::test
