// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Short runs made columns: element j of the runs beside each other, so that runs are folded lane by lane.
#pragma once

#include "operations.hpp"

namespace priel::detail::PRIEL_ISA {

template <int... Lane>
struct Lanes {};
template <int N, int... Lane>
struct LanesUpTo : LanesUpTo<N - 1, N - 1, Lane...> {};
template <int... Lane>
struct LanesUpTo<0, Lane...> { using type = Lanes<Lane...>; };
template <int N>
using AllLanes = typename LanesUpTo<N>::type;

// Where a lane comes from: element `at` of what `n` lanes each hold, if it is in this register or, at first, in the one before; else it stays.
constexpr int lane_to_pick(int at, int number, int n, int lane) {
  return at / n == number ? n + at % n : number == 1 && at < n ? at : lane;
}

// Element `At` of as many runs as there are lanes, from the registers that hold them: what is found in the first two, then the rest.
template <int Run, int At, int Register, class V, int... Lane>
PRIEL_INLINE V picked(const V* from, V found, Lanes<Lane...> all) {
  constexpr int n = sizeof...(Lane);
  if constexpr (Register >= Run) return found;
  else
    return picked<Run, At, Register + 1>(
        from, __builtin_shufflevector(found, from[Register], lane_to_pick(Lane * Run + At, Register, n, Lane)...), all);
}
template <int Run, int At, class T>
PRIEL_INLINE void pick_columns(const Packed<T>* from, T* to, std::int64_t stride) {
  store<T, lanes<T>>(to + At * stride, picked<Run, At, 1>(from, from[0], AllLanes<lanes<T>>{}));
  if constexpr (At + 1 < Run) pick_columns<Run, At + 1>(from, to, stride);
}

template <int Run, class T>
[[gnu::noinline]] void make_columns(const T* x, std::int64_t runs, T* to, std::int64_t stride) {
  std::int64_t r = 0;
  if constexpr (sizeof(T) > 1)
    for (; r + lanes<T> <= runs; r += lanes<T>) {
      Packed<T> from[Run];
      for (int j = 0; j < Run; ++j) {
        fetch(x + r * Run + j * lanes<T>, fetched_ahead);
        from[j] = load<T, lanes<T>>(x + r * Run + j * lanes<T>);
      }
      pick_columns<Run, 0>(from, to + r, stride);
    }
  for (; r < runs; ++r)
    for (int j = 0; j < Run; ++j) to[j * stride + r] = x[r * Run + j];
}

template <int Run, class T, class F>
PRIEL_INLINE void in_columns(const T* x, std::int64_t count, F f) {
  if constexpr (Run == 1) f(Length<1>{}, x, std::int64_t{0}, std::int64_t{0}, count);
  else {
    constexpr std::int64_t together = 256;
    alignas(64) T columns[Run * together];
    for (std::int64_t r = 0; r < count; r += together) {
      const std::int64_t here = count - r < together ? count - r : together;
      make_columns<Run>(x + r * Run, here, columns, together);
      f(Length<Run>{}, columns, together, r, here);
    }
  }
}

// f(Length<length>, columns, how far apart they lie, first run, runs) for runs of at most 8, in parts; false for longer ones.
template <class T, class F>
PRIEL_INLINE bool short_runs(const T* x, std::int64_t count, std::int64_t length, F f) {
  switch (length) {
    case 1: in_columns<1>(x, count, f); return true;
    case 2: in_columns<2>(x, count, f); return true;
    case 3: in_columns<3>(x, count, f); return true;
    case 4: in_columns<4>(x, count, f); return true;
    case 5: in_columns<5>(x, count, f); return true;
    case 6: in_columns<6>(x, count, f); return true;
    case 7: in_columns<7>(x, count, f); return true;
    case 8: in_columns<8>(x, count, f); return true;
    default: return false;
  }
}

}  // namespace priel::detail::PRIEL_ISA
