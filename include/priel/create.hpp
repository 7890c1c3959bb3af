// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Creators: without a policy tag they are Generated (no memory, no message); with one they are stored on that policy.
#pragma once

#include <priel/array.hpp>

#include <cmath>
#include <limits>

namespace priel {

template <class T>
struct ConstantFunction {
  T value;
  template <int Rank>
  PRIEL_DEVICE constexpr T operator()(const Index<Rank>&) const { return value; }
  bool operator==(const ConstantFunction& other) const { return detail::same_bits(value, other.value); }
};

// A function of the global index as an operand. The function is a trivially copyable functor: Index<Rank> -> T.
template <class T, int Rank, class Function>
class IndexFunction : public Node<IndexFunction<T, Rank, Function>, T, Rank, Generated, void> {
 public:
  IndexFunction(const Shape<Rank>& shape, Function function) : shape_(detail::possible(shape)), function_(function) {}

  Shape<Rank> shape() const { return shape_; }
  const Comm& comm() const { return detail::no_comm; }
  void prepare() const {}
  int readers(const void*) const { return 0; }
  bool same(const IndexFunction& other) const {
    if constexpr (requires { function_ == other.function_; }) return shape_ == other.shape_ && function_ == other.function_;
    else return false;
  }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope&) const {
    if constexpr (std::is_same_v<Function, ConstantFunction<T>>) return kernel::Constant<T>{function_.value};
    else return kernel::Generator<T, Root, Rank, Function>{frame, function_};
  }

 private:
  Shape<Rank> shape_;
  Function function_;
};

// Integers wrap.
template <class T>
struct LinearFunction {
  T first, step;
  PRIEL_DEVICE constexpr T operator()(const Index<1>& i) const {
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(static_cast<std::uint64_t>(first) + static_cast<std::uint64_t>(i[0]) * static_cast<std::uint64_t>(step));
    else return static_cast<T>(first + static_cast<T>(static_cast<typename detail::real_part<T>::type>(i[0])) * step);
  }
  bool operator==(const LinearFunction& other) const { return detail::same_bits(first, other.first) && detail::same_bits(step, other.step); }
};

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

namespace detail {

// The policy tag that a creator of arrays of this rank may end with.
template <int Rank, class... P>
concept PolicyTag = sizeof...(P) <= 1 && (StoredPolicy<P, Rank> && ...);

// What a creator returns: the expression, or where a policy is named an array.
template <class E, class... P>
auto made(E e, P...) {
  if constexpr (sizeof...(P) == 0) return e;
  else return Array<value_of<E>, rank_of<E>, P...>(std::move(e));
}

}  // namespace detail

// f(global index) for every index of the shape.
template <Element T, int Rank, class Function>
auto generate(const Shape<Rank>& shape, Function function) { return IndexFunction<T, Rank, Function>(shape, function); }

// One value everywhere: full<float>({n, m}, 2.5f), full<float>(x.shape(), 2.5f, split<0>).
template <Element T, int Rank, class... P>
  requires detail::PolicyTag<Rank, P...>
auto full(const Shape<Rank>& shape, std::type_identity_t<T> value, P... policy) {
  return detail::made(generate<T>(shape, ConstantFunction<T>{value}), policy...);
}
template <Element T, int Rank, class... P>
  requires detail::PolicyTag<Rank, P...>
auto full(const Size (&extents)[Rank], std::type_identity_t<T> value, P... policy) { return full<T>(shape_from(extents), value, policy...); }

template <Element T, int Rank, class... P>
  requires detail::PolicyTag<Rank, P...>
auto zeros(const Shape<Rank>& shape, P... policy) { return full<T>(shape, T{}, policy...); }
template <Element T, int Rank, class... P>
  requires detail::PolicyTag<Rank, P...>
auto zeros(const Size (&extents)[Rank], P... policy) { return full<T>(shape_from(extents), T{}, policy...); }

template <Element T, int Rank, class... P>
  requires detail::PolicyTag<Rank, P...>
auto ones(const Shape<Rank>& shape, P... policy) { return full<T>(shape, T(1), policy...); }
template <Element T, int Rank, class... P>
  requires detail::PolicyTag<Rank, P...>
auto ones(const Size (&extents)[Rank], P... policy) { return full<T>(shape_from(extents), T(1), policy...); }

// With a policy uninitialised elements, to be written before they are read; without one zeros, which cost no memory.
template <Element T, int Rank, class... P>
  requires detail::PolicyTag<Rank, P...>
