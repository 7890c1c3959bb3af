// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Batches of matrix products in a backend's memory: compiled kernels for floating types on Host, functors for the others.
#pragma once

#include <priel/algorithms/detail/dense.hpp>
#include <priel/backend.hpp>
#include <priel/element.hpp>

namespace priel {

namespace kernel {

// Integers wrap: they are multiplied as unsigned ones, of at least 32 bits because smaller ones would be promoted to int.
template <class T>
struct Wrapping { using type = T; };
template <class T>
  requires(kind_of<T> == Kind::integer)
struct Wrapping<T> { using type = std::conditional_t<(sizeof(T) > 4), std::uint64_t, std::uint32_t>; };

// c (batch, m, n) = a (…, m, k) b (…, k, n), or c += a b; rows are contiguous, the strides from one to the next. The operands' matrices
// repeat if they have fewer.
template <class T>
struct Products {
  Size batch, a_batch, b_batch, m, n, k;
  const T* a;
  const T* b;
  T* c;
  Size a_stride = k, b_stride = n, c_stride = n;
  bool add = false;

  PRIEL_DEVICE const T* a_row(Size row) const { return a + (row / m % a_batch * m + row % m) * a_stride; }
  PRIEL_DEVICE const T* b_of(Size row) const { return b + row / m % b_batch * k * b_stride; }
};

// One element of c, for backends with many threads.
template <class T>
struct ElementOfProduct {
  Products<T> task;
  PRIEL_DEVICE void operator()(Size at) const {
    using Sum = std::conditional_t<kind_of<T> == Kind::integer, std::uint64_t, accumulate_type<T>>;
    const Size row = at / task.n, column = at % task.n;
    const T* left = task.a_row(row);
    const T* right = task.b_of(row) + column;
    T& to = task.c[row * task.c_stride + column];
    Sum sum = task.add ? static_cast<Sum>(to) : Sum{};
    for (Size l = 0; l < task.k; ++l) sum += static_cast<Sum>(left[l]) * static_cast<Sum>(right[l * task.b_stride]);
    to = static_cast<T>(sum);
  }
};

// One row of c: the inner loop runs over neighbours.
template <class T>
struct RowOfProduct {
  Products<T> task;
  PRIEL_DEVICE void operator()(Size row) const {
    using W = typename Wrapping<T>::type;
    const T* left = task.a_row(row);
    const T* right = task.b_of(row);
    T* to = task.c + row * task.c_stride;
    for (Size j = 0; j < task.n && !task.add; ++j) to[j] = T{};
    for (Size l = 0; l < task.k; ++l, right += task.b_stride) {
      const W factor = static_cast<W>(left[l]);
      for (Size j = 0; j < task.n; ++j) to[j] = static_cast<T>(static_cast<W>(to[j]) + factor * static_cast<W>(right[j]));
    }
  }
};

}  // namespace kernel

namespace detail {

template <class T>
concept CompiledProduct = requires(MatrixView<const T> a, T* c) { multiply(Size{}, Size{}, Size{}, a, a, c, Size{}, false); };

template <class T>
struct MatrixOfProduct {
  kernel::Products<T> task;
  void operator()(Size i) const {
    multiply(task.m, task.n, task.k, MatrixView<const T>{task.a_row(i * task.m), task.a_stride, 1},
             MatrixView<const T>{task.b_of(i * task.m), task.b_stride, 1}, task.c + i * task.m * task.c_stride, task.c_stride, task.add);
  }
};

// Backends whose loops may call what is compiled for the CPU, and those with products of their own:
//   multiply(batch, m, n, k, a, row stride, step to the next matrix, b, ..., c, ..., whether to add)
template <class Backend>
inline constexpr bool on_cpu = std::is_same_v<Backend, Host> || requires { requires !Backend::on_cuda; };
template <class Backend, class T>
concept OwnProduct = requires(Size n, const T* a, T* c) { Backend::multiply(n, n, n, n, a, n, n, a, n, n, c, n, n, true); };

template <class Backend, class T>
void multiply_own(const kernel::Products<T>& task) {
  const auto linear = [&](Size batch) { return batch == 1 ? task.batch : batch; };   // matrices until an operand repeats
  const Size at_once = linear(task.a_batch) < linear(task.b_batch) ? linear(task.a_batch) : linear(task.b_batch);
  const Size a_matrix = task.m * task.a_stride, b_matrix = task.k * task.b_stride, c_matrix = task.m * task.c_stride;
  for (Size i = 0; i < task.batch; i += at_once)
    Backend::multiply(at_once, task.m, task.n, task.k, task.a + i % task.a_batch * a_matrix, task.a_stride, task.a_batch == 1 ? 0 : a_matrix,
                      task.b + i % task.b_batch * b_matrix, task.b_stride, task.b_batch == 1 ? 0 : b_matrix, task.c + i * c_matrix,
                      task.c_stride, c_matrix, task.add);
}

// Floating products are summed in the element type on Host (packets) and on Device, in double on Reference.
template <class Backend, class T>
void multiply_all(kernel::Products<T> task) {
  if (task.batch * task.m * task.n == 0) return;
  if (task.b_batch == 1 && task.a_batch == task.batch) {   // one tall matrix
    task.m *= task.batch;
    task.batch = task.a_batch = 1;
  }
  if constexpr (OwnProduct<Backend, T>) multiply_own<Backend>(task);
  else if constexpr (on_cpu<Backend> && CompiledProduct<T>) {
    constexpr double large = 1 << 24;   // worth all threads
    if (task.batch > 1 && static_cast<double>(task.m) * static_cast<double>(task.n) * static_cast<double>(task.k) < large)
      Backend::for_each(task.batch, MatrixOfProduct<T>{task});
    else for (Size i = 0; i < task.batch; ++i) MatrixOfProduct<T>{task}(i);
  } else if constexpr (std::is_same_v<Backend, Host>) Backend::for_each(task.batch * task.m, kernel::RowOfProduct<T>{task});
  else Backend::for_each(task.batch * task.m * task.n, kernel::ElementOfProduct<T>{task});
}

}  // namespace detail
}  // namespace priel
