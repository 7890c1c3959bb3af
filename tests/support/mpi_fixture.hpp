// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Boost.Test on several ranks: who prints, how all agree on the verdict, and what ends a run whose ranks diverged.
#pragma once

#include <boost/test/tree/observer.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

namespace priel::test {

// One object around unit_test_main, made after priel::Environment. Without MPI it is a fixture for one rank.
//
// The log of a rank is kept back until the end: rank 0 prints its own and those of the ranks that failed. At the end of
// each test unit the ranks meet. A rank that waits there for longer than the deadline (60 s, or PRIEL_TEST_DEADLINE
// seconds; 0: no deadline) says which unit it has finished and the others have not, prints its log and ends the job with
// status 201; a rank that is inside one test case for twice as long says so and ends the job too.
class MpiFixture : public boost::unit_test::test_observer {
 public:
  MpiFixture();
  ~MpiFixture() override;
  MpiFixture(const MpiFixture&) = delete;
  MpiFixture& operator=(const MpiFixture&) = delete;

  int rank() const { return rank_; }
  int size() const { return size_; }

  // Takes over Boost.Test's streams; to be called by the init function, which is after Boost.Test has set its own.
  void attach();

  // Collective: prints the logs and returns the worst status of all ranks.
  int verdict(int status);

 private:
  void test_unit_start(const boost::unit_test::test_unit& unit) override;
  void test_unit_finish(const boost::unit_test::test_unit& unit, unsigned long elapsed) override;
  void test_unit_skipped(const boost::unit_test::test_unit& unit, boost::unit_test::const_string reason) override;

  void meet(const std::string& unit);
  void watch();
  std::string prefixed(const std::string& text, int rank) const;
  [[noreturn]] void give_up(const std::string& sentence) const;

  struct Channel;
  std::unique_ptr<Channel> channel_;  // a communicator of our own, so that no message of a test is taken for ours
  int rank_ = 0;
  int size_ = 1;
  std::chrono::duration<double> deadline_{60};
  std::ostringstream log_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string inside_;  // the test case that runs now, or empty
  std::chrono::steady_clock::time_point since_;
  bool over_ = false;
  std::thread watcher_;
};

}  // namespace priel::test
