// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Clusters for processors with AVX2.
#define PRIEL_ISA avx2
#include "kernel.hpp"
