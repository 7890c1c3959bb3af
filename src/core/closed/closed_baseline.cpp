// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The closed kernels for any processor of the architecture.
#define PRIEL_ISA baseline
#define PRIEL_ISA_NAME "baseline"
#include "kernel.hpp"
