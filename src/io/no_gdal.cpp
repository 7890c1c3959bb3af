// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rasters in a build without GDAL: every call says so.

#include "formats.hpp"

namespace priel::io {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw InputError("this build has no GDAL, which " + what + " needs: configure with -DPRIEL_GDAL=ON");
}

}  // namespace

std::shared_ptr<const Source> detail::open_raster(const std::string& where, int, Comm) { refuse(where); }
std::optional<double> detail::number_attribute_of_raster(const std::string& where, const std::string&) { refuse(where); }
std::optional<Georeference> detail::georeference_of_raster(const std::string& where) { refuse(where); }
std::optional<std::vector<std::int64_t>> detail::days_of_raster(const std::string& where) { refuse(where); }
std::optional<bool> detail::same_system(const std::string&, const std::string&) { return {}; }
void detail::require_system(const std::string&, const std::string&) {}
std::string detail::short_name_of_system(const std::string& text) { return text.size() <= 60 ? text : text.substr(0, 57) + "..."; }
std::string gdal_version() { return {}; }

void write_raster(const std::string& path, const Grid&, std::span<const std::int64_t>, std::span<const std::uint8_t>, std::uint8_t, const RasterText&) {
  refuse(path);
}
void write_raster(const std::string& path, const Grid&, std::span<const std::int64_t>, std::span<const std::uint16_t>, std::uint16_t, const RasterText&) {
  refuse(path);
}
void write_raster(const std::string& path, const Grid&, std::span<const std::int64_t>, std::span<const float>, float, const RasterText&) { refuse(path); }

}  // namespace priel::io
