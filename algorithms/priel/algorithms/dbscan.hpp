// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// DBSCAN: clusters of samples that lie densely (Ester, Kriegel, Sander, Xu 1996); labels have the policy of the samples, R or S<0>.
#pragma once

#include <priel/algorithms/detail/density.hpp>
#include <priel/algorithms/detail/samples.hpp>
#include <priel/algorithms/ring.hpp>

namespace priel {

// What DBSCAN::fit finds.
template <class Policy, class Backend>
struct DBSCANModel {
  Array<Size, 1, Policy, Backend> labels;             // (n): labels_; -1 is noise
  Array<Size, 1, Replicated, Backend> core_samples;   // core_sample_indices_, global, rising
  Size clusters = 0;
};

namespace detail {

// Collective. Calls f(q, block) with the blocks of the next half of the ranks, so that each pair of ranks meets on one of them. Block q has count(q)
// elements of T in CPU memory; each goes straight to who looks at it.
template <class T, class Count, class F>
void visit_half(const Communicator& comm, const T* mine, Count&& count, F&& f) {
  const int ranks = comm.size(), rank = comm.rank();
  for (int step = 1; 2 * step <= ranks; ++step) {
    const int from = (rank + step) % ranks, to = (rank - step + ranks) % ranks;
    const auto looks = [&](int viewer) { return 2 * step < ranks || 2 * viewer < ranks; };   // of two opposite ranks one
    std::vector<Size> send(static_cast<std::size_t>(ranks)), receive(send.size());
    if (looks(to)) send[static_cast<std::size_t>(to)] = count(rank) * static_cast<Size>(sizeof(T));
    if (looks(rank)) receive[static_cast<std::size_t>(from)] = count(from) * static_cast<Size>(sizeof(T));
    const Bytes block(receive[static_cast<std::size_t>(from)]);
    comm.all_to_all(mine, send, block.data.get(), receive);
    if (looks(rank)) f(from, reinterpret_cast<const T*>(block.data.get()));
  }
}

// Every core sample's cluster, numbered in the order of their first core samples; -1 elsewhere.
inline std::vector<Size> numbered(const std::vector<Role>& role, Forest& forest, Size& clusters) {
  std::vector<Size> label(role.size(), -1);
  for (std::size_t i = 0; i < label.size(); ++i)
    if (role[i] == Role::core) {
      const Size first = forest.root(static_cast<Size>(i));
      label[i] = first == static_cast<Size>(i) ? clusters++ : label[static_cast<std::size_t>(first)];
    }
  return label;
}

// The first cluster that a neighbour is a core sample of, or -1.
inline Size first_of_labels(const std::vector<Size>& neighbours, const std::vector<Size>& label) {
  Size first = -1;
  for (const Size near : neighbours) {
    const Size other = label[static_cast<std::size_t>(near)];
    if (other >= 0 && (first < 0 || other < first)) first = other;
  }
  return first;
}

}  // namespace detail

// scikit-learn's: eps is `radius`, min_samples is `samples`.
struct DBSCAN {
  double radius = 0.5;
  Size samples = 5;

