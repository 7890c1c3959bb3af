// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The node of a product of two operands by the contraction rule: Computed where the result is split or replicated, ComputedSum where summed.
#pragma once

#include <priel/algorithms/contraction.hpp>
#include <priel/algorithms/detail/product.hpp>
#include <priel/computed_sum.hpp>
#include <priel/redistribute.hpp>

namespace priel::detail {

// N letters from `First` on, the last axis having the first letter, so that axes are aligned from the right.
template <char First, int N>
constexpr auto letters() {
  return []<int... I>(std::integer_sequence<int, I...>) {
    return Labels<static_cast<char>(First + N - 1 - I)...>{};
  }(std::make_integer_sequence<int, N>{});
}
template <char... A, char... B>
constexpr Labels<A..., B...> operator+(Labels<A...>, Labels<B...>) { return {}; }

// Left (batch..., rows..., terms...) times right (batch..., terms..., columns...): the numbers of axes of each kind.
template <int LeftBatch, int RightBatch, int Rows, int Terms, int Columns>
struct ProductAxes {
  static constexpr int batch = LeftBatch > RightBatch ? LeftBatch : RightBatch;
  static constexpr int rows = Rows, terms = Terms, columns = Columns, left_batch = LeftBatch, right_batch = RightBatch;
  static constexpr int rank = batch + Rows + Columns;
  using left = decltype(letters<'A', LeftBatch>() + letters<'i', Rows>() + letters<'a', Terms>());
  using right = decltype(letters<'A', RightBatch>() + letters<'a', Terms>() + letters<'q', Columns>());
  using out = decltype(letters<'A', batch>() + letters<'i', Rows>() + letters<'q', Columns>());

  template <class P, class Q>
  using rule = ContractionRule<left, P, right, Q, out>;
};

// The product of the extents of `count` axes from `first` on.
template <int Rank>
Size extents(const Shape<Rank>& shape, int first, int count) {
  Size product = 1;
  for (int a = first; a < first + count; ++a) product *= shape[a];
  return product;
}

// For Computed and ComputedSum.
template <class Axes, class L, class R>
struct ProductOf {
  using rule = typename Axes::template rule<policy_of<L>, policy_of<R>>;
  using value_type = promote<value_of<L>, value_of<R>>;
  using policy_type = typename rule::policy;
  using backend_type = backend_or_default<typename joined_backend<backend_of<L>, backend_of<R>>::type>;
  static constexpr int rank = Axes::rank;
  static constexpr Collectives collectives{};
  const char* name;

  Shape<rank> shape(const L& l, const R& r) const {
    const auto left = l.shape();
    const auto right = r.shape();
    bool fits = true;
    for (int t = 0; t < Axes::terms; ++t) fits = fits && left[Axes::left_batch + Axes::rows + t] == right[Axes::right_batch + t];
    Shape<rank> out;
    for (int b = 0; b < Axes::batch; ++b) {   // b-th from the right of the leading axes
      const Size in_left = b < Axes::left_batch ? left[Axes::left_batch - 1 - b] : -1;
      const Size in_right = b < Axes::right_batch ? right[Axes::right_batch - 1 - b] : -1;
      fits = fits && (in_left < 0 || in_right < 0 || in_left == in_right);
      out[Axes::batch - 1 - b] = in_left < 0 ? in_right : in_left;
    }
    if (!fits) refuse_extents(name, left, right);
    for (int a = 0; a < Axes::rows; ++a) out[Axes::batch + a] = left[Axes::left_batch + a];
    for (int a = 0; a < Axes::columns; ++a) out[Axes::batch + Axes::rows + a] = right[Axes::right_batch + Axes::terms + a];
    return out;
  }

  Array<value_type, rank, policy_type, backend_type> operator()(const L& l, const R& r) const {
    Array<value_type, rank, policy_type, backend_type> result(shape(l, r), comm_or_world(joined_comm(l.comm(), r.comm())));
    compute(result.comm(), l, r, result.local_mut().data());
    return result;
  }
  SharedBuffer<accumulate_type<value_type>, backend_type> summands(const Comm& comm, const L& l, const R& r) const {
    auto values = make_buffer<value_type, backend_type>(shape(l, r).size());
    compute(comm, l, r, values->data());
    return widened<backend_type>(values);
  }
  void plan(Plan& plan, const L& l, const R& r) const {
    plan_operand<value_type, typename rule::left_part>(l, plan);
    plan_operand<value_type, typename rule::right_part>(r, plan);
    Size elements = shape(l, r).size();
    if constexpr (!is_partial<policy_type>::value) elements = largest_part<policy_type>(shape(l, r), plan.ranks());
    plan.loop(name, elements, [&] { plan.fused(name); });
  }

 private:
  void compute(const Comm& comm, const L& l, const R& r, value_type* out) const {
    const auto a = operand_part<value_type, typename rule::left_part, backend_type>(l, comm);
    const auto b = operand_part<value_type, typename rule::right_part, backend_type>(r, comm);
    const Shape<rank_of<L>> left = a.lshape();
    const Shape<rank_of<R>> right = b.lshape();
    const Size a_batch = extents(left, 0, Axes::left_batch), b_batch = extents(right, 0, Axes::right_batch);
    const Size m = extents(left, Axes::left_batch, Axes::rows), k = extents(left, Axes::left_batch + Axes::rows, Axes::terms);
    const Size n = extents(right, Axes::right_batch + Axes::terms, Axes::columns);
    const Size batch = Axes::left_batch >= Axes::right_batch ? a_batch : b_batch;
    multiply_all<backend_type, value_type>({batch, a_batch, b_batch, m, n, k, a.local().data(), b.local().data(), out});
  }
};

template <class Axes, class L, class R>
auto product(const char* name, L&& l, R&& r) {
  using Left = settled_t<L>;
  using Right = settled_t<R>;
  using Function = ProductOf<Axes, Left, Right>;
  if constexpr (is_partial<typename Function::policy_type>::value)
    return ComputedSum<Function, Left, Right>(Function{name}, settled(std::forward<L>(l)), settled(std::forward<R>(r)));
  else return Computed<Function, Left, Right>(Function{name}, settled(std::forward<L>(l)), settled(std::forward<R>(r)));
}

}  // namespace priel::detail
