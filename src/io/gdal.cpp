// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Loading GDAL; its errors, types and reference systems.

#include "gdal.hpp"

#include "formats.hpp"

#include <cpl_conv.h>
#include <gdal_frmts.h>

#include <dlfcn.h>

namespace priel::io {
namespace detail {
namespace {

// The functions of a loaded library by their names.
struct Symbols {
  void* library;
  bool complete = true;

  template <class Function>
  void operator()(Function& function, const char* name) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    complete = complete && function != nullptr;
  }
};

void find_all(Symbols& get, Gdal& gdal) {
  get(gdal.version_info, "GDALVersionInfo");
  get(gdal.open, "GDALOpenEx");
  get(gdal.close, "GDALClose");
  get(gdal.driver_by_name, "GDALGetDriverByName");
  get(gdal.create, "GDALCreate");
  get(gdal.columns, "GDALGetRasterXSize");
  get(gdal.rows, "GDALGetRasterYSize");
  get(gdal.bands, "GDALGetRasterCount");
  get(gdal.band, "GDALGetRasterBand");
  get(gdal.data_type, "GDALGetRasterDataType");
  get(gdal.type_name, "GDALGetDataTypeName");
  get(gdal.block_size, "GDALGetBlockSize");
  get(gdal.raster_io, "GDALRasterIO");
  get(gdal.flush_cache, "GDALFlushCache");
  get(gdal.write_block, "GDALWriteBlock");
  get(gdal.nodata, "GDALGetRasterNoDataValue");
  get(gdal.set_nodata, "GDALSetRasterNoDataValue");
  get(gdal.transform, "GDALGetGeoTransform");
  get(gdal.set_transform, "GDALSetGeoTransform");
  get(gdal.projection, "GDALGetProjectionRef");
  get(gdal.set_projection, "GDALSetProjection");
  get(gdal.description, "GDALGetDescription");
  get(gdal.set_description, "GDALSetDescription");
  get(gdal.metadata, "GDALGetMetadataItem");
  get(gdal.set_metadata, "GDALSetMetadataItem");
  get(gdal.create_colours, "GDALCreateColorTable");
  get(gdal.set_colour, "GDALSetColorEntry");
  get(gdal.destroy_colours, "GDALDestroyColorTable");
  get(gdal.set_colours, "GDALSetRasterColorTable");
  get(gdal.push_errors, "CPLPushErrorHandlerEx");
  get(gdal.pop_errors, "CPLPopErrorHandler");
  get(gdal.memory_file, "VSIGetMemFileBuffer");
  get(gdal.unlink, "VSIUnlink");
  get(gdal.free, "VSIFree");
  get(gdal.new_system, "OSRNewSpatialReference");
  get(gdal.set_system, "OSRSetFromUserInput");
  get(gdal.system_as_text, "OSRExportToWkt");
  get(gdal.same_system, "OSRIsSame");
  get(gdal.destroy_system, "OSRDestroySpatialReference");
  get(gdal.authority, "OSRGetAuthorityName");
  get(gdal.authority_code, "OSRGetAuthorityCode");
  get(gdal.error_owner, "CPLGetErrorHandlerUserData");
}

// Only the GeoTIFF driver is registered: nothing else of GDAL, its own HDF5 for one, ever runs.
const Gdal* load() {
  static Gdal functions;
  Symbols get{::dlopen(PRIEL_GDAL_LIBRARY, RTLD_LAZY | RTLD_LOCAL)};   // stays open: there is no way to end GDAL for sure
  if (get.library == nullptr) return nullptr;
  decltype(&::GDALRegister_GTiff) register_driver = nullptr;
  decltype(&::GDALSetCacheMax64) set_cache = nullptr;
  decltype(&::CPLGetConfigOption) option = nullptr;
  find_all(get, functions);
  get(register_driver, "GDALRegister_GTiff");
  get(set_cache, "GDALSetCacheMax64");
  get(option, "CPLGetConfigOption");
  if (!get.complete) return nullptr;
  register_driver();
  // As much as HDF5 files keep of their chunks; GDAL's own choice is a share of all memory.
  if (option("GDAL_CACHEMAX", nullptr) == nullptr) set_cache(std::int64_t{64} << 20);
  return &functions;
}

}  // namespace

const Gdal* gdal_or_null() {
  static const Gdal* const functions = load();
  return functions;
}

const Gdal& gdal(const std::string& what) {
  const Gdal* const functions = gdal_or_null();
  if (functions == nullptr) throw InputError(what + " needs GDAL, and " PRIEL_GDAL_LIBRARY " is not installed here (Debian: libgdal32)");
  return *functions;
}

GdalErrors::GdalErrors(const Gdal& library) : library_(library) { library.push_errors(&GdalErrors::keep, this); }
GdalErrors::~GdalErrors() { library_.pop_errors(); }

void CPL_STDCALL GdalErrors::keep(CPLErr kind, CPLErrorNum, const char* text) {
  auto* const errors = static_cast<GdalErrors*>(gdal_or_null()->error_owner());
  std::string& kept = kind >= CE_Failure ? errors->failure_ : errors->warning_;
  if (kind >= CE_Warning && kept.empty()) kept = text;
}

std::string GdalErrors::text() const {
  std::string text = !failure_.empty() ? failure_ : !warning_.empty() ? warning_ : "unknown error of GDAL";
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text;
}

System system_of(const Gdal& library, const std::string& text) {
  System system(library.new_system(nullptr), library.destroy_system);
  const GdalErrors quiet(library);
  const bool known = text.starts_with("EPSG:") || text.starts_with("+") || text.find('[') != std::string::npos;   // all else would be a file
  if (!known || library.set_system(system.get(), text.c_str()) != OGRERR_NONE) system.reset();
  return system;
}

Dataset open_raster_file(const Gdal& library, const std::string& path) {
  require_readable(path);
  const GdalErrors errors(library);
  char driver[] = "GTiff";
  char* drivers[] = {driver, nullptr};
  Dataset dataset(library, library.open(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, nullptr, nullptr));
  if (!dataset) throw InputError("cannot open " + path + ": no GeoTIFF file" + (errors.failed() ? " (" + errors.text() + ")" : ""));
  return dataset;
}

Element element_of_raster(const Gdal& library, GDALDataType type, const std::string& where) {
  switch (type) {
    case GDT_Byte: return Element::uint8;
    case GDT_Int16: return Element::int16;
    case GDT_UInt16: return Element::uint16;
    case GDT_Int32: return Element::int32;
    case GDT_UInt32: return Element::uint32;
    case GDT_Float32: return Element::float32;
    case GDT_Float64: return Element::float64;
    default: throw InputError(where + " holds elements of type " + library.type_name(type) + "; integers up to 32 bits, float or double expected");
  }
}

std::optional<Georeference> georeference_of_raster(const Gdal& library, const Dataset& dataset) {
  Georeference place;
  const GdalErrors quiet(library);
  if (library.transform(dataset.get(), place.transform.data()) != CE_None) return {};
  const char* const system = library.projection(dataset.get());
  place.crs = system == nullptr ? "" : system;
  return place;
}

std::optional<double> nodata_of_raster(const Gdal& library, const Dataset& dataset) {
  int known = 0;
  const double value = library.nodata(library.band(dataset.get(), 1), &known);
  return known != 0 ? std::optional(value) : std::nullopt;
}

std::optional<bool> same_system(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const Gdal* const library = gdal_or_null();
  if (library == nullptr) return {};
  const System first = system_of(*library, a), second = system_of(*library, b);
  if (!first || !second) return {};
  return library->same_system(first.get(), second.get()) != 0;
}

void require_system(const std::string& text, const std::string& where) {
  const Gdal* const library = gdal_or_null();
  if (library != nullptr && !system_of(*library, text)) throw InputError(where + ": no reference system that GDAL knows: " + text);
}

std::string short_name_of_system(const std::string& text) {
  const Gdal* const library = gdal_or_null();
  const System system = library == nullptr ? System(nullptr, nullptr) : system_of(*library, text);
  const char* const authority = system ? library->authority(system.get(), nullptr) : nullptr;
  const char* const code = system ? library->authority_code(system.get(), nullptr) : nullptr;
  if (authority != nullptr && code != nullptr) return std::string(authority) + ":" + code;
  const auto begin = text.find('"'), end = text.find('"', begin + 1);   // WKT begins with the system's name
  return begin != std::string::npos && end != std::string::npos ? text.substr(begin + 1, end - begin - 1) : text;
}

}  // namespace detail

std::string gdal_version() {
  const detail::Gdal* const library = detail::gdal_or_null();
  return library == nullptr ? std::string() : std::string("GDAL ") + library->version_info("RELEASE_NAME");
}

}  // namespace priel::io
