// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// CPU memory, as the backends that run on it allocate and copy it.
#pragma once

#include <priel/shape.hpp>

#include <cstddef>
#include <cstring>
#include <new>

namespace priel {

struct HostMemory {
  static constexpr bool host_memory = true;
  static constexpr std::align_val_t alignment{64};   // a cache line, and the widest packet

  template <class T>
  static T* allocate(Size n) {
    if (n < 0 || static_cast<std::size_t>(n) > (~std::size_t{0} >> 1) / sizeof(T)) throw std::bad_alloc();
    return static_cast<T*>(::operator new(static_cast<std::size_t>(n) * sizeof(T), alignment));
  }
  static void release(void* data) { ::operator delete(data, alignment); }

  static void copy(void* to, const void* from, Size bytes) {
    if (bytes > 0) std::memcpy(to, from, static_cast<std::size_t>(bytes));
  }
  static void upload(void* to, const void* from, Size bytes) { copy(to, from, bytes); }
  static void download(void* to, const void* from, Size bytes) { copy(to, from, bytes); }
};

}  // namespace priel
