// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The closed kernels of one instruction set as a table: a unit defines PRIEL_ISA, the namespace, and includes this.
#pragma once

#include "functions.hpp"
#include "powers.hpp"
#include "tables.hpp"

namespace priel::detail::PRIEL_ISA {

template <class T, class A>
constexpr FoldKernels<T, A> fold_kernels{
    fold_runs<Plus, T, A>, fold_runs<Times, T, A>, first_of_runs<Less, T>, first_of_runs<Greater, T>, nonzero_runs<T>, moment_runs<T>,
    fold_rows<Plus, T, A>, fold_rows<Times, T, A>, fold_rows<Less, T, T>, fold_rows<Greater, T, T>, nonzero_rows<T>, moment_rows<T>};

template <class T>
constexpr PowerKernels<T> power_kernels{power_runs<T>, power_rows<T>};

extern const ClosedKernels kernels;
constexpr ClosedKernels kernels{PRIEL_ISA_NAME, fold_kernels<float, double>, fold_kernels<double, double>,
                                fold_kernels<std::int32_t, std::int64_t>, fold_kernels<std::int64_t, std::int64_t>,
                                fold_kernels<std::uint8_t, std::int64_t>, function_kernels<float>, function_kernels<double>,
                                power_kernels<float>, power_kernels<double>};

}  // namespace priel::detail::PRIEL_ISA
