// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Datasets of HDF5 files opened for reading: each rank reads its own boxes through the serial driver.

#include "formats.hpp"
#include "hdf5.hpp"
#include "hdf5_chunk_read.hpp"
#include "transfer.hpp"

#include <algorithm>
#include <cstring>

namespace priel::io {
namespace {

using namespace detail;

// Chunks are kept decompressed, so that neighbouring boxes do not decompress them again: 64 MiB, or a row of chunks
// across all axes but the first if that needs more, up to 256 MiB; one chunk in any case.
Handle access_with_cache(hid_t dataset) {
  Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
  const Handle creation(H5Dget_create_plist(dataset), H5Pclose), space(H5Dget_space(dataset), H5Sclose),
      type(H5Dget_type(dataset), H5Tclose);
  if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return access;
  const auto shape = shape_of(space.get());
  std::vector<hsize_t> extent(shape.size());
  H5Pget_chunk(creation.get(), static_cast<int>(shape.size()), extent.data());
  std::size_t chunk = H5Tget_size(type.get()), chunks_in_row = 1;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    chunk *= extent[axis];
    if (axis > 0) chunks_in_row *= (static_cast<hsize_t>(shape[axis]) + extent[axis] - 1) / extent[axis];
  }
  constexpr std::size_t usual = std::size_t{64} << 20, most = std::size_t{256} << 20;
  const std::size_t bytes = std::max({usual, std::min(most, chunk * chunks_in_row), chunk});
  const std::size_t slots = std::clamp<std::size_t>(20 * (bytes / std::max<std::size_t>(chunk, 1)), 521, 1 << 20) | 1;
  H5Pset_chunk_cache(access.get(), slots, bytes, 0.0);  // 0: the least recently used chunk goes first
  return access;
}

// Whatever number is stored, it is true if it is not zero; converting it to uint8 first would clamp -1 and cut 0.5.
void to_truth(const std::byte* from, Element stored, std::int64_t count, unsigned char* to) {
  const auto convert = [&]<class T>(T) {
    for (std::int64_t i = 0; i < count; ++i) {
      T value;
      std::memcpy(&value, from + i * static_cast<std::int64_t>(sizeof(T)), sizeof value);
      to[i] = value != T{};
    }
  };
  switch (stored) {
    case Element::boolean: case Element::int8: case Element::uint8: return convert(std::uint8_t{});
    case Element::int16: case Element::uint16: return convert(std::uint16_t{});
    case Element::int32: case Element::uint32: return convert(std::uint32_t{});
    case Element::int64: case Element::uint64: return convert(std::uint64_t{});
    case Element::float32: return convert(float{});
    case Element::float64: return convert(double{});
  }
}

std::vector<std::int64_t> chunk_of(hid_t dataset, std::size_t axes) {
  const Handle creation(H5Dget_create_plist(dataset), H5Pclose);
  if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return {};
  std::vector<hsize_t> extent(axes);
  H5Pget_chunk(creation.get(), static_cast<int>(axes), extent.data());
  return {extent.begin(), extent.end()};
}

class Hdf5Source final : public Source {
 public:
  Hdf5Source(std::string where, int rank, Comm comm) : where_(std::move(where)), comm_(std::move(comm)) {
    const auto [path, name] = parse_where(where_);
    const Library library;
    // Locals, which an exception closes while the library is still held; the members come last.
    Handle file = open_to_read(path);
    Handle dataset = open_dataset(file.get(), path, name);
    const Handle access = access_with_cache(dataset.get());
    dataset.reset();  // the cache of an open dataset cannot be changed
    dataset = open_dataset(file.get(), path, name, access.get());

    const Handle space(H5Dget_space(dataset.get()), H5Sclose), type(H5Dget_type(dataset.get()), H5Tclose);
    if (H5Sget_simple_extent_type(space.get()) == H5S_NULL) throw InputError(where_ + " has no elements");
    shape_ = shape_of(space.get());
    element_ = element_of_type(type.get(), where_);
    require_rank(shape_, rank, where_);
    chunk_ = chunk_of(dataset.get(), shape_.size());
    if (!chunk_.empty()) chunks_ = StoredChunks::of(dataset.get(), element_, shape_);
    file_ = std::move(file);
    dataset_ = std::move(dataset);
  }

