// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Device backend: the same kernels through Thrust, on CUDA where nvcc compiles the unit, else on Thrust's OpenMP system.
#pragma once

#include <priel/backend.hpp>
#include <priel/backend/device_fill.hpp>
#include <priel/backend/device_functions.hpp>
#include <priel/backend/device_memory.hpp>
#include <priel/backend/device_reduce.hpp>

#if defined(PRIEL_HAS_CUBLAS)
#include <priel/backend/device_cublas.hpp>
#endif

#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

namespace priel {

#if defined(__CUDACC__)
inline namespace by_cuda {
#else
inline namespace by_openmp {
#endif

// What runs on Thrust's OpenMP system runs on CUDA: the CPU never dereferences this memory outside the loops here.
struct Device : device::Memory {
  static constexpr const char* name = "Device";
  // Whether the loops run on a GPU. Where they do not, functions of the CPU may be called within for_each.
  static constexpr bool on_cuda = device::on_cuda;

  template <class Kernel, int Root, class T>
  static void fill(const Kernel& kernel, const Shape<Root>& extent, T* out) {
    device::check_functions<on_cuda, Kernel>();
    const Size n = extent.size();
    const Shape<Root> box = device::merged(kernel, extent);
    if constexpr (on_cuda) {
      using Group = device::FillGroup<Kernel, Root, T>;
      for_each(Group::work(n), Group{kernel, device::Positions<Root>(box), n, out});
    } else {
      using Piece = device::FillPiece<Kernel, Root, T>;
      if constexpr (Root > 1) {
        if (const int axis = device::panel_axis(kernel, box); axis >= 0) {
          const device::FillPanels<Kernel, Root, T> panels{kernel, box, host::Panels<Root>(box, axis, host::panel_rows), out};
          return for_each(panels.work(), panels);
        }
      }
      for_each(Piece::work(n), Piece{kernel, box, n, out});
    }
  }

  template <class Kernel, int Root, class... Statistic>
  static void reduce(const Kernel& kernel, const Shape<Root>& extent, const ReduceJob<Statistic, Root>&... jobs) {
    device::check_functions<on_cuda, Kernel>();
    device::reduce<Device>(kernel, extent, jobs...);
  }

  template <class Function>
  static void for_each(Size n, const Function& function) {
    if (n == 0) return;
    if constexpr (on_cuda) device::launch_each(n, function);
    else if (n == 1) function(Size{0});   // a team of threads would cost more
    else thrust::for_each_n(thrust::device, thrust::counting_iterator<Size>(0), n, function);
  }

#if defined(PRIEL_HAS_CUBLAS)
  // Batches of matrix products of floating and complex types (device_cublas.hpp).
  template <device::CublasElement T>
  static void multiply(Size batch, Size m, Size n, Size k, const T* a, Size a_stride, Size a_step, const T* b, Size b_stride, Size b_step, T* c,
                       Size c_stride, Size c_step, bool add) {
    device::multiply(batch, m, n, k, a, a_stride, a_step, b, b_stride, b_step, c, c_stride, c_step, add);
  }
#endif
};

}  // inline namespace
}  // namespace priel
