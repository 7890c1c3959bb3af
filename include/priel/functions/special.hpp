// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Error and gamma functions.
#pragma once

#include <priel/op/special.hpp>
#include <priel/typed.hpp>

namespace priel {

// The operand's policy, nothing is sent. Integers and bool: of double.

template <Expression X>
auto erf(X&& x) { return detail::elementwise<op::Erf>(std::forward<X>(x)); }
template <Expression X>
auto erfc(X&& x) { return detail::elementwise<op::Erfc>(std::forward<X>(x)); }
// Γ(x).
template <Expression X>
auto tgamma(X&& x) { return detail::elementwise<op::Tgamma>(std::forward<X>(x)); }
// log |Γ(x)|.
template <Expression X>
auto lgamma(X&& x) { return detail::elementwise<op::Lgamma>(std::forward<X>(x)); }

}  // namespace priel
