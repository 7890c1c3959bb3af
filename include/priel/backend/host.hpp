// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Host backend: expressions evaluated tile by tile through Eigen's packets, tiles spread over OpenMP threads.
#pragma once

#include <priel/backend.hpp>
#include <priel/backend/memory.hpp>
#include <priel/backend/packets.hpp>

#include <omp.h>

#include <vector>

namespace priel {

namespace host {

// Elements of a tile: its leaves and its result stay in the first-level cache. Every tile is evaluated whole, the last one padded,
// so that each element passes through the same packet code wherever it lies: results do not depend on how arrays are cut.
inline constexpr int tile = 512;

// Tiles that are worth a thread: a team costs microseconds, and much more where other programs hold the cores.
inline constexpr Size grain = 256;

template <class T>
using Run = Eigen::Map<const Eigen::Array<T, tile, 1>, Eigen::Unaligned>;

// A kernel as runs of `tile` values in C order of the box. This form, for any kernel, stages what `copy` (a kernel's own way to
// read a run, if it has one) or `at` returns.
template <class Kernel, int Root>
class Stream {
 public:
  using Value = typename Kernel::value_type;
  Stream(const Kernel& kernel, const Shape<Root>& extent) : kernel_(kernel), extent_(extent) {}

  auto run(Size begin, int n) {
    Index<Root> i = position_of(extent_, begin);
    if constexpr (requires { kernel_.copy(i, extent_, n, staged_); }) kernel_.copy(i, extent_, n, staged_);
    else for (int j = 0; j < n; ++j, advance(extent_, i)) staged_[j] = kernel_.at(i);
    for (int j = n; j < tile; ++j) staged_[j] = staged_[n - 1];
    return Run<Value>(staged_);
  }

 private:
  Kernel kernel_;
  Shape<Root> extent_;
  alignas(64) Value staged_[tile];
};

// Memory: in place where it is contiguous over the box, else copied row by row.
template <class T, int Root>
class Stream<kernel::Strided<T, Root>, Root> {
 public:
  Stream(const kernel::Strided<T, Root>& leaf, const Shape<Root>& extent) : leaf_(leaf), extent_(extent), contiguous_(true) {
    const Index<Root> strides = strides_of(extent);
    for (int a = 0; a < Root; ++a) contiguous_ = contiguous_ && (extent[a] == 1 || leaf.stride[a] == strides[a]);
  }

  auto run(Size begin, int n) {
    if (contiguous_ && n == tile) return Run<T>(leaf_.data + begin);
    stage(begin, n);
    return Run<T>(staged_);
  }

 private:
  // Out of line: compiled once for each type of leaf, not in every expression that has one.
  [[gnu::noinline]] void stage(Size begin, int n) {
    if constexpr (Root == 0) staged_[0] = *leaf_.data;
    else if (contiguous_) std::memcpy(staged_, leaf_.data + begin, static_cast<std::size_t>(n) * sizeof(T));
    else {
      Index<Root> i = position_of(extent_, begin);
      const Size step = leaf_.stride[Root - 1];
      for (int done = 0; done < n;) {
        const Size left = extent_[Root - 1] - i[Root - 1];
        const int length = left < n - done ? static_cast<int>(left) : n - done;
        const T* from = leaf_.data + leaf_.offset(i);
        if (step == 1) for (int j = 0; j < length; ++j) staged_[done + j] = from[j];
        else if (step == 0) for (int j = 0; j < length; ++j) staged_[done + j] = *from;
        else for (int j = 0; j < length; ++j) staged_[done + j] = from[j * step];
        done += length;
        i[Root - 1] += length - 1;
        advance(extent_, i);
      }
    }
    for (int j = n; j < tile; ++j) staged_[j] = staged_[n - 1];
  }

  kernel::Strided<T, Root> leaf_;
  Shape<Root> extent_;
  bool contiguous_;
  alignas(64) T staged_[tile];
};

template <class T, int Root>
class Stream<kernel::Constant<T>, Root> {
 public:
  Stream(const kernel::Constant<T>& constant, const Shape<Root>&) : value_(constant.value) {}
  auto run(Size, int) const { return Eigen::Array<T, tile, 1>::Constant(value_); }

