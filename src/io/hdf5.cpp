// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The HDF5 library's lock, errors, types and names.

#include "hdf5.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace priel::io::detail {
namespace {

std::mutex& library_mutex() {
  static std::mutex mutex;
  return mutex;
}

herr_t keep_first(unsigned, const H5E_error2_t* error, void* data) {
  auto& text = *static_cast<std::string*>(data);
  if (text.empty() && error->desc != nullptr) text = error->desc;
  return 0;
}

// Appends the datasets below a group; a cycle of hard links ends at the depth limit.
void add_names(hid_t group, const std::string& path, int depth, std::vector<std::string>& names) {
  H5G_info_t info;
  if (depth > 32 || H5Gget_info(group, &info) < 0) return;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    char name[1024];
    if (H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT) < 0) continue;
    const Handle object(H5Oopen(group, name, H5P_DEFAULT), H5Oclose);
    if (!object) continue;  // a link that leads nowhere
    const H5I_type_t kind = H5Iget_type(object.get());
    if (kind == H5I_DATASET) names.push_back(path + "/" + name);
    if (kind == H5I_GROUP) add_names(object.get(), path + "/" + name, depth + 1, names);
  }
}

bool is_truth_value(hid_t type) {
  if (H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2) return false;
  char* const first = H5Tget_member_name(type, 0);
  const bool found = first != nullptr && std::strcmp(first, "FALSE") == 0;
  H5free_memory(first);
  return found;
}

// Whether there is a dataset of that name. Throws SystemError where the file is too damaged to tell.
bool has_dataset(hid_t file, const std::string& path, const std::string& dataset) {
  const std::string what = "cannot read " + path;
  for (std::size_t end = dataset.find('/', 1);; end = dataset.find('/', end + 1)) {
    const std::string part = dataset.substr(0, end);
    for (const auto exists : {H5Lexists, H5Oexists_by_name}) {  // a link may lead nowhere
      const htri_t answer = exists(file, part.c_str(), H5P_DEFAULT);
      require(answer, what);
      if (answer == 0) return false;
    }
    const Handle object = require({H5Oopen(file, part.c_str(), H5P_DEFAULT), H5Oclose}, what);
    if (end == std::string::npos) return H5Iget_type(object.get()) == H5I_DATASET;
    if (H5Iget_type(object.get()) != H5I_GROUP) return false;
  }
}

Element integer_of(std::size_t bytes, bool is_signed) {
  switch (bytes) {
    case 1: return is_signed ? Element::int8 : Element::uint8;
    case 2: return is_signed ? Element::int16 : Element::uint16;
    case 4: return is_signed ? Element::int32 : Element::uint32;
    default: return is_signed ? Element::int64 : Element::uint64;
  }
}

}  // namespace

Library::Library() : lock_(library_mutex()) {
  H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Library::~Library() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }

std::string library_error() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &text);
  if (text.empty()) return "unknown HDF5 error";
  // "file write failed: time = ..., errno = 28, error message = 'No space left on device', buf = ..." says too much.
  for (const std::string_view key : {"error message = '", "error string is '"})
    if (const auto at = text.find(key); at != std::string::npos) {
      const auto begin = at + key.size();
      return text.substr(0, text.find(':')) + ": " + text.substr(begin, text.find('\'', begin) - begin);
    }
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

void require(herr_t status, const std::string& what) {
  if (status < 0) throw SystemError(what + ": " + library_error());
}

Handle require(Handle handle, const std::string& what) {
  if (!handle) throw SystemError(what + ": " + library_error());
  return handle;
}

Handle open_to_read(const std::string& path) {
  const std::string what = "cannot open " + path;
  require_readable(path);
  if (H5Fis_hdf5(path.c_str()) <= 0) throw InputError(what + ": not an HDF5 file");
  return require({H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose}, what);
}

Handle open_dataset(hid_t file, const std::string& path, const std::string& dataset, hid_t access) {
  if (!dataset.empty() && dataset != "/" && has_dataset(file, path, dataset))
    return require({H5Dopen2(file, dataset.c_str(), access), H5Dclose}, "cannot read " + path + ":" + dataset);
  constexpr std::size_t most = 20;
  const auto names = dataset_names(file);
  std::string text = dataset.empty() ? path + ": no dataset is named; write " + path + ":/NAME" : path + " has no dataset " + dataset;
  text += names.empty() ? "; the file has none" : "; the file has ";
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  throw InputError(text);
}

std::vector<std::int64_t> shape_of(hid_t space) {
  const int rank = H5Sget_simple_extent_ndims(space);
  std::vector<hsize_t> extents(static_cast<std::size_t>(std::max(rank, 0)));
  if (rank > 0) H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  return {extents.begin(), extents.end()};
}

Element element_of_type(hid_t type, const std::string& where) {
  const std::size_t bytes = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: return integer_of(bytes, H5Tget_sign(type) == H5T_SGN_2);
    case H5T_FLOAT: return bytes <= 4 ? Element::float32 : Element::float64;
    case H5T_ENUM: {
      if (is_truth_value(type)) return Element::boolean;
      const Handle base(H5Tget_super(type), H5Tclose);
      return integer_of(bytes, H5Tget_sign(base.get()) == H5T_SGN_2);
    }
    case H5T_STRING: throw InputError(where + " holds text; numbers expected");
    default: throw InputError(where + " holds elements that are no numbers; integers or floating-point numbers expected");
  }
}

hid_t type_in_memory(Element element) {
  switch (element) {
    case Element::boolean: case Element::uint8: return H5T_NATIVE_UINT8;
    case Element::int8: return H5T_NATIVE_INT8;
    case Element::int16: return H5T_NATIVE_INT16;
    case Element::uint16: return H5T_NATIVE_UINT16;
    case Element::int32: return H5T_NATIVE_INT32;
    case Element::uint32: return H5T_NATIVE_UINT32;
    case Element::int64: return H5T_NATIVE_INT64;
    case Element::uint64: return H5T_NATIVE_UINT64;
    case Element::float32: return H5T_NATIVE_FLOAT;
    case Element::float64: break;
  }
  return H5T_NATIVE_DOUBLE;
}

hid_t type_in_file(Element element) {
  switch (element) {
    case Element::boolean: case Element::uint8: return H5T_STD_U8LE;
    case Element::int8: return H5T_STD_I8LE;
    case Element::int16: return H5T_STD_I16LE;
    case Element::uint16: return H5T_STD_U16LE;
    case Element::int32: return H5T_STD_I32LE;
    case Element::uint32: return H5T_STD_U32LE;
    case Element::int64: return H5T_STD_I64LE;
    case Element::uint64: return H5T_STD_U64LE;
    case Element::float32: return H5T_IEEE_F32LE;
    case Element::float64: break;
  }
  return H5T_IEEE_F64LE;
}

std::vector<std::string> dataset_names(hid_t file) {
  std::vector<std::string> names;
  const Handle root(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose);
  if (root) add_names(root.get(), "", 0, names);
  return names;
}

Handle select(hid_t dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, const std::string& where) {
  Handle space = require({H5Dget_space(dataset), H5Sclose}, where);
  if (extent.empty()) return space;  // a scalar is selected as it is
  const std::vector<hsize_t> start(lower.begin(), lower.end()), count(extent.begin(), extent.end());
  require(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), where);
  return space;
}

Handle select_none(hid_t dataset, const std::string& where) {
  Handle space = require({H5Dget_space(dataset), H5Sclose}, where);
  require(H5Sselect_none(space.get()), where);
  return space;
}

}  // namespace priel::io::detail
