// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Array: the stored leaf of every expression; its type says element, rank, policy and backend, its extents are run-time values.
#pragma once

#include <priel/assign.hpp>
#include <priel/local.hpp>

namespace priel {

// The sentences of conversions that do not happen by themselves.
template <class Policy>
struct write_redistribute_to {};
template <class From, class To, class Write>
struct error_E07_an_implicit_conversion_would_send {};
template <class T>
struct write_astype {};
template <class From, class To, class Write>
struct error_E10_the_assignment_narrows {};
template <class Policy, class Write>
struct error_E15_an_abstract_operand_has_no_elements_to_evaluate {};
struct write_explain_of_the_expression_or_use_an_array {};

// T: integers, float, double, bool, std::complex. Copying shares the elements (one atomic count) and copies on write.
// Assignments and constructor calls from an expression evaluate it in one pass over this rank's part and, where the policies
// differ, redistribute: collective then, else nothing is sent. Throws ShapeError on every rank if extents do not fit.
template <class T, int Rank, class Policy, class Backend>
class Array : public Node<Array<T, Rank, Policy, Backend>, T, Rank, Policy, Backend> {
  static_assert(Element<T>, "T is an integer type, float, double, bool or std::complex");
  static_assert(Policy::template fits<Rank>, "error E00: Split<k> needs 0 <= k < rank: the axis does not exist in an array of this rank");

 public:
  Array() : Array(Shape<Rank>{}) {}

  // Uninitialised elements.
  explicit Array(const Shape<Rank>& shape, Comm comm = world())
      : shard_(detail::make_shard<T, Backend>(detail::possible(shape), part_of<Policy>(shape, *comm))) {
    shard_->comm = std::move(comm);
  }

  // Of this rank's elements, C order, which a buffer holds already: its memory if nobody else holds that, else a copy.
  Array(const Shape<Rank>& shape, Comm comm, detail::SharedBuffer<T, Backend> buffer) {
    const Box<Rank> part = part_of<Policy>(shape, *comm);
    if (buffer.use_count() == 1) shard_ = detail::SharedShard<T, Rank, Backend>(new detail::Shard<T, Rank, Backend>(shape, part, std::move(*buffer)));
    else {
      shard_ = detail::make_shard<T, Backend>(shape, part);
      Backend::copy(shard_->data(), buffer->data(), part.size() * static_cast<Size>(sizeof(T)));
    }
    shard_->comm = std::move(comm);
  }

  Array(const Array& other) : shard_(other.shared()) {}
  // A moved-from array has no elements; it is to be assigned or destroyed. (If it kept its share, x = 2 * (x + y) could not
  // be evaluated in place: the temporary x + y lives until the end of the statement.)
  Array(Array&& other) noexcept = default;
  Array& operator=(const Array& other) {
    if (this != &other) shard_ = other.shared();
    return *this;
  }
  Array& operator=(Array&& other) {
    if (this != &other) {
      shard_ = other.shared();
      other.shard_.reset();
    }
    return *this;
  }

  // From an expression; explicit where something would be sent, except to finish a pending reduction.
  template <Expression E>
    requires(rank_of<E> == Rank && detail::can_store<E, T, Policy, Backend> && !std::is_same_v<std::remove_cvref_t<E>, Array>)
  explicit(detail::store_sends<policy_of<E>, Policy>) Array(E&& e)  // NOLINT: implicit where nothing is sent
      : Array(std::forward<E>(e), detail::comm_or_world(e.comm()), Evaluated{}) {}

  // Chosen by `Array<...> y = e` and by passing e to a parameter of this type, where e would have to be sent.
  template <class From>
    requires(detail::known_policy<From> && detail::store_sends<From, Policy>)
  Array(const operand_tag<From, Rank, Backend>&, error_E07_an_implicit_conversion_would_send<From, Policy, write_redistribute_to<Policy>> = {}) = delete;

  template <Expression E>
    requires(rank_of<E> == Rank && !Assignable<value_of<E>, T>)
  Array(const E&, error_E10_the_assignment_narrows<value_of<E>, T, write_astype<T>> = {}) = delete;

  template <Expression E>
    requires(rank_of<E> == Rank && detail::can_store<E, T, Policy, Backend> && !std::is_same_v<std::remove_cvref_t<E>, Array>)
  Array& operator=(E&& e) {
    assign(std::forward<E>(e));
    return *this;
  }

