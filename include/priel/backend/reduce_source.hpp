// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Where a reduction's passes have their values from: memory, or a stream of a kernel that they do not know.
#pragma once

#include <priel/backend/strided.hpp>

#include <cstddef>
#include <memory>
#include <type_traits>

namespace priel::host {

// A thread's values, of `element` bytes each: memory as it is, or what `stage` makes of runs of up to `tile`.
class Source {
 public:
  static constexpr Size staged = 8192, wide = 1024;
  using Stage = void (*)(void* stream, Size begin, int n, void* to);
  Source(const void* memory, Size element, void* stream, Stage stage)
      : memory_(static_cast<const std::byte*>(memory)), element_(element), stream_(stream), stage_(stage) {
    if (!memory) buffer_ = std::make_unique_for_overwrite<std::byte[]>(static_cast<std::size_t>(staged * element));
  }

  bool is_memory() const { return memory_ != nullptr; }
  // The n elements from `begin`, at most `staged` of them where they are not memory.
  const void* at(Size begin, Size n) { return memory_ ? memory_ + begin * element_ : filled(begin, n, buffer_.get()); }
  // Rows of at most `wide` elements, at most 8; `stride` apart in the operand and, after the call, in the result.
  const void* rows(Size begin, Size& stride, Size rows, Size columns) {
    if (memory_) return memory_ + begin * element_;
    for (Size r = 0; r < rows; ++r) filled(begin + r * stride, columns, buffer_.get() + r * wide * element_);
    stride = wide;
    return buffer_.get();
  }

 private:
  const std::byte* filled(Size begin, Size n, std::byte* to) {
    for (Size done = 0; done < n; done += tile)
      stage_(stream_, begin + done, n - done < tile ? static_cast<int>(n - done) : tile, to + done * element_);
    return to;
  }

  const std::byte* memory_;
  Size element_;
  void* stream_;
  Stage stage_;
  std::unique_ptr<std::byte[]> buffer_;
};
// The values of a box: its memory, or who opens a stream of them and calls use(context, source) with it.
struct Values {
  using Use = void (*)(void* context, Source& source);
  const void* memory;
  Size element;
  const void* kernel;
  const Size* extent;
  int rank;
  void (*open)(const Values& values, Use use, void* context);

  Size size() const {
    Size n = 1;
    for (int a = 0; a < rank; ++a) n *= extent[a];
    return n;
  }
  // f(source), on the thread that calls.
  template <class F>
  void use(F&& f) const {
    if (memory) {
      Source source(memory, element, nullptr, nullptr);
      f(source);
    } else open(*this, [](void* context, Source& source) { (*static_cast<std::remove_reference_t<F>*>(context))(source); }, &f);
  }
};

}  // namespace priel::host
