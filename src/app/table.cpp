// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reading samples and writing scores.
#include "table.hpp"

#include "root.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>

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
  if (!is_table(input) && io::parse_where(input).dataset.empty() && !fs::exists(input))
    throw InputError(fmt::format("`{}`: no such file; expected file.h5:/dataset, file.npy or file.csv", input));
  auto samples = io::load<double, 2>(input, split<0>);
  if (is_table(input) && samples.size() == 0) throw InputError(input + ": no samples in it");
  return samples;
}

void check_output(const std::string& output, const std::string& input) {
  if (output.empty()) return;
  const io::Where place = io::parse_where(output);
  const bool table = is_table(output);
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
    const auto sink = io::create_sink(path, self());
    const Size begin[] = {0}, extent[] = {static_cast<Size>(scores.size())};
    sink->create({}, io::Element::float64, extent, {});
    sink->write_all({}, begin, extent, io::Element::float64, scores.data());
    sink->close();
  });
}

}  // namespace priel::app
