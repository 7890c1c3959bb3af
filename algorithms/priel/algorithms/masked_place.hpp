// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// x(mask) of an array that can be changed: its selected elements as a value, and a place to assign to, x(mask) = e.
#pragma once

#include <priel/algorithms/select.hpp>
#include <priel/place.hpp>

#include <mutex>
#include <optional>

namespace priel {

namespace kernel {

// Rows of values to given rows of a target.
template <class T>
struct WriteSelected {
  T* target;
  const T* values;
  const Size* rows;
  Size length;

  PRIEL_DEVICE void operator()(Size i) const {
    for (Size j = 0; j < length; ++j) target[rows[i] * length + j] = values[i * length + j];
  }
};

}  // namespace kernel

// The value is select(x, mask), of x and mask as they are now; it is computed (collectively) when it is first asked for.
template <class A, class M>
class AssignableSelection : public Node<AssignableSelection<A, M>, value_of<A>, rank_of<M> == rank_of<A> ? 1 : rank_of<A>,
                                policy_of<decltype(select(std::declval<const A&>(), std::declval<const M&>()))>, backend_of<A>> {
  using T = value_of<A>;
  using Backend = backend_of<A>;
  using Result = decltype(select(std::declval<const A&>(), std::declval<const M&>()));

 public:
  static constexpr int rank = rank_of<Result>;

  AssignableSelection(A& array, M mask) : array_(&array), comm_(array.comm()), state_(std::make_shared<State>(array, std::move(mask))) {}
  AssignableSelection(const AssignableSelection&) = default;

  Shape<rank> shape() const { return result().shape(); }
  const Comm& comm() const { return comm_; }
  int readers(const void*) const { return 0; }
  void prepare() const { result(); }
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const { return result().lower(frame, scope); }
  const Result& result() const {
    const std::lock_guard lock(state_->filling);
    if (!state_->result) {
      state_->result = std::make_unique<Result>(select(*state_->snapshot, *state_->mask));
      state_->snapshot.reset();
    }
    return *state_->result;
  }
  static constexpr Collectives collectives =
      std::is_same_v<policy_of<Result>, Replicated> ? Collectives{} : Collectives(Collective::all_gather) | Collective::exchange;
  bool same(const AssignableSelection& other) const { return state_ == other.state_; }

  // Every selected element becomes the number: nothing is sent, unless the mask lies elsewhere than x.
  template <Number N>
  void operator=(const N& number) && {
    if constexpr (detail::fits_a_place<Scalar<N>, T, rank, true>()) change([&](const auto&) { return Scalar<N>(number); });
  }
  template <Number N>
  void operator+=(const N& number) && { change([&](const auto& x) { return x + number; }); }
  template <Number N>
  void operator-=(const N& number) && { change([&](const auto& x) { return x - number; }); }
  template <Number N>
  void operator*=(const N& number) && { change([&](const auto& x) { return x * number; }); }
  template <Number N>
  void operator/=(const N& number) && { change([&](const auto& x) { return x / number; }); }

  // The selected elements (or rows) become e's, in C order. Sent: counts, and what e holds elsewhere. ShapeError on every rank if
  // the mask does not select as many as e has.
  template <Expression E>
    requires(detail::joined_backend<backend_of<E>, Backend>::ok)
  void operator=(E&& e) && {
    if constexpr (detail::fits_a_place<E, T, rank, false>()) write(e);
  }
  void operator=(const AssignableSelection& other) && { write(other); }

  template <class P, int N, class Other>
    requires(!detail::joined_backend<Other, Backend>::ok)
  error_E11_operands_live_on_different_backends<Backend, Other, write_to_host_or_to_device_of_one> operator=(const operand_tag<P, N, Other>&) && = delete;
  template <class X>
  error_E14_a_kept_slice_is_a_value__assign_to_the_slice_itself operator=(const X&) & = delete;
  error_E14_a_kept_slice_is_a_value__assign_to_the_slice_itself operator=(const AssignableSelection&) & = delete;

 private:
  struct State {
    std::mutex filling;
    std::optional<A> snapshot;
    std::optional<M> mask;
    std::unique_ptr<Result> result;

    State(const A& array, M&& m) : snapshot(array), mask(std::move(m)) {}
  };

  // The mask, one value for each element.
  static auto spread(M mask) {
    if constexpr (rank_of<M> == rank_of<A>) return mask;
    else return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return slice(mask, all, (static_cast<void>(I), newaxis)...);
    }(std::make_index_sequence<static_cast<std::size_t>(rank_of<A> - 1)>{});
  }
  // Before x is changed: the value is computed if somebody keeps this place, and its share of x ends. Returns the mask.
  M release() const {
    if (!state_->mask) throw ShapeError("x(mask) was kept and assigned to twice; assign to the selection itself");
    if (state_.use_count() > 1) result();
    state_->snapshot.reset();
    M mask(std::move(*state_->mask));
    state_->mask.reset();
    return mask;
  }
  template <class Change>
  void change(Change&& changed) {
    array_->update(where(spread(release()), changed(std::as_const(*array_)), std::as_const(*array_)));
  }

