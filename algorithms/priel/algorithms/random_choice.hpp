// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// random::permutation of numbers (Generated) and of slices; random::choice of slices, with and without replacement, with probabilities.
#pragma once

#include <priel/algorithms/random.hpp>
#include <priel/algorithms/scan.hpp>
#include <priel/algorithms/searchsorted.hpp>
#include <priel/algorithms/take.hpp>
#include <priel/slice.hpp>

#include <bit>

namespace priel::random {

namespace detail {

// A bijection of [0, n) with itself that needs no memory: a Feistel network (Luby and Rackoff 1988, "How to construct pseudorandom
// permutations from pseudorandom functions") on at least 10 bits, walked until it is below n (Black and Rogaway 2002, "Ciphers with
// arbitrary finite domains", section 3). Its rounds mix as SplitMix64 does (Steele, Lea and Flood 2014, figure 13). Networks are even
// permutations; 0 and 1 change places at every other seed, so that odd ones occur as often.
class Bijection {
 public:
  Bijection(Size n, std::uint64_t seed) : n_(static_cast<std::uint64_t>(n)) {
    const int bits = std::max(10, static_cast<int>(std::bit_width(n_)));
    left_ = bits / 2;
    right_ = bits - left_;
    const auto half = [&](std::uint32_t block) {
      return philox({{block, 0, static_cast<std::uint32_t>(Stream::permutation), 0}}, static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
    };
    for (int r = 0; r < rounds; ++r) key_[r] = half(static_cast<std::uint32_t>(r / 2)).wide(r % 2);
    odd_ = n > 1 && half(rounds).word[0] % 2 == 1;
  }

  PRIEL_DEVICE Size operator()(const Index<1>& i) const {
    auto x = static_cast<std::uint64_t>(i[0]);
    do x = network(x);
    while (x >= n_);
    return static_cast<Size>(odd_ && x < 2 ? 1 - x : x);
  }
  friend constexpr bool operator==(const Bijection&, const Bijection&) = default;

 private:
  static constexpr int rounds = 10;

  PRIEL_DEVICE std::uint64_t network(std::uint64_t x) const {
    const std::uint64_t left_mask = (std::uint64_t{1} << left_) - 1, right_mask = (std::uint64_t{1} << right_) - 1;
    std::uint64_t left = x >> right_, right = x & right_mask;
    for (int r = 0; r < rounds; r += 2) {
      left ^= mixed(right + key_[r]) & left_mask;
      right ^= mixed(left + key_[r + 1]) & right_mask;
    }
    return left << right_ | right;
  }
  PRIEL_DEVICE static constexpr std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
  }

  std::uint64_t n_, key_[rounds];
  int left_, right_;
  bool odd_;
};

struct WithoutReplacement {};

struct Lot {
  static constexpr Stream stream = Stream::choice;
  PRIEL_DEVICE double operator()(Sequence& s) const { return s.unit(); }
  friend constexpr bool operator==(const Lot&, const Lot&) = default;
};

// The sums of the first probabilities, the last one 1.
template <class Stored>
auto cumulative(const Stored& p, Size n) {
  if (p.shape()[0] != n)
    throw ShapeError("random::choice: there are " + std::to_string(n) + " slices and " + std::to_string(p.shape()[0]) + " probabilities");
  const double total = item(sum(p));
  if (!(std::abs(total - 1) < 1e-8) || item(any(p < 0)))
    throw InputError("random::choice: probabilities must not be negative and must sum to 1, these sum to " + std::to_string(total));
  return Stored(cumsum(p, axis<0>) / total);
}

}  // namespace detail

// 0, 1, ... n-1 in random order: permutation(n, seed); every element is a function of its index, the seed and n. Generated: nothing is stored
// or sent, and of permutation(n, seed)(range(k)) no more than k are made. With a policy tag before the seed it is stored.
inline auto permutation(Size n, std::uint64_t seed) { return generate<Size>(Shape<1>{n}, detail::Bijection(n, seed)); }
template <class Policy>
auto permutation(Size n, Policy, std::uint64_t seed) { return Array<Size, 1, Policy>(permutation(n, seed)); }

// x with its slices along an axis in random order (NumPy's shuffle is x = permutation(x, seed)). R, G -> R; S<k> -> S<k>: nothing is sent,
// but along the split axis the indices go to the owners and the slices come back, as for take.
template <Expression X, int A>
auto permutation(X&& x, Axes<A>, std::uint64_t seed) {
  constexpr int a = A < 0 ? A + rank_of<X> : A;
  static_assert(a >= 0 && a < rank_of<X>, "the axis does not exist: axis<a> needs -rank <= a < rank");
  auto order = permutation(x.shape()[a], seed);
  if constexpr (priel::detail::distributes<policy_of<X>, rank_of<X>>(a))
    return take<a>(std::forward<X>(x), redistribute(std::move(order), Split<0>{}));
  else return take<a>(std::forward<X>(x), std::move(order));
}
template <Expression X>
auto permutation(X&& x, std::uint64_t seed) { return permutation(std::forward<X>(x), axis<0>, seed); }

inline constexpr detail::WithoutReplacement without_replacement{};

// Slices of x along axis 0, each drawn from all of them: choice(x, {k}, seed), or {k, l} of them. Policies as for take<0>(x, indices) with
// Generated indices; with a policy tag before the seed the indices are stored under it. InputError if x has no slice.
template <Expression X, int Rank>
auto choice(X&& x, const Size (&extents)[Rank], std::uint64_t seed) {
  auto indices = integers<Size>(0, x.shape()[0], extents, seed);
  return take<0>(std::forward<X>(x), std::move(indices));
}
template <Expression X, int Rank, class Policy>
auto choice(X&& x, const Size (&extents)[Rank], Policy policy, std::uint64_t seed) {
  auto indices = integers<Size>(0, x.shape()[0], extents, policy, seed);
  return take<0>(std::forward<X>(x), std::move(indices));
}
// Every slice at most once: the first k of permutation(x, seed). InputError if there are fewer.
template <Expression X>
auto choice(X&& x, const Size (&extents)[1], detail::WithoutReplacement, std::uint64_t seed) {
  const Size n = x.shape()[0], k = extents[0];
  if (k < 0 || k > n)
    throw InputError("random::choice: " + std::to_string(k) + " different slices are asked for, there are " + std::to_string(n));
  return take<0>(std::forward<X>(x), permutation(n, seed)(range(k)));
}

// Slice i with probability p[i], a replicated line that sums to 1: choice(x, p, {k}, seed). ShapeError or InputError for other probabilities.
template <Expression X, Expression P, int Rank, class... Where>
  requires(rank_of<P> == 1)
auto choice(X&& x, P&& p, const Size (&extents)[Rank], Where... where) {
  static_assert(priel::detail::is_table<P>, "error E17: every rank needs all probabilities: write redistribute(p, replicated)");
  using Stored = Array<double, 1, Replicated, priel::detail::backend_or_default<backend_of<X>>>;
  auto slices = searchsorted(detail::cumulative(Stored(std::forward<P>(p)), x.shape()[0]),
                             detail::sampled<double>(detail::Lot{}, shape_from(extents), where...), Side::right);
  return take<0>(std::forward<X>(x), std::move(slices));
}

}  // namespace priel::random
