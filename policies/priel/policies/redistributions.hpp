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
    std::vector<Size> bytes;
    Size before = 0;
    for (int r = 0; r < comm.size(); ++r) {
      const Size elements = Split<0>::part(shape, comm.size(), r).size();
      bytes.push_back(elements * static_cast<Size>(sizeof(T)));
      if (r < comm.rank()) before += elements;
    }
    detail::evaluate<Backend>(e, Split<0>::part(shape, comm.size(), comm.rank()), shard + before);
    detail::all_gather_of<Backend>(comm, reinterpret_cast<std::byte*>(shard), bytes);
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
