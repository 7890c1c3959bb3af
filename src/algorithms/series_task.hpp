// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the kernels of every instruction set are asked: plain data and one entry point each.
#pragma once

#include <cstddef>
#include <cstdint>

namespace priel::detail {

// Scores of n samples of d features for k = first, first + step, ... (count of them). An inline member function of a type
// shared by units of different instruction sets could be linked from the wrong one, so there is none here.
struct SeriesTask {
  std::int64_t n;
  std::int64_t d;
  int first;
  int step;
  int count;
  bool maximum;   // the aggregate over k: the largest, or the mean of
  int drop;       // what is left without this many values at each end
  bool loop;      // LoOP instead of LOF
  bool local;     // its nPLOF over the neighbourhood instead of over all samples
  double lambda;
};

// What run() returns for float samples whose squared differences might leave the range of float: nothing was computed.
inline constexpr std::int64_t out_of_range = -1;

// Each instruction set has: the bytes of scratch memory that run() needs, aligned to 64; and run() itself, which returns
// the number of samples that took part.
namespace baseline {
std::size_t scratch_bytes(const SeriesTask& task, const float*);
std::size_t scratch_bytes(const SeriesTask& task, const double*);
std::int64_t run(const SeriesTask& task, const float* x, float* scores, void* scratch);
std::int64_t run(const SeriesTask& task, const double* x, double* scores, void* scratch);
}  // namespace baseline

namespace avx2 {
std::size_t scratch_bytes(const SeriesTask& task, const float*);
std::size_t scratch_bytes(const SeriesTask& task, const double*);
std::int64_t run(const SeriesTask& task, const float* x, float* scores, void* scratch);
std::int64_t run(const SeriesTask& task, const double* x, double* scores, void* scratch);
}  // namespace avx2

namespace avx512 {
std::size_t scratch_bytes(const SeriesTask& task, const float*);
std::size_t scratch_bytes(const SeriesTask& task, const double*);
std::int64_t run(const SeriesTask& task, const float* x, float* scores, void* scratch);
std::int64_t run(const SeriesTask& task, const double* x, double* scores, void* scratch);
}  // namespace avx512

}  // namespace priel::detail
