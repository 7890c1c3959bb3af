// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What is said on the way, on stderr: where that is full or closed, it is lost, and no result with it.
#pragma once

#include <cstdio>
#include <string>

namespace priel::app {

inline void tell(const std::string& text) { std::fputs(text.c_str(), stderr); }

}  // namespace priel::app
