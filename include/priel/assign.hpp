// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How an expression becomes a shard: P -> R, P -> S<k>, G and R -> anything without a message, the rest by redistribution<From, To>.
#pragma once

#include <priel/buffer.hpp>
#include <priel/finish.hpp>

namespace priel::detail {

// `Generated` and `Partial` belong to core; the pair (From, To) of stored policies is asked of redistribution<From, To>.
template <class From, class To>
constexpr bool sends() {
  if constexpr (is_generated<From> || is_partial<From>::value || std::is_same_v<From, To>) return false;
  else return redistribution<From, To>::sends;
}
template <class From, class To>
inline constexpr bool store_sends = sends<From, To>();

template <class From, class To>
constexpr bool storable() {
  if constexpr (is_generated<From> || is_partial<From>::value || std::is_same_v<From, To>) return true;
  else return redistribution<From, To>::ok;
}

template <class P>
concept known_policy = !is_generated<P> && !is_partial<P>::value;

template <class E, class T, class Policy, class Backend>
concept can_store = Assignable<value_of<E>, T> && storable<policy_of<E>, Policy>() &&
    (std::is_void_v<backend_of<E>> || std::is_same_v<backend_of<E>, Backend>);

// One fused loop: the values of a prepared expression on a box, C order, into memory of the backend.
template <class Backend, Expression E, class T>
void evaluate(const E& e, const Box<rank_of<E>>& box, T* out) {
  if (box.size() == 0) return;
  Scope scope;
  Backend::fill(e.lower(frame_of(box), scope), box.extent, out);
}

// This rank's part of e under Policy, in a buffer of its own. Collective where the policies differ.
template <class T, class Policy, class Backend, class E>
SharedBuffer<T, Backend> stored(E&& e, const Comm& comm, const Box<rank_of<E>>& part) {
  using From = policy_of<E>;
  if constexpr (is_partial<From>::value) {
    return std::remove_cvref_t<E>::template store_pending<T, Policy, Backend>(e, comm, part);
  } else {
    e.prepare();
    if constexpr (is_generated<From> || std::is_same_v<From, Policy>) {
      auto buffer = make_buffer<T, Backend>(part.size());
      evaluate<Backend>(e, part, buffer->data());
      return buffer;
    } else {
      auto buffer = make_buffer<T, Backend>(part.size());
      redistribution<From, Policy>::template run<Backend>(e, *comm, part, buffer->data());
      return buffer;
    }
  }
}

}  // namespace priel::detail
