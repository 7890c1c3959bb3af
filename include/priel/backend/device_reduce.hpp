// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reductions on the Device backend: several statistics in one pass, parts of them merged on the device, and only the end downloaded.
#pragma once

#include <priel/backend.hpp>
#include <priel/backend/device_axes.hpp>
#include <priel/backend/device_memory.hpp>
#include <priel/buffer.hpp>

#include <algorithm>
#include <memory>

namespace priel::device {

// The states of several statistics, of which some take part.
template <class... Statistic>
struct Together {
  using Values = kernel::Pack<typename Statistic::state...>;
  using Parts = kernel::Pack<typename Statistic::state*...>;
  static constexpr int number = sizeof...(Statistic);
  bool active[number] = {};

  PRIEL_DEVICE static Values identity() { return identity_of<Statistic...>(); }
  template <class T>
  PRIEL_DEVICE void add(Values& states, const T& value) const { add_to<0, Statistic...>(states, value); }
  PRIEL_DEVICE void merge(Values& states, const Values& others) const { merge_into<0, Statistic...>(states, others); }
  PRIEL_DEVICE void merge(Values& states, const Parts& parts, Size at) const { merge_part<0, Statistic...>(states, parts, at); }
  PRIEL_DEVICE void store(const Values& states, const Parts& parts, Size at) const { store_in<0>(states, parts, at); }

 private:
  template <class... None>
    requires(sizeof...(None) == 0)
  PRIEL_DEVICE static kernel::Pack<> identity_of() { return {}; }
  template <class S, class... Rest>
  PRIEL_DEVICE static kernel::Pack<typename S::state, typename Rest::state...> identity_of() { return {S::identity(), identity_of<Rest...>()}; }

  template <int I, class S, class... Rest, class States, class T>
  PRIEL_DEVICE void add_to(States& states, const T& value) const {
    if (active[I]) S::add(states.head, static_cast<typename S::element>(value));
    if constexpr (sizeof...(Rest) > 0) add_to<I + 1, Rest...>(states.tail, value);
  }
  template <int I, class S, class... Rest, class States>
  PRIEL_DEVICE void merge_into(States& states, const States& others) const {
    if (active[I]) S::merge(states.head, others.head);
    if constexpr (sizeof...(Rest) > 0) merge_into<I + 1, Rest...>(states.tail, others.tail);
  }
  template <int I, class S, class... Rest, class States, class Pointers>
  PRIEL_DEVICE void merge_part(States& states, const Pointers& parts, Size at) const {
    if (active[I]) S::merge(states.head, parts.head[at]);
    if constexpr (sizeof...(Rest) > 0) merge_part<I + 1, Rest...>(states.tail, parts.tail, at);
  }
  template <int I, class States, class Pointers>
  PRIEL_DEVICE void store_in(const States& states, const Pointers& parts, Size at) const {
    if (active[I]) parts.head[at] = states.head;
    if constexpr (I + 1 < number) store_in<I + 1>(states.tail, parts.tail, at);
  }
};

// A pass over a box: which axes stay, which go, and into how many chunks the elements of one state are cut. The part of state s
// and chunk c is number s * chunks + c.
template <class Kernel, int Root, class... Statistic>
struct ReducePass {
  using States = Together<Statistic...>;
  Kernel kernel;
  States states;
  Positions<Root> kept, reduced;
  Size count, elements, chunks;
  bool inner;   // whether neighbours in memory belong to one state
  typename States::Parts parts;

  PRIEL_DEVICE auto value(const Index<Root>& place, Size element) const { return value(place, reduced.at(element)); }
  PRIEL_DEVICE auto value(const Index<Root>& place, const Index<Root>& element) const {
    Index<Root> position = element;
    for (int a = 0; a < Root; ++a) position[a] += place[a];
    return kernel.at(position);
  }
  PRIEL_DEVICE Size chunk_begin(Size chunk) const { return elements / chunks * chunk + (elements % chunks < chunk ? elements % chunks : chunk); }
};

// On the CPU: a chunk of one state, in lanes that do not wait for each other, or of neighbouring states.
template <class Pass>
struct ReduceLanes {
  static constexpr Size lanes = 8, states_at_once = 256, least = 4096, wanted = 256;
  Pass pass;

