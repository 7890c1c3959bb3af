// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How a run of values is written on Host: in whole packets, into the cache or past it.
#pragma once

#include <priel/backend/lanes.hpp>
#include <priel/backend/strided.hpp>

#include <cstring>

#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace priel::host {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"   // packets are vector types; their alignment is not lost here
// One packet past the cache, without reading the line that is overwritten. `to` is aligned to the packet.
template <class Packet>
void stream_packet(void* to, const Packet& packet) {
  [[maybe_unused]] const auto as = [&]<class Vector>(std::type_identity<Vector>) {
    Vector vector;
    std::memcpy(&vector, &packet, sizeof(vector));
    return vector;
  };
#if defined(__AVX512F__)
  if constexpr (sizeof(Packet) == 64) return _mm512_stream_si512(static_cast<__m512i*>(to), as(std::type_identity<__m512i>{}));
#endif
#if defined(__AVX__)
  if constexpr (sizeof(Packet) == 32) return _mm256_stream_si256(static_cast<__m256i*>(to), as(std::type_identity<__m256i>{}));
#endif
#if defined(__SSE2__)
  if constexpr (sizeof(Packet) == 16) return _mm_stream_si128(static_cast<__m128i*>(to), as(std::type_identity<__m128i>{}));
#endif
  std::memcpy(to, &packet, sizeof(packet));
}

// A multiple of the grid of bytes.
[[gnu::noinline]] inline void stream_block(void* to, const void* from, Size bytes) {
  using Packet = PacketOf<float>;
  for (Size at = 0; at < bytes; at += static_cast<Size>(sizeof(Packet))) {
    Packet packet;
    std::memcpy(&packet, static_cast<const char*>(from) + at, sizeof(packet));
    stream_packet(static_cast<char*>(to) + at, packet);
  }
}

enum class Cache { kept, passed };

template <Cache Through, class Packet, class T>
void put(T* to, const Packet& packet) {
  if constexpr (Through == Cache::passed) stream_packet(to, packet);
  else Eigen::internal::pstoreu(to, packet);
}

// Writes the first padded(n) values of a lane: whole packets, no scalar heads or tails (which would differ in the last bit). Past
// the cache only to memory that is aligned to a cache line.
template <Cache Through = Cache::kept, class Lane, class T>
void store(const Lane& values, T* out, Size n) {
  const Lane lane = values;   // nothing that is stored can be part of it
  const Size length = padded(n);
  if constexpr (Lane::packets && std::is_same_v<typename Lane::value_type, T>) {
    using Packet = PacketOf<T>;
    constexpr int width = Eigen::internal::unpacket_traits<Packet>::size;
    constexpr int ways = Lane::alternates ? 2 : 1;
    for (Size j = 0; j < length; j += ways * width) {
      const Packet packet = lane.template packet<Packet>(j);
      if constexpr (ways == 2) put<Through>(out + j + width, lane.template packet<Packet, true>(j + width));
      put<Through>(out + j, packet);
    }
  } else if constexpr (Through == Cache::passed) {
    alignas(64) T block[grid];
    for (Size begin = 0; begin < length; begin += grid) {
      lane.fetch(begin);
      for (Size j = 0; j < grid; ++j) block[j] = convert<T>(lane.coeff(begin + j));
      stream_block(out + begin, block, sizeof(block));
    }
  } else {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC ivdep
#endif
    for (Size j = 0; j < length; ++j) out[j] = convert<T>(lane.coeff(j));   // each element depends on its own operands only
  }
}

// Writes n values and nothing behind them. The last packet is evaluated whole. By value: nothing that is stored can be part of the lane.
template <class Lane, class T>
[[gnu::noinline]] void store_exactly(const Lane lane, T* out, Size n) {
  if constexpr (Lane::packets && std::is_same_v<typename Lane::value_type, T>) {
    using Packet = PacketOf<T>;
    constexpr int width = Eigen::internal::unpacket_traits<Packet>::size;
    constexpr int ways = Lane::alternates ? 2 : 1;
    Size j = 0;
    for (; j + ways * width <= n; j += ways * width) {
      const Packet packet = lane.template packet<Packet>(j);
      if constexpr (ways == 2) Eigen::internal::pstoreu(out + j + width, lane.template packet<Packet, true>(j + width));
      Eigen::internal::pstoreu(out + j, packet);
    }
    if constexpr (ways == 2)
      if (j + width <= n) {
        Eigen::internal::pstoreu(out + j, lane.template packet<Packet>(j));
        j += width;
      }
    if (j == n) return;
    T last[width];
    Eigen::internal::pstoreu(last, lane.template packet<Packet>(j));
    std::memcpy(static_cast<void*>(out + j), last, static_cast<std::size_t>(n - j) * sizeof(T));
  } else {
    const Size whole = n / grid * grid;
    if (whole > 0) store(lane, out, whole);
    if (whole == n) return;
    alignas(64) T last[grid];
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC ivdep
#endif
    for (Size j = 0; j < grid; ++j) last[j] = convert<T>(lane.coeff(whole + j));
    std::memcpy(static_cast<void*>(out + whole), last, static_cast<std::size_t>(n - whole) * sizeof(T));
  }
}
#pragma GCC diagnostic pop

// After values were stored past the cache, before another thread may read them.
inline void end_of_streaming() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

}  // namespace priel::host
