// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// take along the split axis: the owners pick the rows; indices R: to all, S<0>: to whoever asked.
#pragma once

#include <priel/algorithms/detail/fetch.hpp>

#include <algorithm>
#include <numeric>

namespace priel {

namespace kernel {

// Reads an index with one kernel and the source at it with another, whose box begins at `lower`.
template <class T, int Root, int SourceRank, int IndexRank, int Axis, class Source, class Indices>
struct Taken {
  using value_type = T;
  Source source;
  Indices indices;
  Frame<Root, SourceRank - 1 + IndexRank> frame;
  Index<SourceRank> lower;
  Size extent;

  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const { return source.at(place(i)); }

  template <class Out>
  void copy(const Index<Root>& first, const Shape<Root>& box, int n, Out* out) const { copy_rows(*this, first, box, n, out); }
  // One index for the whole row, unless the row goes along the indices.
  template <class Out>
  void row(const Index<Root>& first, const Index<Root>& step, Size n, Out* out) const {
    const auto wanted = steps_of(frame, step);
    bool one = true;
    for (int a = Axis; a < Axis + IndexRank; ++a) one = one && wanted[a] == 0;
    Index<SourceRank> along;
    for (int a = 0; a < SourceRank; ++a) along[a] = a < Axis ? wanted[a] : a > Axis ? wanted[a + IndexRank - 1] : 0;
    if (one) copy_row(source, place(first), along, n, out);
    else for (Size j = 0; j < n; ++j) out[j] = static_cast<Out>(at(moved_by(first, step, j)));
  }

 private:
  PRIEL_DEVICE constexpr Index<SourceRank> place(const Index<Root>& i) const {
    const auto wanted = frame.at(i);
    Index<SourceRank> from;
    for (int a = 0; a < SourceRank; ++a)
      if (a != Axis) from[a] = wanted[a < Axis ? a : a + IndexRank - 1] - lower[a];
    const Size index = static_cast<Size>(indices.at(i));
    from[Axis] = (index < 0 ? index + extent : index) - lower[Axis];
    return from;
  }
};

}  // namespace kernel

namespace detail {

template <int Axis, int Rank, int IndexRank>
auto taken_shape(const Shape<Rank>& from, const Shape<IndexRank>& by) {
  Shape<Rank - 1 + IndexRank> shape;
  for (int a = 0; a < Rank - 1 + IndexRank; ++a)
    shape[a] = a < Axis ? from[a] : a < Axis + IndexRank ? by[a - Axis] : from[a - IndexRank + 1];
  return shape;
}

// Elements before and behind an axis, and on it.
struct Slabs {
  Size outer = 1, inner = 1;
  template <int Axis, int Rank>
  static Slabs of(const Shape<Rank>& shape) {
    Slabs slabs;
    for (int a = 0; a < Axis; ++a) slabs.outer *= shape[a];
    for (int a = Axis + 1; a < Rank; ++a) slabs.inner *= shape[a];
    return slabs;
  }
  Size size() const { return outer * inner; }
};

// An integer expression's part on this rank as places from the front, in CPU memory. ShapeError for one outside.
template <class Backend, class Stored>
std::vector<Size> places_of(const Stored& indices, Size extent, int axis, const char* what = "take") {
  using T = value_of<Stored>;
  const Size n = indices.lshape().size();
  const Bytes memory(n * static_cast<Size>(sizeof(T)));
  Backend::download(memory.data.get(), indices.local().data(), n * static_cast<Size>(sizeof(T)));
  const auto* values = reinterpret_cast<const T*>(memory.data.get());
  std::vector<Size> places(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Size index = static_cast<Size>(values[i]);
    places[i] = index < 0 ? index + extent : index;
    if (places[i] < 0 || places[i] >= extent)
      throw ShapeError(std::string(what) + ": index " + std::to_string(index) + " is outside axis " + std::to_string(axis) + " of extent " + std::to_string(extent));
  }
  return places;
}

// The rank that holds a place of the axis.
template <int Axis, class P, int Rank>
class Owners {
 public:
  Owners(const Shape<Rank>& shape, int ranks) {
    for (int q = 0; q < ranks; ++q) {
      const Block block = block_on<Axis, P>(shape, ranks, q);
      ends_.push_back(block.lower + block.extent);
    }
  }
  std::size_t operator()(Size place) const {
    return static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), place) - ends_.begin());
  }

 private:
  std::vector<Size> ends_;
};

