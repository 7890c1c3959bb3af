// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Statistics beside reading the same memory once, and writing as much as they do: of 1 GiB of floats, and along each axis of narrow,
// wide and square arrays.
#include "rivals.hpp"

#include <priel/algorithms/moments.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace {

using namespace priel;

constexpr Size lanes = 64;

// The limit: a sum and nothing else, in as many lanes as keep the loads busy.
float read_only(const float* __restrict x, Size begin, Size end) {
  float sums[lanes] = {};
  for (Size i = begin; i + lanes <= end; i += lanes)
    for (Size j = 0; j < lanes; ++j) sums[j] += x[i + j];
  return std::accumulate(sums, sums + lanes, 0.f);
}

struct Moments {
  double sum = 0, squares = 0;
};

// One pass by hand: sums and sums of squares, in float over blocks, in double over the blocks.
Moments moments(const float* __restrict x, Size begin, Size end) {
  constexpr Size block = 4096;
  Moments all;
  for (Size b = begin; b < end; b += block) {
    float sums[lanes] = {}, squares[lanes] = {};
    for (Size i = b; i + lanes <= std::min(b + block, end); i += lanes)
      for (Size j = 0; j < lanes; ++j) {
        sums[j] += x[i + j];
        squares[j] += x[i + j] * x[i + j];
      }
    all.sum += std::accumulate(sums, sums + lanes, 0.0);
    all.squares += std::accumulate(squares, squares + lanes, 0.0);
  }
  return all;
}

template <int Rank>
void read_limit(const std::string& work, int threads, const Array<float, Rank>& x) {
  const double bytes = 4.0 * static_cast<double>(x.size());
  rivals::row(work, threads, "read", bytes, [=] {
    const float* data = rivals::memory(x);
    rivals::pieces(threads, x.size(), [=](Size begin, Size end) { benchmark::DoNotOptimize(read_only(data, begin, end)); });
  });
}

void whole() {
  constexpr Size n = 256 * rivals::Mi;
  constexpr double bytes = 4.0 * n;
  const auto x = rivals::filled<float>(Shape<1>{n}, 1);
  for (const int threads : {1, 2}) {
    const auto ours = [&](const std::string& what, auto statement) {
      rivals::row("statistics/" + what + " of 1 GiB", threads, "priel", bytes, [=] { benchmark::DoNotOptimize(statement()); });
      read_limit("statistics/" + what + " of 1 GiB", threads, x);
    };
    ours("mean and std", [=] { return item(mean(x) + 3 * stddev(x)); });
    rivals::row("statistics/mean and std of 1 GiB", threads, "one pass", bytes, [=] {
      std::vector<Moments> parts(2);
      rivals::pieces(threads, n, [&](Size begin, Size end) { parts[begin == 0 ? 0 : 1] = moments(rivals::memory(x), begin, end); });
      const double average = (parts[0].sum + parts[1].sum) / n;
      benchmark::DoNotOptimize(average + 3 * std::sqrt((parts[0].squares + parts[1].squares) / n - average * average));
    });
    ours("mean, std, skew, kurtosis", [=] { return item(mean(x) + stddev(x) + skew(x) + kurtosis(x)); });
    ours("sum", [=] { return item(sum(x)); });
    ours("max", [=] { return item(max(x)); });
  }
}

// The limit of a result for every row: it is written as well.
void read_and_write_limit(const std::string& work, const Array<float, 2>& x, const std::shared_ptr<Array<float, 1>>& y) {
  rivals::row(work, 1, "read and write", 4.0 * static_cast<double>(x.size() + y->size()), [=] {
    constexpr Size together = 4096;
    const Size rows = x.shape()[0], length = x.shape()[1];
    const float* data = rivals::memory(x);
    float* out = rivals::memory(*y);
    for (Size row = 0; row < rows; row += together) {
      const Size end = std::min(row + together, rows);
      std::fill(out + row, out + end, read_only(data, row * length, end * length));
    }
  });
}

template <int k>
void along(const std::string& work, const Array<float, 2>& x) {
  const double bytes = 4.0 * static_cast<double>(x.size());
  const auto y = std::make_shared<Array<float, 1>>(Shape<1>{x.shape()[1 - k]});
  const auto ours = [&](const char* what, auto statement) {
    const std::string name = "statistics/" + std::string(what) + " " + work + " axis " + std::to_string(k);
    rivals::row(name, 1, "priel", bytes, [=] { statement(*y); });
    if constexpr (k == 0) read_limit(name, 1, x);
    else read_and_write_limit(name, x, y);
  };
  ours("sum", [=](auto& to) { to = sum(x, axis<k>); });
  ours("max", [=](auto& to) { to = max(x, axis<k>); });
  ours("mean", [=](auto& to) { to = mean(x, axis<k>); });
  ours("std", [=](auto& to) { to = stddev(x, axis<k>); });
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  whole();
  const std::pair<const char*, Shape<2>> shapes[] = {
      {"(n, 3)", {20'000'000, 3}}, {"(n, 300)", {200'000, 300}}, {"(300, n)", {300, 200'000}}, {"square", {8000, 8000}}};
  for (const auto& [name, shape] : shapes) {
    const auto x = rivals::filled<float>(shape, 1);
    along<0>(name, x);
    along<1>(name, x);
  }
  return rivals::run(argc, argv);
}
