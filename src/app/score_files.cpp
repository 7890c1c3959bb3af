// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// scores.h5: its structure, made before anything is scored.
#include "commands.hpp"
#include "detect_scores.hpp"
#include "root.hpp"

#include <filesystem>

namespace priel::app {

namespace {

template <class T>
void write_values(io::Sink& sink, const std::string& dataset, const std::vector<Size>& shape, const std::vector<T>& values) {
  sink.create(dataset, io::element_of<T>(), shape, {});
  sink.write_all(dataset, std::vector<Size>(shape.size()), shape, io::element_of<T>(), values.data());
}

void write_attributes(io::Sink& sink, const DetectOptions& options, const DetectInput& input, Method method) {
  sink.attribute("/", "program", "priel " + program_version());
  sink.attribute("/", "method", method_name(method));
  sink.attribute("/", "k", to_text(options.k));
  sink.attribute("/", "aggregate", aggregate_text(options.k));
  sink.attribute("/", "patch", static_cast<std::int64_t>(options.patch));
  sink.attribute("/", "margin", margin_of(options));
  sink.attribute("/", "min_valid", min_valid_of(options));
  sink.attribute("/", "transform", options.transform == Transform::db ? "db" : "none");
  sink.attribute("/", "threshold", to_text(threshold_of(options, method)));
  sink.attribute("/", "grid_rows", static_cast<std::int64_t>(input.stack[1]));
  sink.attribute("/", "grid_columns", static_cast<std::int64_t>(input.stack[2]));
  if (method == Method::loop) {
    sink.attribute("/", "lambda", options.lambda);
    sink.attribute("/", "norm", options.norm == Norm::global ? "global" : "local");
  }
}

// On rank 0 alone.
void make(const ScoreFile& file, const DetectOptions& options, const DetectInput& input) {
  const Size pixels = input.examined();
  const auto sink = io::create_sink(file.path, world());
  sink->create("/scores", io::Element::float32, std::vector<Size>{pixels, input.count()}, {});
  write_values(*sink, "/pixels", {pixels, 2}, input.pixels);
  sink->create("/n_valid", io::Element::uint16, std::vector<Size>{pixels}, {});
  if (!input.time.empty()) {
    write_values(*sink, "/time", {input.count()}, input.time);
    sink->attribute("/time", "units", input.time_units);
  }
  write_attributes(*sink, options, input, file.method);
  sink->close();
}

}  // namespace

std::vector<ScoreFile> score_files(const DetectOptions& options, const std::string& results) {
  std::vector<ScoreFile> files;
  for (const Method method : {Method::lof, Method::loop}) {
    if (options.method != method && options.method != Method::both) continue;
    const std::string folder = results + (options.method == Method::both ? "/" + method_name(method) : "");
    files.push_back({method, folder, folder + "/scores.h5"});
  }
  return files;
}

void make_score_files(const DetectOptions& options, const DetectInput& input, const std::vector<ScoreFile>& files) {
  on_root([&] {
    for (const ScoreFile& file : files) {
      std::filesystem::create_directories(file.folder);
      if (!std::filesystem::exists(file.path)) make(file, options, input);
    }
  });
}

Size score_file_bytes(const DetectOptions& options, const DetectInput& input) {
  const Size per_pixel = input.count() * static_cast<Size>(sizeof(float)) + 2 * static_cast<Size>(sizeof(Size)) + static_cast<Size>(sizeof(std::uint16_t));
  return (options.method == Method::both ? 2 : 1) * (input.examined() * per_pixel + (Size{1} << 16));
}

}  // namespace priel::app