// The slabs of an array at places of this rank's part, in CPU memory: (outer, places, inner).
template <int Axis, class Backend, class Stored, class T>
void pick(const Stored& x, const std::vector<Size>& places, T* out) {
  constexpr int rank = rank_of<Stored>;
  const auto count = static_cast<Size>(places.size());
  auto shape = x.part().extent;
  shape[Axis] = count;
  if (shape.size() == 0) return;
  Buffer<Size, Backend> wanted(count);
  Backend::upload(wanted.data(), places.data(), count * static_cast<Size>(sizeof(Size)));
  Scope scope;
  const auto source = x.lower(frame_of(x.part()), scope);
  kernel::Strided<Size, rank> indices{wanted.data(), {}};
  indices.stride[Axis] = 1;
  Frame<rank, rank> frame = frame_of(Box<rank>{x.part().lower, shape});
  const kernel::Taken<T, rank, rank, 1, Axis, std::remove_const_t<decltype(source)>, kernel::Strided<Size, rank>> taken{
      source, indices, frame, x.part().lower, x.shape()[Axis]};
  if constexpr (Backend::host_memory) Backend::fill(taken, shape, out);
  else {
    Buffer<T, Backend> staged(shape.size());
    Backend::fill(taken, shape, staged.data());
    Backend::download(out, staged.data(), shape.size() * static_cast<Size>(sizeof(T)));
  }
}

// Slab j of `count` that lie as (outer, count, inner) becomes slab at[j] of `all` that lie alike.
template <class T>
void place_slabs(const Slabs& slabs, const T* from, Size count, T* to, Size all, const Size* at) {
  for (Size o = 0; o < slabs.outer; ++o)
    for (Size j = 0; j < count; ++j)
      std::memcpy(to + (o * all + at[j]) * slabs.inner, from + (o * count + j) * slabs.inner, static_cast<std::size_t>(slabs.inner) * sizeof(T));
}

// Values in CPU memory become an array's part.
template <class Result, class F>
void fill_part(Result& result, F&& assemble) {
  using Backend = backend_of<Result>;
  const Size bytes = result.lshape().size() * static_cast<Size>(sizeof(value_of<Result>));
  const auto lease = result.local_mut();
  if constexpr (Backend::host_memory) assemble(lease.data());
  else {
    const Bytes staged(bytes);
    assemble(reinterpret_cast<value_of<Result>*>(staged.data.get()));
    Backend::upload(lease.data(), staged.data.get(), bytes);
  }
}

// Indices that every rank has: every owner sends the rows that it holds to all.
template <int Axis, Expression E, Expression I>
struct TakeToAll {
  using value_type = value_of<E>;
  using policy_type = Replicated;
  using backend_type = backend_or_default<typename joined_backend<backend_of<E>, backend_of<I>>::type>;
  using From = policy_of<E>;
  static constexpr int rank = rank_of<E> - 1 + rank_of<I>;
  static constexpr Collectives collectives = Collective::all_gather;

  Shape<rank> shape(const E& x, const I& indices) const { return taken_shape<Axis>(x.shape(), indices.shape()); }

