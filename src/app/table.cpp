// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reading and writing tables; npy by xtensor.
#include "table.hpp"

#include <fmt/format.h>
#include <xtensor/xadapt.hpp>
#include <xtensor/xnpy.hpp>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace priel::app {

namespace {

struct Table {
  std::vector<double> values;
  Size rows = 0, columns = 0;
};

bool parse_number(std::string_view cell, double& value) {
  while (!cell.empty() && (cell.front() == ' ' || cell.front() == '"' || cell.front() == '+')) cell.remove_prefix(1);
  while (!cell.empty() && (cell.back() == ' ' || cell.back() == '"' || cell.back() == '\r')) cell.remove_suffix(1);
  if (cell.empty()) {
    value = priel::nan;
    return true;
  }
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error == std::errc() && end == cell.data() + cell.size();
}

Table read_csv(const std::string& path) {
  std::ifstream file(path);
  Table table;
  std::string line;
  for (Size number = 1; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \r\t") == std::string::npos) continue;
    std::vector<double> row;
    std::stringstream cells(line);
    std::string cell, bad;
    while (std::getline(cells, cell, ',')) {
      double value = 0;
      if (!parse_number(cell, value) && bad.empty()) bad = cell;
      row.push_back(value);
    }
    if (!bad.empty() && table.rows == 0 && number == 1) continue;   // a header
    if (!bad.empty()) throw InputError(fmt::format("{}: line {}: `{}` is no number", path, number, bad));
    if (table.rows > 0 && static_cast<Size>(row.size()) != table.columns)
      throw InputError(fmt::format("{}: line {} has {} columns, the lines before it {}", path, number, row.size(), table.columns));
    table.columns = static_cast<Size>(row.size());
    table.values.insert(table.values.end(), row.begin(), row.end());
    ++table.rows;
  }
  return table;
}

Table read_npy(const std::string& path) {
  Table table;
  try {
    const auto loaded = [&]() -> xt::xarray<double> {
      try { return xt::load_npy<double>(path); } catch (const std::exception&) { return xt::load_npy<float>(path); }
    }();
    if (loaded.dimension() != 2) throw InputError(fmt::format("{}: {} axes; expected 2 (samples, features)", path, loaded.dimension()));
    table.rows = static_cast<Size>(loaded.shape()[0]);
    table.columns = static_cast<Size>(loaded.shape()[1]);
    table.values.assign(loaded.begin(), loaded.end());
  } catch (const InputError&) {
    throw;
  } catch (const std::exception& error) {
    throw InputError(fmt::format("{}: is no npy file of float or double: {}", path, error.what()));
  }
  return table;
}

template <class Write>
void on_root(Write&& write) {
  agreed(*world(), [&] { if (world()->rank() == 0) write(); });
}

}  // namespace

Array<double, 2, Split<0>> read_samples(const std::string& input) {
  const bool csv = input.ends_with(".csv"), npy = input.ends_with(".npy");
  if (!csv && !npy) return io::load<double, 2>(input, split<0>);
  Table table;
  agreed(*world(), [&] {
    if (!std::filesystem::exists(input)) throw InputError(input + ": no such file");
    table = csv ? read_csv(input) : read_npy(input);
    if (table.rows == 0) throw InputError(input + ": no samples in it");
  });
  Array<double, 2> samples(Shape<2>{table.rows, table.columns});
  std::copy(table.values.begin(), table.values.end(), samples.local_mut().begin());
  return samples;
}

void write_table(const std::string& path, const std::string& name, std::span<const double> scores, std::optional<double> threshold) {
  on_root([&] {
    std::FILE* file = path.empty() ? stdout : std::fopen(path.c_str(), "w");
    if (file == nullptr) throw SystemError(path + ": cannot be written");
    fmt::print(file, "{}{}\n", name, threshold ? ",anomalous" : "");
    for (const double score : scores) {
      if (threshold) fmt::print(file, "{},{}\n", score, score > *threshold ? 1 : 0);
      else fmt::print(file, "{}\n", score);
    }
    const bool failed = std::fflush(file) != 0 || std::ferror(file) != 0;
    if (!path.empty()) std::fclose(file);
    if (failed) throw SystemError((path.empty() ? std::string("stdout") : path) + ": cannot be written");
  });
}

void write_npy(const std::string& path, std::span<const double> scores) {
  on_root([&] {
    try {
      xt::dump_npy(path, xt::adapt(scores.data(), scores.size(), xt::no_ownership(), std::vector<std::size_t>{scores.size()}));
    } catch (const std::exception& error) {
      throw SystemError(path + ": cannot be written: " + error.what());
    }
  });
}

}  // namespace priel::app