  // How to cut `pass`, and how many calls there are then.
  static Size cut(Pass& pass) {
    const Size groups = pass.inner ? pass.count : (pass.count + states_at_once - 1) / states_at_once;
    pass.chunks = std::clamp<Size>(wanted / groups, 1, 1 + pass.elements * (pass.inner ? 1 : states_at_once) / least);
    return groups * pass.chunks;
  }

  void operator()(Size work) const {
    const Size group = work / pass.chunks, chunk = work % pass.chunks;
    if (pass.inner) one(group, chunk);
    else several(group * states_at_once, chunk);
  }

 private:
  using Values = typename Pass::States::Values;

  void one(Size state, Size chunk) const {
    Values values[lanes];
    for (Values& lane : values) lane = Pass::States::identity();
    const auto place = pass.kept.at(state);
    const Size end = pass.chunk_begin(chunk + 1);
    Size i = pass.chunk_begin(chunk);
    for (; i + lanes <= end; i += lanes)
      for (Size lane = 0; lane < lanes; ++lane) pass.states.add(values[lane], pass.value(place, i + lane));
    for (; i < end; ++i) pass.states.add(values[0], pass.value(place, i));
    for (Size lane = 1; lane < lanes; ++lane) pass.states.merge(values[0], values[lane]);
    pass.states.store(values[0], pass.parts, state * pass.chunks + chunk);
  }
  void several(Size first, Size chunk) const {
    Values values[states_at_once];
    decltype(pass.kept.at(0)) places[states_at_once];
    const Size number = std::min(states_at_once, pass.count - first);
    for (Size s = 0; s < number; ++s) {
      values[s] = Pass::States::identity();
      places[s] = pass.kept.at(first + s);
    }
    for (Size i = pass.chunk_begin(chunk); i < pass.chunk_begin(chunk + 1); ++i) {
      const auto element = pass.reduced.at(i);
      for (Size s = 0; s < number; ++s) pass.states.add(values[s], pass.value(places[s], element));
    }
    for (Size s = 0; s < number; ++s) pass.states.store(values[s], pass.parts, (first + s) * pass.chunks + chunk);
  }
};

// Merges neighbouring chunks, `fan` at a time.
template <class States>
struct MergeChunks {
  static constexpr Size fan = 32;
  States states;
  Size chunks, fewer;
  typename States::Parts from, to;

  PRIEL_DEVICE void operator()(Size work) const {
    const Size state = work / fewer, first = work % fewer * fan;
    typename States::Values values = States::identity();
    for (Size c = first; c < first + fan && c < chunks; ++c) states.merge(values, from, state * chunks + c);
    states.store(values, to, work);
  }
};

// Device memory for `count` parts of each statistic that takes part.
template <class Backend, class... Statistic>
class PartMemory {
 public:
  PartMemory(const Together<Statistic...>& states, Size count) { take<0, Statistic...>(states, count, parts); }
  typename Together<Statistic...>::Parts parts;

 private:
  template <int I, class S, class... Rest, class Pointers>
  void take(const Together<Statistic...>& states, Size count, Pointers& pointers) {
    pointers.head = states.active[I] ? scope_.template stage<typename S::state, Backend>(count) : nullptr;
    if constexpr (sizeof...(Rest) > 0) take<I + 1, Rest...>(states, count, pointers.tail);
  }
  Scope scope_;
};

// On CUDA.
template <class Pass>
struct ReduceBlocks;
template <class Function>
void launch_each(Size n, const Function& function);

}  // namespace priel::device

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <priel/backend/device_launch_cuda.hpp>
#include <priel/backend/device_reduce_cuda.hpp>
#endif

