// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Statements of 1 to 20 nodes on 100 and 1000 elements beside a loop: what a statement costs besides its elements.
#include "rivals.hpp"

namespace {

using namespace priel;

// ((x0 + x1) * x2 - x3) + x0 ...: `nodes` operators, nodes + 1 operands, of arrays or of their elements.
template <int nodes, class... X>
auto chain(const X&... x) {
  const auto operands = std::tie(x...);
  constexpr std::size_t last = nodes % 4;
  if constexpr (nodes == 1) return std::get<0>(operands) + std::get<1>(operands);
  else if constexpr (nodes % 3 == 0) return chain<nodes - 1>(x...) - std::get<last>(operands);
  else if constexpr (nodes % 3 == 1) return chain<nodes - 1>(x...) + std::get<last>(operands);
  else return chain<nodes - 1>(x...) * std::get<last>(operands);
}

template <int nodes>
[[gnu::noinline]] void loop(const float* __restrict a, const float* __restrict b, const float* __restrict c, const float* __restrict d,
                            float* __restrict y, Size n) {
  for (Size i = 0; i < n; ++i) y[i] = chain<nodes>(a[i], b[i], c[i], d[i]);
}

template <int nodes>
void rows(Size n) {
  struct Operands {
    Array<float, 1> a, b, c, d, y;
  };
  const auto array = [n](std::uint64_t seed) { return rivals::filled<float>(Shape<1>{n}, seed); };
  const auto x = std::make_shared<Operands>(array(1), array(2), array(3), array(4), array(5));
  const std::string work = "small/" + std::to_string(n) + "x" + std::to_string(nodes);
  rivals::row(work, 1, "priel", 0, [x] { x->y = chain<nodes>(x->a, x->b, x->c, x->d); });
  const float *a = x->a.local().data(), *b = x->b.local().data(), *c = x->c.local().data(), *d = x->d.local().data();
  const auto y = std::make_shared<std::vector<float>>(static_cast<std::size_t>(n));
  rivals::row(work, 1, "loop", 0, [=] { loop<nodes>(a, b, c, d, y->data(), n); });
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  for (const Size n : {100, 1000}) {
    rows<1>(n);
    rows<3>(n);
    rows<10>(n);
    rows<20>(n);
  }
  return rivals::run(argc, argv);
}
