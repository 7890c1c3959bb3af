// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Shared memory of one shard: arrays and expressions hold it together and copy it on write.
#pragma once

#include <priel/backend.hpp>
#include <priel/communicator.hpp>
#include <priel/element.hpp>

#include <atomic>
#include <cstring>
#include <memory>
#include <type_traits>
#include <vector>

namespace priel::detail {

template <class T, class Backend>
class Buffer {
 public:
  explicit Buffer(Size size) : data_(Backend::template allocate<T>(size < 0 ? size : size + slack)), size_(size) {
    if constexpr (slack > 0) std::memset(static_cast<void*>(data_ + size), 0, sizeof(T) * slack);
  }
  // The memory of another library's object, which `owner` keeps alive.
  Buffer(T* data, Size size, std::shared_ptr<const void> owner) : data_(data), size_(size), owner_(std::move(owner)) {}
  ~Buffer() {
    if (!owner_) Backend::release(data_);
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  T* data() { return data_; }
  const T* data() const { return data_; }
  Size size() const { return size_; }
  // Whether a loop on Host may read 63 elements behind the last one.
  bool has_slack() const { return slack > 0 && !owner_; }

  // Of the arrays whose shard this is: here, so that copying one costs one count and not two.
  Comm comm;
  // While somebody holds a writable lease, a copy of the array must not share.
  std::atomic<int> leases{0};

 private:
  static_assert(std::is_trivially_copyable_v<T>);
  static constexpr int slack = std::is_same_v<Backend, Host> && Element<T> ? 63 : 0;
  T* data_;
  Size size_;
  std::shared_ptr<const void> owner_;
};

template <class T, class Backend>
using SharedBuffer = std::shared_ptr<Buffer<T, Backend>>;

template <class T, class Backend>
[[gnu::noinline]] SharedBuffer<T, Backend> make_buffer(Size size) { return std::make_shared<Buffer<T, Backend>>(size); }

template <class T, class Backend>
SharedBuffer<T, Backend> copy_of(const Buffer<T, Backend>& other) {
  auto copy = make_buffer<T, Backend>(other.size());
  copy->comm = other.comm;
  Backend::copy(copy->data(), other.data(), other.size() * static_cast<Size>(sizeof(T)));
  return copy;
}

}  // namespace priel::detail

namespace priel {

// What one evaluation keeps alive besides the arrays: memory that nodes stage for their kernels (image rows read for patches,
// a block of a file). Made by whoever evaluates, handed to every `lower`, gone after the loop.
class Scope {
 public:
  template <class T, class Backend>
  T* stage(Size size) {
    auto buffer = detail::make_buffer<T, Backend>(size);
    held_.push_back(buffer);
    return buffer->data();
  }
  // Shared memory that is read while the kernel runs.
  template <class T, class Backend>
  const T* hold(const detail::SharedBuffer<T, Backend>& buffer) {
    held_.push_back(buffer);
    return buffer->data();
  }

 private:
  std::vector<std::shared_ptr<const void>> held_;
};

}  // namespace priel
