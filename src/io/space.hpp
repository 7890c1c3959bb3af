// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Room on the disk, made sure of before it is needed.
#pragma once

#include <cstdint>
#include <string>

namespace priel::io::detail {

// Takes possession of [offset, offset + bytes) of an existing file without changing its size or content; where the file
// system cannot do that, the free space is looked at. Throws SystemError if the disk is full; the text speaks of `name`.
void reserve_space(const std::string& name, const std::string& path, std::int64_t offset, std::int64_t bytes);

}  // namespace priel::io::detail
