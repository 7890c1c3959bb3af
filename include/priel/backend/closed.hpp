// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The closed kernels: loops over contiguous values, compiled in the library once per instruction set and chosen at run time.
#pragma once

#include <cstdint>

namespace priel {

class Communicator;

namespace detail {

// Folds of elements of type T. A run is `length` neighbours that become one value; `columns` are folded down `rows` rows, which
// lie `stride` elements apart. Accumulator: double for floating types, else int64, which wraps. Not fit for empty runs.
template <class T, class Accumulator>
struct FoldKernels {
  // into[i] = the fold of run i of `count`, one after the other.
  void (*sum_runs)(const T* x, std::int64_t count, std::int64_t length, Accumulator* into);
  void (*product_runs)(const T* x, std::int64_t count, std::int64_t length, Accumulator* into);
  void (*least_runs)(const T* x, std::int64_t count, std::int64_t length, T* into);
  void (*greatest_runs)(const T* x, std::int64_t count, std::int64_t length, T* into);
  void (*nonzero_runs)(const T* x, std::int64_t count, std::int64_t length, std::int64_t* into);
  // The mean, and the sum of squared deviations from it; at most moments_at_most elements.
  void (*moment_runs)(const T* x, std::int64_t count, std::int64_t length, double* mean, double* squares);
  // into[c] = into[c] folded with column c.
  void (*sum_rows)(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, Accumulator* into);
  void (*product_rows)(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, Accumulator* into);
  void (*least_rows)(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, T* into);
  void (*greatest_rows)(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, T* into);
  void (*nonzero_rows)(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::int64_t* into);
  // first[c] += Σ (x - shift[c]), second[c] += Σ (x - shift[c])².
  void (*moment_rows)(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, const double* shift, double* first, double* second);
};

// Elements over which deviations from the first one are summed. An outlier d there is at most √n standard deviations away, so the
// squares lose at most n units in the last place.
inline constexpr std::int64_t moments_at_most = 4096;

// Of a run: differences from `shift`, Σ (x - shift)^k at of[k - 1]. The fourth moment loses at most about n units in the last place, as above.
struct PowerSums {
  double shift, of[4];
};
template <class T>
struct PowerKernels {
  void (*runs)(const T* x, std::int64_t count, std::int64_t length, PowerSums* into);
  // sums[(k - 1) * apart + c] += Σ (x - shift[c])^k.
  void (*rows)(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, const double* shift, double* sums, std::int64_t apart);
};

enum class ClosedFunction {
  exp, exp2, expm1, log, log2, log10, log1p, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, erf, erfc
};
inline constexpr int closed_functions = 22;
enum class ClosedFunction2 { pow, atan2, hypot };
inline constexpr int closed_functions2 = 3;

// out[i] = f(in[i]), i < n; out may be an operand. An element's bits do not depend on where it stands.
template <class T>
struct FunctionKernels {
  void (*unary[closed_functions])(const T* in, T* out, std::int64_t n);
  void (*binary[closed_functions2])(const T* left, const T* right, T* out, std::int64_t n);
};

struct ClosedKernels {
  const char* name;   // of the instruction set
  FoldKernels<float, double> of_float;
  FoldKernels<double, double> of_double;
  FoldKernels<std::int32_t, std::int64_t> of_int32;
  FoldKernels<std::int64_t, std::int64_t> of_int64;
  FoldKernels<std::uint8_t, std::int64_t> of_uint8;
  FunctionKernels<float> float_functions;
  FunctionKernels<double> double_functions;
  PowerKernels<float> float_powers;
  PowerKernels<double> double_powers;

  const FoldKernels<float, double>& folds(const float*) const { return of_float; }
  const FoldKernels<double, double>& folds(const double*) const { return of_double; }
  const FoldKernels<std::int32_t, std::int64_t>& folds(const std::int32_t*) const { return of_int32; }
  const FoldKernels<std::int64_t, std::int64_t>& folds(const std::int64_t*) const { return of_int64; }
  const FoldKernels<std::uint8_t, std::int64_t>& folds(const std::uint8_t*) const { return of_uint8; }
  const PowerKernels<float>& powers_of(const float*) const { return float_powers; }
  const PowerKernels<double>& powers_of(const double*) const { return double_powers; }
  const FunctionKernels<float>& functions_of(const float*) const { return float_functions; }
  const FunctionKernels<double>& functions_of(const double*) const { return double_functions; }
};

enum class InstructionSet : int { baseline, avx2, avx512 };

// The set in use by all closed kernels of the library: the best that this processor and all ranks of the Environment's world
// have, and not above the environment variable PRIEL_ISA (baseline, avx2, avx512), if it is set.
InstructionSet instruction_set_in_use();
const ClosedKernels& closed_kernels();

constexpr const char* name_of(InstructionSet set) {
  return set == InstructionSet::avx512 ? "AVX-512" : set == InstructionSet::avx2 ? "AVX2" : "baseline";
}
// The names of the one in use, and of those that are in this build, the best last.
const char* instruction_set();
const char* compiled_instruction_sets();

// At the Environment's start: one Allreduce of an integer if there are several ranks. Throws InputError on every rank if PRIEL_ISA
// is none of its words on any.
void agree_on_instruction_set(const Communicator& world);

// What this unit was compiled for.
inline constexpr InstructionSet unit_instruction_set =
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
    InstructionSet::avx512;
#elif defined(__AVX2__) && defined(__FMA__)
    InstructionSet::avx2;
#else
    InstructionSet::baseline;
#endif

}  // namespace detail
}  // namespace priel
