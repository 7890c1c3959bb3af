// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How kernels that read other places than their own hand whole runs to the Host backend, also when they read each other.
#pragma once

#include <priel/kernel.hpp>

namespace priel::kernel {

// Such a kernel has, beside `at`,  row(from, step, n, out):  out[j] = at(from + j * step).

template <int Rank>
PRIEL_DEVICE constexpr Index<Rank> moved_by(Index<Rank> index, const Index<Rank>& step, Size times) {
  for (int a = 0; a < Rank; ++a) index[a] += times * step[a];
  return index;
}

// What a node's index advances by where the position advances by `step`.
template <int Root, int Rank>
constexpr Index<Rank> steps_of(const Frame<Root, Rank>& frame, const Index<Root>& step) {
  Index<Rank> steps;
  for (int a = 0; a < Rank; ++a) steps[a] = frame.source[a] >= 0 ? frame.step[a] * step[frame.source[a]] : 0;
  return steps;
}

template <class T, class S>
void copy_memory(const S* from, Size stride, Size n, T* out) {
  if (stride == 1) for (Size j = 0; j < n; ++j) out[j] = static_cast<T>(from[j]);
  else for (Size j = 0; j < n; ++j) out[j] = static_cast<T>(from[j * stride]);
}

// out[j] = the source at from + j * step.
template <class T, class Source, int Rank>
void copy_row(const Source& source, const Index<Rank>& from, const Index<Rank>& step, Size n, T* out) {
  if constexpr (requires { source.row(from, step, n, out); }) source.row(from, step, n, out);
  else for (Size j = 0; j < n; ++j) out[j] = static_cast<T>(source.at(moved_by(from, step, j)));
}
template <class T, class S, int Rank>
void copy_row(const Strided<S, Rank>& source, const Index<Rank>& from, const Index<Rank>& step, Size n, T* out) {
  copy_memory(source.data + source.offset(from), source.offset(step), n, out);
}

// n positions from `first` on, C order: what Host asks a kernel's `copy` for.
template <class Kernel, int Root, class T>
void copy_rows(const Kernel& kernel, Index<Root> first, const Shape<Root>& extent, int n, T* out) {
  Index<Root> step;
  if constexpr (Root == 0) kernel.row(first, step, 1, out);
  else {
    step[Root - 1] = 1;
    for (Size done = 0; done < n;) {
      const Size left = extent[Root - 1] - first[Root - 1], count = left < n - done ? left : n - done;
      kernel.row(first, step, count, out + done);
      done += count;
      first[Root - 1] += count - 1;
      advance(extent, first);
    }
  }
}

}  // namespace priel::kernel
