// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The tables of closed kernels, one for each instruction set.
#pragma once

#include <priel/backend/closed.hpp>

namespace priel::detail {

namespace baseline { extern const ClosedKernels kernels; }
namespace avx2 { extern const ClosedKernels kernels; }
namespace avx512 { extern const ClosedKernels kernels; }

}  // namespace priel::detail
