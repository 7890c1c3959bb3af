// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's point-wise functions, by family.
#pragma once

#include <priel/functions/arithmetic.hpp>
#include <priel/functions/exponential.hpp>
#include <priel/functions/parts.hpp>
#include <priel/functions/rounding.hpp>
#include <priel/functions/special.hpp>
#include <priel/functions/trigonometric.hpp>
