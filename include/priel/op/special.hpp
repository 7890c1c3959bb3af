// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Error and gamma functions, a line each.
#pragma once

#include <priel/op/arithmetic.hpp>

namespace priel::op {

struct Erf : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a) { return math::erf(a); } };
struct Erfc : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a) { return math::erfc(a); } };
struct Tgamma : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a) { return math::tgamma(a); } };
// log |Γ(a)|. glibc's lgamma writes a global sign, which threads would share.
struct Lgamma : Floating, OfReals {
  template <class T>
  PRIEL_DEVICE static T call(T a) {
#if defined(__GLIBC__) && !defined(__CUDACC__)
    int sign;
    if constexpr (std::is_same_v<T, float>) return ::lgammaf_r(a, &sign);
    else return static_cast<T>(::lgamma_r(static_cast<double>(a), &sign));
#else
    return math::lgamma(a);
#endif
  }
};

}  // namespace priel::op