 private:
  T value_;
};

template <int Root, class... Kernels>
struct Streams {
  Streams(const kernel::Pack<>&, const Shape<Root>&) {}
};
template <int Root, class Head, class... Tail>
struct Streams<Root, Head, Tail...> {
  Streams(const kernel::Pack<Head, Tail...>& kernels, const Shape<Root>& extent) : head(kernels.head, extent), tail(kernels.tail, extent) {}
  Stream<Head, Root> head;
  Streams<Root, Tail...> tail;
};

template <class To, class X>
auto converted(const X& x) {
  if constexpr (std::is_same_v<typename X::Scalar, To>) return x;
  else return x.template cast<To>();
}

template <class Operator, int Root, class... Kernels>
class Stream<kernel::Apply<Operator, Kernels...>, Root> {
 public:
  Stream(const kernel::Apply<Operator, Kernels...>& apply, const Shape<Root>& extent) : streams_(apply.kernels, extent) {}
  auto run(Size begin, int n) { return apply(begin, n, streams_); }

 private:
  template <class Head, class... Tail, class... X>
  static auto apply(Size begin, int n, Streams<Root, Head, Tail...>& rest, const X&... x) {
    using Operand = typename Operator::template operand<sizeof...(X)>;
    return apply(begin, n, rest.tail, x..., converted<Operand>(rest.head.run(begin, n)));
  }
  template <class... X>
  static auto apply(Size, int, Streams<Root>&, const X&... x) {
    return converted<typename Operator::result>(Packets<typename Operator::op, Operator, X...>::make(x...));
  }
  Streams<Root, Kernels...> streams_;
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"   // packets are vector types; their alignment is not lost here
// Writes the tile's values: whole packets, no scalar heads or tails (which would differ in the last bit).
template <class X, class T>
void store(const X& values, T* out) {
  using Evaluator = Eigen::internal::evaluator<X>;
  const Evaluator evaluator(values);
  if constexpr ((Evaluator::Flags & Eigen::PacketAccessBit) != 0) {
    using Packet = typename Eigen::internal::packet_traits<T>::type;
    constexpr int width = Eigen::internal::unpacket_traits<Packet>::size;
    for (int j = 0; j < tile; j += width)
      Eigen::internal::pstoreu(out + j, evaluator.template packet<Eigen::Unaligned, Packet>(j));
  } else {
    for (int j = 0; j < tile; ++j) out[j] = evaluator.coeff(j);
  }
}

#pragma GCC diagnostic pop

// f(first tile, last tile, thread, threads) on every thread; one thread for small work and inside other parallel regions. The
// function is called through a pointer, so that the region is compiled once.
using TileTask = void (*)(void* context, Size first, Size last, int thread, int threads);
[[gnu::noinline]] inline void run_tiles(Size tiles, Size per_thread, TileTask task, void* context) {
  const Size wanted = tiles / per_thread;
  const int threads = wanted < 2 || omp_in_parallel() ? 1 : static_cast<int>(wanted < omp_get_max_threads() ? wanted : omp_get_max_threads());
  if (threads == 1) task(context, Size{0}, tiles, 0, 1);
  else {
#pragma omp parallel num_threads(threads)
    {
      const Block mine = block_of(tiles, omp_get_num_threads(), omp_get_thread_num());
      task(context, mine.lower, mine.lower + mine.extent, omp_get_thread_num(), omp_get_num_threads());
    }
  }
}
template <class F>
void parallel_tiles(Size tiles, Size per_thread, F&& f) {
  run_tiles(tiles, per_thread, [](void* context, Size first, Size last, int thread, int threads) {
    (*static_cast<std::remove_reference_t<F>*>(context))(first, last, thread, threads);
  }, &f);
}

// Merges a tile's values, C order of the box from `begin`, into the states of the axes that stay.
template <class Statistic, class T, int Root>
void accumulate(const T* values, Size begin, int n, const Shape<Root>& extent, const Index<Root>& stride,
                typename Statistic::state* states) {
  if constexpr (Root == 0) Statistic::add(states[0], values[0]);
  else {
    Index<Root> i = position_of(extent, begin);
    const Size step = stride[Root - 1];
    for (int done = 0; done < n;) {
      const Size left = extent[Root - 1] - i[Root - 1];
      const int length = left < n - done ? static_cast<int>(left) : n - done;
      Size at = 0;
      for (int a = 0; a < Root; ++a) at += stride[a] * i[a];
      if (step != 0) {
        for (int j = 0; j < length; ++j) Statistic::add(states[at + j * step], values[done + j]);
      } else if (length >= 32) {
        constexpr int lanes = 8;
        typename Statistic::state lane[lanes];
        for (auto& state : lane) state = Statistic::identity();
        int j = 0;
        for (; j + lanes <= length; j += lanes)
          for (int k = 0; k < lanes; ++k) Statistic::add(lane[k], values[done + j + k]);
        for (; j < length; ++j) Statistic::add(lane[0], values[done + j]);
        for (const auto& state : lane) Statistic::merge(states[at], state);
      } else {
        for (int j = 0; j < length; ++j) Statistic::add(states[at], values[done + j]);
      }
      done += length;
      i[Root - 1] += length - 1;
      advance(extent, i);
    }
  }
}

// The states of one job, a copy of them for each thread.
template <class Statistic, int Root>
class JobStates {
  struct Part { typename Statistic::state state; };   // std::vector<bool> is no array

