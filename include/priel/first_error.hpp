// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// FirstError: the first exception of a parallel loop, which none may leave, kept until the loop is done.
#pragma once

#include <priel/shape.hpp>

#include <exception>
#include <mutex>

namespace priel::detail {

// The first by position, not by time: which one does not depend on threads.
class FirstError {
 public:
  template <class F>
  void guard(Size position, F&& f) noexcept {
    try {
      f();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_ || position < position_) {
        error_ = std::current_exception();
        position_ = position;
      }
    }
  }
  std::exception_ptr error() const { return error_; }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
  Size position_ = 0;
};

}  // namespace priel::detail
