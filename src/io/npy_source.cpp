// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// .npy files opened for reading: each rank reads its own boxes by their offsets.

#include "formats.hpp"
#include "npy.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>

namespace priel::io {
namespace {

using namespace detail;
using Sizes = std::vector<std::int64_t>;

// C-order strides, or those of column-major order.
Sizes strides(const Sizes& shape, bool column_major) {
  Sizes result(shape.size());
  std::int64_t stride = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::size_t axis = column_major ? i : shape.size() - 1 - i;
    result[axis] = stride;
    stride *= shape[axis];
  }
  return result;
}

class NpySource final : public Source {
 public:
  NpySource(const std::string& path, int rank, Comm comm) : path_(path), comm_(std::move(comm)), file_(open_file(path)) {
    header_ = read_npy_header(file_.get(), path_);
    require_rank(header_.shape, rank, path_);
    strides_ = strides(header_.shape, header_.column_major);
  }

  const Sizes& shape() const override { return header_.shape; }
  Element element() const override { return header_.element; }

  void read(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element as, void* to) const override {
    require_within(lower, extent, header_.shape, path_);
    const Sizes box(extent.begin(), extent.end());
    std::int64_t first = 0, count = 1;
    for (std::size_t a = 0; a < box.size(); ++a) {
      first += lower[a] * strides_[a];
      count *= box[a];
    }
    if (count > 0) read_box({first, box, count}, strides(box, false), as, static_cast<std::byte*>(to));
  }

  void read_all(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element as, void* to) const override {
    agreed(*comm_, [&] { read(lower, extent, as, to); });
  }

 private:
  // Elements of the file from `first` on, along its strides.
  struct Part {
    std::int64_t first;
    Sizes extent;
    std::int64_t count;
  };

  static int open_file(const std::string& path) {
    require_readable(path);
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw InputError("cannot open " + path + ": " + std::strerror(errno));
    return file;
  }

  // In one go what lies together, or nearly: up to 64 MiB of which a quarter is wanted, or little. Else cut along the axis of the
  // largest steps.
  void read_box(const Part& part, const Sizes& to_strides, Element as, std::byte* to) const {
    const std::int64_t bytes = bytes_of(header_.element);
    std::int64_t span = 1;
    std::size_t widest = 0;
    for (std::size_t a = 0; a < part.extent.size(); ++a) {
      span += (part.extent[a] - 1) * strides_[a];
      if (part.extent[a] > 1 && (part.extent[widest] <= 1 || strides_[a] > strides_[widest])) widest = a;
    }
    constexpr std::int64_t little = 256 << 10, much = 64 << 20;
    if (span * bytes <= little || (span * bytes <= much && span <= 4 * part.count)) return read_span(part, span, to_strides, as, to);
    const std::int64_t n = part.extent[widest], half = n / 2;
    for (const auto& [begin, extent] : {std::pair{std::int64_t{0}, half}, std::pair{half, n - half}}) {
      Part piece = part;
      piece.first += begin * strides_[widest];
      piece.extent[widest] = extent;
      piece.count = part.count / n * extent;
      read_box(piece, to_strides, as, to + begin * to_strides[widest] * bytes_of(as));
    }
  }

  void read_span(const Part& part, std::int64_t span, const Sizes& to_strides, Element as, std::byte* to) const {
    const std::int64_t bytes = bytes_of(header_.element);
    const std::int64_t offset = header_.data + part.first * bytes;
    const std::string what = "cannot read " + path_;
    if (span == part.count && as == header_.element && !header_.column_major) return read_at(file_.get(), offset, to, span * bytes, what);
    const std::unique_ptr<std::byte[]> memory(new std::byte[static_cast<std::size_t>(span * bytes)]);
    read_at(file_.get(), offset, memory.get(), span * bytes, what);
    place(0, memory.get(), part.extent, to_strides, as, to);
  }

  void place(std::size_t axis, const std::byte* from, const Sizes& extent, const Sizes& to_strides, Element as, std::byte* to) const {
    if (extent.empty()) return convert(header_.element, from, 1, as, to, 1, 1);
    if (axis + 1 == extent.size()) return convert(header_.element, from, strides_[axis], as, to, to_strides[axis], extent[axis]);
    for (std::int64_t i = 0; i < extent[axis]; ++i)
      place(axis + 1, from + i * strides_[axis] * bytes_of(header_.element), extent, to_strides, as, to + i * to_strides[axis] * bytes_of(as));
  }

  std::string path_;
  Comm comm_;
  File file_;
  NpyHeader header_;
  Sizes strides_;
};

}  // namespace

std::shared_ptr<const Source> detail::open_npy(const std::string& path, int rank, Comm comm) {
  std::shared_ptr<const Source> source;
  const auto open = [&] { source = std::make_shared<const NpySource>(path, rank, comm); };
  agreed(*comm, [&] { if (comm->rank() == 0) open(); });   // what is wrong with the file is found once
  agreed(*comm, [&] { if (comm->rank() != 0) open(); });
  return source;
}

}  // namespace priel::io
