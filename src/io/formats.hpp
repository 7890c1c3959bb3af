// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The formats of files, as open_source and create_sink choose them by a file's name.
#pragma once

#include <priel/io/file.hpp>

namespace priel::io::detail {

// Each is what open_source and create_sink say, of one format.
std::shared_ptr<const Source> open_hdf5(const std::string& where, int rank, Comm comm);
std::shared_ptr<Sink> create_hdf5(const std::string& path, Comm comm, bool append);

std::shared_ptr<const Source> open_npy(const std::string& path, int rank, Comm comm);
std::shared_ptr<Sink> create_npy(const std::string& path, Comm comm);

std::shared_ptr<const Source> open_table(const std::string& path, int rank, Comm comm);
std::shared_ptr<Sink> create_table(const std::string& path, Comm comm);

// What a file of one array is asked to write: InputError for a dataset's name, a layout or a second array.
void require_one_array(const std::string& path, const std::string& dataset, const Layout& layout, bool created);
[[noreturn]] void refuse_attribute(const std::string& path, const std::string& name);

}  // namespace priel::io::detail
