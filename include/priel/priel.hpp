// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// All of priel but the device (<priel/device.hpp>).
#pragma once

#include <priel/backend/host.hpp>
#include <priel/backend/reference.hpp>

#include <priel/expression.hpp>
#include <priel/operators.hpp>

#include <priel/create.hpp>
#include <priel/environment.hpp>
#include <priel/io/dataset.hpp>
#include <priel/simulate.hpp>
#include <priel/slice.hpp>
#include <priel/transfer.hpp>

#include <priel/policies/redistributions.hpp>

#include <priel/algorithms/loop.hpp>
#include <priel/algorithms/nonzero.hpp>
#include <priel/algorithms/patches.hpp>
#include <priel/algorithms/percentile.hpp>
#include <priel/algorithms/scatter.hpp>
#include <priel/algorithms/vmap.hpp>
