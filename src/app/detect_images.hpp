// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The images of a stack as an operand of the language.
#pragma once

#include "detect_input.hpp"

#include <priel/backend/host.hpp>
#include <priel/backend/reference.hpp>
#include <priel/io/dataset.hpp>
#include <priel/operators.hpp>
#include <priel/policies/redistributions.hpp>

namespace priel::app {

// Images or a part of them without the fill value: NaN in its place.
template <class Images>
auto without_fill(const DetectInput& input, const Images& images) {
  return where(images == static_cast<float>(input.fill), std::numeric_limits<float>::quiet_NaN(), images);
}

}  // namespace priel::app
