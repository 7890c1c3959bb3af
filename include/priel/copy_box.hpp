// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// copy_box: the elements of a box from memory that holds one box to memory that holds another, in the longest runs that both have.
#pragma once

#include <priel/shape.hpp>

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace priel::detail {

// Rows of neighbouring elements at strides of their own in two memories: `extent[0]` of them, extent[1] times that, ...
template <class T, int Rank>
struct CopyRows {
  const T* from;
  T* to;
  Size length = 1, rows = 1, chunk = 1;   // of a row; in all; at once
  int axes = 0;
  Index<Rank + 1> extent{}, from_stride{}, to_stride{};

  // One chunk of the rows.
  void operator()(Size at) const {
    const Size end = std::min(rows, (at + 1) * chunk);
    for (Size row = at * chunk; row < end;) {
      Size source = 0, target = 0, rest = row;
      for (int a = 0; a < axes; ++a, rest /= extent[a - 1]) {
        source += rest % extent[a] * from_stride[a];
        target += rest % extent[a] * to_stride[a];
      }
      const Size here = std::min(end - row, extent[0] - row % extent[0]);
      copy(from + source, to + target, here);
      row += here;
    }
  }

 private:
  template <int Length>
  void copy_short(const T* source, T* target, Size n) const {
    for (Size i = 0; i < n; ++i) std::memcpy(target + i * to_stride[0], source + i * from_stride[0], Length * sizeof(T));
  }
  void copy(const T* source, T* target, Size n) const {
    switch (length) {
      case 1: return copy_short<1>(source, target, n);
      case 2: return copy_short<2>(source, target, n);
      case 3: return copy_short<3>(source, target, n);
      case 4: return copy_short<4>(source, target, n);
      case 5: return copy_short<5>(source, target, n);
      case 6: return copy_short<6>(source, target, n);
      case 7: return copy_short<7>(source, target, n);
      case 8: return copy_short<8>(source, target, n);
      default:
        for (Size i = 0; i < n; ++i)
          std::memcpy(target + i * to_stride[0], source + i * from_stride[0], static_cast<std::size_t>(length) * sizeof(T));
    }
  }
};

// Where the first element of `piece` lies in memory that holds a box, C order.
template <int Rank>
Size offset_in(const Box<Rank>& piece, const Box<Rank>& held) {
  const Index<Rank> strides = strides_of(held.extent);
  Size offset = 0;
  for (int a = 0; a < Rank; ++a) offset += strides[a] * (piece.lower[a] - held.lower[a]);
  return offset;
}

// The elements of `piece`, by the threads of the backend, whose memory the CPU may read. The memories do not overlap.
template <class Backend, class T, int Rank>
void copy_box(const Box<Rank>& piece, const T* from, const Box<Rank>& from_held, T* to, const Box<Rank>& to_held) {
  if (piece.size() == 0) return;
  const Index<Rank> from_strides = strides_of(from_held.extent), to_strides = strides_of(to_held.extent);
  CopyRows<T, Rank> copy{from + offset_in(piece, from_held), to + offset_in(piece, to_held)};
  copy.extent[0] = 1;
  for (int a = Rank - 1; a >= 0; --a) {
    const Size extent = piece.extent[a];
    if (extent == 1) continue;
    if (copy.axes == 0 && from_strides[a] == copy.length && to_strides[a] == copy.length) copy.length *= extent;
    else if (copy.axes > 0 && from_strides[a] == copy.from_stride[copy.axes - 1] * copy.extent[copy.axes - 1] &&
             to_strides[a] == copy.to_stride[copy.axes - 1] * copy.extent[copy.axes - 1]) copy.extent[copy.axes - 1] *= extent;
    else {
      copy.extent[copy.axes] = extent;
      copy.from_stride[copy.axes] = from_strides[a];
      copy.to_stride[copy.axes++] = to_strides[a];
    }
  }
  for (int a = 0; a < copy.axes; ++a) copy.rows *= copy.extent[a];
  constexpr Size chunk_bytes = Size{1} << 20;
  copy.chunk = std::max<Size>(1, chunk_bytes / static_cast<Size>(sizeof(T)) / copy.length);
  Backend::for_each((copy.rows + copy.chunk - 1) / copy.chunk, copy);
}

// Whether the elements of boxes, one box after another, are those of memory that holds `held`, from the first to the last.
template <class Boxes, int Rank>
bool one_after_another(const Boxes& boxes, const Box<Rank>& held) {
  const Index<Rank> strides = strides_of(held.extent);
  Size next = 0;
  for (const Box<Rank>& box : boxes) {
    if (box.size() == 0) continue;
    if (offset_in(box, held) != next) return false;
    Size run = 1;
    for (int a = Rank - 1; a >= 0; --a) {
      if (box.extent[a] != 1 && strides[a] != run) return false;
      run *= box.extent[a];
    }
    next += box.size();
  }
  return next == held.size();
}

}  // namespace priel::detail
