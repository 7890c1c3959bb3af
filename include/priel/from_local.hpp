// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// from_local(shard, policy): what each rank has in its own memory -> an array; R by taking it, S<k> by rebalancing along k.
#pragma once

#include <priel/array.hpp>
#include <priel/borrow.hpp>
#include <priel/exchange.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace priel {

namespace detail {

// Shards as parts of one array: rank r holds `extents[r]`, one after the other along `axis`.
template <int Rank>
struct HeldShards {
  int axis = 0;
  Shape<Rank> shape;
  std::vector<Box<Rank>> boxes;
  Size rows = 0;   // along the axis, of all
  const Box<Rank>& operator()(int rank) const { return boxes[static_cast<std::size_t>(rank)]; }
};

// Collective: one all_gather of extents. ShapeError on every rank if the shards differ on another axis (an empty shard may).
template <int Rank>
HeldShards<Rank> joined_shards(const Shape<Rank>& mine, int axis, const Communicator& comm) {
  const auto ranks = static_cast<std::size_t>(comm.size());
  std::vector<Shape<Rank>> extents(ranks);
  comm.all_gather(&mine, extents.data(), std::vector<Size>(ranks, sizeof(Shape<Rank>)));
  for (std::size_t r = 0; r < ranks; ++r)
    if (extents[r][axis] < 0) throw ShapeError("from_local: on rank " + std::to_string(r) + " the extents are not those of the elements given");
  HeldShards<Rank> held{axis, {}, std::vector<Box<Rank>>(ranks)};
  int first = -1;   // the first rank that has elements tells the other extents
  for (int r = comm.size() - 1; r >= 0; --r)
    if (extents[static_cast<std::size_t>(r)][axis] > 0) first = r;
  held.shape = extents[static_cast<std::size_t>(first < 0 ? 0 : first)];
  for (std::size_t r = 0; r < ranks; ++r) {
    Shape<Rank> expected = held.shape;
    expected[axis] = extents[r][axis];
    if (extents[r][axis] > 0 && !(extents[r] == expected))
      throw ShapeError("from_local: the shards of rank " + std::to_string(first) + ", " + to_string(extents[static_cast<std::size_t>(first)]) +
                       ", and of rank " + std::to_string(r) + ", " + to_string(extents[r]) + ", differ on an axis other than " + std::to_string(axis));
    held.boxes[r] = {{}, expected};
    held.boxes[r].lower[axis] = held.rows;
    held.rows += extents[r][axis];
  }
  held.shape[axis] = held.rows;
  return held;
}

template <class Policy, int Rank>
constexpr int shard_axis() {
  for (int a = 0; a < Rank; ++a)
    if (distributes<Policy, Rank>(a)) return a;
  return -1;
}

// Whether the shards lie as the policy wants them already. The same on every rank.
template <class Policy, int Rank>
bool are_canonical(const HeldShards<Rank>& held, const Communicator& comm) {
  for (int r = 0; r < comm.size(); ++r)
    if (Policy::part(held.shape, comm.size(), r).extent[held.axis] != held(r).extent[held.axis]) return false;
  return true;
}

// A rank's own shard at its place among the others, as an operand of an exchange that only asks for what is here.
template <class T, int Rank>
struct HeldShard : Node<HeldShard<T, Rank>, T, Rank, Replicated, Reference> {
  HeldShard(const ForeignMemory<T, Rank>& m, const HeldShards<Rank>& held, int mine) : memory(m), global(held.shape) {
    memory.data -= memory.stride[held.axis] * held(mine).lower[held.axis];
  }
  Shape<Rank> shape() const { return global; }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope& scope) const { return Borrowed<T, Rank, Reference>(memory).lower(frame, scope); }

  ForeignMemory<T, Rank> memory;
  Shape<Rank> global;
};

// Foreign memory into a shard's, C order.
template <class Backend, class T, int Rank>
void copy_in(const ForeignMemory<T, Rank>& memory, T* to) {
  if (memory.extents.size() == 0) return;
  const Size bytes = memory.extents.size() * static_cast<Size>(sizeof(T));
  if (memory.is_contiguous()) Backend::upload(to, memory.data, bytes);
  else if constexpr (Backend::host_memory) evaluate<Backend>(Borrowed<T, Rank, Backend>(memory), whole(memory.extents), to);
  else {
    const Bytes staged(bytes);
    evaluate<Reference>(Borrowed<T, Rank, Reference>(memory), whole(memory.extents), reinterpret_cast<T*>(staged.data.get()));
    Backend::upload(to, staged.data.get(), bytes);
  }
}

// A shard that is in place: the memory of a temporary is kept, all else is copied.
template <class A, class X, class T, int Rank>
A array_in_place(X&& x, const ForeignMemory<T, Rank>& memory, const Shape<Rank>& shape, const Comm& comm) {
  using Object = std::remove_cvref_t<X>;
  using Backend = backend_of<A>;
  if constexpr (Backend::host_memory && owns_elements<Object> && !std::is_lvalue_reference_v<X> && !std::is_const_v<std::remove_reference_t<X>>) {
    if (memory.is_contiguous() && memory.extents.size() > 0) {
      const auto owner = std::make_shared<Object>(std::move(x));
      const auto moved = memory_of(*owner);   // small objects move their elements with them
      return A(shape, comm, SharedBuffer<T, Backend>(new Buffer<T, Backend>(const_cast<T*>(moved.data), moved.extents.size(), owner)));
    }
  }
  A array(shape, comm);
  copy_in<Backend>(memory, array.local_mut().data());
  return array;
}

