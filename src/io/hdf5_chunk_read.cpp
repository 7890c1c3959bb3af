// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Chunks as stored are read one at a time; inflating and putting bytes in order, which takes nearly all of the time, is done by all threads.

#include "hdf5_chunk_read.hpp"

#if defined(PRIEL_HAS_LIBDEFLATE)
#include <libdeflate.h>
#else
#include <zlib.h>
#endif

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <exception>
#include <memory>

namespace priel::io::detail {
namespace {

// A zlib stream of exactly as many bytes.
class Inflater {
 public:
#if defined(PRIEL_HAS_LIBDEFLATE)
  bool inflate(const std::vector<unsigned char>& from, std::vector<unsigned char>& to) {
    if (!state_) state_.reset(libdeflate_alloc_decompressor());
    return state_ && libdeflate_zlib_decompress(state_.get(), from.data(), from.size(), to.data(), to.size(), nullptr) == LIBDEFLATE_SUCCESS;
  }

 private:
  struct Free {
    void operator()(libdeflate_decompressor* state) const { libdeflate_free_decompressor(state); }
  };
  std::unique_ptr<libdeflate_decompressor, Free> state_;
#else
  bool inflate(const std::vector<unsigned char>& from, std::vector<unsigned char>& to) {
    uLongf size = to.size();
    return uncompress(to.data(), &size, from.data(), from.size()) == Z_OK && size == to.size();
  }
#endif
};

// The places of a box's chunks, and the part of one that lies in the box.
struct Grid {
  Grid(std::span<const std::int64_t> low, std::span<const std::int64_t> size, const std::vector<std::int64_t>& chunk_extents)
      : lower(low.begin(), low.end()), extent(size.begin(), size.end()), chunk(chunk_extents) {
    for (std::size_t a = 0; a < extent.size(); ++a) {
      first.push_back(lower[a] / chunk[a]);
      count.push_back((lower[a] + extent[a] - 1) / chunk[a] - first[a] + 1);
      chunks *= count[a];
    }
  }
  std::vector<std::int64_t> place(std::int64_t number) const {
    std::vector<std::int64_t> at(extent.size());
    for (std::size_t a = at.size(); a-- > 0; number /= count[a]) at[a] = (first[a] + number % count[a]) * chunk[a];
    return at;
  }
  std::vector<std::int64_t> lower, extent, chunk, first, count;
  std::int64_t chunks = 1;
};

// f(first element in the chunk, first element in the box, elements) for every row of the common part along the last axis.
template <class F>
void for_each_row(const Grid& grid, const std::vector<std::int64_t>& place, F&& f) {
  const std::size_t axes = place.size();
  std::vector<std::int64_t> low(axes), end(axes);
  for (std::size_t a = 0; a < axes; ++a) {
    low[a] = std::max(place[a], grid.lower[a]);
    end[a] = std::min(place[a] + grid.chunk[a], grid.lower[a] + grid.extent[a]);
  }
  for (std::vector<std::int64_t> at = low;;) {
    std::int64_t source = 0, target = 0;
    for (std::size_t a = 0; a < axes; ++a) {
      source = source * grid.chunk[a] + at[a] - place[a];
      target = target * grid.extent[a] + at[a] - grid.lower[a];
    }
    f(source, target, end[axes - 1] - low[axes - 1]);
    std::size_t a = axes - 1;
    while (a > 0 && ++at[a - 1] == end[a - 1]) {
      --a;
      at[a] = low[a];
    }
    if (a == 0) return;
  }
}

// Whether a part has something of a chunk.
bool touches(const Grid& grid, std::int64_t number, std::span<const std::int64_t> parts) {
  const auto place = grid.place(number);
  const std::size_t axes = place.size();
  for (std::size_t p = 0; p < parts.size(); p += 2 * axes) {
    bool common = true;
    for (std::size_t a = 0; a < axes; ++a) common = common && parts[p + a] < place[a] + grid.chunk[a] && place[a] < parts[p + a] + parts[p + axes + a];
    if (common) return true;
  }
  return parts.empty();
}

// Bytes of equal significance, side by side, back into elements.
template <std::size_t bytes>
void unshuffle(const unsigned char* from, std::int64_t elements, std::int64_t first, std::int64_t count, unsigned char* to) {
  for (std::int64_t i = 0; i < count; ++i)
    for (std::size_t b = 0; b < bytes; ++b) to[static_cast<std::size_t>(i) * bytes + b] = from[static_cast<std::int64_t>(b) * elements + first + i];
}

}  // namespace

// One thread's buffers.
class StoredChunks::Unpacker {
 public:
  Unpacker(const StoredChunks& chunks, const Grid& grid, const std::string& what, unsigned char* to) : chunks_(chunks), grid_(grid), what_(what), to_(to) {
    for (const std::int64_t n : grid.chunk) elements_ *= n;
  }

