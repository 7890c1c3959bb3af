// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Assignment to slices: x(range(0, 5), all) = e, x(all, 0) += e; only to the slice itself, x being detached from its copies first.
#pragma once

#include <priel/slice.hpp>

namespace priel {

namespace kernel {

// One row of a box after the other into a strided target.
template <class T, int Rank>
struct WriteRows {
  T* target;              // element of the box's first position
  const T* values;        // the box in C order
  Shape<Rank> rows;       // the box's extents, 1 along the last axis
  Index<Rank> stride;     // of the target, along the box's axes
  Size length;

  PRIEL_DEVICE void operator()(Size row) const {
    const Index<Rank> i = position_of(rows, row);
    Size at = 0;
    for (int a = 0; a < Rank; ++a) at += stride[a] * i[a];
    const Size step = Rank > 0 ? stride[Rank > 0 ? Rank - 1 : 0] : 1;
    for (Size j = 0; j < length; ++j) target[at + j * step] = values[row * length + j];
  }
};

}  // namespace kernel

namespace detail {

// Whether a place of this rank takes an expression; else the compiler says why.
template <class E, class T, int Rank, bool Numbers>
constexpr bool fits_a_place() {
  constexpr bool converts = Assignable<value_of<E>, T>, fits = rank_of<E> == Rank || (Numbers && rank_of<E> == 0);
  static_assert(converts, "error E10: the assignment narrows; write astype");
  static_assert(fits, "an assignment to a slice or to x(mask) does not broadcast: what is assigned needs its rank; write broadcast_to");
  return converts && fits;
}

}  // namespace detail

// What x(specs...) of an array that can be changed is: the slice as a value (View), and a place to assign to while it is a temporary.
template <class A, class View>
class AssignableSlice : public View {
  using T = value_of<A>;
  using Backend = backend_of<A>;

 public:
  static constexpr int rank = rank_of<View>;
  using value_form = View;
  struct Axis {
    detail::Selection selection;
    int result = -1;
  };

  AssignableSlice(A& array, View view, const Axis (&axes)[rank_of<A> == 0 ? 1 : rank_of<A>])
      : View(std::move(view)), array_(&array), memory_(array.shared_memory()), array_shape_(array.shape()) {
    for (int a = 0; a < rank_of<A>; ++a) axes_[a] = axes[a];
  }
  AssignableSlice(const AssignableSlice&) = default;

  // The slice takes e's values: extents equal, or a number. Where e has another policy than the slice, what changes owner is
  // sent. ShapeError on every rank if the extents differ.
  template <Expression E>
    requires(detail::joined_backend<backend_of<E>, Backend>::ok)
  void operator=(E&& e) && {
    if constexpr (detail::fits_a_place<E, T, rank, true>()) {
      if constexpr (std::is_lvalue_reference_v<E>) assign(e);
      else update(std::remove_cvref_t<E>(std::move(e)));
    }
  }
  template <Number N>
  void operator=(const N& number) && {
    if constexpr (detail::fits_a_place<Scalar<N>, T, rank, true>()) assign(Scalar<N>(number));
  }
  void operator=(const AssignableSlice& other) && { assign(static_cast<const View&>(other)); }

  template <class P, int N, class Other>
    requires(!detail::joined_backend<Other, Backend>::ok)
  error_E11_operands_live_on_different_backends<Backend, Other, write_to_host_or_to_device_of_one> operator=(const operand_tag<P, N, Other>&) && = delete;
  template <class X>
  error_E14_a_kept_slice_is_a_value__assign_to_the_slice_itself operator=(const X&) & = delete;
  error_E14_a_kept_slice_is_a_value__assign_to_the_slice_itself operator=(const AssignableSlice&) & = delete;

  // Element by element, in the array's element type. Nothing is copied but the slice.
  template <class X>
  void operator+=(X&& x) && { update(static_cast<const View&>(*this) + std::forward<X>(x)); }
  template <class X>
  void operator-=(X&& x) && { update(static_cast<const View&>(*this) - std::forward<X>(x)); }
  template <class X>
  void operator*=(X&& x) && { update(static_cast<const View&>(*this) * std::forward<X>(x)); }
  template <class X>
  void operator/=(X&& x) && { update(static_cast<const View&>(*this) / std::forward<X>(x)); }

 private:
  // Whether a rank holds none of the indices that the specs name alone.
  bool misses(const Box<rank_of<A>>& part) const {
    for (int a = 0; a < rank_of<A>; ++a)
      if (axes_[a].result < 0 && (axes_[a].selection.first < part.lower[a] || axes_[a].selection.first >= part.lower[a] + part.extent[a])) return true;
    return false;
  }
  // The part of the slice that lies in a rank's shard.
  Box<rank> held(int size, int r) const {
    const auto part = policy_of<A>::part(array_->shape(), size, r);
    const bool missed = misses(part);
    Box<rank> box = whole(this->shape());
    for (int a = 0; a < rank_of<A>; ++a) {
      const auto& [selection, result] = axes_[a];
      if (result < 0) continue;
      const Size low = part.lower[a], end = low + part.extent[a], step = selection.step > 0 ? selection.step : -selection.step;
      const Size to_first = selection.step > 0 ? low - selection.first : selection.first - (end - 1);
      const Size to_end = selection.step > 0 ? end - selection.first : selection.first - low + 1;
      const Size count = selection.count;
      const auto index = [step, count](Size distance) {
        const Size i = distance <= 0 ? 0 : (distance + step - 1) / step;
        return i < count ? i : count;
      };
      box.lower[result] = index(to_first);
      box.extent[result] = part.extent[a] == 0 || missed ? 0 : index(to_end) - index(to_first);
    }
    for (int b = 0; b < rank; ++b)
      if (missed) box.extent[b] = 0;
    return box;
  }
  bool holds_nothing(int size, int r) const {
    return misses(policy_of<A>::part(array_->shape(), size, r)) || held(size, r).size() == 0;
  }