  ~Hdf5Source() override {
    const Library library;
    dataset_.reset();
    file_.reset();
  }

  Hdf5Source(const Hdf5Source&) = delete;
  Hdf5Source& operator=(const Hdf5Source&) = delete;

  const std::vector<std::int64_t>& shape() const override { return shape_; }
  Element element() const override { return element_; }
  std::vector<std::int64_t> chunk() const override { return chunk_; }

  // One read decompresses a chunk once, with or without a cache.
  void stream() const override {
    if (chunk_.empty() || streams_) return;   // again: while a block is computed, by a sink that reads the same file in blocks
    const auto [path, name] = parse_where(where_);
    const Library library;
    const Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    H5Pset_chunk_cache(access.get(), 1, 0, 1.0);
    dataset_.reset();   // the cache of an open dataset cannot be changed
    dataset_ = open_dataset(file_.get(), path, name, access.get());
    streams_ = true;
  }

  void read(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element as, void* to) const override {
    require_within(lower, extent, shape_, where_);
    const bool truth = as == Element::boolean;
    const Element in_memory = truth ? element_ : as;
    const std::int64_t bytes = bytes_of(in_memory);
    std::vector<std::byte> scratch;
    for (const Transfer& part : transfers(lower, extent, bytes, truth ? truth_values_at_once : largest_transfer)) {
      std::byte* target = static_cast<std::byte*>(to) + part.first * (truth ? 1 : bytes);
      if (truth) {
        scratch.resize(static_cast<std::size_t>(part.count * bytes));
        read_part(part, in_memory, scratch.data());
        to_truth(scratch.data(), element_, part.count, reinterpret_cast<unsigned char*>(target));
      } else {
        read_part(part, in_memory, target);
      }
    }
  }

  void read_parts(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, std::span<const std::int64_t> parts, Element as,
                  void* to) const override {
    require_within(lower, extent, shape_, where_);
    if (chunks_ && as == element_ && chunks_->read(dataset_.get(), lower, extent, parts, "cannot read " + where_, to)) return;
    read(lower, extent, as, to);
  }

  void read_all(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element as, void* to) const override {
    agreed(*comm_, [&] { read(lower, extent, as, to); });
  }

 private:
  static constexpr std::int64_t truth_values_at_once = std::int64_t{64} << 20;

  // Where chunks need not be kept for the next box.
  bool by_chunks(const Transfer& part, Element as) const {
    return chunks_ && as == element_ && (streams_ || 4 * chunks_->bytes_touched(part.lower, part.extent) <= 5 * chunks_->bytes_of_box(part.extent));
  }

  void read_part(const Transfer& part, Element as, void* to) const {
    const std::string what = "cannot read " + where_;
    if (by_chunks(part, as) && chunks_->read(dataset_.get(), part.lower, part.extent, {}, what, to)) return;
    const Library library;  // for one part at a time, so that threads take turns
    const Handle in_file = select(dataset_.get(), part.lower, part.extent, what);
    // Of the box's own shape: between equal shapes the library copies rows, between others element by element.
    const std::vector<hsize_t> extent(part.extent.begin(), part.extent.end());
    const Handle in_memory = require({extent.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr),
                                      H5Sclose}, what);
    require(H5Dread(dataset_.get(), type_in_memory(as), in_memory.get(), in_file.get(), H5P_DEFAULT, to), what);
  }

  std::string where_;
  Comm comm_;
  Handle file_;
  mutable Handle dataset_;
  std::vector<std::int64_t> shape_, chunk_;
  std::optional<StoredChunks> chunks_;   // where they are of a simple kind
  mutable bool streams_ = false;
  Element element_ = Element::float64;
};

}  // namespace

std::shared_ptr<const Source> detail::open_hdf5(const std::string& where, int rank, Comm comm) {
  std::shared_ptr<const Source> source;
  const auto open = [&] { source = std::make_shared<const Hdf5Source>(where, rank, comm); };
  // Rank 0 goes ahead: what is wrong with the file is found once, not by thousands of ranks at a time.
  agreed(*comm, [&] { if (comm->rank() == 0) open(); });
  agreed(*comm, [&] { if (comm->rank() != 0) open(); });
  return source;
}

}  // namespace priel::io
