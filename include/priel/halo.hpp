// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Constant windows of a split axis: x(from<1>, all), x(until<-1>, all); S<k> -> S<k> of the shorter extent by a halo exchange.
#pragma once

#include <priel/redistribute.hpp>

namespace priel {

// x(from<A>): without the first A indices; x(until<-B>): without the last B; x(between<A, -B>): without both. A, B >= 0 are
// known to the compiler, so windows of equal width have the type of their array and meet each other, whatever the split.
template <int First, int Last>
struct Inner {
  static_assert(First >= 0 && Last >= 0, "from<a> needs a >= 0 and until<b> needs b < 0; write range(a, b) for other slices");
};
template <int A>
inline constexpr Inner<A, 0> from{};
template <int B>
  requires(B < 0)
inline constexpr Inner<0, -B> until{};
template <int A, int B>
  requires(B < 0)
inline constexpr Inner<A, -B> between{};

namespace kernel {

// Memory in three pieces along one axis of the node: the neighbours' elements before, this rank's own, those after.
template <class T, int Root>
struct ThreePieces {
  using value_type = T;
  Strided<T, Root> before, own, after;
  Size offset, step;      // the node's index along the axis at position i: offset + step * i[source]
  int source;
  Size first, last;       // own elements are those in [first, last)

  PRIEL_DEVICE constexpr const Strided<T, Root>& piece(Size index) const { return index < first ? before : index < last ? own : after; }
  PRIEL_DEVICE constexpr Size index(const Index<Root>& i) const { return source < 0 ? offset : offset + step * i[source]; }
  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const { return piece(index(i)).at(i); }

  // A run of n elements, row by row and within a row piece by piece.
  void copy(Index<Root> i, const Shape<Root>& extent, int n, T* out) const {
    if constexpr (Root == 0) out[0] = at(i);
    else for (int done = 0; done < n;) {
      const Size left = extent[Root - 1] - i[Root - 1];
      int length = static_cast<int>(left < n - done ? left : n - done);
      if (source == Root - 1) {
        const Size here = index(i), until = step <= 0 ? here + 1 : here < first ? first : here < last ? last : here + length * step;
        const Size reach = step <= 0 ? 1 : (until - here + step - 1) / step;
        length = reach < length ? static_cast<int>(reach) : length;
      }
      const Strided<T, Root>& from = piece(index(i));
      const T* data = from.data + from.offset(i);
      for (int j = 0; j < length; ++j) out[done + j] = data[j * from.stride[Root - 1]];
      done += length;
      i[Root - 1] += length - 1;
      advance(extent, i);
    }
  }
};

}  // namespace kernel

// E without its first First and last Last indices along Axis, which its policy distributes. A rank receives what it needs of
// others: at most max(First, Last) slabs, from neighbours where shards are at least that long.
template <Expression E, int Axis, int First, int Last>
class Halo : public Node<Halo<E, Axis, First, Last>, value_of<E>, rank_of<E>, policy_of<E>, detail::backend_or_default<backend_of<E>>> {
  using T = value_of<E>;
  using Policy = policy_of<E>;
  using Backend = detail::backend_or_default<backend_of<E>>;
  using Stored = Array<T, rank_of<E>, Policy, Backend>;

 public:
  static constexpr int rank = rank_of<E>;

  explicit Halo(E operand) : operand_(std::move(operand)), shape_(operand_.shape()) {
    shape_[Axis] = shape_[Axis] > First + Last ? shape_[Axis] - First - Last : 0;
  }

  Shape<rank> shape() const { return shape_; }
  const Comm& comm() const { return operand_.comm(); }
  int readers(const void*) const { return 0; }
  void prepare() const {
    const std::lock_guard lock(state_->filling);
    if (state_->own) return;
    Stored own(operand_);
    const int size = comm()->size(), me = comm()->rank();
    state_->before_box = side(size, me, true);
    state_->after_box = side(size, me, false);
    state_->before = receive(own, true, size);
    state_->after = receive(own, false, size);
    state_->own = std::make_unique<Stored>(std::move(own));
    state_->ready.store(true, std::memory_order_release);
  }

  static constexpr Collectives collectives = detail::collectives_of_node<E>() | Collective::exchange;
  void plan(Plan& plan) const {
    if (plan.known(state_.get(), state_->ready.load(std::memory_order_acquire))) return;
    detail::plan_stored<T, Policy>(operand_, plan);
    for (const bool before : {true, false})
      plan_exchange(plan, std::string(before ? "halo before" : "halo after") + " the shards of " + described(operand_),
                    [&](int r) { return held(plan.ranks(), r); }, [&](int r) { return side(plan.ranks(), r, before); }, sizeof(T));
  }
  bool same(const Halo& other) const { return state_ == other.state_; }

  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    Frame<Root, rank> below = frame;
    below.offset[Axis] += First;
    const auto& own = state_->own->part();
    return kernel::ThreePieces<T, Root>{piece(state_->before, state_->before_box, below, scope), state_->own->lower(below, scope),
                                        piece(state_->after, state_->after_box, below, scope), below.offset[Axis], below.step[Axis],
                                        below.source[Axis], own.lower[Axis], own.lower[Axis] + own.extent[Axis]};
  }

 private:
  using Buffer = detail::SharedBuffer<T, Backend>;
  struct State {
    std::mutex filling;
    std::atomic<bool> ready{false};
    std::unique_ptr<Stored> own;
    Buffer before, after;
    Box<rank> before_box, after_box;
  };

  // In the operand's indices: what a rank has, what it needs, and the part of that on one side of what it has.
  Box<rank> held(int size, int r) const { return Policy::part(operand_.shape(), size, r); }
  Box<rank> needed(int size, int r) const {
    Box<rank> box = Policy::part(shape_, size, r);
    box.lower[Axis] += First;
    return box;
  }
  static void cut(Box<rank>& box, Size lower, Size end) {
    Box<rank> limits = box;
    limits.lower[Axis] = lower;
    limits.extent[Axis] = end > lower ? end - lower : 0;
    box = intersect(box, limits);
  }
  Box<rank> side(int size, int r, bool before) const {
    const auto own = held(size, r);
    Box<rank> box = needed(size, r);
    if (before) cut(box, 0, own.lower[Axis]);
    else cut(box, own.lower[Axis] + own.extent[Axis], operand_.shape()[Axis]);
    return box;
  }
  Buffer receive(const Stored& own, bool before, int size) const {
    auto buffer = detail::make_buffer<T, Backend>(side(size, comm()->rank(), before).size());
    exchange_boxes<Backend>(own, *comm(), [&](int r) { return held(size, r); }, [&](int r) { return side(size, r, before); }, buffer->data());
    return buffer;
  }
  template <int Root>
  static auto piece(const Buffer& buffer, const Box<rank>& box, const Frame<Root, rank>& frame, Scope& scope) {
    return kernel::strided(scope.hold(buffer), box, frame);
  }

  E operand_;
  Shape<rank> shape_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace priel
