// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How time and memory of `vmap` depend on the number of slices at once: LOF over k = 10..30 of n slices of 300 samples of 20
// features for each rank, by the built-in kernel or by the textbook's, which is written in the language.
//   mpirun -n P chunks builtin|textbook N S             prints one line of JSON
#include "phase.hpp"

#include <priel/priel.hpp>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>

using namespace priel;

namespace {

constexpr Size samples = 300, features = 20, first_k = 10, last_k = 30;

// Breunig et al. 2000, definitions 5 to 7, with exactly k neighbours.
struct Textbook {
  template <class X>
  auto operator()(const X& slice) const {
    const Array<float, 2> x = slice;
    const Array<float, 2> to_others = where(arange<Size>(samples)(all, newaxis) == arange<Size>(samples)(newaxis, all), infinity, cdist(x, x));
    const Array<float, 2> distance = -topk(-to_others, last_k);
    const auto index = eval(argtopk(-to_others, last_k));
    Array<float, 1> highest = full<float>({samples}, 0);
    for (Size k = first_k; k <= last_k; ++k) {
      const auto near = range(0, k);
      const Array<float, 1> k_distance = distance(all, k - 1);
      const Array<float, 1> density = static_cast<float>(k) / sum(maximum(take<0>(k_distance, index(all, near)), distance(all, near)), axis<1>);
      highest = maximum(highest, mean(take<0>(density, index(all, near)), axis<1>) / density);
    }
    return highest;
  }

  static constexpr float infinity = std::numeric_limits<float>::infinity();
};

// What one call of a kernel takes, beside its slice and its result.
template <class Kernel>
std::int64_t scratch_of(const Kernel& kernel, const Array<float, 2>& slice) {
  const std::int64_t before = phase::status_bytes("VmRSS");
  phase::forget_peak();
  const Array<float, 1> scores = kernel(slice);
  return std::max<std::int64_t>(0, phase::status_bytes("VmHWM") - before);
}

}  // namespace

int main(int argc, char** argv) {
  Environment env(argc, argv);
  const std::string kernel = argc == 4 ? argv[1] : "";
  if (kernel != "builtin" && kernel != "textbook") {
    env.on_root([] { std::fputs("usage: chunks builtin|textbook N S\n", stderr); });
    return 2;
  }
  const Size slices = std::atoll(argv[2]) * world()->size(), at_once = std::atoll(argv[3]);
  const Array<float, 3, Split<0>> x = random::normal<float>({slices, samples, features}, split<0>, 1);
  // A stack that is computed as it is read, as patches are.
  const auto series = 2 * x + 1;
  const Array<float, 2> slice = random::normal<float>({samples, features}, 2);
  const auto scratch = kernel == "builtin" ? scratch_of(lof(int{first_k}, int{last_k}), slice) : scratch_of(Textbook{}, slice);

  const std::int64_t before = phase::status_bytes("VmRSS");
  std::optional<Array<float, 2, Split<0>>> scores;
  const phase::Cost cost = phase::measure([&] {
    if (kernel == "builtin") scores.emplace(vmap(lof(int{first_k}, int{last_k}), series, chunk(at_once)));
    else scores.emplace(vmap(Textbook{}, series, chunk(at_once)));
  });
  const double highest = item(max(*scores));
  env.on_root([&] {
    const Size mine = slices / world()->size();
    std::printf("{\"kernel\": \"%s\", \"ranks\": %d, \"slices\": %lld, \"at_once\": %lld, \"seconds\": %.4f, \"peak\": %lld, \"before\": %lld, "
                "\"input\": %lld, \"output\": %lld, \"slice\": %lld, \"scratch\": %lld, \"highest\": %.6g}\n",
                kernel.c_str(), world()->size(), static_cast<long long>(slices), static_cast<long long>(at_once), cost.seconds,
                static_cast<long long>(cost.peak), static_cast<long long>(before), static_cast<long long>(mine * samples * features * 4),
                static_cast<long long>(mine * samples * 4), static_cast<long long>(samples * (features + 1) * 4), static_cast<long long>(scratch), highest);
  });
}
