// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rings: blocks that go from rank to rank until everyone has seen them; matmul_ring, S<0> S<0> -> S<0>, S<0> S<1> -> S<0>, S<1> S<1> -> S<1>.
#pragma once

#include <priel/algorithms/detail/on_cpu.hpp>
#include <priel/algorithms/matmul.hpp>
#include <priel/first_error.hpp>

namespace priel {

namespace detail {

// Collective. Calls f(q, block) with the block of every rank q, one after the other, its own first. Block q has count(q) elements of
// T in CPU memory. Every rank passes on all blocks but the last that it sees, each while f works on it; it holds its own and two more at a time.
// Where f throws on a rank, that rank's calls end, the blocks still go round, for the others' sake, and it throws then.
template <class T, class Count, class F>
void pass_round(const Communicator& comm, const T* mine, Count&& count, F&& f) {
  const int ranks = comm.size(), rank = comm.rank();
  Bytes held(0);
  const T* block = mine;
  FirstError failed;
  const auto see = [&](int owner) {
    if (!failed.error()) failed.guard(0, [&] { f(owner, block); });
  };
  for (int step = 0; step + 1 < ranks; ++step) {
    const int owner = (rank + step) % ranks, next = (owner + 1) % ranks;
    std::vector<Size> send(static_cast<std::size_t>(ranks)), receive(send.size());
    send[static_cast<std::size_t>((rank + ranks - 1) % ranks)] = count(owner) * static_cast<Size>(sizeof(T));
    receive[static_cast<std::size_t>((rank + 1) % ranks)] = count(next) * static_cast<Size>(sizeof(T));
    Bytes incoming(count(next) * static_cast<Size>(sizeof(T)));
    {
      const auto passing = comm.begin_all_to_all(block, send, incoming.data.get(), receive);
      see(owner);
    }
    held = std::move(incoming);
    block = reinterpret_cast<const T*>(held.data.get());
  }
  see((rank + ranks - 1) % ranks);
  failed.rethrow();
}

// What it sends, and the two blocks.
template <class Count>
void plan_round(Plan& plan, const std::string& what, Size bytes, Count&& count) {
  const int ranks = plan.ranks();
  plan.message(Collective::exchange, what + " round the ring", [&](int r) {
    Size sum = 0;
    for (int step = 0; step + 1 < ranks; ++step) sum += count((r + step) % ranks) * bytes;
    return sum;
  });
  if (ranks > 1)
    plan.temporary("blocks in passing", [&](int r) {
      Size most = 0;
      for (int step = 1; step < ranks; ++step)
        most = std::max(most, (count((r + step) % ranks) + (step > 1 ? count((r + step - 1) % ranks) : 0)) * bytes);
      return most;
    });
}

// For Computed: the product where each rank needs all blocks of one operand, one at a time. Rows of both split: blocks of the right
// one's rows meet columns of the left. Columns of both: blocks of the left one's columns meet rows of the right. Rows of the left and
// columns of the right: each block gives columns of the result.
template <class L, class R>
struct RingProduct {
  static constexpr int left_axis = only_split_axis<policy_of<L>, 2>(), right_axis = only_split_axis<policy_of<R>, 2>();
  static constexpr bool left_goes = left_axis == 1;
  using Axes = MatmulAxes<2, 2>;
  using value_type = promote<value_of<L>, value_of<R>>;
  using policy_type = policy_of<L>;
  using backend_type = backend_or_default<typename joined_backend<backend_of<L>, backend_of<R>>::type>;
  static constexpr int rank = 2;
  static constexpr Collectives collectives = Collective::exchange;

  Shape<2> shape(const L& l, const R& r) const {
    if (l.shape()[1] != r.shape()[0]) refuse_extents("matmul_ring", l.shape(), r.shape());
    return {l.shape()[0], r.shape()[1]};
  }

