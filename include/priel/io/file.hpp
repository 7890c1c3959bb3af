// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Files as boxes of elements, untyped: what `io::load`, `io::save` and `io::open` call. The compiled half knows HDF5.
#pragma once

#include <priel/communicator.hpp>

#include <complex>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace priel::io {

// The element types a file may hold. Reading converts between numbers as HDF5 does; writing stores the given type.
enum class Element { boolean, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64 };

template <class T>
constexpr Element element_of() {
  if constexpr (std::is_same_v<T, bool>) return Element::boolean;
  else if constexpr (std::is_same_v<T, float>) return Element::float32;
  else if constexpr (std::is_same_v<T, double>) return Element::float64;
  else {
    static_assert(std::is_integral_v<T>, "files hold bool, integers, float and double");
    constexpr bool is_signed = std::is_signed_v<T>;
    if constexpr (sizeof(T) == 1) return is_signed ? Element::int8 : Element::uint8;
    else if constexpr (sizeof(T) == 2) return is_signed ? Element::int16 : Element::uint16;
    else if constexpr (sizeof(T) == 4) return is_signed ? Element::int32 : Element::uint32;
    else return is_signed ? Element::int64 : Element::uint64;
  }
}

// "file.h5:/group/name" cut at the last ":/"; a name without it has an empty dataset.
struct Where {
  std::string file;
  std::string dataset;
};
Where parse_where(const std::string& where);

// A dataset opened for reading. `lower`, `extent` select a box; an empty box is allowed and takes part in collectives.
class Source {
 public:
  virtual ~Source() = default;
  virtual const std::vector<std::int64_t>& shape() const = 0;
  virtual Element element() const = 0;
  // Each rank reads its own box, independently of the others (at most 1 GiB a transfer). Throws SystemError
  // locally, and ShapeError for a box that does not lie within the dataset.
  virtual void read(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element as, void* to) const = 0;
  // The same as a collective of the communicator it was opened on; errors are agreed.
  virtual void read_all(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element as, void* to) const = 0;
  // The same where only what lies in one of the parts is wanted, boxes within this one: the lower bounds of the first, its extents, and so on. The rest is
  // set to anything or left as it is.
  virtual void read_parts(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, std::span<const std::int64_t> parts, Element as,
                          void* to) const {
    static_cast<void>(parts);
    read(lower, extent, as, to);
  }
  // The extents of the pieces that are stored as a whole; empty where any part can be read by itself.
  virtual std::vector<std::int64_t> chunk() const { return {}; }
  // From now on boxes are large and hardly overlap: nothing needs to be kept decompressed between them. The first call: not while another thread reads.
  virtual void stream() const {}
};

// Collective over `comm`. Errors are agreed: InputError for a missing or unreadable file, an unknown dataset (names those
// that exist), a rank other than `rank` (any if -1); the text is one line: what, where, found, expected.
std::shared_ptr<const Source> open_source(const std::string& where, int rank, Comm comm);

// The extents of a stored dataset's chunks; empty where it has none. Rank-local; InputError as open_source.
std::vector<std::int64_t> chunk_shape(const std::string& where);

// How a new dataset is stored.
struct Layout {
  std::vector<std::int64_t> chunk;   // empty: contiguous
  int deflate = 0;                   // 0 to 9; needs chunks
  bool sparse = false;               // compressed chunks of zeros may be left out, and read as zeros; none is written twice
};

// A file being written. Made collectively under a temporary name beside `path` and renamed when `close` succeeds;
// destroyed without `close`, it removes what it wrote. Every call is collective over the communicator it was made with, with
// equal arguments but for the boxes, and agrees on errors (SystemError for a full disk, without waiting for anyone).
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void create(const std::string& dataset, Element element, std::span<const std::int64_t> shape, const Layout& layout) = 0;
  // Collective: every rank writes its own box (an empty one takes part); errors are agreed.
  virtual void write_all(const std::string& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent,
                         Element element, const void* from) = 0;
  // Attributes of the file ("/") or of a dataset.
  virtual void attribute(const std::string& object, const std::string& name, const std::string& value) = 0;
  virtual void attribute(const std::string& object, const std::string& name, double value) = 0;
  virtual void attribute(const std::string& object, const std::string& name, std::int64_t value) = 0;
  virtual void close() = 0;
};

// Collective. `append`: a dataset is added to (or replaced in) the file if it exists, in place, else a new file is made.
std::shared_ptr<Sink> create_sink(const std::string& path, Comm comm, bool append = false);

// The names of all datasets of a file, "/sigma0", ...; none for a format without names. Rank-local.
std::vector<std::string> datasets(const std::string& path);

// The names of a table's columns, of its header line; none where it has no such line, and for other formats. Rank-local.
std::vector<std::string> column_names(const std::string& path);

// A string attribute of an object of a file ("units" of "/time"); empty if it is not there. Rank-local.
std::string attribute(const std::string& where, const std::string& name);

// A numeric attribute of an object ("_FillValue" of "/sigma0"), the first number if it has several; nothing if it is not there.
// A raster's "_FillValue" is its nodata value. Rank-local.
std::optional<double> number_attribute(const std::string& where, const std::string& name);

// "HDF5 1.10.8 (parallel)", or empty in a build without it.
std::string hdf5_version();

}  // namespace priel::io
