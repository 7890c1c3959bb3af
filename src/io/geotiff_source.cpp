// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// GeoTIFF files opened for reading: the bands of one file, or the images of a stack; each rank reads its own windows.

#include "formats.hpp"
#include "geotiff_stack.hpp"

#include <algorithm>
#include <deque>
#include <exception>
#include <mutex>

namespace priel::io {
namespace {

using namespace detail;

// How many files of a stack stay open. Each keeps a compressed tile in memory, and takes about a millisecond to open.
constexpr std::size_t most_open = 64;

class RasterSource final : public Source {
 public:
  RasterSource(const std::string& where, int rank, Comm comm)
      : where_(where), comm_(std::move(comm)), library_(gdal(where)), stack_(is_raster_stack(where)), files_(raster_files(library_, where)),
        open_(files_.size()) {
    const RasterFile& first = files_.front();
    const std::int64_t images = stack_ ? static_cast<std::int64_t>(files_.size()) : first.bands;
    shape_ = {first.rows, first.columns};
    if (stack_ || images > 1 || rank == 3) shape_.insert(shape_.begin(), images);
    require_rank(shape_, rank, where_);
    element_ = first.element;
    for (const RasterFile& file : files_)
      if (file.element != element_) element_ = Element::float64;   // which holds all others
  }

  const std::vector<std::int64_t>& shape() const override { return shape_; }
  Element element() const override { return element_; }
  std::vector<std::int64_t> chunk() const override {
    const RasterFile& first = files_.front();
    std::vector<std::int64_t> extent{first.block_rows, first.block_columns};
    if (shape_.size() == 3) extent.insert(extent.begin(), 1);
    return extent;
  }
  void stream() const override {
    if (!streaming_) streaming_ = true;   // again it may be said while another thread reads
  }

  void read(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element as, void* to) const override {
    require_within(lower, extent, shape_, where_);
    const bool images = extent.size() == 3;
    const Window window{lower[lower.size() - 2], lower.back(), extent[extent.size() - 2], extent.back()};
    const std::int64_t pixels = window.rows * window.columns;
    if (pixels == 0) return;
    const std::int64_t first = images ? lower[0] : 0, count = images ? extent[0] : 1;
    auto* const target = static_cast<std::byte*>(to);
    // Unpacking takes nearly all of the time, so threads take whole images, each its own file.
    constexpr std::int64_t large = 1 << 16;
    const bool by_threads = stack_ && count > 1 && (streaming_ || pixels >= large);
    if (by_threads) return read_by_threads(first, count, window, as, target);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::scoped_lock lock(mutex_);   // an open file is one thread's at a time
      const std::size_t number = stack_ ? static_cast<std::size_t>(first + i) : 0;
      const Dataset& dataset = opened(number);
      read_image(dataset, number, stack_ ? 1 : static_cast<int>(first + i) + 1, window, as, target + i * pixels * bytes_of(as));
      if (streaming_) static_cast<void>(library_.flush_cache(dataset.get()));   // drops its tiles
    }
  }

  void read_all(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element as, void* to) const override {
    agreed(*comm_, [&] { read(lower, extent, as, to); });
  }

 private:
  struct Window {
    std::int64_t row, column, rows, columns;
  };

  // Each file is opened and closed again; of several failures the earliest image's is thrown.
  void read_by_threads(std::int64_t first, std::int64_t count, const Window& window, Element as, std::byte* to) const {
    std::exception_ptr failure;
    std::int64_t failed = count;
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t i = 0; i < count; ++i) {
      try {
        const auto number = static_cast<std::size_t>(first + i);
        read_image(open_again(number), number, 1, window, as, to + i * window.rows * window.columns * bytes_of(as));
      } catch (...) {
#pragma omp critical(priel_raster_failure)
        if (i < failed) {
          failed = i;
          failure = std::current_exception();
        }
      }
    }
    if (failure) std::rethrow_exception(failure);
  }

  // Numbers of other types are converted as those of other formats are, some rows at a time.
  void read_image(const Dataset& dataset, std::size_t number, int band, const Window& window, Element as, std::byte* to) const {
    const Element stored = files_[number].element;
    constexpr std::int64_t at_once = 1 << 18;
    const std::int64_t step = as == stored ? window.rows : std::clamp<std::int64_t>(at_once / window.columns, 1, window.rows);
    std::vector<std::byte> scratch(as == stored ? 0 : static_cast<std::size_t>(step * window.columns * bytes_of(stored)));
    for (std::int64_t row = 0; row < window.rows; row += step) {
      const Window part{window.row + row, window.column, std::min(step, window.rows - row), window.columns};
      std::byte* const target = to + row * window.columns * bytes_of(as);
      read_part(dataset, number, band, part, as == stored ? target : scratch.data());
      if (as != stored) convert(stored, scratch.data(), 1, as, target, 1, part.rows * part.columns);
    }
  }

  static GDALDataType raster_type(Element element) {
    switch (element) {
      case Element::uint8: return GDT_Byte;
      case Element::int16: return GDT_Int16;
      case Element::uint16: return GDT_UInt16;
      case Element::int32: return GDT_Int32;
      case Element::uint32: return GDT_UInt32;
      case Element::float32: return GDT_Float32;
      default: return GDT_Float64;
    }
  }

  void read_part(const Dataset& dataset, std::size_t number, int band, const Window& part, void* to) const {
    const GdalErrors errors(library_);
    const CPLErr status = library_.raster_io(library_.band(dataset.get(), band), GF_Read, static_cast<int>(part.column), static_cast<int>(part.row),
                                             static_cast<int>(part.columns), static_cast<int>(part.rows), to, static_cast<int>(part.columns),
                                             static_cast<int>(part.rows), raster_type(files_[number].element), 0, 0);
    if (status != CE_None || errors.failed()) throw SystemError("cannot read " + files_[number].path + ": " + errors.text());
  }

  // A file that was in order before.
  Dataset open_again(std::size_t number) const {
    const RasterFile& file = files_[number];
    try {
      Dataset dataset = open_raster_file(library_, file.path);
      if (library_.rows(dataset.get()) == file.rows && library_.columns(dataset.get()) == file.columns) return dataset;
    } catch (const InputError& error) {
      throw SystemError(error.what());
    }
    throw SystemError("cannot read " + file.path + ": it has changed since it was opened");
  }

  const Dataset& opened(std::size_t number) const {
    if (open_[number]) return open_[number];
    if (order_.size() >= most_open) {
      open_[order_.front()].reset();
      order_.pop_front();
    }
    open_[number] = open_again(number);
    order_.push_back(number);
    return open_[number];
  }

  std::string where_;
  Comm comm_;
  const Gdal& library_;
  bool stack_;
  std::vector<RasterFile> files_;
  std::vector<std::int64_t> shape_;
  Element element_ = Element::float32;
  mutable std::mutex mutex_;
  mutable std::vector<Dataset> open_;        // of each file; closed ones are opened when they are read
  mutable std::deque<std::size_t> order_;    // of those that are open, the earliest first
  mutable bool streaming_ = false;
};

}  // namespace

std::shared_ptr<const Source> detail::open_raster(const std::string& where, int rank, Comm comm) {
  std::shared_ptr<const Source> source;
  const auto open = [&] { source = std::make_shared<const RasterSource>(where, rank, comm); };
  agreed(*comm, [&] { if (comm->rank() == 0) open(); });   // what is wrong with the files is found once
  agreed(*comm, [&] { if (comm->rank() != 0) open(); });
  return source;
}

}  // namespace priel::io
