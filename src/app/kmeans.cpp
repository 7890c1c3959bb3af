// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel kmeans`: the clusters of one data set, every rank its share of the samples.
#include "commands.hpp"
#include "detect_results.hpp"
#include "fitting.hpp"
#include "table.hpp"

#include <priel/algorithms/kmeans.hpp>
#include <priel/priel.hpp>

#include <fmt/format.h>

namespace priel::app {

namespace {

std::string label_text(const Array<Size, 1>& labels) {
  std::string text = "label\n";
  for (const Size label : labels.local().span()) fmt::format_to(std::back_inserter(text), "{}\n", label);
  return text;
}

std::string centroid_text(const Array<double, 2>& centroids, const std::vector<std::string>& names) {
  std::string text;
  const std::size_t width = names.size();
  for (std::size_t j = 0; j < width; ++j) text += csv_cell(names[j]) + (j + 1 < width ? "," : "\n");
  const auto values = centroids.local().span();
  for (std::size_t i = 0; i < values.size(); ++i) text += number_text(values[i]) + ((i + 1) % width > 0 ? "," : "\n");
  return text;
}

}  // namespace

int run_kmeans(const KMeansOptions& options) {
  check_output("--output", options.output, {options.input});
  check_output("--centroids", options.centroids, {options.input});
  if (!options.output.empty() && !options.centroids.empty() && same_place(options.output, options.centroids))
    throw InputError(fmt::format("--centroids {}: the labels go there; name another one", options.centroids));
  Fitting fitting(options.quiet);
  const Array<double, 2, Split<0>> x = read_samples(options.input);
  require_complete(x, options.input);
  if (options.clusters > x.shape()[0])
    throw InputError(fmt::format("--clusters {}: {} has {}; expected no more clusters than that", options.clusters, options.input,
                                 counted(x.shape()[0], "sample")));

  const KMeans kmeans{.clusters = options.clusters,
                      .start = options.first == FirstCentroids::random ? Start::random : Start::plus_plus,
                      .iterations = options.iterations,
                      .tolerance = options.tolerance,
                      .seed = static_cast<decltype(KMeans::seed)>(options.seed)};
  std::optional<KMeansModel<double, Split<0>, Host>> model;
  fitting.run([&]() -> Fitting::End {
    model = kmeans.fit(x, [&](const KMeansStep& step) {
      fitting.step(step.iteration, [&] {
        return fmt::format("iteration {}: inertia {:.6g}, shift {:.2g}", step.iteration, step.inertia, step.shift);
      });
    });
    return {model->converged, model->iterations, fmt::format("inertia {:.6g}", model->inertia)};
  });

  fitting.write([&] {
    std::optional<Array<Size, 1>> labels;   // on every rank, where the text needs them
    if (is_text(options.output)) labels.emplace(redistribute(model->labels, replicated));
    write_result(options.output, model->labels, [&] { return label_text(*labels); });
    if (options.centroids.empty()) return;
    const std::vector<std::string> names = column_names(options.input, x.shape()[1]);
    write_result(options.centroids, model->centroids, [&] { return centroid_text(model->centroids, names); });
  });
  return 0;
}

}  // namespace priel::app
