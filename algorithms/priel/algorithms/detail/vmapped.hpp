// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What vmap's forms share: types of slices and results, kernels with a form for contiguous memory, results put together.
#pragma once

#include <priel/algorithms/detail/panels.hpp>
#include <priel/block_stage.hpp>
#include <priel/first_error.hpp>

#include <memory>
#include <optional>

namespace priel::detail {

template <class Result>
struct kernel_result {   // a C++ number: rank 0
  using type = Result;
  static constexpr int rank = 0;
};
template <Expression Result>
struct kernel_result<Result> {
  using type = value_of<Result>;
  static constexpr int rank = rank_of<Result>;
};

// What a kernel is called with.
template <class E>
struct KernelSlice {
  using Backend = backend_or_default<backend_of<E>>;
  // Of an abstract operand only the kernel's result type is wanted.
  using Computing = std::conditional_t<std::is_same_v<Backend, Nowhere>, default_backend, Backend>;
  using type = Array<value_of<E>, rank_of<E> - 1, Replicated, Computing>;
};

// Whether the kernel's result is a tuple or the like.
template <class Kernel, class E>
inline constexpr bool returns_several = [] {
  using Slice = typename KernelSlice<E>::type;
  if constexpr (std::is_invocable_v<const Kernel&, const Slice&>) {
    using Result = std::remove_cvref_t<std::invoke_result_t<const Kernel&, const Slice&>>;
    return requires { std::tuple_size<Result>::value; };
  } else return false;
}();

template <class Kernel, class E>
struct Vmapped : KernelSlice<E> {
  using typename KernelSlice<E>::Backend;
  using typename KernelSlice<E>::Computing;
  using Slice = typename KernelSlice<E>::type;
  using Result = kernel_result<std::remove_cvref_t<decltype(std::declval<const Kernel&>()(std::declval<const Slice&>()))>>;
  // A kernel may offer a form for contiguous CPU memory: series(x, n, d, out) for slices (n, d) -> (n).
  static constexpr bool tuned = Computing::host_memory && !std::is_same_v<Backend, Reference> && rank_of<E> == 3 &&
      requires(const Kernel& kernel, const value_of<E>* x, value_of<E>* out) { kernel.series(x, Size{}, Size{}, out); };
  // And one for many slices in memory that the CPU does not see: batch<Backend, X>(most, n, d) gives what is called with
  // (x, count, out) for count <= most slices, and tells its scratch() memory.
  static constexpr bool batched = !Computing::host_memory && rank_of<E> == 3 &&
      requires(const Kernel& kernel) { kernel.template batch<Computing, value_of<E>>(Size{}, Size{}, Size{}).scratch(); };
  // Either way the results are numbers of the slices' type, one for each row, and lie in place.
  static constexpr bool in_place = tuned || batched;
  static auto batch(const Kernel& kernel, Size most, Size n, Size d) {
    if constexpr (batched) return kernel.template batch<Computing, value_of<E>>(most, n, d);
    else return nullptr;
  }
};

// f(i) for i in [0, count): kernels on the CPU's own backend run in parallel.
template <class Backend, class F>
void for_each_slice(Size count, const F& f) {
  if constexpr (Backend::host_memory && !std::is_same_v<Backend, Reference>) Backend::for_each(count, f);
  else for (Size i = 0; i < count; ++i) f(i);
}

// In place: the largest on any rank.
inline void largest_on_any_rank(const Communicator& comm, Size* values, Size count) {
  comm.all_reduce(values, count, sizeof(Size), [](void* into, const void* from, Size n) {
    for (Size i = 0; i < n; ++i) static_cast<Size*>(into)[i] = std::max(static_cast<Size*>(into)[i], static_cast<const Size*>(from)[i]);
  });
}

// Results of `size` elements each, one behind the other; ShapeError for one of another size.
template <class Backend, class Values, class T>
void place_results(const Values& values, Size size, T* out) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& value = *values[i];
    if (value.size() != size) throw ShapeError("vmap: the kernel's results differ in extents");
    Backend::copy(out + static_cast<Size>(i) * size, value.local().data(), size * static_cast<Size>(sizeof(T)));
  }
}

// The results of n slices, of which this rank has its share, as one array. Their extents are agreed, and that they are equal: ShapeError if not.
template <class Stored, class Values>
Stored joined_results(const Values& values, Size n, const Comm& comm) {
  constexpr int rank = Stored::rank;
  using Policy = policy_of<Stored>;
  Shape<rank> full;
  Index<(rank > 1 ? rank : 1)> extents;   // of a result, from any rank that has one
  if (!values.empty())
    for (int a = 1; a < rank; ++a) extents[a] = values.front()->shape()[a - 1];
  if (rank > 1 && !std::is_same_v<Policy, Replicated>) largest_on_any_rank(*comm, extents.begin(), rank);
  full[0] = n;
  Size size = 1;
  for (int a = 1; a < rank; ++a) size *= full[a] = extents[a];
  Stored result(full, comm);
  const auto place = [&] { place_results<backend_of<Stored>>(values, size, result.local_mut().data()); };
  if constexpr (std::is_same_v<Policy, Replicated>) place();
  else agreed(*comm, place);
  return result;
}

// The extents of a general kernel's results, as far as the rank's first slice tells: agreed, nothing is run for the others.
template <int rank, class Result, class E>
Shape<rank> sampled_extents(const Panels<E>& panels, const Result& result_of_first) {
  Shape<rank> extents;
  const auto sample = [&] {
    if (panels.rows(panels.comm()->rank()).extent == 0) return;
    const auto shape = result_of_first();
    for (int a = 1; a < rank; ++a) extents[a] = shape[a - 1];
  };
  if constexpr (std::is_same_v<stored_policy<policy_of<E>>, Replicated>) sample();
  else {
    agreed(*panels.comm(), sample);
    largest_on_any_rank(*panels.comm(), extents.begin(), rank);
  }
  extents[0] = panels.x().shape()[0];
  return extents;
}

// A kernel's slice, alone on its rank, made from memory of the backend.
template <class Slice>
Slice slice_from(const value_of<Slice>* memory, const Shape<Slice::rank>& extents) {
  Slice x(extents, self());
  backend_of<Slice>::copy(x.local_mut().data(), memory, x.size() * static_cast<Size>(sizeof(value_of<Slice>)));
  return x;
}

}  // namespace priel::detail
