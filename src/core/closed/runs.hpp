// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Folds of runs: neighbours in memory that become one value. A run is folded into the lanes of registers, as many runs as a register
// has lanes are then folded together; of short runs, columns are made first.
#pragma once

#include "columns.hpp"
#include "rows.hpp"

namespace priel::detail::PRIEL_ISA {

// v[r] holds the parts of run r: lane r of the result is all of them. Pairs of registers are folded lane by lane, neighbours at first.
template <int Step, int... Lane>
struct Halves {
  static constexpr int n = sizeof...(Lane);
  template <class V>
  PRIEL_INLINE static V lower(V a, V b) { return __builtin_shufflevector(a, b, ((Lane & Step) != 0 ? n + (Lane & ~Step) : Lane)...); }
  template <class V>
  PRIEL_INLINE static V upper(V a, V b) { return __builtin_shufflevector(a, b, ((Lane & Step) != 0 ? n + Lane : Lane | Step)...); }
};
template <int Step, class Operation, class V, int... Lane>
PRIEL_INLINE V folded_lanes(V* v, Lanes<Lane...> all) {
  constexpr int n = sizeof...(Lane);
  using Half = Halves<Step, Lane...>;
  for (int r = 0; r < n / Step; r += 2) v[r / 2] = Operation::fold(Half::lower(v[r], v[r + 1]), Half::upper(v[r], v[r + 1]));
  if constexpr (2 * Step < n) return folded_lanes<2 * Step, Operation>(v, all);
  else return v[0];
}

// Lanes of the last register of a run of n that no register before it has; that register ends with the run.
template <class A, int N>
PRIEL_INLINE Vec<MaskLane<A>, N> rest_of_run(std::int64_t n) {
  Vec<MaskLane<A>, N> lane;
  for (int i = 0; i < N; ++i) lane[i] = static_cast<MaskLane<A>>(i);
  return lane >= static_cast<MaskLane<A>>(N - n % N);   // none where n % N is 0
}

// The whole registers of a run in `Chains` sums, which do not wait for each other: add(sum, at) for each.
template <class T, int N, int Chains, int Ahead = fetched_ahead, class Add>
PRIEL_INLINE void walk_run(const T* x, std::int64_t n, Add add) {
  constexpr int line = 64 / static_cast<int>(sizeof(T)), step = N * Chains > line ? N * Chains : line;
  std::int64_t i = 0;
  for (; i + step <= n; i += step) {
    for (int l = 0; l < step; l += line) fetch(x + i + l, Ahead);
    for (int u = 0; u < step; u += N) add(u / N % Chains, x + i + u);
  }
  if (i + N <= n) fetch(x + i, Ahead);
  for (; i + N <= n; i += N) add(0, x + i);
}

// One run of at least a register.
template <class Operation, class A, class T>
PRIEL_INLINE Packed<A> parts_of_run(const T* x, std::int64_t n, Packed<MaskLane<A>> rest) {
  constexpr int width = lanes<A>;
  const Packed<A> none = Packed<A>{} + Operation::template identity<A>;
  const auto last = [&]() PRIEL_INLINED { return rest ? widened<A>(x + n - width) : none; };
  if (n < 4 * width) {
    Packed<A> sum = last();
    fetch(x, fetched_ahead);
    for (std::int64_t i = 0; i + width <= n; i += width) sum = Operation::fold(sum, widened<A>(x + i));
    return sum;
  }
  Packed<A> sums[4] = {none, none, none, none};
  walk_run<T, width, 4>(x, n, [&](int u, const T* at) { sums[u] = Operation::fold(sums[u], widened<A>(at)); });
  if (n % width != 0) sums[1] = Operation::fold(sums[1], last());   // not before: of a long run it is far away
  return Operation::fold(Operation::fold(sums[0], sums[1]), Operation::fold(sums[2], sums[3]));
}

// parts(first element of a run) for groups of as many runs as there are lanes, folded into into[run].
template <class Operation, int N, class T, class A, class Parts>
PRIEL_INLINE void fold_groups(const T* x, std::int64_t count, std::int64_t length, A* into, Parts parts) {
  for (std::int64_t r = 0; r < count; r += N) {
    const std::int64_t here = count - r < N ? count - r : N;
    Vec<A, N> v[N];
    v[0] = parts(x + r * length);
#pragma GCC unroll 1
    for (int i = 1; i < N; ++i) v[i] = i < here ? parts(x + (r + i) * length) : v[0];
    const Vec<A, N> folded = folded_lanes<1, Operation>(v, AllLanes<N>{});
    if (here == N) store<A, N>(into + r, folded);
    else
      for (std::int64_t i = 0; i < here; ++i) into[r + i] = folded[i];
  }
}

// Bytes: 16-bit sums of the even and the odd ones, emptied before they overflow.
PRIEL_INLINE std::int64_t sum_bytes(const std::uint8_t* x, std::int64_t n) {
  constexpr int width = PRIEL_VECTOR_BYTES;
  using Half = Vec<std::uint16_t, width / 2>;
  std::int64_t i = 0, result = 0;
  while (i + width <= n) {
    Half even{}, odd{};
    for (int steps = 0; steps < 256 && i + width <= n; ++steps, i += width) {
      const Half pair = reinterpret_cast<Half>(load<std::uint8_t, width>(x + i));
      even += pair & 0xff;
      odd += pair >> 8;
    }
    for (int lane = 0; lane < width / 2; ++lane) result += even[lane] + odd[lane];
  }
  for (; i < n; ++i) result += x[i];
  return result;
}

template <class Operation, class T, class A>
void fold_runs(const T* x, std::int64_t count, std::int64_t length, A* into) {
  if (short_runs(x, count, length, [&](auto known, const T* columns, std::int64_t stride, std::int64_t at, std::int64_t n) {
        fold_few<Operation, T, A, known.value, true>(columns, stride, n, into + at);
      })) return;
  if constexpr (__is_same(T, std::uint8_t) && __is_same(Operation, Plus))
    if (length >= 2 * PRIEL_VECTOR_BYTES) {
      for (std::int64_t r = 0; r < count; ++r) into[r] = sum_bytes(x + r * length, length);
      return;
    }
  const Packed<MaskLane<A>> rest = rest_of_run<A, lanes<A>>(length);
  fold_groups<Operation, lanes<A>>(x, count, length, into, [&](const T* run) PRIEL_INLINED { return parts_of_run<Operation, A>(run, length, rest); });
}

// The last register overlaps the one before: an element counts once or twice alike.
template <class Order, class T, int N>
PRIEL_INLINE Vec<T, N> first_parts(const T* x, std::int64_t n) {
  Vec<T, N> first = load<T, N>(n < 4 * N ? x + n - N : x);
  if (n < 4 * N) {
    for (std::int64_t i = 0; i + N <= n; i += N) {
      fetch(x + i, fetched_ahead);
      first = Order::fold(first, load<T, N>(x + i));
    }
    return first;
  }
  Vec<T, N> best[4] = {first, first, first, first};
  walk_run<T, N, 4>(x, n, [&](int u, const T* at) { best[u] = Order::fold(best[u], load<T, N>(at)); });
  best[0] = Order::fold(best[0], load<T, N>(x + n - N));   // not before: of a long run it is far away
  return Order::fold(Order::fold(best[0], best[1]), Order::fold(best[2], best[3]));
}
template <class Order>
std::uint8_t first_byte(const std::uint8_t* x, std::int64_t n) {
  constexpr int width = PRIEL_VECTOR_BYTES;
  std::uint8_t result = x[0];
  if (n >= width) {
    const auto best = first_parts<Order, std::uint8_t, width>(x, n);
    for (int lane = 0; lane < width; ++lane) result = Order::fold(result, static_cast<std::uint8_t>(best[lane]));
    return result;
  }
  for (std::int64_t i = 1; i < n; ++i) result = Order::fold(result, x[i]);
  return result;
}

template <class Order, class T>
void first_of_runs(const T* x, std::int64_t count, std::int64_t length, T* into) {
  if (short_runs(x, count, length, [&](auto known, const T* columns, std::int64_t stride, std::int64_t at, std::int64_t n) {
        fold_few<Order, T, T, known.value, true>(columns, stride, n, into + at);
      })) return;
  if constexpr (sizeof(T) == 1) {
    for (std::int64_t r = 0; r < count; ++r) into[r] = first_byte<Order>(x + r * length, length);
  } else {
    constexpr int all = lanes<T>, few = all < 8 ? all : 8;
    const auto by_few = [&](const T* run) PRIEL_INLINED { return first_parts<Order, T, few>(run, length); };
    const auto by_all = [&](const T* run) PRIEL_INLINED { return first_parts<Order, T, all>(run, length); };
    if (length < all) fold_groups<Order, few>(x, count, length, into, by_few);
    else fold_groups<Order, all>(x, count, length, into, by_all);
  }
}

template <class T>
PRIEL_INLINE std::int64_t nonzero_of_run(const T* x, std::int64_t n) {
  constexpr int width = lanes<T>;
  std::int64_t i = 0, result = 0;
  while (i + width <= n) {
    Packed<MaskLane<T>> counts{};
    for (int steps = 0; steps < 127 && i + width <= n; ++steps, i += width) {
      fetch(x + i, fetched_ahead);
      counts -= load<T, width>(x + i) != Packed<T>{};
    }
    for (int lane = 0; lane < width; ++lane) result += counts[lane];
  }
  for (; i < n; ++i) result += x[i] != 0 ? 1 : 0;
  return result;
}

template <class T>
void nonzero_runs(const T* x, std::int64_t count, std::int64_t length, std::int64_t* into) {
  if (short_runs(x, count, length, [&](auto known, const T* columns, std::int64_t stride, std::int64_t at, std::int64_t n) {
        for (std::int64_t i = 0; i < n; ++i) into[at + i] = 0;
        nonzero_rows(columns, stride, known.value, n, into + at);
      })) return;
  for (std::int64_t r = 0; r < count; ++r) into[r] = nonzero_of_run(x + r * length, length);
}

}  // namespace priel::detail::PRIEL_ISA
