// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Released CUDA memory kept for the next request: an allocation of CUDA's own waits for the device, and costs more than a small loop.
#pragma once

#include <priel/shape.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>

namespace priel {

// The device has not that much memory left.
class DeviceMemoryError : public std::bad_alloc {
 public:
  explicit DeviceMemoryError(std::string text) : text_(std::make_shared<const std::string>(std::move(text))) {}
  const char* what() const noexcept override { return text_->c_str(); }

 private:
  std::shared_ptr<const std::string> text_;   // exceptions are copied, which must not throw
};

namespace device {

// Throws std::runtime_error with CUDA's own words, unless all went well.
inline void check(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  const bool none = status == cudaErrorNoDevice || status == cudaErrorInsufficientDriver;
  throw std::runtime_error(std::string(none ? "no CUDA device" : what) + ": " + cudaGetErrorString(status));
}

// Plain allocations, which an MPI library may be given. All loops and copies run one after the other on the default stream (one for all
// threads), so memory may be used again while the last loop that reads it is still running; who uses another stream waits first (settle).
class Pool {
 public:
  // Never destroyed: arrays of static duration are released after main.
  static Pool& of_process() {
    static Pool* const pool = new Pool;
    return *pool;
  }

  void* take(std::size_t wanted) {
    const std::size_t bytes = (wanted + granule - 1) / granule * granule;
    int device = 0;
    check(cudaGetDevice(&device), "the CUDA device");
    const std::lock_guard lock(mutex_);
    void* data = nullptr;
    if (const auto found = kept_.lower_bound({device, bytes}); found != kept_.end() && found->first.first == device && found->first.second <= bytes + bytes / 4) {
      data = found->second;
      kept_bytes_ -= found->first.second;
      taken_[data] = found->first;
      kept_.erase(found);
      return data;
    }
    cudaError_t status = cudaMalloc(&data, bytes);
    if (status == cudaErrorMemoryAllocation && !kept_.empty()) {
      drop();
      cudaGetLastError();   // it would be reported again by the next call
      status = cudaMalloc(&data, bytes);
    }
    if (status == cudaErrorMemoryAllocation) refuse(bytes);
    check(status, "memory of the CUDA device");
    taken_[data] = {device, bytes};
    return data;
  }

  void give(void* data) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = taken_.find(data);
    if (found == taken_.end()) return;
    const Key key = found->second;
    taken_.erase(found);
    if (key.second > most() || !keep(key, data)) {
      cudaFree(data);
      return;
    }
    while (kept_bytes_ > most()) drop_largest();
  }

  // Gives what is kept back to the device, for libraries that allocate there themselves.
  void release() noexcept {
    const std::lock_guard lock(mutex_);
    drop();
  }

 private:
  using Key = std::pair<int, std::size_t>;   // device, bytes
  static constexpr std::size_t granule = 512;

  // A quarter of the card's memory: other libraries want some, too.
  static std::size_t most() {
    static const std::size_t quarter = [] {
      std::size_t free = 0, total = 0;
      return cudaMemGetInfo(&free, &total) == cudaSuccess ? total / 4 : std::size_t{0};
    }();
    return quarter;
  }
  bool keep(const Key& key, void* data) noexcept {
    try {
      kept_.emplace(key, data);
    } catch (const std::bad_alloc&) {
      return false;
    }
    kept_bytes_ += key.second;
    return true;
  }
  void drop_largest() noexcept {
    const auto largest = std::max_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) { return a.first.second < b.first.second; });
    cudaFree(largest->second);
    kept_bytes_ -= largest->first.second;
    kept_.erase(largest);
  }
  void drop() {
    for (const auto& [key, data] : kept_) cudaFree(data);
    kept_.clear();
    kept_bytes_ = 0;
  }
  [[noreturn]] static void refuse(std::size_t bytes) {
    cudaGetLastError();
    std::size_t free = 0, total = 0;
    cudaMemGetInfo(&free, &total);
    throw DeviceMemoryError("out of device memory: " + std::to_string(bytes >> 20) + " MiB wanted, " + std::to_string(free >> 20) + " of " +
                            std::to_string(total >> 20) + " MiB free");
  }

  std::mutex mutex_;
  std::multimap<Key, void*> kept_;
  std::unordered_map<void*, Key> taken_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace device
}  // namespace priel
