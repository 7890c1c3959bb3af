// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The memory of the Device backend: CUDA's where nvcc compiles the unit for it, else the CPU's, for Thrust's OpenMP system.
#pragma once

#include <priel/backend/memory.hpp>

#include <thrust/detail/config.h>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <priel/backend/device_pool_cuda.hpp>
#endif

namespace priel::device {

inline constexpr bool on_cuda = THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA;

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA

struct Memory {
  static constexpr bool host_memory = false;

  // Throws DeviceMemoryError where there is not that much left, std::runtime_error where there is no device.
  template <class T>
  static T* allocate(Size n) {
    if (n < 0 || static_cast<std::size_t>(n) > (~std::size_t{0} >> 1) / sizeof(T)) throw std::bad_alloc();
    return static_cast<T*>(Pool::of_process().take(static_cast<std::size_t>(n > 0 ? n : 1) * sizeof(T)));
  }
  static void release(void* data) noexcept { Pool::of_process().give(data); }

  static void copy(void* to, const void* from, Size bytes) { move(to, from, bytes, cudaMemcpyDeviceToDevice); }
  static void upload(void* to, const void* from, Size bytes) { move(to, from, bytes, cudaMemcpyHostToDevice); }
  static void download(void* to, const void* from, Size bytes) { move(to, from, bytes, cudaMemcpyDeviceToHost); }
  // All that was begun is done: before memory is given to who does not use the default stream.
  static void settle() { check(cudaStreamSynchronize(nullptr), "work of the CUDA device"); }

 private:
  static void move(void* to, const void* from, Size bytes, cudaMemcpyKind kind) {
    if (bytes > 0) check(cudaMemcpy(to, from, static_cast<std::size_t>(bytes), kind), "copy to or from the CUDA device");
  }
};

#else

// Never dereferenced outside the backend although it could be: what runs here then runs on CUDA.
struct Memory : HostMemory {
  static constexpr bool host_memory = false;
  static void settle() {}
};

#endif

}  // namespace priel::device

namespace priel {

// Gives the device's memory that arrays have released, and that is kept for the next ones (a quarter of the card's at most), back to it.
inline void release_device_memory() {
#if defined(__CUDACC__)
  device::Pool::of_process().release();
#else
  release_memory();
#endif
}

}  // namespace priel
