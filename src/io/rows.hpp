// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Where a dataset's elements lie in its file, as the file's format tells.
#pragma once

#include <priel/io/file.hpp>

namespace priel::io::detail {

struct Placement {
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
};

// Of a contiguous dataset whose stored elements are those of this machine; InputError otherwise.
Placement placement_of(const std::string& where, Element element);

}  // namespace priel::io::detail
