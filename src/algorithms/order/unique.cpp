// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Different values: sorted and without repetition on a rank; across ranks, every rank takes the values of a range.

#include "cuts.hpp"

namespace priel::detail::order {

namespace {

template <class Key>
Size unique_keys(Key* keys, Size count, KeySort local) {
  if (local) local(keys, sizeof(Key), 1, count, nullptr);
  else {
    std::vector<Key> scratch(static_cast<std::size_t>(count));
    radix_sort(keys, scratch.data(), count, free_threads());
  }
  return std::unique(keys, keys + count) - keys;
}

}  // namespace

Size unique(void* values, Format format, Size count) {
  return with_key(format, [&]<class Key>() {
    auto* keys = static_cast<Key*>(values);
    to_keys(values, format, count, keys, true);
    const Size different = unique_keys(keys, count, nullptr);
    from_keys(keys, format, different);
    return different;
  });
}

std::vector<std::byte> unique_across(const void* values, Format format, Size count, const Communicator& comm) {
  return unique_across(values, format, count, comm, nullptr);
}
std::vector<std::byte> unique_across(const void* values, Format format, Size count, const Communicator& comm, KeySort local) {
  return with_key(format, [&]<class Key>() {
    std::vector<Key> mine(static_cast<std::size_t>(count));
    to_keys(values, format, count, mine.data(), true);
    Size total = count;
    comm.all_reduce(&total, 1, sizeof(Size), &add_sizes);
    std::vector<Size> places;
    for (const auto& cut : cuts_of(mine, total, comm)) places.push_back(count_below(mine, cut.key));   // equal values stay together
    auto range = exchange_pieces(mine, places, comm);
    const Size different = unique_keys(range.data(), static_cast<Size>(range.size()), local);
    from_keys(range.data(), format, different);
    std::vector<std::byte> result(static_cast<std::size_t>(different) * sizeof(Key));
    if (different > 0) std::memcpy(result.data(), range.data(), result.size());
    return result;
  });
}

}  // namespace priel::detail::order
