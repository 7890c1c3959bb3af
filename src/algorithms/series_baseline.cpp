// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The kernels for any processor of the architecture.
#define PRIEL_ISA baseline
#include "series_kernel.hpp"
