// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Which point-wise functions CUDA's kernels cannot call: those of complex elements that are the standard library's.
#pragma once

#include <priel/kernel.hpp>
#include <priel/op/families.hpp>

namespace priel::device {

template <class Operator>
inline constexpr bool is_of_the_standard_library =
    std::is_base_of_v<op::Analytic, typename Operator::op> && kind_of<typename Operator::template operand<0>> == Kind::complex;

template <class Kernel>
inline constexpr bool needs_the_cpu = false;
template <class Operator, class... Kernels>
inline constexpr bool needs_the_cpu<kernel::Apply<Operator, Kernels...>> = is_of_the_standard_library<Operator> || (needs_the_cpu<Kernels> || ...);

template <bool OnCuda, class Kernel>
constexpr void check_functions() {
  static_assert(!OnCuda || !needs_the_cpu<Kernel>, "error E16: on CUDA, complex elements have arithmetic, abs, angle, real, imag and conj only; evaluate this on Host");
}

}  // namespace priel::device
