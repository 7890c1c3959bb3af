// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// convolve and correlate of vectors: R R -> R, S<0> R, R S<0> -> S<0>; the split one's neighbours are fetched.
#pragma once

#include <priel/algorithms/detail/fetch.hpp>
#include <priel/algorithms/detail/product.hpp>
#include <priel/algorithms/outer.hpp>
#include <priel/algorithms/roll.hpp>

namespace priel {

// Which sums of products convolve and correlate give: all, as many as the longer operand has elements, or those of full overlap.
enum class Mode { full, same, valid };

namespace kernel {

// out_i = sum_j x_(i + start - j) v_j, some neighbours at a time; x_0 of `n` elements is x[0], and x holds those that are read.
template <class T, int Most>
struct Convolution {
  using Sum = std::conditional_t<kind_of<T> == Kind::integer, std::uint64_t, accumulate_type<T>>;
  const T* x;
  Size first, n;   // x[0] is x_first
  const T* v;
  Size m;
  T* out;
  Size start, count;

  PRIEL_DEVICE void operator()(Size job) const {
    const Size lower = job * Most, sums = count - lower < Most ? count - lower : Most;
    Sum sum[Most];
    for (Sum& s : sum) s = Sum{};
    for (Size j = 0; j < m;) {   // in the order of v, whatever is computed together
      const Size at = start + lower - j;   // of x, for the first of the sums
      if (j + 4 <= m && at >= 3 && n - at >= sums) {
        four(x + (at - first), v + j, sums, sum);
        j += 4;
        continue;
      }
      const Size from = at < 0 ? -at : 0, to = n - at < sums ? n - at : sums;
      const auto factor = static_cast<Sum>(v[j++]);
      for (Size i = from; i < to; ++i) sum[i] += static_cast<Sum>(x[at - first + i]) * factor;
    }
    for (Size i = 0; i < sums; ++i) out[lower + i] = static_cast<T>(sum[i]);
  }

 private:
  // Four terms of each sum, one after the other.
  PRIEL_DEVICE static void four(const T* values, const T* factors, Size sums, Sum* sum) {
    const Sum a = static_cast<Sum>(factors[0]), b = static_cast<Sum>(factors[1]), c = static_cast<Sum>(factors[2]), d = static_cast<Sum>(factors[3]);
    for (Size i = 0; i < sums; ++i) {
      const T* const x = values + i;
      sum[i] = sum[i] + static_cast<Sum>(x[0]) * a + static_cast<Sum>(x[-1]) * b + static_cast<Sum>(x[-2]) * c + static_cast<Sum>(x[-3]) * d;
    }
  }
};

}  // namespace kernel

namespace detail {

// For Computed: the sums [start, start + count) of x, which may be split, and v, which every rank has.
template <class X, class V>
struct ConvolutionOf {
  using value_type = promote<value_of<X>, value_of<V>>;
  using policy_type = stored_policy<policy_of<X>>;
  using backend_type = backend_or_default<typename joined_backend<backend_of<X>, backend_of<V>>::type>;
  static constexpr int rank = 1;
  static constexpr bool across = distributes<policy_type, 1>(0);
  static constexpr Collectives collectives = across ? Collectives(Collective::exchange) : Collectives{};
  static constexpr int most = backend_type::host_memory ? 512 : 1;
  const char* name;
  Size start, count;

  Shape<1> shape(const X&, const V&) const { return {count}; }
  auto operator()(const X& x, const V& v) const {
    const Comm comm = comm_or_world(joined_comm(x.comm(), v.comm()));
    Array<value_type, 1, policy_type, backend_type> result(Shape<1>{count}, comm);
    const auto factors = operand_part<value_type, Replicated, backend_type>(v, comm);
    const Block block = block_on<0, policy_type>(result.shape(), comm->size(), comm->rank());
    const auto lease = result.local_mut();
    const auto run = [&](const value_type* values, Size first) {
      backend_type::for_each((block.extent + most - 1) / most,
                             kernel::Convolution<value_type, most>{values, first, x.shape()[0], factors.local().data(), factors.shape()[0],
                                                                   lease.data(), start + block.lower, block.extent});
    };
    if constexpr (across) {
      const auto read = fetch<0, backend_type>(astype<value_type>(x), comm, needs(x, v, comm->size()));
      run(read.buffer->data(), read.first.lower[0]);
    } else {
      const auto values = operand_part<value_type, Replicated, backend_type>(x, comm);
      run(values.local().data(), 0);
    }
    return result;
  }
  void plan(Plan& plan, const X& x, const V& v) const {
    plan_operand<value_type, Replicated>(v, plan);
    if constexpr (across) plan_fetch<0>(plan, name, astype<value_type>(x), Shape<1>{count}, needs(x, v, plan.ranks()));
    else plan_operand<value_type, Replicated>(x, plan);
  }