// Extents of -1 where they are wrong: found out together, by whoever joins the shards.
template <class T, std::size_t N, int Rank>
auto spanned_memory(std::span<T, N> elements, Shape<Rank> extents) {
  if (extents.size() != static_cast<Size>(elements.size())) for (Size& extent : extents) extent = -1;
  return contiguous_memory<std::remove_const_t<T>>(elements.data(), extents);
}

template <class Backend, class Policy, class X>
auto gathered_from_shards(X&& x, const Comm& comm, bool exact) {
  using Traits = foreign_traits_of<X>;
  using T = typename Traits::type;
  constexpr int rank = Traits::rank;
  using Result = Array<T, rank, Policy, Backend>;
  static_assert(Policy::template fits<rank>, "error E00: Split<k> needs 0 <= k < rank: the axis does not exist in a shard of this rank");
  constexpr int axis = shard_axis<Policy, rank>();
  const ForeignMemory<T, rank> memory = memory_of(x);
  if constexpr (axis < 0) {
    for (const Size extent : memory.extents)
      if (extent < 0) throw ShapeError("from_local: the extents are not those of the elements given");
    return array_in_place<Result>(std::forward<X>(x), memory, memory.extents, comm);
  } else {
    const HeldShards<rank> held = joined_shards(memory.extents, axis, *comm);
    if (are_canonical<Policy>(held, *comm)) return array_in_place<Result>(std::forward<X>(x), memory, held.shape, comm);
    if (exact) {
      std::string found, wanted;
      for (int r = 0; r < comm->size() && r < 8; ++r) {
        found += (r > 0 ? ", " : "") + std::to_string(held(r).extent[axis]);
        wanted += (r > 0 ? ", " : "") + std::to_string(Policy::part(held.shape, comm->size(), r).extent[axis]);
      }
      throw ShapeError("from_local_exact: the shards have " + found + (comm->size() > 8 ? ", ..." : "") + " entries on axis " + std::to_string(axis) +
                       ", expected " + wanted + (comm->size() > 8 ? ", ..." : "") + "; from_local rebalances");
    }
    Result result(held.shape, comm);
    const auto to = [&](int r) { return Policy::part(held.shape, comm->size(), r); };
    const auto lease = result.local_mut();
    const HeldShard<T, rank> operand(memory, held, comm->rank());
    if constexpr (Backend::host_memory) exchange_boxes<Reference>(operand, *comm, held, to, lease.data());
    else {
      const Size bytes = lease.size() * static_cast<Size>(sizeof(T));
      const Bytes staged(bytes);
      exchange_boxes<Reference>(operand, *comm, held, to, reinterpret_cast<T*>(staged.data.get()));
      Backend::upload(lease.data(), staged.data.get(), bytes);
    }
    return result;
  }
}

}  // namespace detail

// Collective. Each rank's shard, in rank order along the axis that the policy distributes, as one array; the shards may have any
// extents there, 0 too, and equal ones elsewhere (ShapeError on every rank if not). `replicated`: each rank's copy is taken as it is,
// nothing is sent, and that the copies are equal is the caller's word.
// shard: std::vector, std::span, a Local, and with <priel/eigen.hpp>, <priel/xtensor.hpp> their objects. Lvalues are copied in; an
// rvalue that owns its elements in C order and needs no rebalancing is moved: its memory becomes the array's.
// Sends the extents to everyone, then what changes owner (nothing if the shards lie as the canonical map wants them).
template <class Backend = default_backend, Foreign X, class Policy>
auto from_local(X&& shard, Policy, const Comm& comm = world()) {
  return detail::gathered_from_shards<Backend, Policy>(std::forward<X>(shard), comm, false);
}
// The same, but ShapeError on every rank where from_local would rebalance.
template <class Backend = default_backend, Foreign X, class Policy>
auto from_local_exact(X&& shard, Policy, const Comm& comm = world()) {
  return detail::gathered_from_shards<Backend, Policy>(std::forward<X>(shard), comm, true);
}

// Shards that only a pointer names, of these extents in C order: from_local(p, {rows, columns}, split<0>).
template <class Backend = default_backend, Element T, int Rank, class Policy>
auto from_local(const T* shard, const Size (&extents)[Rank], Policy policy, const Comm& comm = world()) {
  return from_local<Backend>(contiguous_memory(shard, shape_from(extents)), policy, comm);
}
template <class Backend = default_backend, Element T, int Rank, class Policy>
auto from_local_exact(const T* shard, const Size (&extents)[Rank], Policy policy, const Comm& comm = world()) {
  return from_local_exact<Backend>(contiguous_memory(shard, shape_from(extents)), policy, comm);
}
// The same of a span; ShapeError (on every rank, if the policy is a split one) if the extents are not those of its elements.
template <class Backend = default_backend, class T, std::size_t N, int Rank, class Policy>
auto from_local(std::span<T, N> shard, const Size (&extents)[Rank], Policy policy, const Comm& comm = world()) {
  return from_local<Backend>(detail::spanned_memory(shard, shape_from(extents)), policy, comm);
}
template <class Backend = default_backend, class T, std::size_t N, int Rank, class Policy>
auto from_local_exact(std::span<T, N> shard, const Size (&extents)[Rank], Policy policy, const Comm& comm = world()) {
  return from_local_exact<Backend>(detail::spanned_memory(shard, shape_from(extents)), policy, comm);
}

// An object of another library as a replicated array: np.asarray. Lvalues are copied in, rvalues moved; nothing is sent.
template <class Backend = default_backend, Foreign X>
auto asarray(X&& x, const Comm& comm = world()) { return detail::gathered_from_shards<Backend, Replicated>(std::forward<X>(x), comm, false); }

}  // namespace priel
