// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Nearest neighbours for every processor.
#define PRIEL_ISA baseline
#include "kernel.hpp"
