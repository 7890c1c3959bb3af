// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the HDF5 files share: the lock, handles, errors as text, element types.
#pragma once

#include "box.hpp"

#include <hdf5.h>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace priel::io::detail {

// Held round every use of the library: it allows one thread at a time. Also keeps it from printing errors by itself.
class Library {
 public:
  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

 private:
  std::scoped_lock<std::mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

// Owns an identifier; destroy it with the Library held.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close close) : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Handle() { reset(); }

  explicit operator bool() const { return id_ >= 0; }
  hid_t get() const { return id_; }
  // Closes it now; false if the library could not.
  bool reset() { return id_ < 0 || close_(std::exchange(id_, H5I_INVALID_HID)) >= 0; }
  // Gives it up unclosed.
  void leak() { id_ = H5I_INVALID_HID; }

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

// The innermost message of the library's last error: the reason, not the chain of calls that met it.
std::string library_error();

// Throws SystemError "WHAT: reason" if `status` is negative.
void require(herr_t status, const std::string& what);
Handle require(Handle handle, const std::string& what);

// An existing file for reading through the serial driver. InputError if it is not there, not readable, or not HDF5.
Handle open_to_read(const std::string& path);

// The dataset at this path; InputError with the names of the others if there is none.
Handle open_dataset(hid_t file, const std::string& path, const std::string& dataset, hid_t access = H5P_DEFAULT);

// The extents of a dataset or attribute; a scalar has no axes.
std::vector<std::int64_t> shape_of(hid_t space);

// The element type nearest to a stored one; InputError for text, compounds and other things that are not numbers.
Element element_of_type(hid_t type, const std::string& where);
hid_t type_in_memory(Element element);
hid_t type_in_file(Element element);

std::vector<std::string> dataset_names(hid_t file);

// The box of a dataset in its file; or nothing of it, for ranks that only take part.
Handle select(hid_t dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, const std::string& where);
Handle select_none(hid_t dataset, const std::string& where);

}  // namespace priel::io::detail