  // Places of the selected rows within this rank's shard.
  detail::SharedBuffer<Size, Backend> selected_rows() const {
    using MaskPolicy = std::conditional_t<detail::distributes<policy_of<A>, rank_of<A>>(0) || rank_of<M> == rank_of<A>, policy_of<A>, Replicated>;
    if (!state_->mask) throw ShapeError("x(mask) was kept and assigned to twice; assign to the selection itself");
    const Array<bool, rank_of<M>, MaskPolicy, Backend> mask(redistribute(*state_->mask, MaskPolicy{}));
    return detail::marked_places<Backend>(mask.local().data(), mask.lshape().size());
  }

  template <class E>
  void write(const E& given) {
    const Comm comm = detail::joined_comm(comm_, given.comm());
    const auto rows = selected_rows();
    const Size selected = rows->size();
    const auto ranks = static_cast<std::size_t>(comm->size());
    std::vector<Size> counts(ranks, selected), starts(ranks);
    constexpr bool in_order = detail::distributes<policy_of<A>, rank_of<A>>(0);
    if constexpr (in_order) {
      comm->all_gather(&selected, counts.data(), std::vector<Size>(ranks, sizeof(Size)));
      for (std::size_t r = 1; r < ranks; ++r) starts[r] = starts[r - 1] + counts[r - 1];
    }
    Shape<rank> expected;
    for (int a = 1; a < rank; ++a) expected[a] = array_->shape()[a];
    expected[0] = in_order ? starts.back() + counts.back() : counts.front();
    if (!(given.shape() == expected))
      throw ShapeError("x(mask) selects " + to_string(expected) + " and was assigned " + to_string(given.shape()));
    const auto held = [&](int r) {
      Box<rank> box = whole(expected);
      if constexpr (rank == rank_of<A>) box = policy_of<A>::part(array_->shape(), comm->size(), r);
      box.lower[0] = starts[static_cast<std::size_t>(r)];
      box.extent[0] = counts[static_cast<std::size_t>(r)];
      return box;
    };
    const auto mine = held(comm->rank());
    detail::SharedBuffer<T, Backend> values = detail::make_buffer<T, Backend>(mine.size());
    {
      const std::remove_cvref_t<decltype(finished(given))> e(finished(given));
      detail::prepare_statement(e);
      using From = policy_of<decltype(e)>;
      if constexpr (detail::is_generated<From> || std::is_same_v<From, Replicated>) detail::evaluate<Backend>(e, mine, values->data());
      else exchange_boxes<Backend>(e, *comm, [&](int r) { return detail::held_box(e, comm->size(), r); }, held, values->data());
    }
    release();
    const Size length = selected == 0 ? 0 : mine.size() / selected;
    Backend::for_each(selected, kernel::WriteSelected<T>{array_->place_to_write(nullptr), values->data(), rows->data(), length});
  }

  A* array_;
  Comm comm_;
  std::shared_ptr<State> state_;
};

template <class A, class M>
auto masked_place(A& array, M&& mask) {
  using Mask = detail::settled_t<M>;
  if constexpr (detail::maskable<const A&, M>()) {
    detail::check_mask(mask.shape(), array.shape());
    detail::joined_comm(array.comm(), mask.comm());
    return AssignableSelection<A, Mask>(array, Mask(detail::settled(std::forward<M>(mask))));
  }
  else return select(std::as_const(array), mask);
}

}  // namespace priel
