// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// CPU memory, as the backends that run on it allocate and copy it.
#pragma once

#include <priel/shape.hpp>

#include <cstddef>
#include <cstring>
#include <new>

namespace priel {

namespace detail {
// Memory for so many bytes, aligned to a cache line, recycled where a block of its size was released before. Large blocks ask
// for huge pages. std::bad_alloc if there is none.
void* acquire(std::size_t bytes);
void recycle(void* memory) noexcept;
}  // namespace detail

// Gives memory that arrays have released, and that is kept for the next ones (272 MiB at most, or a thirty-second of the machine's where
// that is less), back to the system, but for a MiB or so of small blocks for each thread. PRIEL_RECYCLE_MEMORY=0 in the environment
// keeps none.
void release_memory();

// At most so many bytes are kept from now on, beside the small blocks; and how many are. Of the process, for all threads.
void limit_recycling(Size bytes);
Size recycled_bytes();

struct HostMemory {
  static constexpr bool host_memory = true;

  template <class T>
  static T* allocate(Size n) {
    if (n < 0 || static_cast<std::size_t>(n) > (~std::size_t{0} >> 1) / sizeof(T)) throw std::bad_alloc();
    return static_cast<T*>(detail::acquire(static_cast<std::size_t>(n) * sizeof(T)));
  }
  static void release(void* data) { detail::recycle(data); }

  static void copy(void* to, const void* from, Size bytes) {
    if (bytes > 0) std::memcpy(to, from, static_cast<std::size_t>(bytes));
  }
  static void upload(void* to, const void* from, Size bytes) { copy(to, from, bytes); }
  static void download(void* to, const void* from, Size bytes) { copy(to, from, bytes); }
};

}  // namespace priel
