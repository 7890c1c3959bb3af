// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel lasso`: a sparse linear model of one data set, every rank its share of the samples.
#include "commands.hpp"
#include "detect_results.hpp"
#include "fitting.hpp"
#include "table.hpp"

#include <priel/algorithms/lasso.hpp>
#include <priel/priel.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace priel::app {

namespace {

// What becomes of the intercept; with column0, what the first column holds.
struct Constant {
  Bias bias;
  double value = 1;
};

// As asked, or by what the first column holds.
Constant constant_of(const LassoOptions& options, const Array<double, 2, Split<0>>& x, Fitting& fitting) {
  if (options.intercept && *options.intercept != Bias::column0) return {*options.intercept};
  const double least = item(min(x(all, 0))), most = item(max(x(all, 0)));
  const bool constant = least == most && least != 0;
  if (!options.intercept && (!constant || x.shape()[0] == 1)) return {Bias::add};
  if (!constant)
    throw InputError(fmt::format("--intercept column0: the first column of {} is no constant other than 0, it has values from {:.6g} to {:.6g}; "
                                 "use add or none", options.samples, least, most));
  if (!options.intercept)
    fitting.say(fmt::format("the first column of {} is constant and taken for the intercept; --intercept add or none changes that", options.samples));
  return {Bias::column0, least};
}

// The columns that are fitted, the intercept first.
std::vector<std::string> names_of(std::vector<std::string> columns, Bias bias) {
  if (bias == Bias::add) columns.insert(columns.begin(), "intercept");
  if (bias == Bias::column0) columns.front() = "intercept";
  return columns;
}

// The models of all lambdas, one after the other, each with the intercept first.
struct Models {
  std::vector<double> lambdas, values;

  void add(double lambda, double intercept, std::span<const double> coefficients, const Constant& constant) {
    lambdas.push_back(lambda);
    if (constant.bias == Bias::add) values.push_back(intercept);
    values.insert(values.end(), coefficients.begin(), coefficients.end());
    if (constant.bias == Bias::column0) values[values.size() - coefficients.size()] *= constant.value;
  }
};

// A line for each name, a column for each lambda.
std::string text_of(const Models& models, const std::vector<std::string>& names) {
  std::string text = "name";
  if (models.lambdas.size() == 1) text += ",coefficient";
  else for (const double lambda : models.lambdas) text += "," + number_text(lambda);
  text += '\n';
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += csv_cell(names[i]);
    for (std::size_t l = 0; l < models.lambdas.size(); ++l) text += "," + number_text(models.values[l * names.size() + i]);
    text += '\n';
  }
  return text;
}

// (columns, lambdas), as the text.
Array<double, 2> array_of(const Models& models) {
  const auto lambdas = models.lambdas.size(), columns = models.values.size() / lambdas;
  Array<double, 2> array({static_cast<Size>(columns), static_cast<Size>(lambdas)}, world());
  const auto lease = array.local_mut();
  for (std::size_t i = 0; i < models.values.size(); ++i) lease.data()[i] = models.values[i % lambdas * columns + i / lambdas];
  return array;
}

// "5 of 10 coefficients not 0", the intercept apart.
std::string sparsity(std::span<const double> coefficients, Bias bias) {
  if (bias == Bias::column0) coefficients = coefficients.subspan(1);
  const auto nonzero = std::count_if(coefficients.begin(), coefficients.end(), [](double coefficient) { return coefficient != 0; });
  return fmt::format("{} of {} coefficients not 0", nonzero, coefficients.size());
}

Models fit(const Lasso& lasso, const Array<double, 2, Split<0>>& x, const Array<double, 1, Split<0>>& y, const Constant& constant,
           Fitting& fitting) {
  Models models;
  fitting.run([&]() -> Fitting::End {
    LassoStep last{};
    const LassoModel<double, Host> model = lasso.fit(x, y, [&](const LassoStep& step) {
      last = step;
      fitting.step(step.iteration, [&] {
        return fmt::format("iteration {}: objective {:.6g}, gap {:.2g}, {} not 0", step.iteration, step.objective, step.gap, step.nonzero);
      });
    });
    const auto coefficients = model.coefficients.local().span();
    models.add(lasso.lambda, model.intercept, coefficients, constant);
    return {model.converged, model.iterations,
            fmt::format("objective {:.6g}, gap {:.2g}, {}", last.objective, model.gap, sparsity(coefficients, constant.bias))};
  });
  return models;
}

Models fit_path(const Lasso& lasso, const std::vector<double>& lambdas, const Array<double, 2, Split<0>>& x, const Array<double, 1, Split<0>>& y,
                const Constant& constant, Fitting& fitting) {
  Models models;
  fitting.run([&]() -> Fitting::End {
    const LassoPath<double, Host> path = lasso.path(x, y, lambdas);
    const auto coefficients = path.coefficients.local().span();
    const std::size_t width = coefficients.size() / path.iterations.size();
    bool converged = true;
    Size iterations = 0;
    for (std::size_t l = 0; l < path.iterations.size(); ++l) {
      const auto row = coefficients.subspan(l * width, width);
      const double lambda = path.lambdas.local().data()[l];
      converged = converged && path.converged[l];
      iterations += path.iterations[l];
      fitting.say(fmt::format("lambda {}: {}, gap {:.2g}, {}", lambda, counted(path.iterations[l], "iteration"), path.gaps.local().data()[l],
                              sparsity(row, constant.bias)));
    }
    // The path goes from the largest lambda down; the columns stand as they were asked for.
    const auto order = path.lambdas.local().span();
    for (const double lambda : lambdas) {
      const auto l = static_cast<std::size_t>(std::find(order.begin(), order.end(), lambda) - order.begin());
      models.add(lambda, path.intercepts.local().data()[l], coefficients.subspan(l * width, width), constant);
    }
    return {converged, iterations, fmt::format("{} models", path.iterations.size())};
  });
  return models;
}

}  // namespace

int run_lasso(const LassoOptions& options) {
  check_output("--output", options.output, {options.samples, options.target});
  Fitting fitting(options.quiet);
  const Array<double, 2, Split<0>> x = read_samples(options.samples);
  const Array<double, 1, Split<0>> y = read_target(options.target, x.shape()[0], options.samples);
  require_complete(x, options.samples);
  require_complete(y, options.target);
  const Constant constant = constant_of(options, x, fitting);
  const Bias bias = constant.bias;
  const Lasso lasso{.lambda = options.lambdas.front(),
                    .intercept = bias == Bias::add ? Intercept::add : bias == Bias::column0 ? Intercept::column0 : Intercept::none,
                    .iterations = options.iterations,
                    .tolerance = options.tolerance};
  const bool one = options.lambdas.size() == 1;
  const Models models = one ? fit(lasso, x, y, constant, fitting) : fit_path(lasso, options.lambdas, x, y, constant, fitting);

  fitting.write([&] {
    const std::vector<std::string> names = names_of(column_names(options.samples, x.shape()[1]), bias);
    const auto text = [&] { return text_of(models, names); };
    if (one) write_result(options.output, array_of(models)(all, 0), text);
    else write_result(options.output, array_of(models), text);
  });
  return 0;
}

}  // namespace priel::app