 public:
  using element = typename Statistic::element;
  explicit JobStates(const ReduceJob<Statistic, Root>& job) : job_(job), parts_(static_cast<std::size_t>(job.states ? omp_get_max_threads() : 0)) {}

  Size size() const { return job_.states ? job_.count : 0; }
  void start(int thread, int threads) {
    if (job_.states && threads > 1) parts_[static_cast<std::size_t>(thread)].assign(static_cast<std::size_t>(job_.count), Part{Statistic::identity()});
  }
  void add(int thread, const element* values, Size begin, int length, const Shape<Root>& extent) {
    if (!job_.states) return;
    auto& own = parts_[static_cast<std::size_t>(thread)];
    accumulate<Statistic>(values, begin, length, extent, job_.stride, own.empty() ? job_.states : &own.data()->state);
  }
  void merge() {
    for (const auto& part : parts_)
      for (std::size_t c = 0; c < part.size(); ++c) Statistic::merge(job_.states[c], part[c].state);
  }

 private:
  ReduceJob<Statistic, Root> job_;
  std::vector<std::vector<Part>> parts_;
};

}  // namespace host

struct Host : HostMemory {
  static constexpr const char* name = "Host";

  template <class Kernel, int Root, class T>
  static void fill(const Kernel& kernel, const Shape<Root>& extent, T* out) {
    const Size n = extent.size();
    host::parallel_tiles((n + host::tile - 1) / host::tile, host::grain, [&](Size first, Size last, int, int) {
      host::Stream<Kernel, Root> stream(kernel, extent);
      alignas(64) T padded[host::tile];
      for (Size t = first; t < last; ++t) {
        const Size begin = t * host::tile;
        const bool full = n - begin >= host::tile;
        const int length = full ? host::tile : static_cast<int>(n - begin);
        host::store(host::converted<T>(stream.run(begin, length)), full ? out + begin : padded);
        if (!full) std::memcpy(out + begin, padded, static_cast<std::size_t>(length) * sizeof(T));
      }
    });
  }

  template <class Kernel, int Root, class... Statistic>
  static void reduce(const Kernel& kernel, const Shape<Root>& extent, const ReduceJob<Statistic, Root>&... jobs) {
    pass(kernel, extent, host::JobStates<Statistic, Root>(jobs)...);
  }

  template <class Function>
  static void for_each(Size n, const Function& function) {
    if (n < 2 || omp_in_parallel()) {
      for (Size i = 0; i < n; ++i) function(i);
    } else {
#pragma omp parallel for schedule(dynamic, 16)
      for (Size i = 0; i < n; ++i) function(i);
    }
  }

 private:
  template <class Kernel, int Root, class First, class... Rest>
  static void pass(const Kernel& kernel, const Shape<Root>& extent, First first_job, Rest... jobs) {
    using T = typename First::element;
    const Size n = extent.size();
    Size states = first_job.size();
    ((states += jobs.size()), ...);
    const Size grain = host::grain + states / host::tile * 8;      // a copy of the states must cost less than it saves
    host::parallel_tiles((n + host::tile - 1) / host::tile, grain, [&](Size first, Size last, int thread, int threads) {
      host::Stream<Kernel, Root> stream(kernel, extent);
      alignas(64) T values[host::tile];
      first_job.start(thread, threads);
      (jobs.start(thread, threads), ...);
      for (Size t = first; t < last; ++t) {
        const Size begin = t * host::tile;
        const int length = n - begin < host::tile ? static_cast<int>(n - begin) : host::tile;
        host::store(host::converted<T>(stream.run(begin, length)), values);
        first_job.add(thread, values, begin, length, extent);
        (jobs.add(thread, values, begin, length, extent), ...);
      }
    });
    first_job.merge();
    (jobs.merge(), ...);
  }
};

}  // namespace priel
