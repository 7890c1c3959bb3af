// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Packets of where(comparison, a, b): the comparison of two packets as the mask of a choice, where all elements have one type.
#pragma once

#include <priel/backend/packets.hpp>
#include <priel/op/logic.hpp>

namespace priel::host {

template <class Op>
inline constexpr bool gives_masks = std::is_same_v<Op, op::Less> || std::is_same_v<Op, op::LessEqual> || std::is_same_v<Op, op::Greater> ||
    std::is_same_v<Op, op::GreaterEqual> || std::is_same_v<Op, op::Equal>;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"   // packets are vector types; their alignment is not lost here

// False where either is NaN. (Eigen 3.4 turns the masks of AVX-512 into packets and back.)
template <class Op, class P>
auto compared(const P& a, const P& b) {
#if defined(__AVX512F__)
  constexpr int predicate = std::is_same_v<Op, op::Less> ? _CMP_LT_OQ : std::is_same_v<Op, op::LessEqual> ? _CMP_LE_OQ :
      std::is_same_v<Op, op::Greater> ? _CMP_GT_OQ : std::is_same_v<Op, op::GreaterEqual> ? _CMP_GE_OQ : _CMP_EQ_OQ;
  if constexpr (std::is_same_v<P, __m512>) return _mm512_cmp_ps_mask(a, b, predicate);
  else if constexpr (std::is_same_v<P, __m512d>) return _mm512_cmp_pd_mask(a, b, predicate);
  else
#endif
  if constexpr (std::is_same_v<Op, op::Less>) return Eigen::internal::pcmp_lt(a, b);
  else if constexpr (std::is_same_v<Op, op::LessEqual>) return Eigen::internal::pcmp_le(a, b);
  else if constexpr (std::is_same_v<Op, op::Greater>) return Eigen::internal::pcmp_lt(b, a);
  else if constexpr (std::is_same_v<Op, op::GreaterEqual>) return Eigen::internal::pcmp_le(b, a);
  else return Eigen::internal::pcmp_eq(a, b);
}

template <class Mask, class P>
P chosen(const Mask& mask, const P& a, const P& b) {
#if defined(__AVX512F__)
  if constexpr (std::is_same_v<P, __m512>) return _mm512_mask_blend_ps(mask, b, a);
  else if constexpr (std::is_same_v<P, __m512d>) return _mm512_mask_blend_pd(mask, b, a);
  else
#endif
  return Eigen::internal::pselect(mask, a, b);
}

#pragma GCC diagnostic pop

// Whether an operator on lanes is a choice between packets of T.
template <class Op, class T, class... Lanes>
inline constexpr bool chooses_packets = false;
template <class T, class Condition, class A, class B>
inline constexpr bool chooses_packets<op::Where, T, Condition, A, B> = [] {
  if constexpr (Condition::compares && A::packets && B::packets)
    return std::is_same_v<typename Condition::compared_type, T> && std::is_same_v<typename A::value_type, T> && std::is_same_v<typename B::value_type, T>;
  else return false;
}();

}  // namespace priel::host
