// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The coast's pipeline one phase at a time, each result stored before the next begins, and then as one lazy statement.
//   mpirun -n 2 phases SCENE.h5 OUTPUT.h5 [lof|loop]      prints one line of JSON
#include "phase.hpp"

#include <priel/priel.hpp>

#include <cstdio>
#include <optional>
#include <string>

using namespace priel;

namespace {

using Images = Array<float, 3, Split<0>>;     // (T, H, W), by date
using Scores = Array<float, 2, Split<0>>;     // (N, T), by pixel

auto decibels(const Images& images) { return 10 * log10(maximum(images, 1e-6f)); }

template <class X>
Scores scores_of(bool factors, X&& x) {
  if (factors) return vmap(lof(20, 60), std::forward<X>(x));
  return vmap(loop(20, 60), std::forward<X>(x));
}

void write_maps(const std::string& output, const Images& images, const Array<Size, 2>& pixels, const Scores& scores, float threshold) {
  const Array<bool, 2, Split<0>> anomalous = scores > threshold;
  const Array<float, 1, Split<0>> hotspots = mean(astype<float>(anomalous), axis<1>);
  const auto [T, H, W] = images.shape();
  const Array<signed char, 3, Split<0>> maps = scatter(full<signed char>({T, H, W}, -1), pixels, where(anomalous, 1, -1));
  const Array<float, 2> map = scatter(full<float>({H, W}, priel::nan), pixels, hotspots);
  io::save(output + ":/anomalies", maps);
  io::save(output + ":/hotspots", map);
}

std::string text(const char* name, const phase::Cost& cost) {
  char line[160];
  std::snprintf(line, sizeof line, "\"%s\": {\"seconds\": %.6f, \"peak\": %lld}", name, cost.seconds, static_cast<long long>(cost.peak));
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  Environment env(argc, argv);
  if (argc < 3 || argc > 4) {
    env.on_root([] { std::fputs("usage: phases SCENE.h5 OUTPUT.h5 [lof|loop]\n", stderr); });
    return 2;
  }
  const std::string scene = argv[1], output = argv[2];
  const bool factors = argc < 4 || std::string(argv[3]) != "loop";
  const float threshold = factors ? 1.5f : 0.9f;

  const Array<Size, 2> pixels = nonzero(io::load<unsigned char, 2>(scene + ":/mask", replicated));
  std::optional<Images> images;
  std::optional<Array<float, 3, Split<1>>> by_date;     // (N, T, 49)
  std::optional<Array<float, 3, Split<0>>> by_pixel;
  std::optional<Scores> scores;
  std::string line;
  const auto run = [&](const char* name, auto&& action) { line += (line.empty() ? "" : ", ") + text(name, phase::measure(action)); };
  run("read", [&] { images.emplace(io::load<float, 3>(scene + ":/sigma0", split<0>)); });
  run("patch", [&] { by_date.emplace(patches(decibels(*images), pixels, 7)); });
  run("redistribute", [&] {
    by_pixel.emplace(redistribute(*by_date, split<0>));
    by_date.reset();
  });
  run("score", [&] {
    scores.emplace(scores_of(factors, *by_pixel));
    by_pixel.reset();
  });
  run("maps", [&] { write_maps(output, *images, pixels, *scores, threshold); });
  images.reset();
  scores.reset();
  run("one statement", [&] {
    const Images again = io::load<float, 3>(scene + ":/sigma0", split<0>);
    write_maps(output, again, pixels, scores_of(factors, redistribute(patches(decibels(again), pixels, 7), split<0>)), threshold);
  });
  env.on_root([&] { std::printf("{\"pixels\": %lld, \"phases\": {%s}}\n", static_cast<long long>(pixels.shape()[0]), line.c_str()); });
}
