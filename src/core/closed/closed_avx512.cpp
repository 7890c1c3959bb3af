// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The closed kernels for processors with AVX-512.
#define PRIEL_ISA avx512
#define PRIEL_ISA_NAME "AVX-512"
#include "kernel.hpp"
