// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Device backend: the same kernels through Thrust, on CUDA where nvcc compiles the unit, else on Thrust's OpenMP system.
#pragma once

#include <priel/backend.hpp>
#include <priel/backend/memory.hpp>
#include <priel/buffer.hpp>

#include <thrust/copy.h>
#include <thrust/device_free.h>
#include <thrust/device_malloc.h>
#include <thrust/device_ptr.h>
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/transform.h>

namespace priel {

namespace device {

// A kernel as a function of the linear position.
template <class Kernel, int Root, class T>
struct AtLinear {
  Kernel kernel;
  Shape<Root> extent;

  PRIEL_DEVICE T operator()(Size linear) const { return static_cast<T>(kernel.at(position_of(extent, linear))); }
};

// One chunk of the elements that are reduced into one state; `work` counts (state, chunk) pairs.
template <class Statistic, class Kernel, int Root>
struct ReduceChunk {
  Kernel kernel;
  Shape<Root> kept, reduced;   // extents of the axes that stay and of those that go; 1 for the others
  Size elements, chunks;
  typename Statistic::state* states;

  PRIEL_DEVICE void operator()(Size work) const {
    const Index<Root> at = position_of(kept, work / chunks);
    const Size chunk = work % chunks, begin = elements * chunk / chunks, end = elements * (chunk + 1) / chunks;
    typename Statistic::state state = Statistic::identity();
    Index<Root> inner = position_of(reduced, begin);
    for (Size i = begin; i < end; ++i, advance(reduced, inner)) {
      Index<Root> position = at;
      for (int a = 0; a < Root; ++a) position[a] += inner[a];
      Statistic::add(state, static_cast<typename Statistic::element>(kernel.at(position)));
    }
    states[work] = state;
  }
};

}  // namespace device

struct Device {
  static constexpr const char* name = "Device";
  // Never dereferenced by the CPU, also where it could be: what runs on OpenMP then runs on CUDA.
  static constexpr bool host_memory = false;

  template <class T>
  static T* allocate(Size n) { return thrust::raw_pointer_cast(thrust::device_malloc<T>(static_cast<std::size_t>(n > 0 ? n : 1))); }
  static void release(void* data) { thrust::device_free(bytes(data)); }

  static void copy(void* to, const void* from, Size n) { thrust::copy(bytes(from), bytes(from) + n, bytes(to)); }
  static void upload(void* to, const void* from, Size n) {
    thrust::copy(static_cast<const char*>(from), static_cast<const char*>(from) + n, bytes(to));
  }
  static void download(void* to, const void* from, Size n) { thrust::copy(bytes(from), bytes(from) + n, static_cast<char*>(to)); }

  template <class Kernel, int Root, class T>
  static void fill(const Kernel& kernel, const Shape<Root>& extent, T* out) {
    const thrust::counting_iterator<Size> first(0);
    thrust::transform(thrust::device, first, first + extent.size(), thrust::device_pointer_cast(out),
                      device::AtLinear<Kernel, Root, T>{kernel, extent});
  }

  template <class Kernel, int Root, class... Statistic>
  static void reduce(const Kernel& kernel, const Shape<Root>& extent, const ReduceJob<Statistic, Root>&... jobs) {
    (pass(kernel, extent, jobs), ...);
  }

  template <class Function>
  static void for_each(Size n, const Function& function) {
    thrust::for_each_n(thrust::device, thrust::counting_iterator<Size>(0), n, function);
  }

 private:
  template <class Statistic, class Kernel, int Root>
  static void pass(const Kernel& kernel, const Shape<Root>& extent, const ReduceJob<Statistic, Root>& job) {
    if (!job.states) return;
    const auto& [stride, states, count] = job;
    using State = typename Statistic::state;
    device::ReduceChunk<Statistic, Kernel, Root> task{kernel, extent, extent, 0, 1, nullptr};
    for (int a = 0; a < Root; ++a) (stride[a] == 0 ? task.kept : task.reduced)[a] = 1;
    task.elements = task.reduced.size();
    // Enough pieces for a wide machine, none of them tiny.
    constexpr Size wide = 4096, least = 256;
    task.chunks = count < wide ? 1 + task.elements / least : 1;
    if (task.chunks > wide / count + 1) task.chunks = wide / count + 1;
    const Size work = count * task.chunks;
    task.states = allocate<State>(work);
    for_each(work, task);
    priel::detail::Buffer<State, HostMemory> parts(work);
    download(parts.data(), task.states, work * static_cast<Size>(sizeof(State)));
    release(task.states);
    for (Size i = 0; i < work; ++i) Statistic::merge(states[i / task.chunks], parts.data()[i]);
  }

  static thrust::device_ptr<char> bytes(void* data) { return thrust::device_pointer_cast(static_cast<char*>(data)); }
  static thrust::device_ptr<const char> bytes(const void* data) { return thrust::device_pointer_cast(static_cast<const char*>(data)); }
};

}  // namespace priel
