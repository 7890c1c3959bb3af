// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Clusters for processors with AVX-512.
#define PRIEL_ISA avx512
#include "kernel.hpp"
