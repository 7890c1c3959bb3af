// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// pdist(x): distances of all pairs of one set of samples, each measured once, R -> R, S<0> -> S<0> (blocks go round).
#pragma once

#include <priel/algorithms/cdist.hpp>
#include <priel/policies/redistributions.hpp>

namespace priel {

namespace detail {

// For Computed.
template <class M, class X>
struct CondensedDistances {
  M metric;

  using value_type = Distance<X, X>;
  using policy_type = stored_policy<policy_of<X>>;
  using backend_type = backend_or_default<backend_of<X>>;
  static constexpr int rank = 1;
  static constexpr bool passes = !std::is_same_v<policy_type, Replicated>;
  static constexpr Collectives collectives = passes ? Collectives(Collective::exchange) : Collectives{};
  static constexpr Size size = sizeof(value_type);

  Shape<1> shape(const X& x) const { return {x.shape()[0] * (x.shape()[0] - (x.shape()[0] > 0)) / 2}; }

  Array<value_type, 1, policy_type, backend_type> operator()(const X& x) const {
    Array<value_type, 1, policy_type, backend_type> result(shape(x), comm_or_world(x.comm()));
    const Comm& comm = result.comm();
    const auto samples = operand_part<value_type, policy_type, backend_type>(x, comm);
    const Size n = x.shape()[0], d = x.shape()[1], held = samples.lshape()[0];
    if constexpr (of_directions<M>()) {
      Buffer<value_type, backend_type> directions(held * d);
      backend_type::for_each(held, kernel::Directions<value_type>{d, samples.local().data(), directions.data()});
      CondensedDistances<metric::SquaredEuclidean, X>{{}}.measure(*comm, n, d, directions.data(), held, result.local_mut().data());
    } else measure(*comm, n, d, samples.local().data(), held, result.local_mut().data());
    return result;
  }

  // The distances that this rank holds, of all n samples, `held` of which it has.
  void measure(const Communicator& comm, Size n, Size d, const value_type* samples, Size held, value_type* out) const {
    const Condensed pairs = pairs_of(n, comm.size(), comm.rank());
    const auto task = [&](Size row, const value_type* left, Size column, const value_type* right, Size columns) {
      return kernel::CondensedPairs<M, value_type>{pairs, row, column, columns, d, left, right, out, metric};
    };
    if constexpr (!passes) measure_condensed<backend_type, M, value_type>(task(0, samples, 0, samples, n), n);
    else {
      const OnCpu<backend_type, value_type> mine(samples, held * d);
      const Bytes fetched = rows_that_pairs_begin_with(comm, n, d, mine.data());
      const Block rows = pairs.rows();
      const OnBackend<backend_type, value_type> left(reinterpret_cast<const value_type*>(fetched.data.get()), rows.extent * d);
      pass_round(comm, mine.data(), [&](int q) { return block_of(n, comm.size(), q).extent * d; }, [&](int q, const value_type* block) {
        const Block columns = block_of(n, comm.size(), q);
        if (columns.lower + columns.extent <= rows.lower + 1 || rows.extent == 0) return;   // all pairs end behind it
        const OnBackend<backend_type, value_type> here(block, columns.extent * d);
        measure_condensed<backend_type, M, value_type>(task(rows.lower, left.data(), columns.lower, here.data(), columns.extent), rows.extent);
      });
    }
  }

  void plan(Plan& plan, const X& x) const {
    const Size n = x.shape()[0], bytes = x.shape()[1] * size;
    const int ranks = plan.ranks();
    plan_operand<value_type, policy_type>(x, plan);
    if constexpr (passes) {
      const auto rows = [&](int q) { return pairs_of(n, ranks, q).rows(); };
      plan.message(Collective::exchange, "the rows that pairs begin with", [&](int r) {
        Size sum = 0;
        for (int q = 0; q < ranks; ++q) sum += q == r ? 0 : common(rows(q), block_of(n, ranks, r)).extent * bytes;
        return sum;
      });
      plan.temporary("the rows that pairs begin with", [&](int r) { return rows(r).extent * bytes; });
      plan_round(plan, to_string(x.shape()), bytes, [&](int q) { return block_of(n, ranks, q).extent; });
    }
    plan.loop("pdist", largest_part<policy_type>(shape(x), ranks), [&] { plan.fused("distance"); });
  }

 private:
  static Condensed pairs_of(Size n, int ranks, int of_rank) {
    const Size all = Condensed::before(n, n);
    const Block mine = passes ? block_of(all, ranks, of_rank) : Block{0, all};
    return {n, mine.lower, mine.extent};
  }
  static Block common(const Block& a, const Block& b) {
    const Size lower = std::max(a.lower, b.lower), upper = std::min(a.lower + a.extent, b.lower + b.extent);
    return {lower, std::max<Size>(0, upper - lower)};
  }

  // A pair belongs to one rank, which needs the sample that it begins with throughout: few, but for the last ranks, which have the short rows.
  static Bytes rows_that_pairs_begin_with(const Communicator& comm, Size n, Size d, const value_type* mine) {
    const int ranks = comm.size();
    const Block own = block_of(n, ranks, comm.rank()), wanted = pairs_of(n, ranks, comm.rank()).rows();
    std::vector<value_type> outgoing;
    std::vector<Size> send, receive;
    for (int q = 0; q < ranks; ++q) {
      const Block theirs = common(pairs_of(n, ranks, q).rows(), own);
      outgoing.insert(outgoing.end(), mine + (theirs.lower - own.lower) * d, mine + (theirs.lower - own.lower + theirs.extent) * d);
      send.push_back(theirs.extent * d * size);
      receive.push_back(common(wanted, block_of(n, ranks, q)).extent * d * size);
    }
    Bytes result(wanted.extent * d * size);
    comm.all_to_all(outgoing.data(), send, result.data.get(), receive);
    return result;
  }
};

}  // namespace detail

// Distances of all pairs i < j of the samples (rows) of x (n, d), as SciPy's condensed vector (n (n - 1) / 2): those of sample 0 with 1, 2, ..., then
// those of sample 1, and so on. Bit for bit what cdist(x, x) says of them. Metrics: those of cdist; of a callable, the one with the smaller index first.
// R -> R: nothing is sent. S<0> -> S<0>: the vector is shared out like any other, so that each rank measures as many pairs, each pair on one rank;
// samples travel, which are fewer than distances: one Exchange of the rows that a rank's pairs begin with, at most n / √p of them, and p - 1 blocks
// (Exchange); a rank holds its part, the result's, those rows and two blocks.
template <Expression X, class M = metric::Euclidean>
  requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex && PairMetric<M, detail::Distance<X, X>>)
auto pdist(X&& x, M metric = {}) {
  using Samples = detail::settled_t<X>;
  using Policy = detail::stored_policy<policy_of<Samples>>;
  static_assert(std::is_same_v<Policy, Replicated> || std::is_same_v<Policy, Split<0>>,
                "pdist needs whole samples on one rank: write redistribute(x, split<0>)");
  return Computed<detail::CondensedDistances<M, Samples>, Samples>({std::move(metric)}, detail::settled(std::forward<X>(x)));
}

}  // namespace priel
