// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's .npy header: a magic string, a version, and a Python dictionary as text (numpy.lib.format).

#include "npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace priel::io::detail {
namespace {

static_assert(std::endian::native == std::endian::little, "the elements are read as they lie in the file");

constexpr std::string_view magic = "\x93NUMPY";

// The text of the value of a key: up to the next comma outside parentheses, or the dictionary's end.
std::string_view value_of(std::string_view dictionary, std::string_view key) {
  for (const char quote : {'\'', '"'}) {
    const auto at = dictionary.find(std::string(1, quote).append(key).append(1, quote));
    if (at == std::string_view::npos) continue;
    const auto begin = dictionary.find(':', at);
    if (begin == std::string_view::npos) return {};
    std::string_view rest = dictionary.substr(begin + 1);
    int depth = 0;
    std::size_t end = 0;
    for (; end < rest.size(); ++end) {
      if (rest[end] == '(' || rest[end] == '[') ++depth;
      if (rest[end] == ')' || rest[end] == ']') --depth;
      if (depth == 0 && (rest[end] == ',' || rest[end] == '}')) break;
    }
    rest = rest.substr(0, end);
    const auto first = rest.find_first_not_of(" \n"), last = rest.find_last_not_of(" \n");
    return first == std::string_view::npos ? std::string_view() : rest.substr(first, last - first + 1);
  }
  return {};
}

std::optional<std::vector<std::int64_t>> shape_in(std::string_view text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return {};
  text = text.substr(1, text.size() - 2);
  std::vector<std::int64_t> shape;
  while (!text.empty()) {
    const auto comma = text.find(',');
    std::string_view extent = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    const auto first = extent.find_first_not_of(' ');
    if (first == std::string_view::npos) continue;
    extent = extent.substr(first, extent.find_last_not_of(" L") - first + 1);
    std::int64_t n = -1;
    const auto end = std::from_chars(extent.data(), extent.data() + extent.size(), n);
    if (end.ec != std::errc() || end.ptr != extent.data() + extent.size() || n < 0) return {};
    shape.push_back(n);
  }
  return shape;
}

constexpr std::array<std::pair<std::string_view, Element>, 11> types{{
    {"b1", Element::boolean}, {"i1", Element::int8}, {"u1", Element::uint8}, {"i2", Element::int16}, {"u2", Element::uint16},
    {"i4", Element::int32}, {"u4", Element::uint32}, {"i8", Element::int64}, {"u8", Element::uint64}, {"f4", Element::float32},
    {"f8", Element::float64}}};

Element element_in(std::string_view descr, const std::string& where) {
  if (descr.size() < 4 || (descr.front() != '\'' && descr.front() != '"'))
    throw InputError(where + " holds records; numbers expected");
  descr = descr.substr(1, descr.size() - 2);
  const char order = descr.front();
  const std::string_view type = descr.substr(1);
  const auto found = std::find_if(types.begin(), types.end(), [&](const auto& known) { return known.first == type; });
  if (found == types.end())
    throw InputError(where + " holds elements of type " + std::string(descr) + "; bool, integers, float32 or float64 expected");
  if (order == '>' && bytes_of(found->second) > 1)
    throw InputError(where + " holds big-endian numbers (" + std::string(descr) + "); write it with x.astype('<" + std::string(type) + "')");
  return found->second;
}

}  // namespace

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}
void File::close(const std::string& what) {
  if (::close(std::exchange(descriptor_, -1)) != 0) throw SystemError(what + ": " + std::strerror(errno));
}

void read_at(int file, std::int64_t offset, void* to, std::int64_t bytes, const std::string& what) {
  constexpr std::int64_t most = std::int64_t{1} << 30;
  for (std::int64_t done = 0; done < bytes;) {
    const auto n = ::pread(file, static_cast<std::byte*>(to) + done, static_cast<std::size_t>(std::min(most, bytes - done)), offset + done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw SystemError(what + ": " + std::strerror(errno));
    if (n == 0) throw SystemError(what + ": the file ends too early");
    done += n;
  }
}

void write_at(int file, std::int64_t offset, const void* from, std::int64_t bytes, const std::string& what) {
  constexpr std::int64_t most = std::int64_t{1} << 30;
  for (std::int64_t done = 0; done < bytes;) {
    const auto n = ::pwrite(file, static_cast<const std::byte*>(from) + done, static_cast<std::size_t>(std::min(most, bytes - done)), offset + done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw SystemError(what + ": " + std::strerror(errno));
    done += n;
  }
}

NpyHeader read_npy_header(int file, const std::string& where) {
  const std::string none = "cannot open " + where + ": no npy file of numbers", what = "cannot read " + where;
  struct stat entry = {};
  if (::fstat(file, &entry) != 0) throw SystemError(what + ": " + std::strerror(errno));
  const auto size = static_cast<std::int64_t>(entry.st_size);
  std::array<unsigned char, 12> begin{};
  if (size < 12) throw InputError(none);
  read_at(file, 0, begin.data(), 12, what);
  if (std::memcmp(begin.data(), magic.data(), magic.size()) != 0) throw InputError(none);
  const bool wide = begin[6] >= 2;
  if (begin[6] < 1 || begin[6] > 3) throw InputError(where + " is of npy format " + std::to_string(begin[6]) + ".0; 1.0 to 3.0 expected");
  std::int64_t length = begin[8] + 256 * begin[9];
  if (wide) length += 65536 * (begin[10] + std::int64_t{256} * begin[11]);
  NpyHeader header;
  const std::int64_t start = wide ? 12 : 10;
  header.data = start + length;
  if (header.data > size) throw InputError(none);
  std::string dictionary(static_cast<std::size_t>(length), '\0');
  read_at(file, start, dictionary.data(), length, what);

  header.element = element_in(value_of(dictionary, "descr"), where);
  const auto order = value_of(dictionary, "fortran_order");
  const auto shape = shape_in(value_of(dictionary, "shape"));
  if (!shape || (order != "True" && order != "False")) throw InputError(none);
  header.column_major = order == "True";
  header.shape = *shape;
  std::int64_t bytes = bytes_of(header.element);
  for (const std::int64_t n : header.shape)
    if (__builtin_mul_overflow(bytes, n, &bytes)) throw InputError(none);
  if (size - header.data < bytes)
    throw InputError(where + " is cut short: " + std::to_string(bytes) + " bytes of elements expected, " +
                     std::to_string(size - header.data) + " are there");
  return header;
}

std::string npy_header(Element element, std::span<const std::int64_t> shape) {
  const auto type = std::find_if(types.begin(), types.end(), [&](const auto& known) { return known.second == element; });
  std::string text = std::string("{'descr': '") + (bytes_of(element) > 1 ? "<" : "|") + std::string(type->first) +
                     "', 'fortran_order': False, 'shape': " + shape_text(shape) + ", }";
  if (!shape.empty()) text.append(21 - std::to_string(shape[0]).size(), ' ');   // room for a longer first axis, as NumPy leaves it
  const auto length = (10 + text.size() + 1 + 63) / 64 * 64 - 10;   // far from the 65535 that version 1.0 allows
  text.resize(length - 1, ' ');
  text += '\n';
  std::string header(magic);
  header += '\x01';
  header += '\x00';
  header += static_cast<char>(length % 256);
  header += static_cast<char>(length / 256);
  return header + text;
}

}  // namespace priel::io::detail
