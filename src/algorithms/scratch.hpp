// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Scratch memory of kernels, aligned to a cache line.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace priel::detail {

struct ReleaseScratch {
  void operator()(void* memory) const { ::operator delete(memory, std::align_val_t{64}); }
};
using Scratch = std::unique_ptr<void, ReleaseScratch>;

inline Scratch make_scratch(std::size_t bytes) { return Scratch(::operator new(bytes, std::align_val_t{64})); }

}  // namespace priel::detail
