// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Union-find over samples: by many threads at once, and over ranks.
#include <priel/algorithms/detail/density.hpp>

#include <priel/communicator.hpp>

#include <atomic>
#include <numeric>
#include <utility>

namespace priel::detail {
namespace {

// The parents only ever become smaller: whoever sees an old one comes to the root a little later.
Size root_of(Size* parents, Size i) {
  for (;;) {
    Size parent = std::atomic_ref(parents[i]).load(std::memory_order_relaxed);
    if (parent == i) return i;
    const Size next = std::atomic_ref(parents[parent]).load(std::memory_order_relaxed);
    if (next == parent) return parent;
    std::atomic_ref(parents[i]).compare_exchange_weak(parent, next, std::memory_order_relaxed);
    i = next;
  }
}

void join(Size* parents, Size a, Size b) {
  for (;;) {
    a = root_of(parents, a);
    b = root_of(parents, b);
    if (a == b) return;
    if (a < b) std::swap(a, b);
    Size expected = a;
    if (std::atomic_ref(parents[a]).compare_exchange_strong(expected, b, std::memory_order_relaxed)) return;
  }
}

}  // namespace

Forest::Forest(Size n) : words_(static_cast<std::size_t>(n + 1)) {
  words_[0] = n;
  std::iota(words_.begin() + 1, words_.end(), Size{0});
}

Size Forest::root(Size sample) { return root_of(words_.data() + 1, sample); }
void Forest::unite(Size a, Size b) { join(words_.data() + 1, a, b); }

void Forest::merge_over(const Communicator& comm) {
  comm.all_reduce(words_.data(), 1, static_cast<Size>(words_.size() * sizeof(Size)), [](void* into, const void* from, Size count) {
    for (Size i = 0; i < count; ++i) {
      const Size n = static_cast<const Size*>(from)[0];
      Size* const parents = static_cast<Size*>(into) + i * (n + 1) + 1;
      const Size* const others = static_cast<const Size*>(from) + i * (n + 1) + 1;
      for (Size sample = 0; sample < n; ++sample)
        if (others[sample] != sample) join(parents, sample, others[sample]);
    }
  });
}

}  // namespace priel::detail
