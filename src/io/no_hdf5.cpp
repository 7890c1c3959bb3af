// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// HDF5 files in a build without HDF5: every call says so.

#include "formats.hpp"
#include "rows.hpp"

namespace priel::io {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw InputError("this build has no HDF5, which " + what + " needs: configure with -DPRIEL_HDF5=ON");
}

}  // namespace

std::shared_ptr<const Source> detail::open_hdf5(const std::string& where, int, Comm) { refuse(where); }
std::shared_ptr<Sink> detail::create_hdf5(const std::string& path, Comm, bool) { refuse(path); }
detail::Placement detail::placement_of(const std::string& where, Element) { refuse(where); }
std::vector<std::string> detail::datasets_of_hdf5(const std::string& path) { refuse(path); }
std::string detail::attribute_of_hdf5(const std::string& where, const std::string&) { refuse(where); }
std::optional<double> detail::number_attribute_of_hdf5(const std::string& where, const std::string&) { refuse(where); }
std::string hdf5_version() { return {}; }

}  // namespace priel::io
