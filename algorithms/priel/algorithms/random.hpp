// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// random::uniform, normal, integers: numbers that are functions of the seed and the global index, Generated. What other distributions share.
#pragma once

#include <priel/create.hpp>

#include <cmath>
#include <cstdint>

namespace priel::random {

// 128 random bits.
struct Bits {
  std::uint32_t word[4];

  // 53 and 24 bits as a number in [0, 1).
  PRIEL_DEVICE constexpr double unit(int pair) const { return static_cast<double>(wide(pair) >> 11) * 0x1p-53; }
  PRIEL_DEVICE constexpr float unit_float() const { return static_cast<float>(word[0] >> 8) * 0x1p-24f; }
  PRIEL_DEVICE constexpr std::uint64_t wide(int pair) const { return word[2 * pair] | static_cast<std::uint64_t>(word[2 * pair + 1]) << 32; }
};

// Philox4x32-10, a counter-based generator: Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11,
// section 3.3. Statistically strong, stateless, the same on every machine.
PRIEL_DEVICE constexpr Bits philox(Bits counter, std::uint32_t key0, std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53u} * counter.word[0], b = std::uint64_t{0xCD9E8D57u} * counter.word[2];
    counter = {{static_cast<std::uint32_t>(b >> 32) ^ counter.word[1] ^ key0, static_cast<std::uint32_t>(b),
                static_cast<std::uint32_t>(a >> 32) ^ counter.word[3] ^ key1, static_cast<std::uint32_t>(a)}};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

namespace detail {

// Each distribution has its own stream, so that uniform and normal numbers of one seed are independent.
enum class Stream : std::uint32_t {
  uniform = 1, normal, integers, exponential, laplace, logistic, gumbel, rayleigh, weibull, pareto, power, cauchy, triangular, lognormal, wald,
  gamma, chisquare, beta, student, fisher, poisson, binomial, geometric, negative_binomial, permutation, choice,
  vonmises, noncentral_chisquare, noncentral_f, zipf, logseries, hypergeometric
};

// The random numbers of one element, one after another: as many as its method asks for.
class Sequence {
 public:
  PRIEL_DEVICE Sequence(Bits counter, std::uint64_t seed) : counter_(counter), bits_{}, seed_(seed) {}

  // In [0, 1), and in (0, 1).
  PRIEL_DEVICE double unit() { return static_cast<double>(wide() >> 11) * 0x1p-53; }
  PRIEL_DEVICE double open() { return (static_cast<double>(wide() >> 12) + 0.5) * 0x1p-52; }
  // Box and Muller 1958: one of the two numbers that a pair gives.
  PRIEL_DEVICE double normal() {
    constexpr double turn = 6.283185307179586476925286766559;
    const double radius = std::sqrt(-2 * std::log(1 - unit()));
    return radius * std::cos(turn * unit());
  }

 private:
  PRIEL_DEVICE std::uint64_t wide() {
    used_ = 1 - used_;
    if (used_ == 0) {
      bits_ = philox(counter_, static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32));
      ++counter_.word[3];
    }
    return bits_.wide(used_);
  }

  Bits counter_, bits_;
  std::uint64_t seed_;
  int used_ = 1;
};

// The 64-bit linear index of an element of the whole array, in C order, is the counter; the seed is the key.
template <int Rank>
struct Draw {
  Index<Rank> stride;
  std::uint64_t seed;

