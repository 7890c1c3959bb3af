// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Signals through a pipe to a thread that waits for them: a handler itself may do next to nothing.
#include "interrupt.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace priel::app {

namespace {

int ends[2] = {-1, -1};

void tell(int signal) {
  const int error = errno;
  const auto number = static_cast<unsigned char>(signal);
  [[maybe_unused]] const auto written = ::write(ends[1], &number, 1);
  errno = error;
}

}  // namespace

OnInterrupt::OnInterrupt(std::function<void()> clean) : clean_(std::move(clean)) {
  if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "a pipe for signals");
  watcher_ = std::thread([this] {
    unsigned char number = 0;
    while (::read(ends[0], &number, 1) < 0 && errno == EINTR) {}
    if (number == 0) return;
    clean_();
    std::_Exit(128 + number);
  });
  struct sigaction action {};
  action.sa_handler = tell;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    ::sigaction(signals_[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) ::sigaction(signals_[i], &action, nullptr);
  }
}

OnInterrupt::~OnInterrupt() {
  for (std::size_t i = 0; i < signals_.size(); ++i) ::sigaction(signals_[i], &before_[i], nullptr);
  tell(0);
  watcher_.join();
  for (int& end : ends) ::close(end);
}

}  // namespace priel::app
