// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Chunks as HDF5's filters "shuffle" and "deflate" leave them: bytes of equal significance side by side, then a zlib stream.

#include "hdf5_chunks.hpp"

#include "box.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <exception>

namespace priel::io::detail {
namespace {

// A box cut into chunks: everything in elements, axis by axis.
struct Grid {
  std::vector<std::int64_t> lower, extent, chunk, count;  // count: chunks along each axis

  std::int64_t chunks() const { return product(count); }
  std::int64_t elements() const { return product(chunk); }
  static std::int64_t product(const std::vector<std::int64_t>& factors) {
    std::int64_t result = 1;
    for (const std::int64_t factor : factors) result *= factor;
    return result;
  }
};

// Nothing if a chunk lies only partly in the box.
std::optional<Grid> grid_of(const Created& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent) {
  Grid grid{{lower.begin(), lower.end()}, {extent.begin(), extent.end()}, {}, {}};
  for (std::size_t axis = 0; axis < extent.size(); ++axis) {
    if (dataset.shape[axis] == 0) return std::nullopt;
    const std::int64_t end = lower[axis] + extent[axis], chunk = std::clamp<std::int64_t>(dataset.layout.chunk[axis], 1, dataset.shape[axis]);
    if (lower[axis] % chunk != 0 || (end % chunk != 0 && end != dataset.shape[axis])) return std::nullopt;
    grid.chunk.push_back(chunk);
    grid.count.push_back((extent[axis] + chunk - 1) / chunk);
  }
  return grid;
}

// Copies one chunk out of the box, rows along the last axis; what lies outside of the box stays zero.
void copy_chunk(const Grid& grid, const std::vector<std::int64_t>& place, std::size_t bytes, const unsigned char* from, unsigned char* to) {
  const std::size_t axes = grid.chunk.size();
  std::vector<std::int64_t> size(axes), index(axes, 0);  // of the part within the box
  for (std::size_t axis = 0; axis < axes; ++axis) size[axis] = std::min(grid.chunk[axis], grid.extent[axis] - place[axis]);
  for (;;) {
    std::int64_t source = 0, target = 0;
    for (std::size_t axis = 0; axis < axes; ++axis) {
      source = source * grid.extent[axis] + place[axis] + index[axis];
      target = target * grid.chunk[axis] + index[axis];
    }
    std::memcpy(to + static_cast<std::size_t>(target) * bytes, from + static_cast<std::size_t>(source) * bytes,
                static_cast<std::size_t>(size[axes - 1]) * bytes);
    std::size_t axis = axes - 1;
    while (axis > 0 && ++index[axis - 1] == size[axis - 1]) index[--axis] = 0;
    if (axis == 0) return;
  }
}

void shuffle(std::span<const unsigned char> from, std::size_t bytes, std::vector<unsigned char>& to) {
  const std::size_t elements = from.size() / bytes;
  to.resize(from.size());
  for (std::size_t byte = 0; byte < bytes; ++byte)
    for (std::size_t i = 0; i < elements; ++i) to[byte * elements + i] = from[i * bytes + byte];
}

std::vector<unsigned char> deflated(const std::vector<unsigned char>& from, int level) {
  uLongf size = compressBound(from.size());
  std::vector<unsigned char> to(size);
  if (compress2(to.data(), &size, from.data(), from.size(), level) != Z_OK) throw SystemError("zlib cannot compress a chunk");
  to.resize(size);
  to.shrink_to_fit();
  return to;
}

// One thread's buffers.
class Packer {
 public:
  Packer(const Created& dataset, const Grid& grid, const void* from)
      : layout_(dataset.layout), grid_(grid), bytes_(static_cast<std::size_t>(bytes_of(dataset.element))),
        from_(static_cast<const unsigned char*>(from)) {}

  PackedChunk pack(std::int64_t number) {
    PackedChunk packed;
    std::vector<std::int64_t> place(grid_.chunk.size());
    for (std::size_t axis = place.size(); axis-- > 0; number /= grid_.count[axis]) place[axis] = number % grid_.count[axis] * grid_.chunk[axis];
    for (std::size_t axis = 0; axis < place.size(); ++axis) packed.lower.push_back(static_cast<std::uint64_t>(grid_.lower[axis] + place[axis]));
    plain_.assign(static_cast<std::size_t>(grid_.elements()) * bytes_, 0);
    copy_chunk(grid_, place, bytes_, from_, plain_.data());
    if (layout_.sparse && std::all_of(plain_.begin(), plain_.end(), [](unsigned char byte) { return byte == 0; })) return packed;
    if (bytes_ > 1) shuffle(plain_, bytes_, shuffled_);
    packed.bytes = deflated(bytes_ > 1 ? shuffled_ : plain_, std::min(layout_.deflate, 9));
    return packed;
  }

 private:
  const Layout& layout_;
  const Grid& grid_;
  std::size_t bytes_;
  const unsigned char* from_;
  std::vector<unsigned char> plain_, shuffled_;
};

}  // namespace

std::optional<std::int64_t> whole_chunks(const Created& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent,
                                         Element element) {
  if (dataset.layout.deflate <= 0 || dataset.layout.chunk.empty() || element != dataset.element || std::endian::native != std::endian::little)
    return std::nullopt;
  const std::optional<Grid> grid = grid_of(dataset, lower, extent);
  if (!grid) return std::nullopt;
  return grid->chunks();
}

std::int64_t chunks_at_once(const Created& dataset) {
  constexpr std::int64_t most = std::int64_t{256} << 20;
  std::int64_t bytes = bytes_of(dataset.element);
  for (std::size_t axis = 0; axis < dataset.shape.size(); ++axis)
    bytes *= std::clamp<std::int64_t>(dataset.layout.chunk[axis], 1, dataset.shape[axis]);
  return std::max<std::int64_t>(1, most / bytes);
}

std::vector<PackedChunk> pack_chunks(const Created& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent,
                                     const void* from, std::int64_t first, std::int64_t last) {
  const Grid grid = grid_of(dataset, lower, extent).value();
  last = std::min(last, grid.chunks());
  std::vector<PackedChunk> packed(static_cast<std::size_t>(std::max<std::int64_t>(0, last - first)));
  std::exception_ptr failure;
#pragma omp parallel
  {
    Packer packer(dataset, grid, from);
#pragma omp for schedule(dynamic)
    for (std::size_t i = 0; i < packed.size(); ++i) {
      try {
        packed[i] = packer.pack(first + static_cast<std::int64_t>(i));
      } catch (...) {
#pragma omp critical(priel_packed_chunks)
        failure = std::current_exception();
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
  std::erase_if(packed, [](const PackedChunk& chunk) { return chunk.bytes.empty(); });
  return packed;
}

}  // namespace priel::io::detail