  auto operator()(const E& x, const I& indices) const {
    const auto extents = x.shape();
    const std::vector<Size> places =
        places_of<backend_type>(Array<value_of<I>, rank_of<I>, Replicated, backend_type>(indices), extents[Axis], Axis);
    const Array<value_type, rank_of<E>, From, backend_type> rows(x);
    const Communicator& comm = *rows.comm();
    const auto ranks = static_cast<std::size_t>(comm.size()), me = static_cast<std::size_t>(comm.rank());
    const Slabs slabs = Slabs::of<Axis>(extents);

    std::vector<std::vector<Size>> of_rank(ranks);   // which of the indices
    const Owners<Axis, From, rank_of<E>> owner(extents, comm.size());
    for (std::size_t j = 0; j < places.size(); ++j) of_rank[owner(places[j])].push_back(static_cast<Size>(j));
    std::vector<Size> bytes, mine;
    for (const auto& list : of_rank) bytes.push_back(static_cast<Size>(list.size()) * slabs.size() * static_cast<Size>(sizeof(value_type)));
    for (const Size j : of_rank[me]) mine.push_back(places[static_cast<std::size_t>(j)]);
    const Bytes picked(bytes[me]), all(std::accumulate(bytes.begin(), bytes.end(), Size{0}));
    pick<Axis, backend_type>(rows, mine, reinterpret_cast<value_type*>(picked.data.get()));
    comm.all_gather(picked.data.get(), all.data.get(), bytes);

    Array<value_type, rank, Replicated, backend_type> result(shape(x, indices), rows.comm());
    fill_part(result, [&](value_type* out) {
      const auto* from = reinterpret_cast<const value_type*>(all.data.get());
      for (const auto& list : of_rank) {
        const auto count = static_cast<Size>(list.size());
        place_slabs(slabs, from, count, out, static_cast<Size>(places.size()), list.data());
        from += count * slabs.size();
      }
    });
    return result;
  }
  // Who sends how much is data, known where the indices are an array; otherwise they are taken to be spread evenly.
  void plan(Plan& plan, const E& x, const I& indices) const {
    const auto extents = x.shape();
    const Size n = indices.shape().size(), slab = Slabs::of<Axis>(extents).size() * static_cast<Size>(sizeof(value_type));
    const int ranks = plan.ranks();
    plan.loop("take: indices", n, [&] { plan_statement(indices, plan); });
    plan.loop("take", largest_part<From>(extents, ranks), [&] { plan_statement(x, plan); });
    std::vector<Size> rows(static_cast<std::size_t>(ranks));
    if constexpr (requires { indices.local().data(); }) {
      const Owners<Axis, From, rank_of<E>> owner(extents, ranks);
      for (const Size place : places_of<backend_of<I>>(indices, extents[Axis], Axis)) ++rows[owner(place)];
    } else
      for (int r = 0; r < ranks; ++r) rows[static_cast<std::size_t>(r)] = block_of(n, ranks, r).extent;
    plan.message(Collective::all_gather, "take", [&](int r) { return rows[static_cast<std::size_t>(r)] * slab * (ranks - 1); });
    plan.temporary("take", [&](int r) { return (n + rows[static_cast<std::size_t>(r)]) * slab; });
  }
};

// Indices of S<0>: to the owners, and the rows back.
template <int Axis, Expression E, Expression I>
struct TakeBack {
  using value_type = value_of<E>;
  using policy_type = policy_of<E>;
  using backend_type = backend_or_default<typename joined_backend<backend_of<E>, backend_of<I>>::type>;
  static constexpr int rank = rank_of<E>;
  static constexpr Collectives collectives = Collectives(Collective::exchange) | Collective::all_reduce;

  Shape<rank> shape(const E& x, const I& indices) const { return taken_shape<Axis>(x.shape(), indices.shape()); }

