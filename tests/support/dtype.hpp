// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's names of element types.
#pragma once

#include <complex>
#include <cstdint>

namespace priel::test {

template <class T>
inline const char* const numpy_name = "";
template <> inline const char* const numpy_name<bool> = "bool";
template <> inline const char* const numpy_name<std::int8_t> = "int8";
template <> inline const char* const numpy_name<std::uint8_t> = "uint8";
template <> inline const char* const numpy_name<std::int16_t> = "int16";
template <> inline const char* const numpy_name<std::uint16_t> = "uint16";
template <> inline const char* const numpy_name<std::int32_t> = "int32";
template <> inline const char* const numpy_name<std::uint32_t> = "uint32";
template <> inline const char* const numpy_name<std::int64_t> = "int64";
template <> inline const char* const numpy_name<std::uint64_t> = "uint64";
template <> inline const char* const numpy_name<float> = "float32";
template <> inline const char* const numpy_name<double> = "float64";
template <> inline const char* const numpy_name<std::complex<float>> = "complex64";
template <> inline const char* const numpy_name<std::complex<double>> = "complex128";

}  // namespace priel::test
