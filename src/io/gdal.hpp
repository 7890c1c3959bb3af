// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// GDAL, loaded when it is first needed: linked, its hundred libraries would cost every start of every program 50 ms and 24 MiB.
#pragma once

#include "box.hpp"

#include <priel/io/raster.hpp>

#include <gdal.h>
#include <ogr_srs_api.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace priel::io::detail {

// The functions used, by their names in GDAL.
struct Gdal {
  decltype(&::GDALVersionInfo) version_info;
  decltype(&::GDALOpenEx) open;
  decltype(&::GDALClose) close;
  decltype(&::GDALGetDriverByName) driver_by_name;
  decltype(&::GDALCreate) create;
  decltype(&::GDALGetRasterXSize) columns;
  decltype(&::GDALGetRasterYSize) rows;
  decltype(&::GDALGetRasterCount) bands;
  decltype(&::GDALGetRasterBand) band;
  decltype(&::GDALGetRasterDataType) data_type;
  decltype(&::GDALGetDataTypeName) type_name;
  decltype(&::GDALGetBlockSize) block_size;
  decltype(&::GDALRasterIO) raster_io;
  decltype(&::GDALFlushCache) flush_cache;
  decltype(&::GDALWriteBlock) write_block;
  decltype(&::GDALGetRasterNoDataValue) nodata;
  decltype(&::GDALSetRasterNoDataValue) set_nodata;
  decltype(&::GDALGetGeoTransform) transform;
  decltype(&::GDALSetGeoTransform) set_transform;
  decltype(&::GDALGetProjectionRef) projection;
  decltype(&::GDALSetProjection) set_projection;
  decltype(&::GDALGetDescription) description;
  decltype(&::GDALSetDescription) set_description;
  decltype(&::GDALGetMetadataItem) metadata;
  decltype(&::GDALSetMetadataItem) set_metadata;
  decltype(&::GDALCreateColorTable) create_colours;
  decltype(&::GDALSetColorEntry) set_colour;
  decltype(&::GDALDestroyColorTable) destroy_colours;
  decltype(&::GDALSetRasterColorTable) set_colours;
  decltype(&::CPLPushErrorHandlerEx) push_errors;
  decltype(&::CPLPopErrorHandler) pop_errors;
  decltype(&::CPLGetErrorHandlerUserData) error_owner;
  decltype(&::VSIGetMemFileBuffer) memory_file;
  decltype(&::VSIUnlink) unlink;
  decltype(&::VSIFree) free;
  decltype(&::OSRNewSpatialReference) new_system;
  decltype(&::OSRSetFromUserInput) set_system;
  decltype(&::OSRExportToWkt) system_as_text;
  decltype(&::OSRIsSame) same_system;
  decltype(&::OSRDestroySpatialReference) destroy_system;
  decltype(&::OSRGetAuthorityName) authority;
  decltype(&::OSRGetAuthorityCode) authority_code;
};

// The library, or null where it is not installed.
const Gdal* gdal_or_null();

// The same; InputError where it is not, saying that `what` needs it.
const Gdal& gdal(const std::string& what);

// While it lives, this thread's errors of the library are kept and not printed; `text` is the first failure's, or the first warning's.
class GdalErrors {
 public:
  explicit GdalErrors(const Gdal& library);
  ~GdalErrors();
  GdalErrors(const GdalErrors&) = delete;
  GdalErrors& operator=(const GdalErrors&) = delete;
  bool failed() const { return !failure_.empty(); }
  std::string text() const;

 private:
  static void CPL_STDCALL keep(CPLErr kind, CPLErrorNum number, const char* text);
  const Gdal& library_;
  std::string failure_, warning_;
};

// An open raster, closed with its owner.
class Dataset {
 public:
  Dataset() = default;
  Dataset(const Gdal& library, GDALDatasetH dataset) : library_(&library), dataset_(dataset) {}
  Dataset(Dataset&& other) noexcept : library_(other.library_), dataset_(std::exchange(other.dataset_, nullptr)) {}
  Dataset& operator=(Dataset&& other) noexcept {
    std::swap(library_, other.library_);
    std::swap(dataset_, other.dataset_);
    return *this;
  }
  ~Dataset() { reset(); }
  void reset() {
    if (dataset_ != nullptr) library_->close(std::exchange(dataset_, nullptr));
  }
  GDALDatasetH get() const { return dataset_; }
  explicit operator bool() const { return dataset_ != nullptr; }

 private:
  const Gdal* library_ = nullptr;
  GDALDatasetH dataset_ = nullptr;
};

// A GeoTIFF file for reading; InputError if it is not there, not readable or none.
Dataset open_raster_file(const Gdal& library, const std::string& path);

// The element type of a stored one; InputError for complex numbers.
Element element_of_raster(const Gdal& library, GDALDataType type, const std::string& where);

// A reference system, or null where the text (WKT, "EPSG:32611", PROJ) is none.
using System = std::unique_ptr<std::remove_pointer_t<OGRSpatialReferenceH>, decltype(&::OSRDestroySpatialReference)>;
System system_of(const Gdal& library, const std::string& text);

// Where it lies, and the value that stands for none; nothing where it does not say.
std::optional<Georeference> georeference_of_raster(const Gdal& library, const Dataset& dataset);
std::optional<double> nodata_of_raster(const Gdal& library, const Dataset& dataset);

}  // namespace priel::io::detail
