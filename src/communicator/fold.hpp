// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The left fold in rank order that every reduction ends in, so that its result depends on nothing but the operands.
#pragma once

#include <priel/communicator.hpp>

#include <cstddef>
#include <cstring>

namespace priel::detail {

// The address `bytes` further on; a null pointer stays null (it has no bytes).
inline const std::byte* advance(const void* data, std::int64_t bytes) {
  return data == nullptr ? nullptr : static_cast<const std::byte*>(data) + bytes;
}
inline std::byte* advance(void* data, std::int64_t bytes) {
  return data == nullptr ? nullptr : static_cast<std::byte*>(data) + bytes;
}

// Copies also where both are the same place; null pointers are welcome when there is nothing to copy.
inline void copy_bytes(void* to, const void* from, std::int64_t bytes) {
  if (bytes > 0 && to != from) std::memmove(to, from, static_cast<std::size_t>(bytes));
}

// into[i] = piece_0[i] ∘ piece_1[i] ∘ ...; the pieces, `count` elements each, lie one behind the other.
inline void fold(void* into, const void* pieces, int parts, std::int64_t count, std::int64_t element_bytes, Combine combine) {
  const std::int64_t bytes = count * element_bytes;
  if (bytes == 0) return;
  copy_bytes(into, pieces, bytes);
  for (int part = 1; part < parts; ++part) combine(into, advance(pieces, part * bytes), count);
}

}  // namespace priel::detail
