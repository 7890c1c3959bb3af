// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a file says about itself: the names of its datasets, its attributes.

#include "formats.hpp"
#include "hdf5.hpp"

#include <algorithm>
#include <vector>

namespace priel::io {

std::vector<std::string> detail::datasets_of_hdf5(const std::string& path) {
  const detail::Library library;
  const auto file = detail::open_to_read(path);
  return detail::dataset_names(file.get());
}

namespace {

// The attribute, an empty handle if it is not there.
detail::Handle find_attribute(const detail::Handle& file, const std::string& dataset, const std::string& name) {
  const detail::Handle object(H5Oopen(file.get(), dataset.empty() ? "/" : dataset.c_str(), H5P_DEFAULT), H5Oclose);
  return detail::Handle(object ? H5Aopen(object.get(), name.c_str(), H5P_DEFAULT) : hid_t{-1}, H5Aclose);
}

}  // namespace

std::optional<double> detail::number_attribute_of_hdf5(const std::string& where, const std::string& name) {
  using namespace detail;
  const auto [path, dataset] = parse_where(where);
  const Library library;
  const Handle file = open_to_read(path);
  const Handle found = find_attribute(file, dataset, name);
  if (!found) return {};
  const Handle type(H5Aget_type(found.get()), H5Tclose), space(H5Aget_space(found.get()), H5Sclose);
  const auto kind = H5Tget_class(type.get());
  const auto count = H5Sget_simple_extent_npoints(space.get());
  if ((kind != H5T_FLOAT && kind != H5T_INTEGER) || count < 1) return {};
  std::vector<double> values(static_cast<std::size_t>(count));
  require(H5Aread(found.get(), H5T_NATIVE_DOUBLE, values.data()), "cannot read the attribute " + name + " of " + where);
  return values.front();
}

std::string detail::attribute_of_hdf5(const std::string& where, const std::string& name) {
  using namespace detail;
  const auto [path, dataset] = parse_where(where);
  const Library library;
  const Handle file = open_to_read(path);
  const Handle found = find_attribute(file, dataset, name);
  if (!found) return {};
  const Handle type(H5Aget_type(found.get()), H5Tclose), space(H5Aget_space(found.get()), H5Sclose);
  if (H5Tget_class(type.get()) != H5T_STRING || H5Sget_simple_extent_npoints(space.get()) != 1) return {};

  const std::string what = "cannot read the attribute " + name + " of " + where;
  if (H5Tis_variable_str(type.get()) > 0) {
    char* text = nullptr;
    require(H5Aread(found.get(), type.get(), &text), what);
    std::string result = text == nullptr ? "" : text;
    H5free_memory(text);
    return result;
  }
  std::string result(H5Tget_size(type.get()), '\0');
  require(H5Aread(found.get(), type.get(), result.data()), what);
  result.resize(std::min(result.find('\0'), result.size()));
  if (H5Tget_strpad(type.get()) == H5T_STR_SPACEPAD) result.resize(result.find_last_not_of(' ') + 1);
  return result;
}

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  std::string version = "HDF5 " + std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
#if defined(H5_HAVE_PARALLEL)
  version += " (parallel)";
#endif
  return version;
}

}  // namespace priel::io
