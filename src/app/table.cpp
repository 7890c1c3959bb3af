// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reading samples and writing results.
#include "table.hpp"

#include "root.hpp"
#include "tell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>

#include <unistd.h>

namespace priel::app {

namespace {

namespace fs = std::filesystem;

bool is_table(const std::string& path) { return path.ends_with(".csv") || path.ends_with(".npy"); }

// Writes under a hidden name beside the place and renames, so that nobody finds half a file.
void replace(const std::string& path, const std::function<void(const std::string&)>& write) {
  const fs::path place(path), part = place.parent_path() / fmt::format(".{}.part", place.filename().string());
  std::error_code error;
  try {
    write(part);
  } catch (...) {
    fs::remove(part, error);
    throw;
  }
  fs::rename(part, place, error);
  if (error) throw SystemError(fmt::format("cannot write {}: {}", path, error.message()));
}

void put(std::FILE* file, const std::string& path, const std::string& text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), file) != text.size() || std::fflush(file) != 0)
    throw SystemError(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
}

void require_there(const std::string& input) {
  if (!is_table(input) && io::parse_where(input).dataset.empty() && !fs::exists(input))
    throw InputError(fmt::format("`{}`: no such file; expected file.h5:/dataset, file.npy or file.csv", input));
}

// Collective: says so where the line taken for names has numbers in it, as a first sample with a misprint would.
void tell_of_numbers_in_header(const std::string& input) {
  if (!is_table(input)) return;
  on_root([&] {
    const std::vector<std::string> names = io::column_names(input);
    const auto is_number = [](const std::string& name) {
      double value = 0;
      const auto read = std::from_chars(name.data(), name.data() + name.size(), value);
      return !name.empty() && read.ec == std::errc() && read.ptr == name.data() + name.size() && std::isfinite(value);
    };
    const auto numbers = std::count_if(names.begin(), names.end(), is_number);
    const auto misfit = std::find_if(names.begin(), names.end(), [&](const std::string& name) { return !name.empty() && !is_number(name); });
    if (numbers > 0 && misfit != names.end())
      tell(fmt::format("{}: the first line is taken for the names of columns and is no sample, because `{}` is no number; {} of its {} cells are\n", input,
                       *misfit, numbers, names.size()));
  });
}

bool is_same(const std::string& a, const std::string& b) {
  const io::Where one = io::parse_where(a), other = io::parse_where(b);
  std::error_code error;
  const auto whole = [&](const std::string& file) { return fs::weakly_canonical(fs::absolute(file, error), error); };
  return one.dataset == other.dataset && (fs::equivalent(one.file, other.file, error) || whole(one.file) == whole(other.file));
}

// A group is not replaced, and what stands in a dataset's place is no group.
void check_dataset(const std::string& option, const std::string& output, const io::Where& place) {
  for (const std::string& there : io::datasets(place.file)) {
    if (there.starts_with(place.dataset + "/"))
      throw InputError(fmt::format("{} {}: a group that holds {}; name another place", option, output, there));
    if (place.dataset.starts_with(there + "/"))
      throw InputError(fmt::format("{} {}: {} is a dataset and no group; name another place", option, output, there));
  }
}

template <int Rank>
void check_complete(const Array<double, Rank, Split<0>>& x, const std::string& input) {
  const auto values = x.local().span();
  const Size width = Rank == 1 ? 1 : std::max<Size>(1, x.shape()[Rank - 1]), none = std::numeric_limits<Size>::max();
  Size found[] = {0, none};   // how many, and the first of them
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    if (found[0]++ == 0) found[1] = x.part().lower[0] * width + static_cast<Size>(i);
  }
  x.comm()->all_reduce(found, 1, sizeof found, [](void* into, const void* from, Size) {
    auto* all = static_cast<Size*>(into);
    const auto* other = static_cast<const Size*>(from);
    all[0] += other[0];
    all[1] = std::min(all[1], other[1]);
  });
  if (found[0] == 0) return;
  const std::string column = Rank == 1 ? "" : fmt::format(", column {}", found[1] % width);
  throw InputError(fmt::format("{}: {} of {} values {} missing or infinite, the first in row {}{}, counted from 0; fill them in or leave those "
                               "samples out", input, found[0], x.size(), found[0] == 1 ? "is" : "are", found[1] / width, column));
}

}  // namespace

