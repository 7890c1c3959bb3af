// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Outlier scores of one series: closed kernels, compiled once per instruction set and chosen at run time.
#pragma once

#include <priel/algorithms/sweep.hpp>
#include <priel/backend/closed.hpp>

namespace priel::detail {

// Scores of the n samples (rows of d features, C order, contiguous) of one series; the definitions are those of lof() and
// loop(): inclusive neighbourhoods, exact symmetric distances. A sample with a value that is not finite is left out: nobody's
// neighbour, its score NaN. If fewer than k.largest() + 1 samples remain, every score is NaN. Returns the number of samples
// that took part. Thread-safe; scratch memory is kept per thread. The result depends on the samples only, bit for bit.
Size lof_series(const float* x, Size n, Size d, const Sweep& k, float* scores);
Size lof_series(const double* x, Size n, Size d, const Sweep& k, double* scores);
Size loop_series(const float* x, Size n, Size d, const Sweep& k, double lambda, Norm norm, float* scores);
Size loop_series(const double* x, Size n, Size d, const Sweep& k, double lambda, Norm norm, double* scores);

}  // namespace priel::detail
