// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The four works of the benchmark in priel: mpirun -n 2 heat2020 moments|kmeans|cdist|lasso FILE RUNS. One warm-up and RUNS runs of each
// operation, a line of JSON for each, as protocol.py says; what heat2020_traffic counts, where that library is loaded.
#include <priel/priel.hpp>

#include <priel/algorithms/kmeans.hpp>
#include <priel/algorithms/lasso.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include <dlfcn.h>

namespace {

using namespace priel;

constexpr Size clusters = 8, iterations = 30, sweeps = 20;
constexpr double lambda = 0.1;

using Counts = std::array<std::int64_t, 3>;   // sends, collectives, bytes

Counts counts() {
  static const auto read = reinterpret_cast<void (*)(std::int64_t*)>(dlsym(RTLD_DEFAULT, "heat2020_traffic"));
  Counts values{};
  if (read) read(values.data());
  return values;
}

// Of the rank with most.
double most(double mine) {
  std::vector<double> all(static_cast<std::size_t>(world()->size()));
  world()->all_gather(&mine, all.data(), std::vector<Size>(all.size(), sizeof mine));
  return *std::max_element(all.begin(), all.end());
}

std::string list(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) {
    char number[32];
    std::snprintf(number, sizeof number, "%s%.9g", text.empty() ? "[" : ", ", value);
    text += number;
  }
  return text + "]";
}

// action() -> result; values(result) -> numbers, collective. The last result is gone before the next is made.
template <class Action, class Values>
void report(const std::string& operation, int runs, Action action, Values values) {
  std::optional<decltype(action())> result;
  std::vector<double> seconds, traffic(3);
  for (int run = 0; run <= runs; ++run) {
    result.reset();
    world()->barrier();
    const Counts before = counts();
    const auto start = std::chrono::steady_clock::now();
    result.emplace(action());
    const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const Counts after = counts();
    for (std::size_t i = 0; i < 3; ++i) traffic[i] = most(static_cast<double>(after[i] - before[i]));
    if (const double slowest = most(passed); run > 0) seconds.push_back(slowest);
  }
  const std::vector<double> numbers = values(*result);
  if (world()->rank() != 0) return;
  std::printf("{\"operation\": \"%s\", \"seconds\": %s, \"values\": %s, \"traffic\": %s}\n", operation.c_str(), list(seconds).c_str(),
              list(numbers).c_str(), list(traffic).c_str());
  std::fflush(stdout);
}

template <class A>
std::vector<double> everything(const A& array) {
  const Array<value_of<A>, rank_of<A>> whole(redistribute(array, replicated));
  return {whole.local().data(), whole.local().data() + whole.shape().size()};
}
template <class A>
std::vector<double> sum_and_first(const A& array) {
  const auto all = everything(array);
  double sum = 0;
  for (const double value : all) sum += value;
  return {sum, all[0]};
}

template <class Policy>
void moments(const std::string& file, int runs, Policy policy, const std::string& name) {
  const Array<float, 2, Policy> x = io::load<float, 2>(file + ":/x", policy);
  const auto values = [](const auto& result) { return sum_and_first(result); };
  report("mean, " + name, runs, [&] { return eval(mean(x)); }, values);
  report("mean of axis 0, " + name, runs, [&] { return eval(mean(x, axis<0>)); }, values);
  report("std, " + name, runs, [&] { return eval(stddev(x)); }, values);
}

// The second sample's distances: their sum and the last.
template <class A>
std::vector<double> of_a_row(const A& distances) {
  const auto row = everything(eval(distances(1, all)));
  double sum = 0;
  for (const double value : row) sum += value;
  return {sum, row.back()};
}

void distances(const std::string& file, int runs) {
  const Array<float, 2, Split<0>> x = io::load<float, 2>(file + ":/x", split<0>);
  report("cdist", runs, [&] { return eval(cdist_ring(x, x)); }, [](const auto& d) { return of_a_row(d); });
  const Array<float, 2> whole = io::load<float, 2>(file + ":/x", replicated);
  report("cdist, second operand replicated", runs, [&] { return eval(cdist(x, whole)); }, [](const auto& d) { return of_a_row(d); });
}

void k_means(const std::string& file, int runs) {
  const Array<float, 2, Split<0>> x = io::load<float, 2>(file + ":/x", split<0>);
  const Array<float, 2> start = io::load<float, 2>(file + ":/start", replicated);
  report("k-means", runs, [&] { return KMeans{.clusters = clusters, .iterations = iterations, .tolerance = 0}.fit_from(x, start); },
         [](const auto& model) {
           if (model.iterations != iterations) throw InputError("heat2020: k-means ended after " + std::to_string(model.iterations) + " iterations");
           std::vector<double> sums(2);
           for (const double value : everything(model.centroids)) {
             sums[0] += value;
             sums[1] += value * value;
           }
           return sums;
         });
}

void least_absolute(const std::string& file, int runs) {
  const Array<float, 2, Split<0>> x = io::load<float, 2>(file + ":/x", split<0>);
  const Array<float, 1, Split<0>> y = io::load<float, 1>(file + ":/y", split<0>);
  report("LASSO", runs, [&] { return Lasso{.lambda = lambda, .intercept = Intercept::column0, .iterations = sweeps, .tolerance = 0}.fit(x, y); },
         [](const auto& model) {
           const auto w = everything(model.coefficients);
           std::vector<double> sums{0, 0, w[0]};
           for (std::size_t j = 1; j < w.size(); ++j) {
             sums[0] += w[j];
             sums[1] += std::abs(w[j]);
           }
           return sums;
         });
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  const std::string work = argc == 4 ? argv[1] : "";
  const std::string file = argc == 4 ? argv[2] : "";
  const int runs = argc == 4 ? std::atoi(argv[3]) : 0;
  if (work == "moments") {
    moments(file, runs, split<0>, "split 0");
    moments(file, runs, split<1>, "split 1");
  } else if (work == "cdist") distances(file, runs);
  else if (work == "kmeans") k_means(file, runs);
  else if (work == "lasso") least_absolute(file, runs);
  else {
    env.on_root([] { std::fputs("usage: heat2020 moments|kmeans|cdist|lasso FILE RUNS\n", stderr); });
    return 2;
  }
}