 private:
  auto needs(const X& x, const V& v, int ranks) const {
    return [n = x.shape()[0], m = v.shape()[0], first = start, all = count, ranks](int q) {
      const Block block = block_on<0, policy_type>(Shape<1>{all}, ranks, q);
      if (block.extent == 0) return Needed{};
      const Size lower = std::clamp<Size>(first + block.lower - m + 1, 0, n), upper = std::clamp<Size>(first + block.lower + block.extent, lower, n);
      return Needed{{lower, upper - lower}, {}};
    };
  }
};

// Of x of n and v of m elements, turned round already: which of the n + m - 1 sums.
template <class X, class V>
auto convolved(const char* name, X&& x, V&& v, Mode mode, bool rounds_up) {
  const Size n = x.shape()[0], m = v.shape()[0], shorter = std::min(n, m), longer = std::max(n, m);
  if (shorter == 0)
    throw ShapeError(std::string(name) + ": operands of shapes " + to_string(x.shape()) + " and " + to_string(v.shape()) + "; none may be empty");
  Size start = 0, count = n + m - 1;
  if (mode == Mode::same) start = rounds_up ? shorter / 2 : (shorter - 1) / 2, count = longer;
  if (mode == Mode::valid) start = shorter - 1, count = longer - shorter + 1;
  const auto node = [&](auto&& a, auto&& b) {
    using A = settled_t<decltype(a)>;
    using B = settled_t<decltype(b)>;
    return computed(ConvolutionOf<A, B>{name, start, count}, A(settled(std::forward<decltype(a)>(a))), B(settled(std::forward<decltype(b)>(b))));
  };
  if constexpr (distributes<stored_policy<policy_of<V>>, 1>(0)) return node(std::forward<V>(v), std::forward<X>(x));
  else return node(std::forward<X>(x), std::forward<V>(v));
}

template <class X, class V>
inline constexpr bool both_bool_vectors = std::is_same_v<value_of<X>, bool> && std::is_same_v<value_of<V>, bool>;

}  // namespace detail

// sum_j x_(i - j) v_j for every i where a term exists (n + m - 1 of them), where as many are wanted as the longer operand has elements, from
// the middle (Mode::same), or where all do (Mode::valid). Integers wrap, floats are summed in double. R R -> R; S<0> R, R S<0> -> S<0>: each
// rank gets the elements that it reads, at most one less than the replicated operand has from each neighbour. ShapeError if one is empty.
template <Expression X, Expression V>
  requires(rank_of<X> == 1 && rank_of<V> == 1 && Contractible<detail::OuterRule<policy_of<X>, policy_of<V>>, X, V>)
auto convolve(X&& x, V&& v, Mode mode = Mode::full) {
  if constexpr (detail::both_bool_vectors<X, V>)   // true where a term is
    return detail::convolved("convolve", astype<std::int64_t>(std::forward<X>(x)), astype<std::int64_t>(std::forward<V>(v)), mode, false) != 0;
  else return detail::convolved("convolve", std::forward<X>(x), std::forward<V>(v), mode, false);
}
template <class P, class A, class Q, class B>
error_E05_operands_of_a_contraction_are_split_on_different_labels__write_redistribute_right_operand_to_replicated__or_the_ring_of_both<detail::OuterRule<P, Q>, P, A, Q, B, or_of_the_left_one> convolve(const operand_tag<P, 1, A>&, const operand_tag<Q, 1, B>&, Mode = Mode::full) = delete;

// sum_j x_(i + j) v_j, conjugates of v where it is complex: convolve with v turned round, which must not be split; S<0> R -> S<0>.
template <Expression X, Expression V>
  requires(rank_of<X> == 1 && rank_of<V> == 1 && Contractible<detail::OuterRule<policy_of<X>, policy_of<V>>, X, V>)
auto correlate(X&& x, V&& v, Mode mode = Mode::valid) {
  const bool longer = v.shape()[0] > x.shape()[0];
  auto turned = flip(conj(std::forward<V>(v)), axis<0>);
  if constexpr (detail::both_bool_vectors<X, V>)
    return detail::convolved("correlate", astype<std::int64_t>(std::forward<X>(x)), astype<std::int64_t>(std::move(turned)), mode, longer) != 0;
  else return detail::convolved("correlate", std::forward<X>(x), std::move(turned), mode, longer);
}
template <class P, class A, class Q, class B>
error_E05_operands_of_a_contraction_are_split_on_different_labels__write_redistribute_right_operand_to_replicated__or_the_ring_of_both<detail::OuterRule<P, Q>, P, A, Q, B, or_of_the_left_one> correlate(const operand_tag<P, 1, A>&, const operand_tag<Q, 1, B>&, Mode = Mode::valid) = delete;

}  // namespace priel
