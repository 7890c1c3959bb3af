// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the kernels of clusters are asked, as plain data, and the one list of what an instruction set has.
#pragma once

#include "../dense/task.hpp"

namespace priel::detail {

// Finds the nearest of k centroids for each row of x (n, d), and adds up how far the rows are from them.
template <class T>
struct ClusterTask {
  using value_type = T;
  std::int64_t n, d, k;
  const T* x;
  const T* centroids;     // (k, d)
  std::int64_t* labels;   // [n], in and out: -1 where no distance is finite
  T* distance;            // [n] or null: squared
  double* totals;         // null, or to be added to: (k, d + 1) sums of differences from the centroid and numbers of rows, then the sum of
                          // squared distances, then how many labels are others than before
};

using ClusterKernels = Entries<ClusterTask<float>, ClusterTask<double>>;
namespace baseline { ClusterKernels cluster_kernels(); }
namespace avx2 { ClusterKernels cluster_kernels(); }
namespace avx512 { ClusterKernels cluster_kernels(); }

}  // namespace priel::detail