  // Of x (n, d), any expression, R or S<0>: core samples have at least `samples` samples, themselves included, no farther than the radius; those
  // within the radius of each other are in one cluster, and clusters are numbered by their first core samples. A sample that is not core is in the
  // first cluster one of whose core samples is that near; without any it is noise. So are scikit-learn's labels, and they are the same for every
  // number of ranks. Metrics: those of cdist that are not of directions, or a struct like these.
  // Sends, where x is S<0>, whatever the data: p - 1 blocks of samples round the ranks, each sample's role (one Allgather of n bytes), blocks to half
  // of the ranks (p / 2 Exchanges), and before and after these the sets of samples (an Allreduce of 8 (n + 1) bytes each). A rank holds its part,
  // two blocks, up to samples - 1 neighbours of each of its samples, and 17 bytes for each of all n; never their distances.
  // InputError for no samples, values that are not finite, a radius that is not above 0, and samples below 1.
  template <Expression X, MetricLike M = metric::Euclidean>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex && !detail::of_directions<M>())
  auto fit(const X& given, M = {}) const -> DBSCANModel<detail::sample_policy<X>, detail::backend_or_default<backend_of<X>>> {
    using T = detail::sample_type<X>;
    using Policy = detail::sample_policy<X>;
    using Backend = detail::backend_or_default<backend_of<X>>;
    constexpr bool passes = !std::is_same_v<Policy, Replicated>;
    detail::check_samples("DBSCAN", given.shape());
    detail::check_parameter(radius > 0, "DBSCAN", "radius", radius, "above 0");
    detail::check_parameter(samples >= 1, "DBSCAN", "samples", static_cast<double>(samples), "at least 1");
    const auto x = detail::samples_of(given);
    const Comm comm = x.comm();
    const Size n = x.shape()[0], lower = x.part().lower[0], rows = x.lshape()[0];
    const T* const own = x.local().data();
    const auto part = [&](int q) { return Policy::part(x.shape(), comm->size(), q); };
    detail::DensitySearch<Backend, M, T> search(static_cast<T>(radius), std::min(samples, n + 1), rows, x.shape()[1], own, lower);
    const detail::OnCpu<Backend, T> mine(own, passes ? x.lshape().size() : 0);
    const auto of_rank = [&](auto&& f) {   // of another rank's block
      return [&, f](int q, const T* block) {
        if (q == comm->rank()) return f(own, rows, lower);
        const detail::OnBackend<Backend, T> here(block, part(q).size());
        f(here.data(), part(q).extent[0], part(q).lower[0]);
      };
    };

    const auto count = of_rank([&](const T* y, Size m, Size from) { search.count(y, m, from); });
    if constexpr (passes) detail::pass_round(*comm, mine.data(), [&](int q) { return part(q).size(); }, count);
    else count(comm->rank(), own);
    std::vector<detail::Role> role(static_cast<std::size_t>(n));
    search.roles(role.data() + lower);
    if constexpr (passes) {
      std::vector<Size> sizes;
      for (int q = 0; q < comm->size(); ++q) sizes.push_back(part(q).extent[0]);
      comm->all_gather(role.data() + lower, role.data(), sizes);
    }
    if (std::find(role.begin(), role.end(), detail::Role::not_finite) != role.end()) detail::refuse_not_finite("DBSCAN", "x", x);

    detail::Forest forest(n);
    const auto connect = of_rank([&](const T* y, Size m, Size from) { search.connect(y, m, from, role.data(), forest); });
    connect(comm->rank(), own);
    if constexpr (passes) {
      forest.merge_over(*comm);   // what is together on a rank need not be found so by its visitors
      detail::visit_half(*comm, mine.data(), [&](int q) { return part(q).size(); }, connect);
      forest.merge_over(*comm);
    }

    DBSCANModel<Policy, Backend> model{Array<Size, 1, Policy, Backend>(Shape<1>{n}, comm),
                                       Array<Size, 1, Replicated, Backend>(Shape<1>{std::count(role.begin(), role.end(), detail::Role::core)}, comm), 0};
    const std::vector<Size> label = detail::numbered(role, forest, model.clusters);
    detail::fill_on_cpu(model.labels, [&](Size* to) {
      for (Size row = 0; row < rows; ++row)
        to[row] = role[static_cast<std::size_t>(lower + row)] == detail::Role::core ? label[static_cast<std::size_t>(lower + row)]
                                                                                     : detail::first_of_labels(search.neighbours(row), label);
    });
    detail::fill_on_cpu(model.core_samples, [&](Size* to) {
      for (Size i = 0; i < n; ++i)
        if (role[static_cast<std::size_t>(i)] == detail::Role::core) *to++ = i;
    });
    return model;
  }
};

}  // namespace priel