Array<double, 2, Split<0>> read_samples(const std::string& input) {
  require_there(input);
  auto samples = io::load<double, 2>(input, split<0>);
  tell_of_numbers_in_header(input);
  if (samples.size() == 0) throw InputError(input + ": no samples in it");
  return samples;
}

Array<double, 1, Split<0>> read_target(const std::string& input, Size samples, const std::string& of) {
  require_there(input);
  const auto source = io::open_source(input, -1, world());
  const std::vector<Size>& shape = source->shape();
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) throw InputError(input + ": no values in it");
  if (shape.empty() || shape.size() > 2 || (shape.size() == 2 && shape[1] != 1))
    throw InputError(fmt::format("{}: has the shape ({}); expected one column, a value for each sample of {}", input,
                                 fmt::join(shape, ", "), of));
  if (shape[0] != samples)
    throw InputError(fmt::format("{}: has {} values for the {} samples of {}; expected one for each", input, shape[0], samples, of));
  Array<double, 1, Split<0>> target(Shape<1>{samples}, world());
  const auto lease = target.local_mut();
  const Size lower[] = {target.part().lower[0], 0}, extent[] = {target.part().extent[0], 1};
  source->read_all({lower, shape.size()}, {extent, shape.size()}, io::Element::float64, lease.data());
  tell_of_numbers_in_header(input);
  return target;
}

void require_complete(const Array<double, 2, Split<0>>& x, const std::string& input) { check_complete(x, input); }
void require_complete(const Array<double, 1, Split<0>>& x, const std::string& input) { check_complete(x, input); }

std::vector<std::string> column_names(const std::string& input, Size columns) {
  std::vector<std::string> names;
  on_root([&] { names = io::column_names(input); });
  if (static_cast<Size>(names.size()) == columns) return names;
  names.clear();
  for (Size j = 0; j < columns; ++j) names.push_back(fmt::format("x{}", j));
  return names;
}

void check_output(const std::string& option, const std::string& output, const std::vector<std::string>& inputs) {
  if (output.empty()) return;
  const io::Where place = io::parse_where(output);
  const bool table = is_table(output);
  if (!table && (place.dataset.size() < 2 || is_table(place.file)))
    throw InputError(fmt::format("{} {}: expected file.h5:/dataset, file.npy or file.csv", option, output));
  on_root([&] {
    for (const std::string& input : inputs)
      if (is_same(output, input)) throw InputError(fmt::format("{} {}: that is the input; name another one", option, output));
    const fs::path folder = fs::absolute(table ? output : place.file).parent_path();
    if (!fs::is_directory(folder)) throw SystemError(fmt::format("cannot write {}: there is no folder {}", output, folder.string()));
    if (::access(folder.c_str(), W_OK) != 0) throw SystemError(fmt::format("cannot write {}: {}", output, std::strerror(errno)));
    if (table && fs::is_directory(output)) throw SystemError(fmt::format("cannot write {}: it is a folder", output));
    if (table || !fs::exists(place.file)) return;
    check_dataset(option, output, place);   // a file to add to: InputError if it is no HDF5
    if (::access(place.file.c_str(), W_OK) != 0) throw SystemError(fmt::format("cannot write {}: {}", output, std::strerror(errno)));
  });
}

bool same_place(const std::string& a, const std::string& b) {
  bool same = false;
  on_root([&] { same = is_same(a, b); });
  world()->broadcast(&same, sizeof same, 0);
  return same;
}

void write_text(const std::string& path, const std::function<std::string()>& text) {
  on_root([&] {
    if (path.empty()) return put(stdout, "stdout", text());
    replace(path, [&](const std::string& part) {
      const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(part.c_str(), "w"), std::fclose);
      if (!file) throw SystemError(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
      put(file.get(), path, text());
    });
  });
}

std::string number_text(double value) { return std::isnan(value) ? "nan" : fmt::format("{}", value); }

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

}  // namespace priel::app
