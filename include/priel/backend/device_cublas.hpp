// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Matrix products of the Device backend by cuBLAS; included where target priel::cuda links it.
#pragma once

#include <priel/backend/device_memory.hpp>

#include <cublas_v2.h>

#include <complex>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace priel::device {

inline void check(cublasStatus_t status) {
  if (status != CUBLAS_STATUS_SUCCESS) throw std::runtime_error(std::string("matrix product on the CUDA device: ") + cublasGetStatusString(status));
}

// Of this thread, made at its first product: a handle is not for two threads at once.
class CublasHandle {
 public:
  CublasHandle() { check(cublasCreate(&handle_)); }
  ~CublasHandle() { cublasDestroy(handle_); }
  CublasHandle(const CublasHandle&) = delete;
  CublasHandle& operator=(const CublasHandle&) = delete;
  static cublasHandle_t get() {
    thread_local CublasHandle handle;
    return handle.handle_;
  }

 private:
  cublasHandle_t handle_ = nullptr;
};

template <class T>
inline constexpr cudaDataType cublas_type = static_cast<cudaDataType>(-1);
template <>
inline constexpr cudaDataType cublas_type<float> = CUDA_R_32F;
template <>
inline constexpr cudaDataType cublas_type<double> = CUDA_R_64F;
template <>
inline constexpr cudaDataType cublas_type<std::complex<float>> = CUDA_C_32F;
template <>
inline constexpr cudaDataType cublas_type<std::complex<double>> = CUDA_C_64F;

template <class T>
concept CublasElement = static_cast<int>(cublas_type<T>) >= 0;

// c (batch, m, n) = a (m, k) b (k, n), or c += a b; rows are contiguous, `stride` from one to the next, `step` from one matrix to the
// next (0: the same one for all). Summed in the element type, without the shorter formats of tensor cores.
template <CublasElement T>
void multiply(Size batch, Size m, Size n, Size k, const T* a, Size a_stride, Size a_step, const T* b, Size b_stride, Size b_step, T* c,
              Size c_stride, Size c_step, bool add) {
  constexpr bool wide = std::is_same_v<T, double> || std::is_same_v<T, std::complex<double>>;
  const T one(1), before(add ? 1 : 0);
  a_stride = a_stride > 0 ? a_stride : 1;   // of no terms
  // cuBLAS counts in columns: what is a row here is a column there, so the product is that of the transposes.
  check(cublasGemmStridedBatchedEx_64(CublasHandle::get(), CUBLAS_OP_N, CUBLAS_OP_N, n, m, k, &one, b, cublas_type<T>, b_stride, b_step, a,
                                      cublas_type<T>, a_stride, a_step, &before, c, cublas_type<T>, c_stride, c_step, batch,
                                      wide ? CUBLAS_COMPUTE_64F : CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT));
}

}  // namespace priel::device