  auto operator()(const E& x, const I& indices) const {
    const auto extents = x.shape();
    const Array<value_of<I>, 1, policy_of<I>, backend_type> asked(indices);
    const Array<value_type, rank, policy_type, backend_type> rows(x);
    const Communicator& comm = *rows.comm();
    const auto ranks = static_cast<std::size_t>(comm.size());
    std::vector<Size> places;
    agreed(comm, [&] { places = places_of<backend_type>(asked, extents[Axis], Axis); });

    // Mine, by owner.
    std::vector<std::vector<Size>> of_rank(ranks);
    const Owners<Axis, policy_type, rank> owner(extents, comm.size());
    for (std::size_t j = 0; j < places.size(); ++j) of_rank[owner(places[j])].push_back(static_cast<Size>(j));
    std::vector<Size> count_out(ranks), count_in(ranks), wanted, wishes;
    for (std::size_t q = 0; q < ranks; ++q) {
      count_out[q] = static_cast<Size>(of_rank[q].size());
      for (const Size j : of_rank[q]) wanted.push_back(places[static_cast<std::size_t>(j)]);
    }
    const std::vector<Size> one(ranks, sizeof(Size));
    comm.all_to_all(count_out.data(), one, count_in.data(), one);
    wishes.resize(static_cast<std::size_t>(std::accumulate(count_in.begin(), count_in.end(), Size{0})));
    comm.all_to_all(wanted.data(), times(count_out, sizeof(Size)), wishes.data(), times(count_in, sizeof(Size)));

    const Slabs slabs = Slabs::of<Axis>(extents);
    const Size slab = slabs.size() * static_cast<Size>(sizeof(value_type));
    const Bytes outgoing(static_cast<Size>(wishes.size()) * slab), incoming(static_cast<Size>(places.size()) * slab);
    auto* piece = reinterpret_cast<value_type*>(outgoing.data.get());
    for (std::size_t q = 0, first = 0; q < ranks; ++q) {
      const auto end = first + static_cast<std::size_t>(count_in[q]);
      pick<Axis, backend_type>(rows, {wishes.begin() + static_cast<Size>(first), wishes.begin() + static_cast<Size>(end)}, piece);
      piece += count_in[q] * slabs.size();
      first = end;
    }
    comm.all_to_all(outgoing.data.get(), times(count_in, slab), incoming.data.get(), times(count_out, slab));

    Array<value_type, rank, policy_type, backend_type> result(shape(x, indices), rows.comm());
    fill_part(result, [&](value_type* out) {
      const auto* from = reinterpret_cast<const value_type*>(incoming.data.get());
      for (std::size_t q = 0; q < ranks; ++q) {
        place_slabs(slabs, from, count_out[q], out, static_cast<Size>(places.size()), of_rank[q].data());
        from += count_out[q] * slabs.size();
      }
    });
    return result;
  }
  // Who asks whom is data: the plan says what is sent if nobody holds what he asks for and everyone is asked alike.
  void plan(Plan& plan, const E& x, const I& indices) const {
    const auto extents = x.shape();
    const Size slab = Slabs::of<Axis>(extents).size() * static_cast<Size>(sizeof(value_type));
    const int ranks = plan.ranks();
    const auto asked = [&](int r) { return block_of(indices.shape()[0], ranks, r).extent; };
    plan.loop("take: indices", largest_part<policy_of<I>>(indices.shape(), ranks), [&] { plan_statement(indices, plan); });
    plan.loop("take", largest_part<policy_type>(extents, ranks), [&] { plan_statement(x, plan); });
    plan.message(Collective::all_reduce, "take: agreement on the indices", [](int) { return Size{4}; });
    plan.message(Collective::exchange, "take: numbers of indices", [&](int) { return (ranks - 1) * static_cast<Size>(sizeof(Size)); });
    plan.message_at_most(Collective::exchange, "take: indices", [&](int r) { return ranks > 1 ? asked(r) * static_cast<Size>(sizeof(Size)) : 0; });
    plan.message_at_most(Collective::exchange, "take: rows", [&](int r) { return ranks > 1 ? asked(r) * slab : 0; });
    plan.temporary("take", [&](int r) { return 2 * asked(r) * slab; });
  }

 private:
  static std::vector<Size> times(std::vector<Size> counts, Size bytes) {
    for (Size& count : counts) count *= bytes;
    return counts;
  }
};

}  // namespace detail
}  // namespace priel
