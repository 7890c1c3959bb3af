// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A hook in every way to get memory (malloc and its family, behind operator new too, and mmap): counts the large ones. For glibc.
#pragma once

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace allocations {

inline std::atomic<std::size_t> least{~std::size_t{0}};
inline std::atomic<long long> large{0};

inline void start(std::size_t bytes) {
  large = 0;
  least = bytes;
}
inline long long stop() {
  least = ~std::size_t{0};
  return large;
}
inline void seen(std::size_t bytes) {
  if (bytes >= least) ++large;
}

}  // namespace allocations

extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t bytes) {
  allocations::seen(bytes);
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) {
  allocations::seen(count * bytes);
  return __libc_calloc(count, bytes);
}
void* realloc(void* old, std::size_t bytes) {
  allocations::seen(bytes);
  return __libc_realloc(old, bytes);
}
void* memalign(std::size_t alignment, std::size_t bytes) {
  allocations::seen(bytes);
  return __libc_memalign(alignment, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) { return memalign(alignment, bytes); }
int posix_memalign(void** result, std::size_t alignment, std::size_t bytes) {
  *result = memalign(alignment, bytes);
  return *result ? 0 : ENOMEM;
}
// glibc's own calls of mmap do not come here, so nothing is counted twice.
void* mmap(void* at, std::size_t bytes, int protection, int flags, int file, off_t offset) {
  allocations::seen(bytes);
  return reinterpret_cast<void*>(syscall(SYS_mmap, at, bytes, protection, flags, file, offset));
}

}  // extern "C"