auto empty(const Shape<Rank>& shape, P...) {
  if constexpr (sizeof...(P) == 0) return zeros<T>(shape);
  else return Array<T, Rank, P...>(shape);
}
template <Element T, int Rank, class... P>
  requires detail::PolicyTag<Rank, P...>
auto empty(const Size (&extents)[Rank], P... policy) { return empty<T>(shape_from(extents), policy...); }

namespace detail {

template <class T, class X>
using like_type = std::conditional_t<std::is_void_v<T>, value_of<X>, T>;
template <class T, class X>
using like = Array<like_type<T, X>, rank_of<X>, stored_policy<policy_of<X>>, backend_or_default<backend_of<X>>>;

}  // namespace detail

// An array with the shape, the policy, the communicator and the backend of x, whose elements are not read: full_like(x, 1),
// zeros_like<double>(x). Of a Generated x it is replicated. Nothing is sent.
template <class T = void, Expression X>
auto empty_like(const X& x) { return detail::like<T, X>(x.shape(), detail::comm_or_world(x.comm())); }
template <class T = void, Expression X>
auto full_like(const X& x, detail::like_type<T, X> value) {
  detail::like<T, X> result = empty_like<T>(x);
  result = full<detail::like_type<T, X>>(x.shape(), value);
  return result;
}
template <class T = void, Expression X>
auto zeros_like(const X& x) { return full_like<T>(x, detail::like_type<T, X>{}); }
template <class T = void, Expression X>
auto ones_like(const X& x) { return full_like<T>(x, detail::like_type<T, X>(1)); }

namespace detail {

// Elements of a range of numbers, without the end.
template <class N>
Size range_count(N start, N stop, N step) {
  if constexpr (std::is_integral_v<N>) {
    if (step == 0) throw ShapeError("arange: the step is not 0");
    if (step > 0 ? stop <= start : stop >= start) return 0;
    const auto from = static_cast<std::uint64_t>(start), to = static_cast<std::uint64_t>(stop), by = static_cast<std::uint64_t>(step);
    return static_cast<Size>(step > 0 ? (to - from - 1) / by + 1 : (from - to - 1) / (0 - by) + 1);
  } else {
    const double count = std::ceil(static_cast<double>((stop - start) / step));
    if (!(count < 0x1p62)) throw ShapeError("arange: from " + std::to_string(start) + " to " + std::to_string(stop) + " in steps of " + std::to_string(step) + " is no finite number of elements");
    return count > 0 ? static_cast<Size>(count) : 0;
  }
}

// The element type of arange: what is named, or NumPy's of the numbers given.
template <class T, class... N>
using range_type = std::conditional_t<std::is_void_v<T>, scalar_default<decltype((N{} + ...))>, T>;

template <class... N>
concept Bounds = (std::is_arithmetic_v<N> && ...);

}  // namespace detail

// start, start + step, ... below stop (above, if the step is negative): arange(2, 9), arange<float>(0, 1, 0.1). Without a type:
// int64 of integers, double of doubles. ShapeError if the step is 0. Elements of floating types are start + i * step, rounded once each.
template <class T = void, class A, class B, class C, class... P>
  requires(detail::Bounds<A, B, C> && detail::PolicyTag<1, P...>)
auto arange(A start, B stop, C step, P... policy) {
  using V = detail::range_type<T, A, B, C>;
  using N = std::conditional_t<std::is_integral_v<decltype(start + stop + step)>, Size, double>;
  const Size count = detail::range_count<N>(static_cast<N>(start), static_cast<N>(stop), static_cast<N>(step));
  using R = typename detail::real_part<V>::type;
  const V first = static_cast<R>(start);
  V by = static_cast<R>(step);
  if constexpr (!std::is_integral_v<V>) by = static_cast<R>(static_cast<double>(start) + static_cast<double>(step)) - first;
  return detail::made(generate<V>(Shape<1>{count}, LinearFunction<V>{first, by}), policy...);
}
template <class T = void, class A, class B, class... P>
  requires(detail::Bounds<A, B> && detail::PolicyTag<1, P...>)
auto arange(A start, B stop, P... policy) { return arange<detail::range_type<T, A, B>>(start, stop, 1, policy...); }
// 0, 1, ... below n.
template <class T = void, class A, class... P>
  requires(detail::Bounds<A> && detail::PolicyTag<1, P...>)
auto arange(A n, P... policy) { return arange<detail::range_type<T, A>>(A{}, n, 1, policy...); }

}  // namespace priel
