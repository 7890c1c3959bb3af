// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The first few keys of lines in device memory: by threads that each keep the first of a share, or by a sort where many are wanted.
#pragma once

#include <priel/algorithms/device/lines.hpp>

#include <algorithm>

namespace priel::device {

// As many as a thread keeps.
inline constexpr int kept_most = 32;

// The k first of every pieces-th element of a line, in order. Equal keys are in the order of their indices: the element's place on
// the line, unless they are given.
template <class Key>
struct FirstFew {
  const Key* keys;
  const Size* indices;
  Size n, pieces;
  int k;
  Key* first;
  Size* places;

  PRIEL_DEVICE void operator()(Size work) const {
    const Size line = work / pieces;
    Key key[kept_most];
    Size index[kept_most];
    int kept = 0;
    for (Size i = work % pieces; i < n; i += pieces) {
      const Key next = keys[line * n + i];
      if (kept == k && next > key[k - 1]) continue;
      const Size at = indices ? indices[line * n + i] : i;
      if (kept == k && next == key[k - 1] && at > index[k - 1]) continue;
      int place = kept < k ? kept++ : k - 1;
      for (; place > 0 && (next < key[place - 1] || (next == key[place - 1] && at < index[place - 1])); --place) {
        key[place] = key[place - 1];
        index[place] = index[place - 1];
      }
      key[place] = next;
      index[place] = at;
    }
    for (int i = 0; i < kept; ++i) {
      first[work * k + i] = key[i];
      places[work * k + i] = index[i];
    }
  }
};

// The k first entries of lines whose order is given.
template <class Key>
struct TakeFirst {
  const Key* keys;
  const Size* order;
  Size n, k;
  Key* first;
  Size* places;

  PRIEL_DEVICE void operator()(Size i) const {
    const Size line = i / k, place = order[line * n + i % k];
    first[i] = keys[line * n + place];
    places[i] = place;
  }
};

// The k <= n first keys of every line of n, and their places on it. `first` and `places` hold lines * k.
template <class B, class Key>
void first_of_lines(const Key* keys, Size lines, Size n, Size k, Key* first, Size* places) {
  if (lines * k == 0) return;
  if (k > kept_most) {
    detail::Buffer<Key, B> sorted(lines * n);
    detail::Buffer<Size, B> order(lines * n);
    B::copy(sorted.data(), keys, lines * n * static_cast<Size>(sizeof(Key)));
    sort_indices<B>(sorted.data(), order.data(), lines, n);
    B::for_each(lines * k, TakeFirst<Key>{keys, order.data(), n, k, first, places});
    return;
  }
  // Rounds of shares that keep the machine busy and are several times what is kept of them.
  constexpr Size wide = Size{1} << 17;
  const auto few = static_cast<int>(k);
  detail::SharedBuffer<Key, B> kept;
  detail::SharedBuffer<Size, B> kept_places;
  const Size* indices = nullptr;
  for (;;) {
    const Size pieces = std::max(std::min(n / (4 * k), wide / lines), Size{1});
    if (pieces == 1) break;
    auto next = detail::make_buffer<Key, B>(lines * pieces * k);
    auto next_places = detail::make_buffer<Size, B>(lines * pieces * k);
    B::for_each(lines * pieces, FirstFew<Key>{keys, indices, n, pieces, few, next->data(), next_places->data()});
    kept = std::move(next);
    kept_places = std::move(next_places);
    keys = kept->data();
    indices = kept_places->data();
    n = pieces * k;
  }
  B::for_each(lines, FirstFew<Key>{keys, indices, n, 1, few, first, places});
}

}  // namespace priel::device
