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
      : shape_(detail::possible(shape)), part_(part_of<Policy>(shape_, *comm)), buffer_(detail::make_buffer<T, Backend>(part_.size())) {
    buffer_->comm = std::move(comm);
  }

  // Of this rank's elements, which a buffer holds already: C order.
  Array(const Shape<Rank>& shape, Comm comm, detail::SharedBuffer<T, Backend> buffer)
      : shape_(shape), part_(part_of<Policy>(shape_, *comm)), buffer_(std::move(buffer)) {
    belongs_to(comm);
  }

  Array(const Array& other) : shape_(other.shape_), part_(other.part_), buffer_(other.shared()) {}
  // A moved-from array has no elements; it is to be assigned or destroyed. (If it kept its share, x = 2 * (x + y) could not
  // be evaluated in place: the temporary x + y lives until the end of the statement.)
  Array(Array&& other) noexcept = default;
  Array& operator=(const Array& other) {
    if (this != &other) {
      buffer_ = other.shared();
      shape_ = other.shape_;
      part_ = other.part_;
    }
    return *this;
  }
  Array& operator=(Array&& other) {
    if (this != &other) {
      *this = static_cast<const Array&>(other);
      other.forget();
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

  Shape<Rank> shape() const { return buffer_ ? shape_ : Shape<Rank>{}; }
  LocalShape<Rank> lshape() const { return LocalShape<Rank>(part().extent); }
  const Comm& comm() const { return buffer_ ? buffer_->comm : detail::no_comm; }
  constexpr Policy policy() const { return {}; }
  static constexpr const char* backend() { return Backend::name; }
  // The global indices that this rank holds.
  const Box<Rank>& part() const { return buffer_ ? part_ : nothing; }
  Size size() const { return shape().size(); }

  // This rank's elements, read-only; memory of the backend.
  Local<const T, Rank> local() const { return {data(), lshape(), buffer_}; }

  // This rank's elements to write. Detaches from copies first.
  Lease<T, Rank, Backend> local_mut() {
    detach();
    return {buffer_, lshape()};
  }

  void prepare() const {}
  int readers(const void* buffer) const { return buffer == buffer_.get() ? 1 : 0; }
  bool same(const Array& other) const { return buffer_ == other.buffer_ && shape_ == other.shape_; }
  void plan(Plan& plan) const {
    plan.operand(buffer_.get(), policy_name<Policy>() + " " + described(*this), [&](int r) {
      return Policy::part(shape_, plan.ranks(), r).size() * static_cast<Size>(sizeof(T));
    });
  }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope&) const { return kernel::strided(data(), part_, frame, buffer_ && buffer_->has_slack()); }

 private:
  template <class U, int R, class P, class B>
  friend class Array;
  template <class A, class View>
  friend class AssignableSlice;
  template <class A, class M>
  friend class AssignableSelection;

  static constexpr Box<Rank> nothing{};   // what a moved-from array holds

  // A buffer that is not new is a result cell's, which others read: on another communicator it is copied.
  void belongs_to(const Comm& comm) {
    if (buffer_->comm && buffer_->comm != comm) buffer_ = detail::copy_of(*buffer_);
    if (buffer_->comm != comm) buffer_->comm = comm;
  }
  const T* data() const { return buffer_ ? buffer_->data() : nullptr; }

  struct Evaluated {};

  // e's values, on e's communicator or, where it names none, the given one.
  template <class E>
  Array(E&& e, const Comm& comm, Evaluated)
      : shape_(e.shape()), part_(part_of<Policy>(shape_, *comm)), buffer_(evaluated(std::forward<E>(e), comm, part_)) {
    belongs_to(comm);
  }

  template <class E>
  static detail::SharedBuffer<T, Backend> evaluated(E&& e, const Comm& comm, const Box<Rank>& part) {
    if constexpr (requires { { e.result() } -> std::same_as<const Array&>; }) {   // a result cell of this very type is shared
      e.prepare();
      return e.result().shared();
    } else return detail::stored<T, Policy, Backend>(std::forward<E>(e), comm, part);
  }

  detail::SharedBuffer<T, Backend> shared() const { return buffer_ && buffer_->leases > 0 ? detail::copy_of(*buffer_) : buffer_; }

  void forget() {
    buffer_.reset();
    shape_ = {};
    part_ = {};
  }

  // `others`: how many shares of the elements do not count, because they end with the statement.
  void detach(long others = 0) {
    if (!buffer_) *this = Array();   // it was moved from
    else if (buffer_.use_count() > 1 + others + buffer_->leases) buffer_ = detail::copy_of(*buffer_);
  }
  // What a copy that is made now shares; nothing while somebody writes by a lease.
  const void* shared_memory() const { return buffer_ && buffer_->leases == 0 ? buffer_.get() : nullptr; }
  // To write by a slice, which has a share of this memory.
  T* place_to_write(const void* sliced) {
    detach(sliced != nullptr && sliced == buffer_.get() ? 1 : 0);
    return buffer_->data();
  }

  template <class E>
  Array& update(E&& e) {
    static_assert(Assignable<value_of<E>, T>, "error E10: the assignment narrows; write x = astype<T>(x + y)");
    static_assert(rank_of<E> == Rank, "the right side of +=, -=, *=, /= has no more axes than the left");
    if constexpr (rank_of<E> == Rank) {
      if (!(e.shape() == shape_)) throw ShapeError("an array of shape " + to_string(shape_) + " does not become " + to_string(e.shape()) + " in place");
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
      if (buffer_ && known == buffer_->comm && e.shape() == shape_ && buffer_.use_count() == 1 + e.readers(buffer_.get()) && buffer_->leases == 0) {
        detail::prepare_statement(e);
        if (buffer_.use_count() == 1 + e.readers(buffer_.get())) {
          detail::evaluate<Backend>(e, part_, buffer_->data());
          return;
        }
      }
    }
    const Comm on = detail::comm_or_world(known);
    const Shape<Rank> shape = e.shape();
    const Box<Rank> part = part_of<Policy>(shape, *on);
    become(shape, on, part, evaluated(std::forward<E>(e), on, part));
  }

  // Out of line: compiled once for each type of array, not for every expression that is assigned.
  [[gnu::noinline]] void become(const Shape<Rank>& shape, const Comm& comm, const Box<Rank>& part, detail::SharedBuffer<T, Backend> buffer) {
    shape_ = shape;
    part_ = part;
    buffer_ = std::move(buffer);
    belongs_to(comm);
  }

  Shape<Rank> shape_;
  Box<Rank> part_;
  detail::SharedBuffer<T, Backend> buffer_;
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
