// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// GeoTIFF files from scattered pixels: made in memory by GDAL, a row of tiles at a time, and written in one go.

#include "formats.hpp"
#include "gdal.hpp"
#include "npy.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <numeric>
#include <unistd.h>

namespace priel::io {
namespace {

using namespace detail;

constexpr std::int64_t tile = 128;   // smaller ones leave less of a narrow coast's surroundings to be stored

template <class T>
constexpr GDALDataType type_of = std::is_same_v<T, std::uint8_t> ? GDT_Byte : std::is_same_v<T, std::uint16_t> ? GDT_UInt16 : GDT_Float32;

// A file of GDAL's that lies in memory and is dropped with its owner.
class MemoryFile {
 public:
  explicit MemoryFile(const Gdal& library) : library_(library), name_("/vsimem/priel/" + std::to_string(count_++) + ".tif") {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { library_.unlink(name_.c_str()); }
  const std::string& name() const { return name_; }
  std::span<const GByte> bytes() const {
    vsi_l_offset length = 0;
    const GByte* const first = library_.memory_file(name_.c_str(), &length, FALSE);
    return {first, first == nullptr ? 0 : static_cast<std::size_t>(length)};
  }

 private:
  inline static std::atomic<std::uint64_t> count_ = 0;
  const Gdal& library_;
  std::string name_;
};

void require_pixels(const std::string& path, const Grid& grid, std::span<const std::int64_t> pixels, std::size_t values) {
  const std::string size = std::to_string(grid.rows) + " x " + std::to_string(grid.columns);
  constexpr std::int64_t most = std::numeric_limits<int>::max() - tile;
  if (grid.rows < 1 || grid.columns < 1 || grid.rows > most || grid.columns > most)
    throw ShapeError(path + ": a grid of " + size + " pixels; 1 to " + std::to_string(most) + " rows and columns expected");
  if (pixels.size() != 2 * values)
    throw ShapeError(path + ": " + std::to_string(pixels.size()) + " rows and columns for " + std::to_string(values) +
                     " values; a pair for each expected");
  for (std::size_t i = 0; i < values; ++i)
    if (pixels[2 * i] < 0 || pixels[2 * i] >= grid.rows || pixels[2 * i + 1] < 0 || pixels[2 * i + 1] >= grid.columns)
      throw ShapeError(path + ": the pixel (" + std::to_string(pixels[2 * i]) + ", " + std::to_string(pixels[2 * i + 1]) +
                       ") does not lie within the grid of " + size);
}

// Indices of the pixels in the order of the rows of tiles, equal ones as they were; empty where they lie so already.
std::vector<std::size_t> order_of(std::span<const std::int64_t> pixels, std::size_t count, std::int64_t rows) {
  const auto row = [&](std::size_t i) { return static_cast<std::size_t>(pixels[2 * i] / tile); };
  std::size_t sorted = 1;
  while (sorted < count && row(sorted - 1) <= row(sorted)) ++sorted;
  if (sorted >= count) return {};
  std::vector<std::size_t> next(static_cast<std::size_t>(rows / tile + 2)), order(count);
  for (std::size_t i = 0; i < count; ++i) ++next[row(i) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  for (std::size_t i = 0; i < count; ++i) order[next[row(i)]++] = i;
  return order;
}

// A row of tiles at a time is filled; those with pixels are stored. False where GDAL failed.
template <class T>
bool fill(const Gdal& library, GDALRasterBandH band, const Grid& grid, std::span<const std::int64_t> pixels, std::span<const T> values, T outside) {
  const std::vector<std::size_t> order = order_of(pixels, values.size(), grid.rows);
  const auto across = static_cast<std::size_t>((grid.columns + tile - 1) / tile), size = static_cast<std::size_t>(tile * tile);
  std::vector<T> tiles(across * size, outside);
  std::vector<char> touched(across, 0);
  for (std::size_t next = 0; next < values.size();) {
    const auto at = [&](std::size_t i) { return order.empty() ? i : order[i]; };
    const std::int64_t down = pixels[2 * at(next)] / tile;
    for (; next < values.size() && pixels[2 * at(next)] / tile == down; ++next) {
      const std::int64_t row = pixels[2 * at(next)] % tile, column = pixels[2 * at(next) + 1];
      const auto t = static_cast<std::size_t>(column / tile);
      touched[t] = 1;
      tiles[t * size + static_cast<std::size_t>(row * tile + column % tile)] = values[at(next)];
    }
    for (std::size_t t = 0; t < across; ++t) {
      if (touched[t] == 0) continue;
      T* const first = tiles.data() + t * size;
      if (library.write_block(band, static_cast<int>(t), static_cast<int>(down), first) != CE_None) return false;
      std::fill(first, first + size, outside);
      touched[t] = 0;
    }
  }
  return true;
}

void describe(const Gdal& library, const Dataset& dataset, GDALRasterBandH band, const std::string& path, const Grid& grid,
              const RasterText& text) {
  if (grid.georeference) {
    std::array<double, 6> transform = grid.georeference->transform;
    library.set_transform(dataset.get(), transform.data());
    if (!grid.georeference->crs.empty()) {
      require_system(grid.georeference->crs, path);
      const System system = system_of(library, grid.georeference->crs);
      char* wkt = nullptr;
      library.system_as_text(system.get(), &wkt);
      library.set_projection(dataset.get(), wkt);
      library.free(wkt);
    }
  }
  if (!text.description.empty()) library.set_description(band, text.description.c_str());
  for (const auto& [name, value] : text.metadata) library.set_metadata(dataset.get(), name.c_str(), value.c_str(), nullptr);
  if (text.colours.empty()) return;
  const std::unique_ptr<std::remove_pointer_t<GDALColorTableH>, decltype(&::GDALDestroyColorTable)> colours(library.create_colours(GPI_RGB),
                                                                                                            library.destroy_colours);
  for (const auto& [value, colour] : text.colours) {
    const GDALColorEntry entry{colour[0], colour[1], colour[2], 255};
    library.set_colour(colours.get(), value, &entry);
  }
  library.set_colours(band, colours.get());
}

void save(const std::string& path, std::span<const GByte> bytes) {
  const std::string what = "cannot write " + path, part = beside(path);
  create_beside(path);
  try {
    File file(::open(part.c_str(), O_WRONLY | O_CLOEXEC));
    if (file.get() < 0) throw SystemError(what + ": " + std::strerror(errno));
    write_at(file.get(), 0, bytes.data(), static_cast<std::int64_t>(bytes.size()), what);
    file.close(what);
    rename_to(path);
  } catch (...) {
    std::error_code error;
    std::filesystem::remove(part, error);
    throw;
  }
}

template <class T>
void write(const std::string& path, const Grid& grid, std::span<const std::int64_t> pixels, std::span<const T> values, T outside,
           const RasterText& text) {
  const Gdal& library = gdal(path);
  require_pixels(path, grid, pixels, values.size());
  if (!text.colours.empty() && !std::is_same_v<T, std::uint8_t>) throw InputError(path + ": only a raster of uint8 has colours");
  std::vector<std::string> options{"TILED=YES",        "BLOCKXSIZE=" + std::to_string(tile), "BLOCKYSIZE=" + std::to_string(tile),
                                   "SPARSE_OK=TRUE",   "COMPRESS=DEFLATE",                     "ZLEVEL=1",   // twice as fast as 6, a third larger
                                   "BIGTIFF=IF_SAFER"};
  std::vector<char*> list;
  for (std::string& option : options) list.push_back(option.data());
  list.push_back(nullptr);

  const GdalErrors errors(library);
  const auto refuse = [&] { throw SystemError("cannot write " + path + ": " + errors.text()); };
  const MemoryFile file(library);
  Dataset dataset(library, library.create(library.driver_by_name("GTiff"), file.name().c_str(), static_cast<int>(grid.columns),
                                          static_cast<int>(grid.rows), 1, type_of<T>, list.data()));
  if (!dataset) refuse();
  const GDALRasterBandH band = library.band(dataset.get(), 1);
  library.set_nodata(band, static_cast<double>(outside));
  describe(library, dataset, band, path, grid, text);
  if (!fill(library, band, grid, pixels, values, outside)) refuse();
  dataset.reset();   // writes what is left
  if (errors.failed()) refuse();
  save(path, file.bytes());
}

}  // namespace

void write_raster(const std::string& path, const Grid& grid, std::span<const std::int64_t> pixels, std::span<const std::uint8_t> values,
                  std::uint8_t outside, const RasterText& text) {
  write<std::uint8_t>(path, grid, pixels, values, outside, text);
}
void write_raster(const std::string& path, const Grid& grid, std::span<const std::int64_t> pixels, std::span<const std::uint16_t> values,
                  std::uint16_t outside, const RasterText& text) {
  write<std::uint16_t>(path, grid, pixels, values, outside, text);
}
void write_raster(const std::string& path, const Grid& grid, std::span<const std::int64_t> pixels, std::span<const float> values, float outside,
                  const RasterText& text) {
  write<float>(path, grid, pixels, values, outside, text);
}

}  // namespace priel::io
