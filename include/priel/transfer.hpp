// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays between backends: to_device(x), to_host(x), to_backend<B>(x); policies stay, nothing is sent between ranks.
#pragma once

#include <priel/array.hpp>

namespace priel {

// The value of e as an array of backend B, with e's policy (Generated and Partial: Replicated). A copy unless it is there already.
// Throws std::bad_alloc where there is not that much memory (on CUDA a DeviceMemoryError, which says how much there is), std::runtime_error with
// CUDA's own words where there is no device or it fails.
template <class B, Expression E>
auto to_backend(E&& e) {
  const auto from = eval(std::forward<E>(e));
  using From = std::remove_cvref_t<decltype(from)>;
  if constexpr (std::is_same_v<backend_of<From>, B>) return from;
  else {
    static_assert(B::host_memory || backend_of<From>::host_memory, "between two devices: by to_host");
    Array<value_of<From>, rank_of<From>, policy_of<From>, B> to(from.shape(), from.comm());
    const Size bytes = from.lshape().size() * static_cast<Size>(sizeof(value_of<From>));
    const auto lease = to.local_mut();
    if constexpr (backend_of<From>::host_memory) B::upload(lease.data(), from.local().data(), bytes);
    else backend_of<From>::download(lease.data(), from.local().data(), bytes);
    return to;
  }
}

template <Expression E>
auto to_device(E&& e) { return to_backend<Device>(std::forward<E>(e)); }
template <Expression E>
auto to_host(E&& e) { return to_backend<Host>(std::forward<E>(e)); }

}  // namespace priel
