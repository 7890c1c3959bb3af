// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The place of a contiguous dataset's elements in an HDF5 file.

#include "hdf5.hpp"
#include "rows.hpp"

namespace priel::io {

detail::Placement detail::placement_of(const std::string& where, Element element) {
  const auto [path, name] = parse_where(where);
  const Library library;
  const Handle file = open_to_read(path);
  const Handle dataset = open_dataset(file.get(), path, name);
  const Handle type(H5Dget_type(dataset.get()), H5Tclose), space(H5Dget_space(dataset.get()), H5Sclose);
  if (H5Tequal(type.get(), type_in_memory(element)) <= 0)
    throw InputError(where + ": its elements are not stored as this machine has them and cannot be gone to by their place");
  const std::vector<std::int64_t> shape = shape_of(space.get());
  const haddr_t offset = H5Dget_offset(dataset.get());
  std::int64_t elements = 1;
  for (const std::int64_t n : shape) elements *= n;
  if (offset == HADDR_UNDEF && elements > 0) throw InputError(where + ": its elements have no fixed place; a contiguous dataset is needed");
  return {elements > 0 ? static_cast<std::int64_t>(offset) : 0, shape};
}

}  // namespace priel::io