  PRIEL_DEVICE constexpr Bits operator()(const Index<Rank>& i, Stream stream) const {
    return philox(counter(i, stream), static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
  }
  PRIEL_DEVICE Sequence sequence(const Index<Rank>& i, Stream stream) const { return {counter(i, stream), seed}; }
  PRIEL_DEVICE constexpr Bits counter(const Index<Rank>& i, Stream stream) const {
    Size linear = 0;
    for (int a = 0; a < Rank; ++a) linear += stride[a] * i[a];
    const auto n = static_cast<std::uint64_t>(linear);
    return {{static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(n >> 32), static_cast<std::uint32_t>(stream), 0}};
  }
  friend constexpr bool operator==(const Draw&, const Draw&) = default;
};

template <class T, int Rank>
struct Uniform {
  Draw<Rank> draw;
  PRIEL_DEVICE constexpr T operator()(const Index<Rank>& i) const {
    const Bits bits = draw(i, Stream::uniform);
    if constexpr (sizeof(T) == 4) return bits.unit_float();
    else return bits.unit(0);
  }
  friend constexpr bool operator==(const Uniform&, const Uniform&) = default;
};

// Any other: `Law` has a stream and makes a number from a sequence.
template <class T, int Rank, class Law>
struct Sampled {
  Draw<Rank> draw;
  Law law;
  PRIEL_DEVICE T operator()(const Index<Rank>& i) const {
    Sequence sequence = draw.sequence(i, Law::stream);
    return static_cast<T>(law(sequence));
  }
  friend constexpr bool operator==(const Sampled&, const Sampled&) = default;
};

struct Normal {
  static constexpr Stream stream = Stream::normal;
  double mean, deviation;
  PRIEL_DEVICE double operator()(Sequence& s) const { return mean + deviation * s.normal(); }
  friend constexpr bool operator==(const Normal&, const Normal&) = default;
};
struct Interval {
  static constexpr Stream stream = Stream::uniform;
  double low, high;
  PRIEL_DEVICE double operator()(Sequence& s) const { return low + (high - low) * s.unit(); }
  friend constexpr bool operator==(const Interval&, const Interval&) = default;
};

// The upper half of bits * extent (Lemire 2019): a value is at most extent / 2^64 more probable than another.
template <class T, int Rank>
struct Integers {
  Draw<Rank> draw;
  std::uint64_t low, extent;
  PRIEL_DEVICE constexpr T operator()(const Index<Rank>& i) const {
    const std::uint64_t bits = draw(i, Stream::integers).wide(0);
    return static_cast<T>(low + upper_half(bits, extent));
  }
  PRIEL_DEVICE static constexpr std::uint64_t upper_half(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t a0 = a & 0xFFFFFFFFu, a1 = a >> 32, b0 = b & 0xFFFFFFFFu, b1 = b >> 32;
    const std::uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (middle & 0xFFFFFFFFu);
    return a1 * b1 + (middle >> 32) + (other >> 32);
  }
  friend constexpr bool operator==(const Integers&, const Integers&) = default;
};

template <int Rank>
Draw<Rank> draw(const Shape<Rank>& shape, std::uint64_t seed) { return {strides_of(shape), seed}; }

template <class T>
concept Real = std::is_same_v<T, float> || std::is_same_v<T, double>;
template <class T>
concept Whole = kind_of<T> == Kind::integer;

// The numbers of a law as an operand, or stored under a policy.
template <class T, class Law, int Rank, std::integral Seed>
auto sampled(const Law& law, const Shape<Rank>& shape, Seed seed) {
  return generate<T>(shape, Sampled<T, Rank, Law>{draw(shape, static_cast<std::uint64_t>(seed)), law});
}
template <class T, class Law, int Rank, class Policy, std::integral Seed>
auto sampled(const Law& law, const Shape<Rank>& shape, Policy, Seed seed) { return Array<T, Rank, Policy>(sampled<T>(law, shape, seed)); }

// InputError unless it holds: "random::gamma: the shape is -1, it must be positive".
inline void require(bool holds, const char* what, double value, const char* must) {
  if (!holds) throw InputError(std::string("random::") + what + " is " + std::to_string(value) + ", it must be " + must);
}

}  // namespace detail

// Uniform in [0, 1): uniform<double>({n, m}, seed). The array is the same for every number of ranks, and so is every part of it,
// however often it is evaluated: Generated, nothing is stored or sent. With a policy tag before the seed it is stored.
template <detail::Real T, int Rank>
auto uniform(const Shape<Rank>& shape, std::uint64_t seed) { return generate<T>(shape, detail::Uniform<T, Rank>{detail::draw(shape, seed)}); }
template <detail::Real T, int Rank>
auto uniform(const Size (&extents)[Rank], std::uint64_t seed) { return uniform<T>(shape_from(extents), seed); }
template <detail::Real T, int Rank, class Policy>
auto uniform(const Size (&extents)[Rank], Policy, std::uint64_t seed) { return Array<T, Rank, Policy>(uniform<T>(shape_from(extents), seed)); }
// Uniform in [low, high): uniform<double>(-1, 1, {n, m}, seed).
template <detail::Real T, int Rank, class... Where>
auto uniform(double low, double high, const Size (&extents)[Rank], Where... where) {
  return detail::sampled<T>(detail::Interval{low, high}, shape_from(extents), where...);
}

// Of mean 0 and standard deviation 1, or as given: normal<double>({n, m}, seed), normal<double>(mean, deviation, {n, m}, seed); as uniform.
// InputError for a negative deviation.
template <detail::Real T, int Rank>
auto normal(const Shape<Rank>& shape, std::uint64_t seed) { return detail::sampled<T>(detail::Normal{0, 1}, shape, seed); }
template <detail::Real T, int Rank, class... Where>
auto normal(const Size (&extents)[Rank], Where... where) { return detail::sampled<T>(detail::Normal{0, 1}, shape_from(extents), where...); }
template <detail::Real T, int Rank, class... Where>
auto normal(double mean, double deviation, const Size (&extents)[Rank], Where... where) {
  detail::require(deviation >= 0, "normal: the deviation", deviation, "at least 0");
  return detail::sampled<T>(detail::Normal{mean, deviation}, shape_from(extents), where...);
}

// Integers of [low, high), equally probable; as uniform. InputError if there is none.
template <class T, int Rank>
  requires(kind_of<T> == Kind::integer)
auto integers(std::type_identity_t<T> low, std::type_identity_t<T> high, const Shape<Rank>& shape, std::uint64_t seed) {
  if (low >= high)
    throw InputError("random::integers: there is no integer from " + std::to_string(low) + " up to, not including, " + std::to_string(high));
  const auto first = static_cast<std::uint64_t>(low);
  return generate<T>(shape, detail::Integers<T, Rank>{detail::draw(shape, seed), first, static_cast<std::uint64_t>(high) - first});
}
template <class T, int Rank>
  requires(kind_of<T> == Kind::integer)
auto integers(std::type_identity_t<T> low, std::type_identity_t<T> high, const Size (&extents)[Rank], std::uint64_t seed) {
  return integers<T>(low, high, shape_from(extents), seed);
}
template <class T, int Rank, class Policy>
  requires(kind_of<T> == Kind::integer)
auto integers(std::type_identity_t<T> low, std::type_identity_t<T> high, const Size (&extents)[Rank], Policy, std::uint64_t seed) {
  return Array<T, Rank, Policy>(integers<T>(low, high, shape_from(extents), seed));
}

}  // namespace priel::random
