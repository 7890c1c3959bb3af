// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a reduction makes of this rank's part: states, or results; compiled once for all choices of axes.
#pragma once

#include <priel/exchange.hpp>
#include <priel/held.hpp>
#include <priel/staging.hpp>
#include <priel/statistic.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace priel::detail {

// The states of this rank's part, as plain memory, which std::vector<bool> has not.
template <class Statistic>
class States {
  using State = typename Statistic::state;
  struct Held {
    State state;
    operator const State&() const { return state; }
  };

 public:
  explicit States(Size count) : held_(static_cast<std::size_t>(count), Held{Statistic::identity()}) {}
  State* data() { return held_.empty() ? nullptr : &held_.front().state; }
  std::size_t size() const { return held_.size(); }
  auto begin() const { return held_.begin(); }
  auto end() const { return held_.end(); }

 private:
  std::vector<Held> held_;
};

// The axes of a reduction as bits, so that what follows is compiled once for all choices of them.
template <class N, int Rank>
constexpr unsigned axis_bits() {
  unsigned bits = 0;
  for (int a = 0; a < Rank; ++a) bits |= N::reduced(a) ? 1u << a : 0u;
  return bits;
}
template <int Rank>
Shape<Rank> kept_extents(const Box<Rank>& part, unsigned axes) {
  Shape<Rank> kept;
  for (int a = 0; a < Rank; ++a) kept[a] = (axes >> a & 1) != 0 ? 1 : part.extent[a];
  return kept;
}
template <int Rank>
Index<Rank> kept_strides(const Box<Rank>& part, unsigned axes) {
  Index<Rank> strides = strides_of(kept_extents(part, axes));
  for (int a = 0; a < Rank; ++a)
    if ((axes >> a & 1) != 0) strides[a] = 0;
  return strides;
}
// The shape of the result to `out`; how many elements become one.
inline Size reduced_shape(const Size* shape, int rank, unsigned axes, bool keep, Size* out) {
  Size count = 1;
  for (int a = 0; a < rank; ++a) {
    const bool reduced = (axes >> a & 1) != 0;
    if (reduced) count *= shape[a];
    if (!reduced) *out++ = shape[a];
    else if (keep) *out++ = 1;
  }
  return count;
}
[[noreturn, gnu::noinline]] inline void throw_no_elements(const std::string& shape) {
  throw ShapeError("min or max over zero elements: the operand has shape " + shape);
}

template <class E>
Box<rank_of<E>> part_here(const E& operand, const Comm& comm) {
  const Comm where = comm_or_world(comm);
  return held_box(operand, where->size(), where->rank());
}

// This rank's states, from a pass over its part.
template <class Statistic, class E>
States<Statistic> states_of_part(const E& operand, const Comm& comm, unsigned axes) {
  prepare_statement(operand);
  const auto part = part_here(operand, comm);
  States<Statistic> states(kept_extents(part, axes).size());
  Scope scope;
  using Backend = backend_or_default<backend_of<E>>;
  if (part.size() > 0)
    Backend::reduce(operand.lower(frame_of(part), scope), part.extent,
                    ReduceJob<Statistic, rank_of<E>>{kept_strides(part, axes), states.data(), static_cast<Size>(states.size())});
  return states;
}

// What n elements each became. bool as bytes: std::vector<bool> is no memory.
template <class Statistic>
auto values_of(const States<Statistic>& states, Size n) {
  using Result = typename Statistic::result;
  std::vector<std::conditional_t<std::is_same_v<Result, bool>, unsigned char, Result>> values;
  values.reserve(states.size());
  for (const auto& state : states) values.push_back(static_cast<typename decltype(values)::value_type>(Statistic::value(state, n)));
  return values;
}

// The results of this rank's part where each comes from elements of this rank alone, in the CPU's memory. By way of states they are made
// for a block of the first axis at a time, where that stays: all states would be larger than the result.
template <class Statistic, class E>
void results_of_part(const E& operand, const Comm& comm, unsigned axes, Size n, typename Statistic::result* out) {
  constexpr Size block = Size{1} << 20;   // elements of the operand
  constexpr int rank = rank_of<E>;
  using Backend = backend_or_default<backend_of<E>>;
  prepare_statement(operand);
  const auto part = part_here(operand, comm);
  if (kept_extents(part, axes).size() == 0) return;
  if constexpr (requires { Backend::template makes_results<Statistic>(part.extent, Index<rank>{}); })
    if (const auto strides = kept_strides(part, axes); part.size() > 0 && Backend::template makes_results<Statistic>(part.extent, strides)) {
      Scope scope;
      return Backend::template reduce_to_results<Statistic>(operand.lower(frame_of(part), scope), part.extent, n, out);
    }
  auto box = part;
  const bool first_stays = rank > 0 && (axes & 1) == 0;
  const Size length = first_stays ? part.extent[0] : 1, step = part.size() <= block ? length : block * length / part.size() + 1;
  for (Size at = 0; at < length; at += step) {
    if (first_stays) {
      box.lower[0] = part.lower[0] + at;
      box.extent[0] = length - at < step ? length - at : step;
    }
    States<Statistic> states(kept_extents(box, axes).size());
    Scope scope;
    if (box.size() > 0)
      Backend::reduce(operand.lower(frame_of(box), scope), box.extent,
                      ReduceJob<Statistic, rank>{kept_strides(box, axes), states.data(), static_cast<Size>(states.size())});
    for (const auto& state : states) *out++ = static_cast<typename Statistic::result>(Statistic::value(state, n));
  }
}

// What is known of a reduction before its end; shared by copies of the node.
template <class Statistic, class Backend>
class KeptStates {
  using Sum = accumulate_type<typename Statistic::result>;

 public:
  std::unique_ptr<States<Statistic>> copy() const {
    const std::lock_guard lock(changing_);
    return states_ ? std::make_unique<States<Statistic>>(*states_) : nullptr;
  }
  bool has_states() const {
    const std::lock_guard lock(changing_);
    return states_ != nullptr;
  }
  void keep(States<Statistic>&& states) {
    const std::lock_guard lock(changing_);
    states_ = std::make_unique<States<Statistic>>(std::move(states));
  }
  void drop() {
    const std::lock_guard lock(changing_);
    states_.reset();
  }
  void keep_summands(const std::vector<Sum>& values) {
    const Size n = static_cast<Size>(values.size());
    auto buffer = make_buffer<Sum, Backend>(n);
    Backend::upload(buffer->data(), values.data(), n * static_cast<Size>(sizeof(Sum)));
    const std::lock_guard lock(changing_);
    summands_ = buffer;
  }
  auto summands() const {
    const std::lock_guard lock(changing_);
    return summands_;
  }

 private:
  mutable std::mutex changing_;
  std::unique_ptr<States<Statistic>> states_;
  SharedBuffer<Sum, Backend> summands_;
};

}  // namespace priel::detail
