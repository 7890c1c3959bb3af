// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// LOF and LoOP of small series: the coast's shape (W1), the synthetic case's (W2), awkward data, one after the other and by vmap.
// Where PRIEL_SERIES_DATA names a folder, the plain series are written there as raw floats, for rivals to read.
#include <priel/priel.hpp>

#include <benchmark/benchmark.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace priel;

struct Workload {
  const char* name;
  Size samples, features;
  int first, last;
};
constexpr Workload workloads[] = {{"W1", 363, 49, 20, 60}, {"W2", 300, 20, 10, 30}};

// `speckle`: backscatter in dB with 4.4 looks. The others: one value; nine of ten samples the same; powers of ten; bits;
// a few levels of a few features.
enum class Data { speckle, equal, duplicates, tails, bits, levels };
constexpr const char* data_names[] = {"speckle", "equal", "duplicates", "tails", "bits", "levels"};
constexpr int series_count = 8;

std::vector<std::vector<float>> make_series(const Workload& w, Data data) {
  std::mt19937_64 random(1);
  std::gamma_distribution<double> gamma(4.4, 1 / 4.4);
  std::vector<std::vector<float>> all(series_count, std::vector<float>(static_cast<std::size_t>(w.samples * w.features)));
  for (auto& series : all)
    for (std::size_t e = 0; e < series.size(); ++e) {
      const auto sample = e / static_cast<std::size_t>(w.features), feature = e % static_cast<std::size_t>(w.features);
      const auto value = static_cast<float>(10 * std::log10(std::max(gamma(random), 1e-6)) - 15);
      switch (data) {
        case Data::speckle: series[e] = value; break;
        case Data::equal: series[e] = 1; break;
        case Data::duplicates: series[e] = sample > 0 && sample % 10 != 0 ? series[feature] : value; break;
        case Data::tails: series[e] = std::pow(10.0F, value / 3); break;
        case Data::bits: series[e] = value > -15 ? 1.0F : 0.0F; break;
        case Data::levels: series[e] = feature < 4 ? std::round(value / 3) : 0.0F; break;
      }
    }
  return all;
}

void run(benchmark::State& state, const Workload& w, Data data, bool loop, Aggregate aggregate) {
  const auto series = make_series(w, data);
  std::vector<float> scores(static_cast<std::size_t>(w.samples));
  const Sweep k{w.first, w.last, 1, aggregate};
  std::size_t next = 0;
  for (auto _ : state) {
    const float* x = series[next++ % series_count].data();
    if (loop) detail::loop_series(x, w.samples, w.features, k, 3, Norm::global, scores.data());
    else detail::lof_series(x, w.samples, w.features, k, scores.data());
    benchmark::DoNotOptimize(scores.data());
  }
  state.SetLabel(detail::instruction_set());
}

void add(const Workload& w, Data data, bool loop, Aggregate aggregate, const char* aggregate_name) {
  const std::string method = loop ? "/LoOP/" : "/LOF/";
  const std::string name = w.name + method + data_names[static_cast<int>(data)] + "/" + aggregate_name;
  benchmark::RegisterBenchmark(name.c_str(), [&w, data, loop, aggregate](benchmark::State& state) {
    run(state, w, data, loop, aggregate);
  })->Unit(benchmark::kMillisecond);
}

// Many series through the language, the clock's time: what threads are worth.
void add_vmap(const Workload& w, bool loop_method, int threads) {
  const std::string name = std::string(w.name) + (loop_method ? "/LoOP/" : "/LOF/") + "vmap/" + std::to_string(threads);
  benchmark::RegisterBenchmark(name.c_str(), [&w, loop_method, threads](benchmark::State& state) {
    constexpr Size times = 8;
    const auto series = make_series(w, Data::speckle);
    Array<float, 3> x(Shape<3>{times * series_count, w.samples, w.features});
    const Size size = w.samples * w.features;
    for (Size i = 0; i < x.shape()[0]; ++i)
      std::copy_n(series[static_cast<std::size_t>(i % series_count)].data(), size, x.local_mut().data() + i * size);
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    for (auto _ : state) {
      const Array<float, 2> scores = loop_method ? Array<float, 2>(vmap(loop(w.first, w.last), x)) : Array<float, 2>(vmap(lof(w.first, w.last), x));
      benchmark::DoNotOptimize(scores.local().data());
    }
    omp_set_num_threads(before);
    state.SetLabel(std::to_string(times * series_count));
  })->Unit(benchmark::kMillisecond)->UseRealTime();
}

void write_series(const std::filesystem::path& folder) {
  for (const Workload& w : workloads) {
    std::ofstream file(folder / (std::string(w.name) + ".f32"), std::ios::binary);
    for (const auto& series : make_series(w, Data::speckle))
      file.write(reinterpret_cast<const char*>(series.data()), static_cast<std::streamsize>(series.size() * sizeof(float)));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  if (const char* folder = std::getenv("PRIEL_SERIES_DATA")) write_series(folder);
  for (const Workload& w : workloads)
    for (const bool loop : {false, true}) {
      for (const int threads : {1, 2}) add_vmap(w, loop, threads);
      add(w, Data::speckle, loop, Aggregate::max, "max");
      add(w, Data::speckle, loop, Aggregate::mean, "mean");
      add(w, Data::speckle, loop, Aggregate::median, "median");
      add(w, Data::speckle, loop, Aggregate::trimmed, "trimmed");
      for (const Data data : {Data::equal, Data::duplicates, Data::tails, Data::bits, Data::levels})
        add(w, data, loop, Aggregate::max, "max");
    }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
