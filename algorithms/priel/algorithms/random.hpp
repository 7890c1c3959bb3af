// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// random::uniform, normal, integers: numbers that are functions of the seed and the global index, Generated.
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
enum class Stream : std::uint32_t { uniform = 1, normal, integers };

// The 64-bit linear index of an element of the whole array, in C order, is the counter; the seed is the key.
template <int Rank>
struct Draw {
  Index<Rank> stride;
  std::uint64_t seed;

  PRIEL_DEVICE constexpr Bits operator()(const Index<Rank>& i, Stream stream) const {
    Size linear = 0;
    for (int a = 0; a < Rank; ++a) linear += stride[a] * i[a];
    const auto n = static_cast<std::uint64_t>(linear);
    return philox({{static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(n >> 32), static_cast<std::uint32_t>(stream), 0}},
                  static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
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

// Box and Muller 1958: one of the two numbers that a pair gives.
template <class T, int Rank>
struct Normal {
  Draw<Rank> draw;
  PRIEL_DEVICE T operator()(const Index<Rank>& i) const {
    const Bits bits = draw(i, Stream::normal);
    constexpr double turn = 6.283185307179586476925286766559;
    return static_cast<T>(std::sqrt(-2 * std::log(1 - bits.unit(0))) * std::cos(turn * bits.unit(1)));
  }
  friend constexpr bool operator==(const Normal&, const Normal&) = default;
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

}  // namespace detail

// Uniform in [0, 1): uniform<double>({n, m}, seed). The array is the same for every number of ranks, and so is every part of it,
// however often it is evaluated: Generated, nothing is stored or sent. With a policy tag before the seed it is stored.
template <detail::Real T, int Rank>
auto uniform(const Shape<Rank>& shape, std::uint64_t seed) { return generate<T>(shape, detail::Uniform<T, Rank>{detail::draw(shape, seed)}); }
template <detail::Real T, int Rank>
auto uniform(const Size (&extents)[Rank], std::uint64_t seed) { return uniform<T>(shape_from(extents), seed); }
template <detail::Real T, int Rank, class Policy>
auto uniform(const Size (&extents)[Rank], Policy, std::uint64_t seed) { return Array<T, Rank, Policy>(uniform<T>(shape_from(extents), seed)); }

// Of mean 0 and standard deviation 1; as uniform.
template <detail::Real T, int Rank>
auto normal(const Shape<Rank>& shape, std::uint64_t seed) { return generate<T>(shape, detail::Normal<T, Rank>{detail::draw(shape, seed)}); }
template <detail::Real T, int Rank>
auto normal(const Size (&extents)[Rank], std::uint64_t seed) { return normal<T>(shape_from(extents), seed); }
template <detail::Real T, int Rank, class Policy>
auto normal(const Size (&extents)[Rank], Policy, std::uint64_t seed) { return Array<T, Rank, Policy>(normal<T>(shape_from(extents), seed)); }

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