  Array<value_type, 2, policy_type, backend_type> operator()(const L& l, const R& r) const {
    Array<value_type, 2, policy_type, backend_type> result(shape(l, r), comm_or_world(joined_comm(l.comm(), r.comm())));
    const Comm& comm = result.comm();
    const auto a = operand_part<value_type, policy_of<L>, backend_type>(l, comm);
    const auto b = operand_part<value_type, policy_of<R>, backend_type>(r, comm);
    const auto lease = result.local_mut();
    const auto& staying = [&]() -> const auto& { if constexpr (left_goes) return b; else return a; }();
    const auto& going = [&]() -> const auto& { if constexpr (left_goes) return a; else return b; }();
    using Going = std::remove_cvref_t<decltype(going)>;
    const auto part = [&](int q) { return policy_of<Going>::part(going.shape(), comm->size(), q); };
    bool first = true;
    const OnCpu<backend_type, value_type> mine(going.local().data(), going.lshape().size());
    pass_round(*comm, mine.data(), [&](int q) { return part(q).size(); }, [&](int q, const value_type* block) {
      const OnBackend<backend_type, value_type> here(block, part(q).size());
      step(part(q), staying.local().data(), staying.lshape(), here.data(), lease.data(), result.lshape(), !std::exchange(first, false));
    });
    return result;
  }

  void plan(Plan& plan, const L& l, const R& r) const {
    plan_operand<value_type, policy_of<L>>(l, plan);
    plan_operand<value_type, policy_of<R>>(r, plan);
    const auto count = [&](int q) {
      if constexpr (left_goes) return policy_of<L>::part(l.shape(), plan.ranks(), q).size();
      else return policy_of<R>::part(r.shape(), plan.ranks(), q).size();
    };
    plan_round(plan, to_string(left_goes ? l.shape() : r.shape()), static_cast<Size>(sizeof(value_type)), count);
    plan.loop("matmul_ring", largest_part<policy_type>(shape(l, r), plan.ranks()), [&] { plan.fused("matmul"); });
  }

 private:
  // What a block (its box in the operand that goes round) adds to the result.
  static void step(const Box<2>& box, const value_type* staying, const Shape<2>& staying_extent, const value_type* block, value_type* out,
                   const Shape<2>& out_extent, bool later) {
    kernel::Products<value_type> task{1, 1, 1, out_extent[0], out_extent[1], box.extent[left_goes ? 1 : 0], staying, block, out};
    if constexpr (left_goes) {   // a block of columns times the rows of b that meet them
      task.a = block;
      task.b = staying + box.lower[1] * staying_extent[1];
      task.add = later;
    } else if constexpr (right_axis == 0) {
      task.a = staying + box.lower[0];
      task.a_stride = staying_extent[1];
      task.add = later;
    } else {
      task.n = task.b_stride = box.extent[1];
      task.c += box.lower[1];
    }
    multiply_all<backend_type, value_type>(task);
  }
};

template <class P, class Q>
concept GoesRound = !MatmulRule<2, P, 2, Q>::ok && only_split_axis<stored_policy<P>, 2>() >= 0 && only_split_axis<stored_policy<Q>, 2>() >= 0;

}  // namespace detail

// matmul of matrices that are split so that no rank holds both factors of any term (where matmul is error E05): blocks of one operand
// go round, and each rank holds two of them at a time beside its parts. S<0> S<0> -> S<0> and S<0> S<1> -> S<0> pass r round, S<1> S<1> -> S<1>
// passes l round. Each rank sends p - 1 blocks (Exchange). Sums are added up in the order in which blocks come, in the element
// type. Throws ShapeError if the inner extents differ.
template <Expression L, Expression R>
  requires(rank_of<L> == 2 && rank_of<R> == 2 && detail::GoesRound<policy_of<L>, policy_of<R>> &&
           detail::joined_backend<backend_of<L>, backend_of<R>>::ok)
auto matmul_ring(L&& l, R&& r) {
  if constexpr (detail::both_bool<L, R>)
    return matmul_ring(astype<std::int64_t>(std::forward<L>(l)), astype<std::int64_t>(std::forward<R>(r))) != 0;
  else {
    using Left = detail::settled_t<L>;
    using Right = detail::settled_t<R>;
    return Computed<detail::RingProduct<Left, Right>, Left, Right>({}, detail::settled(std::forward<L>(l)), detail::settled(std::forward<R>(r)));
  }
}

}  // namespace priel