  template <class E>
  void check(const E& e) const {
    bool fits = rank_of<E> == 0;
    if constexpr (rank_of<E> == rank) fits = e.shape() == this->shape();
    if (!fits)
      throw ShapeError("a slice of shape " + to_string(this->shape()) + " was assigned " + to_string(e.shape()) + "; assignment does not broadcast");
  }

  // e's values on this rank's part of the slice, C order.
  template <class E>
  detail::SharedBuffer<T, Backend> values_of(E&& given) const {
    check(given);
    const std::remove_cvref_t<decltype(finished(given))> e(finished(given));
    const Comm comm = array_->comm();
    detail::joined_comm(comm, e.comm());
    const auto mine = held(comm->size(), comm->rank());
    const bool none = holds_nothing(comm->size(), comm->rank());
    auto values = detail::make_buffer<T, Backend>(none ? 0 : mine.size());
    detail::prepare_statement(e);
    if constexpr (rank_of<E> != rank) {
      Scope scope;
      const Frame<rank, 0> frame{mine.extent, {}, {}, {}};
      if (!none) Backend::fill(e.lower(frame, scope), mine.extent, values->data());
    } else if constexpr (detail::is_generated<policy_of<decltype(e)>> || std::is_same_v<policy_of<decltype(e)>, Replicated>) {
      if (!none) detail::evaluate<Backend>(e, mine, values->data());
    } else if (in_place(e, comm->size())) {
      detail::evaluate<Backend>(e, mine, values->data());
    } else {
      exchange_boxes<Backend>(e, *comm, [&](int r) { return detail::held_box(e, comm->size(), r); },
                              [&](int r) { return held(comm->size(), r); }, values->data());
    }
    return values;
  }

  // Whether every rank holds of e what it holds of the slice.
  template <class E>
  bool in_place(const E& e, int size) const {
    for (int r = 0; r < size; ++r)
      if (!(detail::held_box(e, size, r) == held(size, r))) return false;
    return true;
  }

  void write(const T* values) const {
    if (!(array_->shape() == array_shape_)) throw ShapeError("a slice of an array of shape " + to_string(array_shape_) + " was kept while the array became " + to_string(array_->shape()));
    const Comm comm = array_->comm();
    if (holds_nothing(comm->size(), comm->rank())) return;
    const auto mine = held(comm->size(), comm->rank());
    const auto& part = array_->part();
    const auto strides = strides_of(part.extent);
    Index<rank> stride;
    Size first = 0;
    for (int a = 0; a < rank_of<A>; ++a) {
      const auto& [selection, result] = axes_[a];
      const Size index = selection.first + (result >= 0 ? selection.step * mine.lower[result] : 0);
      first += strides[a] * (index - part.lower[a]);
      if (result >= 0) stride[result] = strides[a] * selection.step;
    }
    Shape<rank> rows = mine.extent;
    Size length = 1;
    if constexpr (rank > 0) length = std::exchange(rows[rank - 1], 1);
    Backend::for_each(rows.size(), kernel::WriteRows<T, rank>{array_->place_to_write(memory_) + first, values, rows, stride, length});
  }

  template <class E>
  void assign(E&& e) {
    const auto values = values_of(std::forward<E>(e));
    write(values->data());
  }
  // The expression and its share of the array's memory are gone before the array is written.
  template <class E>
  void update(E e) {
    static_assert(Assignable<value_of<E>, T>, "error E10: the assignment narrows; write astype");
    detail::SharedBuffer<T, Backend> values;
    {
      const E used = std::move(e);
      values = values_of(used);
    }
    write(values->data());
  }

  A* array_;
  const void* memory_;            // of the array, if this slice has a share of it
  Shape<rank_of<A>> array_shape_;
  Axis axes_[rank_of<A> == 0 ? 1 : rank_of<A>];
};

// What `array(specs...)` is.
template <class A, class... Specs>
auto place(A& array, const Specs&... specs) {
  using View = decltype(slice(std::as_const(array), specs...));
  using Result = AssignableSlice<A, View>;
  typename Result::Axis axes[rank_of<A> == 0 ? 1 : rank_of<A>];
  const auto shape = array.shape();
  detail::SlicePlan<rank_of<A>, Specs...>::walk([&](int spec, int operand, int result) {
    if (operand < 0) return;
    detail::Selection selection{0, 1, shape[operand]};
    int at = 0;
    ((at++ == spec ? void(selection = detail::selected(specs, shape[operand], operand)) : void()), ...);
    axes[operand] = {selection, result};
  });
  return Result(array, slice(std::as_const(array), specs...), axes);
}

}  // namespace priel
