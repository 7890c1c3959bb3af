// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Backends: where an array's memory is and who runs the loops. Each lives in a file of its own under backend/.
#pragma once

#include <priel/kernel.hpp>

namespace priel {

struct Reference;   // plain loops, the oracle: backend/reference.hpp
struct Host;        // Eigen packets and OpenMP threads: backend/host.hpp
// Thrust, on CUDA or its OpenMP system: backend/device.hpp. Units compiled for one and for the other do not link to each other.
#if defined(__CUDACC__)
inline namespace by_cuda {
struct Device;
}
#else
inline namespace by_openmp {
struct Device;
}
#endif
struct Nowhere;     // no memory and no loops, of operands that are only explained: abstract.hpp

// The backend of arrays that name none.
using default_backend = Host;

// The protocol of a backend B:
//   template <class T> static T* allocate(Size n);  static void release(void*);   memory of the backend, 64-byte aligned
//   static constexpr bool host_memory;                                            the CPU may dereference it
//   static void upload(void* to, const void* from, Size bytes);  download(...)    between backend and CPU memory
//   static void copy(void* to, const void* from, Size bytes)                      within the backend's
//   template <class Kernel, int Root, class T> static void fill(const Kernel&, const Shape<Root>&, T* out)
//       out[linear] = kernel.at(position) for every position of the box, C order
//   template <class Kernel, int Root, class... Statistic> static void reduce(const Kernel&, const Shape<Root>&,
//       const ReduceJob<Statistic, Root>&... jobs)
//       in one pass, for every job: merges every element into the job's states
//   template <class Function> static void for_each(Size n, const Function&)
//       function(i) for i in [0, n), in any order and in parallel; the function is a trivially copyable functor
//   static constexpr const char* name

// A statistic that a pass over a box accumulates: the element at position i goes into states[Σ stride[a] i[a]], reduced axes
// having stride 0. The states are CPU memory that holds the identity; none at all: nothing is wanted.
template <class Statistic, int Root>
struct ReduceJob {
  Index<Root> stride;
  typename Statistic::state* states;
  Size count;
};

namespace detail {

// A node whose operands name no backend (constants, files) has `void`; the other operand decides.
template <class A, class B>
struct joined_backend {
  static constexpr bool ok = std::is_same_v<A, B> || std::is_void_v<A> || std::is_void_v<B>;
  using type = std::conditional_t<std::is_void_v<A>, B, A>;
};

template <class B>
using backend_or_default = std::conditional_t<std::is_void_v<B>, default_backend, B>;

}  // namespace detail
}  // namespace priel
