// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Replicated -> Split<k>, Split<0> -> Replicated, Split<k> -> Replicated, Split<j> -> Split<k>.
#pragma once

#include <priel/exchange.hpp>
#include <priel/policies/split.hpp>

namespace priel {

template <int K>
struct redistribution<Replicated, Split<K>> : EvaluatePart<Split<K>> {};

template <int J, int K>
struct redistribution<Split<J>, Split<K>> : BoxExchange<Split<J>, Split<K>> {};

template <int K>
struct redistribution<Split<K>, Replicated> : BoxExchange<Split<K>, Replicated> {};

// Rows are contiguous in the target: every rank evaluates its block in place, then one Allgatherv. Sends B - b.
template <>
struct redistribution<Split<0>, Replicated> {
  static constexpr bool ok = true;
  static constexpr bool sends = true;

  template <class Backend, Expression E, class T>
  static void run(const E& e, const Communicator& comm, const Box<rank_of<E>>&, T* shard) {
    const auto shape = e.shape();
    constexpr auto element = static_cast<Size>(sizeof(T));
    std::vector<Size> bytes;
    Size before = 0;
    for (int r = 0; r < comm.size(); ++r) {
      bytes.push_back(Split<0>::part(shape, comm.size(), r).size() * element);
      if (r < comm.rank()) before += bytes.back();
    }
    const auto part = Split<0>::part(shape, comm.size(), comm.rank());
    if constexpr (Backend::host_memory) {
      T* mine = shard + before / element;
      detail::evaluate<Backend>(e, part, mine);
      comm.all_gather(mine, shard, bytes);
    } else {
      const detail::Bytes rows(shape.size() * element);
      auto* mine = reinterpret_cast<T*>(rows.data.get() + before);
      detail::evaluate_to_host<Backend>(e, part, mine);
      comm.all_gather(mine, rows.data.get(), bytes);
      Backend::upload(shard, rows.data.get(), shape.size() * element);
    }
  }

  static constexpr Collectives collectives = Collective::all_gather;
  template <int Rank>
  static void plan(Plan& plan, const std::string& what, const Shape<Rank>& shape, Size element_bytes) {
    plan.message(Collective::all_gather, what, [&](int r) {
      return Split<0>::part(shape, plan.ranks(), r).size() * element_bytes * (plan.ranks() - 1);
    });
  }
};

}  // namespace priel