namespace priel::device {

// Launches the pass's work into memory for its parts, which it returns.
template <class Backend, class Kernel, int Root, class... Statistic>
auto run_pass(ReducePass<Kernel, Root, Statistic...>& pass) {
  using Pass = ReducePass<Kernel, Root, Statistic...>;
  using Part = PartMemory<Backend, Statistic...>;
  if constexpr (on_cuda) {
    const auto blocks = ReduceBlocks<Pass>::cut(pass);
    auto memory = std::make_unique<Part>(pass.states, pass.count * pass.chunks);
    pass.parts = memory->parts;
    blocks.launch(pass);
    return memory;
  } else {
    const Size work = ReduceLanes<Pass>::cut(pass);
    auto memory = std::make_unique<Part>(pass.states, pass.count * pass.chunks);
    pass.parts = memory->parts;
    Backend::for_each(work, ReduceLanes<Pass>{pass});
    return memory;
  }
}

template <class Backend, class Statistic, int Root>
void collect(const ReduceJob<Statistic, Root>& job, const typename Statistic::state* found) {
  priel::detail::Buffer<typename Statistic::state, HostMemory> states(job.count);
  Backend::download(states.data(), found, job.count * static_cast<Size>(sizeof(typename Statistic::state)));
  for (Size i = 0; i < job.count; ++i) Statistic::merge(job.states[i], states.data()[i]);
}

template <class Backend, class Parts, class States>
void collect_all(const Parts&, const States&, int) {}
template <class Backend, class Parts, class States, class Job, class... Jobs>
void collect_all(const Parts& parts, const States& states, int number, const Job& job, const Jobs&... jobs) {
  if (states.active[number]) collect<Backend>(job, parts.head);
  collect_all<Backend>(parts.tail, states, number + 1, jobs...);
}

// The statistics that take part: all those with these strides.
template <class Backend, class Kernel, int Root, class... Statistic>
void reduce_over(const Kernel& kernel, const Shape<Root>& extent, const Index<Root>& stride, const Together<Statistic...>& states,
                 const ReduceJob<Statistic, Root>&... jobs) {
  const auto box = merged(kernel, extent, [&](int a, int b) { return (stride[a] == 0) == (stride[b] == 0); });
  Shape<Root> kept = box, reduced = box;
  bool inner = true;
  for (int a = 0; a < Root; ++a) {
    if (box[a] != 1) inner = stride[a] == 0;
    (stride[a] == 0 ? kept : reduced)[a] = 1;
  }
  ReducePass<Kernel, Root, Statistic...> pass{kernel, states, Positions<Root>(kept), Positions<Root>(reduced), kept.size(), reduced.size(), 1, inner, {}};
  auto memory = run_pass<Backend>(pass);
  using Merge = MergeChunks<Together<Statistic...>>;
  for (Size chunks = pass.chunks; chunks > 1;) {
    const Size fewer = (chunks + Merge::fan - 1) / Merge::fan;
    auto next = std::make_unique<PartMemory<Backend, Statistic...>>(states, pass.count * fewer);
    Backend::for_each(pass.count * fewer, Merge{states, chunks, fewer, memory->parts, next->parts});
    memory = std::move(next);
    chunks = fewer;
  }
  collect_all<Backend>(memory->parts, states, 0, jobs...);
}

// One pass for all jobs over the same axes. How the elements are grouped depends on the box alone, so results do not depend on threads.
template <class Backend, class Kernel, int Root, class... Statistic>
void reduce(const Kernel& kernel, const Shape<Root>& extent, const ReduceJob<Statistic, Root>&... jobs) {
  constexpr int number = sizeof...(Statistic);
  const Index<Root> strides[number] = {jobs.stride...};
  bool wanted[number] = {(jobs.states != nullptr)...};
  for (int first = 0; first < number; ++first) {
    if (!wanted[first]) continue;
    Together<Statistic...> states;
    for (int other = first; other < number; ++other) {
      states.active[other] = wanted[other] && strides[other] == strides[first];
      if (states.active[other]) wanted[other] = false;
    }
    reduce_over<Backend>(kernel, extent, strides[first], states, jobs...);
  }
}

}  // namespace priel::device
