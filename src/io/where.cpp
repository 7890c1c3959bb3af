// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Names of datasets in files.

#include <priel/io/file.hpp>

namespace priel::io {

Where parse_where(const std::string& where) {
  const auto at = where.rfind(":/");
  if (at == std::string::npos) return {where, {}};
  return {where.substr(0, at), where.substr(at + 1)};
}

}  // namespace priel::io
