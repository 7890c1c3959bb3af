// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reading and writing tables; npy by xtensor.
#include "table.hpp"

#include "root.hpp"

#include <fmt/format.h>
#include <xtensor/xadapt.hpp>
#include <xtensor/xnpy.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <tuple>
#include <vector>

#include <unistd.h>

namespace priel::app {

namespace {

namespace fs = std::filesystem;

struct Table {
  std::vector<double> values;
  Size rows = 0, columns = 0;
};

// The number in a cell; NaN if the cell is empty.
std::optional<double> number_in(std::string_view cell) {
  constexpr std::string_view around = " \t\r\"";
  const auto first = cell.find_first_not_of(around);
  if (first == std::string_view::npos) return priel::nan;
  cell = cell.substr(first, cell.find_last_not_of(around) - first + 1);
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (;;) {
    const auto comma = line.find(',');
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

// Lines that are empty or begin with # are none; the first other line may be a header.
Table read_csv(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw InputError(fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  Table table;
  bool may_be_header = true;
  std::string line;
  for (Size number = 1; std::getline(file, line); ++number) {
    if (number == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);   // the byte order mark of some spreadsheets
    const auto begin = line.find_first_not_of(" \r\t");
    if (begin == std::string::npos || line[begin] == '#') continue;
    const auto cells = cells_of(line);
    const auto bad = std::find_if(cells.begin(), cells.end(), [](std::string_view cell) { return !number_in(cell); });
    const bool header = may_be_header && bad != cells.end();
    may_be_header = false;
    if (header) continue;
    if (bad != cells.end()) throw InputError(fmt::format("{}: line {}: `{}` is no number; numbers between commas expected", path, number, *bad));
    if (table.rows > 0 && static_cast<Size>(cells.size()) != table.columns)
      throw InputError(fmt::format("{}: line {} has a different number of columns, {}, than the lines before it, {}", path, number, cells.size(), table.columns));
    table.columns = static_cast<Size>(cells.size());
    for (const std::string_view cell : cells) table.values.push_back(*number_in(cell));
    ++table.rows;
  }
  if (file.bad()) throw SystemError("cannot read " + path);
  return table;
}

// Whether the file holds numbers of this type; then they are taken.
template <class T>
bool load_npy_as(const std::string& path, Table& into, std::size_t& axes) {
  try {
    const auto loaded = xt::load_npy<T>(path);
    axes = loaded.dimension();
    if (axes != 2) return true;
    into = {{}, static_cast<Size>(loaded.shape()[0]), static_cast<Size>(loaded.shape()[1])};
    for (Size i = 0; i < into.rows; ++i)
      for (Size j = 0; j < into.columns; ++j) into.values.push_back(static_cast<double>(loaded(i, j)));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

Table read_npy(const std::string& path) {
  Table table;
  std::size_t axes = 0;
  const auto any_of = [&]<class... T>(std::tuple<T...>) { return (load_npy_as<T>(path, table, axes) || ...); };
  if (!any_of(std::tuple<double, float, std::int64_t, std::int32_t, std::int16_t, std::uint8_t>{}))
    throw InputError(path + ": no npy file of numbers: float64, float32, int64, int32, int16 or uint8");
  if (axes != 2) throw InputError(fmt::format("{} has {} ax{}; 2 axes expected (samples, features)", path, axes, axes == 1 ? "is" : "es"));
  return table;
}

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

void print_table(std::FILE* file, const std::string& path, const std::string& name, std::span<const double> scores, std::optional<double> threshold) {
  errno = 0;
  fmt::print(file, "{}{}\n", name, threshold ? ",anomalous" : "");
  for (const double score : scores) {
    const std::string text = std::isnan(score) ? "nan" : fmt::format("{}", score);   // without a sign
    if (threshold) fmt::print(file, "{},{}\n", text, score > *threshold ? 1 : 0);
    else fmt::print(file, "{}\n", text);
  }
  if (std::fflush(file) != 0 || std::ferror(file) != 0) throw SystemError(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
}

}  // namespace

Array<double, 2, Split<0>> read_samples(const std::string& input) {
  const bool csv = input.ends_with(".csv"), npy = input.ends_with(".npy");
  if (!csv && !npy) {
    if (io::parse_where(input).dataset.empty() && !fs::exists(input))
      throw InputError(fmt::format("`{}`: no such file; expected file.h5:/dataset, file.npy or file.csv", input));
    return io::load<double, 2>(input, split<0>);
  }
  Table table;
  agreed(*world(), [&] {
    if (!fs::exists(input)) throw InputError(fmt::format("cannot open {}: no such file", input));
    if (fs::is_directory(input)) throw InputError(fmt::format("cannot open {}: it is a folder", input));
    table = csv ? read_csv(input) : read_npy(input);
    if (table.values.empty()) throw InputError(input + ": no samples in it");
  });
  Array<double, 2> samples(Shape<2>{table.rows, table.columns});
  std::copy(table.values.begin(), table.values.end(), samples.local_mut().begin());
  return samples;
}

void check_output(const std::string& output, const std::string& input) {
  if (output.empty()) return;
  const io::Where place = io::parse_where(output);
  const bool table = output.ends_with(".csv") || output.ends_with(".npy");
  if (!table && place.dataset.size() < 2)
    throw InputError(fmt::format("--output {}: expected file.h5:/dataset, file.npy or file.csv", output));
  if (output == input) throw InputError(fmt::format("--output {}: that is the input; name another one", output));
  on_root([&] {
    const fs::path folder = fs::absolute(table ? output : place.file).parent_path();
    if (!fs::is_directory(folder)) throw SystemError(fmt::format("cannot write {}: there is no folder {}", output, folder.string()));
    if (::access(folder.c_str(), W_OK) != 0) throw SystemError(fmt::format("cannot write {}: {}", output, std::strerror(errno)));
    if (table && fs::is_directory(output)) throw SystemError(fmt::format("cannot write {}: it is a folder", output));
  });
}

void write_table(const std::string& path, const std::string& name, std::span<const double> scores, std::optional<double> threshold) {
  on_root([&] {
    if (path.empty()) return print_table(stdout, "stdout", name, scores, threshold);
    replace(path, [&](const std::string& part) {
      const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(part.c_str(), "w"), std::fclose);
      if (!file) throw SystemError(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
      print_table(file.get(), path, name, scores, threshold);
    });
  });
}

void write_npy(const std::string& path, std::span<const double> scores) {
  on_root([&] {
    replace(path, [&](const std::string& part) {
      try {
        xt::dump_npy(part, xt::adapt(scores.data(), scores.size(), xt::no_ownership(), std::vector<std::size_t>{scores.size()}));
      } catch (const std::exception& error) {
        throw SystemError(fmt::format("cannot write {}: {}", path, error.what()));
      }
      // The stream's own end says nothing of a full disk.
      if (fs::file_size(part) < scores.size() * sizeof(double)) throw SystemError(fmt::format("cannot write {}: no space left", path));
    });
  });
}

}  // namespace priel::app