  template <class P>
  Array(const operand_tag<P, Rank, Nowhere>&, error_E15_an_abstract_operand_has_no_elements_to_evaluate<P, write_explain_of_the_expression_or_use_an_array> = {}) = delete;

  template <class P, class Other>
    requires(!std::is_void_v<Other> && !std::is_same_v<Other, Backend> && !std::is_same_v<Other, Nowhere>)
  Array(const operand_tag<P, Rank, Other>&, error_E11_operands_live_on_different_backends<Backend, Other, write_to_host_or_to_device_of_one> = {}) = delete;

  // Element by element, in place where nobody else holds the elements; the element type stays. ShapeError if e would have to grow x.
  template <class X>
  Array& operator+=(X&& x) { return update(*this + std::forward<X>(x)); }
  template <class X>
  Array& operator-=(X&& x) { return update(*this - std::forward<X>(x)); }
  template <class X>
  Array& operator*=(X&& x) { return update(*this * std::forward<X>(x)); }
  template <class X>
  Array& operator/=(X&& x) { return update(*this / std::forward<X>(x)); }

  // Slices: values of an array that cannot be changed, places to assign to (place.hpp) of one that can.
  using Node<Array, T, Rank, Policy, Backend>::operator();
  template <class... Specs>
    requires(detail::can_slice<Policy, Rank, Specs...>::value && !detail::can_slice<Policy, Rank, Specs...>::range_across)
  auto operator()(const Specs&... specs) & { return place(*this, specs...); }
  template <class Mask>
    requires(std::remove_cvref_t<Mask>::is_expression && std::is_same_v<typename std::remove_cvref_t<Mask>::value_type, bool>)
  auto operator()(Mask&& mask) & { return masked_place(*this, std::forward<Mask>(mask)); }

  Shape<Rank> shape() const { return shard_ ? shard_->shape : Shape<Rank>{}; }
  LocalShape<Rank> lshape() const { return LocalShape<Rank>(part().extent); }
  const Comm& comm() const { return shard_ ? shard_->comm : detail::no_comm; }
  constexpr Policy policy() const { return {}; }
  static constexpr const char* backend() { return Backend::name; }
  // The global indices that this rank holds.
  const Box<Rank>& part() const { return shard_ ? shard_->part : nothing; }
  Size size() const { return shape().size(); }

  // This rank's elements, read-only, in memory of the backend: a Local, or where the CPU does not read that a FarLocal.
  auto local() const { return detail::LocalOf<const T, Rank, Backend>(data(), lshape(), shard_); }

  // This rank's elements to write. Detaches from copies first.
  Lease<T, Rank, Backend> local_mut() {
    detach();
    return {shard_, lshape()};
  }

  static constexpr bool is_prepared = true;
  static constexpr bool is_relocatable = true;   // one pointer to a shard, which does not know of it
  static constexpr int arrays = 1;
  void end_with(detail::EndingShares& others) { shard_.end_with(others); }
  static constexpr int to_comm = 0;
  void prepare() const {}
  int readers(const void* buffer) const { return buffer == shard_.get() ? 1 : 0; }
  bool same(const Array& other) const { return shard_ == other.shard_; }
  void plan(Plan& plan) const {
    plan.operand(shard_.get(), policy_name<Policy>() + " " + described(*this), [&](int r) {
      return Policy::part(shape(), plan.ranks(), r).size() * static_cast<Size>(sizeof(T));
    });
  }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope&) const { return kernel::strided(data(), part(), frame, shard_ && shard_->has_slack()); }

 private:
  template <class U, int R, class P, class B>
  friend class Array;
  template <class A, class View>
  friend class AssignableSlice;
  template <class A, class M>
  friend class AssignableSelection;

  static constexpr Box<Rank> nothing{};   // what a moved-from array holds

  // A shard that is not new is a result cell's, which others read: on another communicator it is copied.
  void belongs_to(const Comm& comm) {
    if (shard_->comm && shard_->comm != comm) shard_ = detail::copy_of(*shard_);
    if (shard_->comm != comm) shard_->comm = comm;
  }
  const T* data() const { return shard_ ? shard_->data() : nullptr; }

  struct Evaluated {};

  // e's values, on e's communicator or, where it names none, the given one.
  template <class E>
  Array(E&& e, const Comm& comm, Evaluated) : shard_(evaluated(std::forward<E>(e), comm)) { belongs_to(comm); }

