// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the model beyond this machine needs. `model explain RANKS`: a line of JSON for each work, with the messages that explain says of it on so
// many ranks. `mpirun -n 2 model constants`: seconds of the smallest Allreduce and bytes a second of an exchange; `model rates`: seconds of
// the works that heat2020 does not measure, on one rank. model.py reads them.
#include <priel/priel.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace priel;

// The most of the loops is the work that is shared; the bytes are those of the rank with most.
void print(const std::string& work, const std::string& study, const Explanation& explanation) {
  Size elements = 0;
  for (const FusedLoop& loop : explanation.loops) elements = std::max(elements, loop.elements);
  std::string messages;
  for (const Message& message : explanation.messages)
    messages += std::string(messages.empty() ? "" : ", ") + "[\"" + name_of(message.collective) + "\", " + std::to_string(message.most()) + "]";
  std::printf("{\"work\": \"%s\", \"study\": \"%s\", \"ranks\": %d, \"elements\": %lld, \"messages\": [%s]}\n", work.c_str(), study.c_str(),
              explanation.ranks, static_cast<long long>(elements), messages.c_str());
}

// An Allreduce of so many bytes after a pass over n rows: what the fits of k-means and LASSO send, which are no expressions.
auto sums_of_rows(Size n, Size bytes) { return sum(abstract<double>({n, bytes / 8}, split<0>), axis<0>); }

// Sizes for `scale` times what one rank has; a table's side grows with the root of it where all pairs are formed.
void explain_works(const std::string& study, int count, Size scale) {
  const Ranks on = ranks(count);
  const auto side = [&](Size n) { return static_cast<Size>(std::llround(static_cast<double>(n) * std::sqrt(static_cast<double>(scale)))); };
  const auto x = abstract<float>({200'000 * scale, 300}, split<0>);
  print("mean of axis 0", study, explain(mean(x, axis<0>), on));
  print("std", study, explain(stddev(x), on));
  const auto samples = abstract<float>({side(10'000), 18}, split<0>);
  print("cdist, ring", study, explain(cdist_ring(samples, samples), on));
  print("cdist, gathered", study, explain(cdist(samples, redistribute(samples, replicated)), on));
  constexpr Size d = 300, k = 8;
  print("k-means, an iteration", study, explain(sums_of_rows(200'000 * scale, 8 * (k * (d + 1) + 2)), on));
  print("LASSO", study, explain(sums_of_rows(250'000 * scale, 4 * 100 * 100 + 20 * 100 + 32), on));
  print("redistribution", study, explain(redistribute(abstract<float>({side(8192), side(8192)}, split<0>), split<1>), on));
  const auto images = abstract<float>({363, 3000, 2500}, split<0>);
  const auto pixels = abstract<Size>({8'000 * scale, 2}, replicated);
  print("coast detect", study, explain(vmap(lof(20, 60), redistribute(patches(images, pixels, 7), split<0>)), on));
}

template <class Action>
double fastest(int rounds, Action&& action) {
  double best = 1e300;
  for (int round = 0; round < rounds; ++round) {
    world()->barrier();
    const auto start = std::chrono::steady_clock::now();
    action();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

void constants(const Environment& env) {
  constexpr int many = 1000;
  double number = 1;
  const Combine larger = [](void* into, const void* from, std::int64_t) {
    *static_cast<double*>(into) = std::max(*static_cast<double*>(into), *static_cast<const double*>(from));
  };
  const double latency = fastest(20, [&] {
    for (int i = 0; i < many; ++i) world()->all_reduce(&number, 1, sizeof number, larger);
  }) / many;
  const Size bytes = Size{1} << 26;
  const auto ranks = static_cast<std::size_t>(env.size());
  const std::vector<float> send(static_cast<std::size_t>(bytes / 4), 1.0f);
  std::vector<float> receive(send.size());
  std::vector<Size> out(ranks), in(ranks);
  out[static_cast<std::size_t>((env.rank() + 1) % env.size())] = bytes;
  in[static_cast<std::size_t>((env.rank() + env.size() - 1) % env.size())] = bytes;
  const double seconds = fastest(10, [&] { world()->all_to_all(send.data(), out, receive.data(), in); });
  env.on_root([&] {
    std::printf("{\"ranks\": %d, \"latency\": %.4g, \"bandwidth\": %.4g}\n", env.size(), latency, static_cast<double>(bytes) / seconds);
  });
}

void rates(const Environment& env) {
  const Array<float, 2, Split<0>> x = full<float>({8192, 8192}, 1.0f, split<0>);
  const double redistribution = fastest(5, [&] { const Array<float, 2, Split<1>> y(redistribute(x, split<1>)); });
  const Size series = 256;
  const Array<float, 3, Split<0>> patches(random::normal<float>({series, 363, 49}, split<0>, 1));
  const double scores = fastest(5, [&] { const Array<float, 2, Split<0>> y(vmap(lof(20, 60), patches)); });
  env.on_root([&] {
    std::printf("{\"redistribution\": %.4g, \"coast detect\": %.4g}\n", redistribution, 8000 * scores / static_cast<double>(series));
  });
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "explain" && argc == 3) {
    const int count = std::atoi(argv[2]);
    explain_works("weak", count, count);
    explain_works("strong", count, 64);
  } else if (what == "constants" && env.size() > 1) constants(env);
  else if (what == "rates") rates(env);
  else {
    env.on_root([] { std::fputs("usage: model explain RANKS | mpirun -n 2 model constants | model rates\n", stderr); });
    return 2;
  }
}