  // False if the chunk went through other filters.
  bool unpack(hid_t dataset, std::int64_t number) {
    const auto place = grid_.place(number);
    const std::size_t bytes = static_cast<std::size_t>(elements_) * chunks_.element_;
    {
      const Library library;
      const std::vector<hsize_t> offset(place.begin(), place.end());
      hsize_t size = 0;
      if (H5Dget_chunk_storage_size(dataset, offset.data(), &size) < 0 || size == 0) return read_unstored(dataset, place);
      stored_.resize(size);
      std::uint32_t left_out = 0;
      require(H5Dread_chunk(dataset, H5P_DEFAULT, offset.data(), &left_out, stored_.data()), what_);
      if (left_out != 0) return false;
    }
    if (chunks_.deflated_) {
      plain_.resize(bytes);
      if (!inflater_.inflate(stored_, plain_)) throw SystemError(what_ + ": a compressed chunk is damaged");
    } else if (stored_.size() != bytes) throw SystemError(what_ + ": a chunk is cut off");
    const unsigned char* from = (chunks_.deflated_ ? plain_ : stored_).data();
    const std::size_t element = chunks_.element_;
    for_each_row(grid_, place, [&](std::int64_t source, std::int64_t target, std::int64_t count) {
      unsigned char* row = to_ + static_cast<std::size_t>(target) * element;
      if (!chunks_.shuffled_ || element == 1) std::memcpy(row, from + static_cast<std::size_t>(source) * element, static_cast<std::size_t>(count) * element);
      else if (element == 2) unshuffle<2>(from, elements_, source, count, row);
      else if (element == 4) unshuffle<4>(from, elements_, source, count, row);
      else unshuffle<8>(from, elements_, source, count, row);
    });
    return true;
  }

 private:
  // Of a chunk that is not there, the size is an error to HDF5, as a damaged file's would be; reading tells them apart. With the Library held.
  bool read_unstored(hid_t dataset, const std::vector<std::int64_t>& place) {
    std::vector<std::int64_t> low(place.size()), size(place.size());
    std::vector<hsize_t> begin, count, box;
    for (std::size_t a = 0; a < place.size(); ++a) {
      low[a] = std::max(place[a], grid_.lower[a]);
      size[a] = std::min(place[a] + grid_.chunk[a], grid_.lower[a] + grid_.extent[a]) - low[a];
      begin.push_back(static_cast<hsize_t>(low[a] - grid_.lower[a]));
      count.push_back(static_cast<hsize_t>(size[a]));
      box.push_back(static_cast<hsize_t>(grid_.extent[a]));
    }
    const Handle in_file = select(dataset, low, size, what_), type(H5Dget_type(dataset), H5Tclose),
        in_memory = require({H5Screate_simple(static_cast<int>(box.size()), box.data(), nullptr), H5Sclose}, what_);
    require(H5Sselect_hyperslab(in_memory.get(), H5S_SELECT_SET, begin.data(), nullptr, count.data(), nullptr), what_);
    require(H5Dread(dataset, type.get(), in_memory.get(), in_file.get(), H5P_DEFAULT, to_), what_);
    return true;
  }

  const StoredChunks& chunks_;
  const Grid& grid_;
  const std::string& what_;
  unsigned char* to_;
  std::int64_t elements_ = 1;
  std::vector<unsigned char> stored_, plain_;
  Inflater inflater_;
};

std::optional<StoredChunks> StoredChunks::of(hid_t dataset, Element element, const std::vector<std::int64_t>& shape) {
  const Handle creation(H5Dget_create_plist(dataset), H5Pclose), type(H5Dget_type(dataset), H5Tclose);
  if (H5Pget_layout(creation.get()) != H5D_CHUNKED || H5Tequal(type.get(), type_in_memory(element)) <= 0) return std::nullopt;
  unsigned options = 0;   // chunks at the edges may be left as they are, which nothing says of the chunk itself
  if (H5Pget_chunk_opts(creation.get(), &options) < 0 || options != 0) return std::nullopt;
  StoredChunks chunks;
  chunks.element_ = H5Tget_size(type.get());
  const int filters = H5Pget_nfilters(creation.get());
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    const H5Z_filter_t filter = H5Pget_filter2(creation.get(), static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, nullptr);
    if (filter == H5Z_FILTER_SHUFFLE && i == 0) chunks.shuffled_ = true;
    else if (filter == H5Z_FILTER_DEFLATE && i == filters - 1) chunks.deflated_ = true;
    else return std::nullopt;
  }
  std::vector<hsize_t> extent(shape.size());
  H5Pget_chunk(creation.get(), static_cast<int>(shape.size()), extent.data());
  chunks.chunk_.assign(extent.begin(), extent.end());
  return chunks;
}

std::int64_t StoredChunks::bytes_touched(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent) const {
  std::int64_t bytes = Grid(lower, extent, chunk_).chunks * static_cast<std::int64_t>(element_);
  for (const std::int64_t n : chunk_) bytes *= n;
  return bytes;
}

std::int64_t StoredChunks::bytes_of_box(std::span<const std::int64_t> extent) const {
  std::int64_t bytes = static_cast<std::int64_t>(element_);
  for (const std::int64_t n : extent) bytes *= n;
  return bytes;
}

bool StoredChunks::read(hid_t dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, std::span<const std::int64_t> parts,
                        const std::string& what, void* to) const {
  const Grid grid(lower, extent, chunk_);
  std::atomic<bool> done = true;
  std::exception_ptr failure;
#pragma omp parallel
  {
    Unpacker unpacker(*this, grid, what, static_cast<unsigned char*>(to));
#pragma omp for schedule(dynamic)
    for (std::int64_t i = 0; i < grid.chunks; ++i) {
      if (!done) continue;
      try {
        if (touches(grid, i, parts) && !unpacker.unpack(dataset, i)) done = false;
      } catch (...) {
        done = false;
#pragma omp critical(priel_unpacked_chunks)
        if (!failure) failure = std::current_exception();
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
  return done;
}

}  // namespace priel::io::detail
