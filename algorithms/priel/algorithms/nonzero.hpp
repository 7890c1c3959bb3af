// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// nonzero(x): where x is not zero, R -> R, S<0> -> S<0> rebalanced; and the rebalancing of rows itself.
#pragma once

#include <priel/create.hpp>
#include <priel/pending.hpp>
#include <priel/policies/redistributions.hpp>

#include <vector>

namespace priel {

namespace detail {

// Rows that this rank happens to hold, in memory of the backend, at their global indices: the operand of an exchange.
template <class T, int Rank, class Backend>
struct HeldRows : Node<HeldRows<T, Rank, Backend>, T, Rank, Split<0>, Backend> {
  const T* data;
  Box<Rank> box;
  Shape<Rank> global;

  Shape<Rank> shape() const { return global; }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope&) const { return kernel::strided(data, box, frame); }
};

// Rows that this rank happens to hold (memory of the backend, C order) as an array by the canonical map. One all_gather of counts, then
// the rows that change owner.
template <class T, int Rank, class Backend>
Array<T, Rank, Split<0>, Backend> rebalanced(const T* rows, Size count, Shape<Rank> shape, const Comm& comm) {
  const auto ranks = static_cast<std::size_t>(comm->size());
  std::vector<Size> counts(ranks), bytes(ranks, sizeof(Size)), starts(ranks);
  comm->all_gather(&count, counts.data(), bytes);
  shape[0] = 0;
  for (std::size_t r = 0; r < ranks; ++r) {
    starts[r] = shape[0];
    shape[0] += counts[r];
  }
  Array<T, Rank, Split<0>, Backend> result(shape, comm);
  const auto held = [&](int r) {
    Box<Rank> box = whole(shape);
    box.lower[0] = starts[static_cast<std::size_t>(r)];
    box.extent[0] = counts[static_cast<std::size_t>(r)];
    return box;
  };
  HeldRows<T, Rank, Backend> operand;
  operand.data = rows;
  operand.box = held(comm->rank());
  operand.global = shape;
  const auto lease = result.local_mut();
  exchange_boxes<Backend>(operand, *comm, held, [&](int r) { return Split<0>::part(shape, comm->size(), r); }, lease.data());
  return result;
}

// Rows that a rank has chosen of its own, behind each other.
template <class T, class Backend>
struct Chosen {
  SharedBuffer<T, Backend> rows;
  Size count;
};

// These choices on a backend whose memory the CPU does not read: for Device in device/choice.hpp.
template <class Backend>
struct LocalChoice;

// The global indices of the elements of a box that are not zero.
template <class Backend, class T, int Rank>
Chosen<Size, Backend> nonzero_of(const T* values, const Box<Rank>& box) {
  if constexpr (!Backend::host_memory) return LocalChoice<Backend>::nonzero(values, box);
  else {
    std::vector<Size> found;
    Index<Rank> i;
    for (Size at = 0; at < box.size(); ++at, advance(box.extent, i))
      if (values[at] != T{})
        for (int a = 0; a < Rank; ++a) found.push_back(box.lower[a] + i[a]);
    Chosen<Size, Backend> chosen{make_buffer<Size, Backend>(static_cast<Size>(found.size())), static_cast<Size>(found.size()) / Rank};
    Backend::copy(chosen.rows->data(), found.data(), chosen.rows->size() * static_cast<Size>(sizeof(Size)));
    return chosen;
  }
}

}  // namespace detail

// The sentence of functions whose result is in the order of all elements.
template <class To>
struct write_redistribute_x_or_use_where {};
template <class Policy, class Write>
struct error_E04_the_global_order_is_not_the_local_one {};

// The indices of the elements that are not zero, in C order: int64 (N, rank). R and G: replicated, nothing is sent; S<0>:
// S<0>, rebalanced (counts, then what changes owner); S<k>, k > 0, does not compile (E04). A pending reduction is finished and a
// range of the split axis rebalanced first. Runs when called, because N is data.
template <Expression E>
  requires(rank_of<E> > 0 && (std::is_same_v<detail::stored_policy<policy_of<E>>, Replicated> ||
                              std::is_same_v<detail::stored_policy<policy_of<E>>, Split<0>>))
auto nonzero(E&& x) {
  constexpr int rank = rank_of<E>;
  using Policy = detail::stored_policy<policy_of<E>>;
  using Backend = detail::backend_or_default<backend_of<E>>;
  const Array<value_of<E>, rank, Policy, Backend> stored(std::forward<E>(x));
  auto found = detail::nonzero_of<Backend>(stored.local().data(), stored.part());
  if constexpr (std::is_same_v<Policy, Replicated>) return Array<Size, 2, Replicated, Backend>(Shape<2>{found.count, rank}, stored.comm(), std::move(found.rows));
  else return detail::rebalanced<Size, 2, Backend>(found.rows->data(), found.count, Shape<2>{0, rank}, stored.comm());
}

template <class P, int Rank, class A>
  requires(Rank > 0 && !std::is_same_v<detail::stored_policy<P>, Replicated> && !std::is_same_v<detail::stored_policy<P>, Split<0>>)
error_E04_the_global_order_is_not_the_local_one<P, write_redistribute_x_or_use_where<Split<0>>> nonzero(const operand_tag<P, Rank, A>&) = delete;

}  // namespace priel
