// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A Combine function as an MPI operation on elements of some bytes.
#pragma once

#include "fold.hpp"

#include <mpi.h>

#include <vector>

namespace priel::detail {

// Lives while reductions with it run on this thread; does not assume that the operation commutes. MPI hands its operations no
// context, so the function is found through the thread; an operation made within the life of another one hides that one.
class MpiOperation {
 public:
  MpiOperation(std::int64_t element_bytes, Combine combine) : hidden_(current()), self_{combine, element_bytes, {}} {
    MPI_Type_contiguous(static_cast<int>(element_bytes), MPI_BYTE, &type_);
    MPI_Type_commit(&type_);
    MPI_Op_create(call, 0, &op_);
    current() = &self_;
  }
  ~MpiOperation() {
    current() = hidden_;
    MPI_Op_free(&op_);
    MPI_Type_free(&type_);
  }
  MpiOperation(const MpiOperation&) = delete;
  MpiOperation& operator=(const MpiOperation&) = delete;

  MPI_Op op() const { return op_; }
  MPI_Datatype type() const { return type_; }

 private:
  struct Function {
    Combine combine;
    std::int64_t element_bytes;
    std::vector<std::byte> scratch;
  };
  static Function*& current() {
    thread_local Function* function = nullptr;
    return function;
  }

  // MPI wants right = left ∘ right, Combine gives left = left ∘ right; left is not ours to change.
  static void call(void* left, void* right, int* count, MPI_Datatype*) {
    Function& f = *current();
    const std::int64_t block = f.element_bytes < cached ? cached / f.element_bytes : 1;
    f.scratch.resize(static_cast<std::size_t>((*count < block ? *count : block) * f.element_bytes));
    for (std::int64_t at = 0; at < *count; at += block) {
      const std::int64_t n = *count - at < block ? *count - at : block, bytes = n * f.element_bytes;
      std::byte* const target = advance(right, at * f.element_bytes);
      copy_bytes(f.scratch.data(), advance(left, at * f.element_bytes), bytes);
      f.combine(f.scratch.data(), target, n);
      copy_bytes(target, f.scratch.data(), bytes);
    }
  }

  static constexpr std::int64_t cached = 1 << 14;   // bytes combined at once: what stays in the first-level cache
  Function* hidden_;
  Function self_;
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
  MPI_Op op_ = MPI_OP_NULL;
};

}  // namespace priel::detail