  template <class E>
  static detail::SharedShard<T, Rank, Backend> evaluated(E&& e, const Comm& comm) {
    if constexpr (requires { { e.result() } -> std::same_as<const Array&>; }) {   // a result cell of this very type is shared
      e.prepare();
      return e.result().shared();
    } else return detail::stored<T, Policy, Backend>(std::forward<E>(e), comm);
  }

  detail::SharedShard<T, Rank, Backend> shared() const { return shard_ && shard_->leases > 0 ? detail::copy_of(*shard_) : shard_; }

  // `others`: how many shares of the elements do not count, because they end with the statement.
  void detach(long others = 0) {
    if (!shard_) *this = Array();   // it was moved from
    else if (shard_.use_count() > 1 + others + shard_->leases) shard_ = detail::copy_of(*shard_);
  }
  // What a copy that is made now shares; nothing while somebody writes by a lease.
  const void* shared_memory() const { return shard_ && shard_->leases == 0 ? shard_.get() : nullptr; }
  // To write by a slice, which has a share of this memory.
  T* place_to_write(const void* sliced) {
    detach(sliced != nullptr && sliced == shard_.get() ? 1 : 0);
    return shard_->data();
  }

  template <class E>
  Array& update(E&& e) {
    static_assert(Assignable<value_of<E>, T>, "error E10: the assignment narrows; write x = astype<T>(x + y)");
    static_assert(rank_of<E> == Rank, "the right side of +=, -=, *=, /= has no more axes than the left");
    if constexpr (rank_of<E> == Rank) {
      if (!(e.shape() == shape())) throw ShapeError("an array of shape " + to_string(shape()) + " does not become " + to_string(e.shape()) + " in place");
      *this = std::forward<E>(e);
    }
    return *this;
  }

  template <class E>
  void assign(E&& e) {
    const Comm& known = e.comm() ? e.comm() : comm();
    // In place, if the right side is a temporary and nobody but its leaves, each reading what it overwrites, holds the buffer. Not where a
    // result cell holds the values already: it is shared.
    constexpr bool kept = requires { { e.result() } -> std::same_as<const Array&>; };
    if constexpr (!kept && !std::is_lvalue_reference_v<E> && (std::is_same_v<policy_of<E>, Policy> || detail::is_generated<policy_of<E>>)) {
      if (shard_ && known == shard_->comm && e.shape() == shard_->shape && shard_->leases == 0 && held_by(e)) {
        detail::prepare_statement(e);
        if (std::remove_cvref_t<E>::is_prepared || held_by(e)) {
          detail::evaluate<Backend>(e, shard_->part, shard_->data());
          return;
        }
      }
    }
    const Comm on = detail::comm_or_world(known);
    become(on, evaluated(std::forward<E>(e), on));
  }

  // Whether nobody but this array and such leaves of e hold the elements.
  template <class E>
  bool held_by(const E& e) const { return shard_.use_count() == 1 + e.readers(shard_.get()); }

  // Out of line: compiled once for each type of array, not for every expression that is assigned.
  [[gnu::noinline]] void become(const Comm& comm, detail::SharedShard<T, Rank, Backend> shard) {
    shard_ = std::move(shard);
    belongs_to(comm);
  }

  detail::SharedShard<T, Rank, Backend> shard_;
};

// Stores an expression: Generated and Partial as Replicated, else its own policy.
template <Expression E>
auto eval(E&& e) {
  using B = detail::backend_or_default<backend_of<E>>;
  return Array<value_of<E>, rank_of<E>, detail::stored_policy<policy_of<E>>, B>(std::forward<E>(e));
}

template <Expression E>
Array(E&&) -> Array<value_of<E>, rank_of<E>, detail::stored_policy<policy_of<E>>, detail::backend_or_default<backend_of<E>>>;

// A rank-0 expression as a C++ scalar, the same on every rank: a pending reduction is finished first.
template <Expression E>
  requires(rank_of<E> == 0)
value_of<E> item(E&& e) {
  using B = detail::backend_or_default<backend_of<E>>;
  const Array<value_of<E>, 0, Replicated, B> value(std::forward<E>(e));
  value_of<E> result{};
  B::download(&result, value.local().data(), sizeof(result));
  return result;
}

}  // namespace priel
