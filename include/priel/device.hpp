// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// All of priel for units that evaluate on the device; includes Thrust and neither Eigen nor xtensor, so that nvcc can compile it.
#pragma once

#include <priel/backend/device.hpp>
#include <priel/backend/reference.hpp>

#include <priel/create.hpp>
#include <priel/environment.hpp>
#include <priel/simulate.hpp>
#include <priel/slice.hpp>
#include <priel/transfer.hpp>

#include <priel/policies/redistributions.hpp>

#include <priel/algorithms/loop.hpp>
#include <priel/algorithms/nonzero.hpp>
#include <priel/algorithms/patches.hpp>
#include <priel/algorithms/scatter.hpp>
#include <priel/algorithms/vmap.hpp>
