// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The closed kernels for processors with AVX2.
#define PRIEL_ISA avx2
#define PRIEL_ISA_NAME "AVX2"
#include "kernel.hpp"
