// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// KNeighborsClassifier: the class that most of the nearest fitted samples have; samples R or S<0>, predictions have the policy of what is asked.
#pragma once

#include <priel/algorithms/detail/classes.hpp>
#include <priel/algorithms/neighbours_values.hpp>

#include <cmath>
#include <limits>

namespace priel {

// Whether neighbours count alike, or by the inverse of their distance: those at distance 0, if there are any, alone.
enum class Weights { uniform, distance };

namespace kernel {

// The part of the votes of a row's neighbours, in order, that each class has.
template <class T>
struct Votes {
  Size k, classes;
  bool by_distance;
  const T* distance;   // (n, k)
  const Size* place;   // (n, k): the neighbours' classes
  double* part;        // (n, classes)

  PRIEL_DEVICE void operator()(Size row) const {
    double* const votes = part + row * classes;
    const T* const far = distance + row * k;
    for (Size c = 0; c < classes; ++c) votes[c] = 0;
    const bool coincides = by_distance && far[0] == T{};
    double total = 0;
    for (Size r = 0; r < k; ++r) {
      const double vote = !by_distance ? 1 : coincides ? (far[r] == T{} ? 1 : 0) : 1 / static_cast<double>(far[r]);
      votes[place[row * k + r]] += vote;
      total += vote;
    }
    for (Size c = 0; c < classes; ++c) votes[c] /= total;
  }
};

}  // namespace kernel

namespace detail {

// A magnitude that d features may have without any two samples being infinitely far apart.
template <class M, class T>
T largest_measurable(Size d) {
  for (T most = std::numeric_limits<T>::max() / 2;; most /= 16) {
    T sum{};
    for (Size f = 0; f < d && std::isfinite(sum); ++f) sum = M::template add<T>(sum, 2 * most);
    if (most < 1 || std::isfinite(M::template finish<T>(sum))) return most;
  }
}

// The k nearest of the samples of each of x, by distance, then index: exactly k. Throws InputError on every rank if a value of x is not finite,
// or too large, and the samples are S<0>; on that rank if they are R.
template <class M, class T, class Of, class Among, class Backend>
Neighbours<T, Of, Backend> nearest_of(const char* name, const Array<T, 2, Of, Backend>& x, const Array<T, 2, Among, Backend>& samples, Size k) {
  const Comm comm = comm_or_world(joined_comm(x.comm(), samples.comm()));
  const Size rows = x.lshape()[0], d = x.shape()[1];
  Search<Backend, M, T> search(rows, k, -1, true);
  const bool finite = finite_samples(x, largest_measurable<M, T>(d)) == rows;
  if constexpr (std::is_same_v<Among, Replicated>) {
    if (!finite) refuse_here(name, "x", x);
    search.offer(d, x.local().data(), samples.local().data(), samples.shape()[0], 0);
  } else {   // behind each block goes word of what its rank is asked
    const auto part = [&](int q) { return Among::part(samples.shape(), comm->size(), q); };
    const OnCpu<Backend, T> own(samples.local().data(), samples.lshape().size());
    std::vector<T> mine(own.data(), own.data() + samples.lshape().size());
    mine.push_back(static_cast<T>(finite));
    bool all_finite = true;
    pass_round(*comm, mine.data(), [&](int q) { return part(q).size() + 1; }, [&](int q, const T* block) {
      const OnBackend<Backend, T> here(block, part(q).size());
      search.offer(d, x.local().data(), here.data(), part(q).extent[0], part(q).lower[0]);
      all_finite = all_finite && block[part(q).size()] != T{};
    });
    if (!all_finite) refuse_not_finite(name, "x", x);
  }
  const Shape<2> shape{x.shape()[0], k};
  Neighbours<T, Of, Backend> result{Array<Size, 2, Of, Backend>(shape, comm), Array<T, 2, Of, Backend>(shape, comm)};
  search.write(k, result.index.local_mut().data(), result.distance.local_mut().data());
  return result;
}

}  // namespace detail

// What KNeighborsClassifier::fit keeps: the samples (n, d) where they are, and the classes (c) in order.
template <class T, class Label, class Policy, class Backend, class M>
struct KNeighborsClassifierModel {
  Array<Label, 1, Replicated, Backend> classes;   // classes_
  Array<T, 2, Policy, Backend> samples;
  Array<Size, 1, Policy, Backend> places;         // of each sample's class among the classes
  Size neighbors;
  Weights weights;

  // The part of each class in the votes of the nearest samples of each of x (m, d), any expression, R or S<0>: (m, c), policy of x. Exactly
  // `neighbors` vote, of samples as far as the last those that come first. Of samples that are R nothing is sent. Of S<0>, blocks of them go round
  // (p - 1 Exchanges), each with one number more, and the classes of those that are found elsewhere are fetched (3 Exchanges, of a sample's at most
  // once for every other rank); x that is R is shared out among the ranks, and its votes gathered. ShapeError if x has other features; InputError
  // for values that are not finite, or too large, on all ranks, or where the samples are R on the rank that has one.
  template <Expression X>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto predict_proba(const X& x) const -> Array<double, 2, detail::sample_policy<X>, Backend> {
    return Array<double, 2, detail::sample_policy<X>, Backend>(votes(x));
  }

  // The class that most of them have, of equals the first: (m), policy of x. Sends the same, and gathers labels where x is R and the samples are not.
  template <Expression X>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto predict(const X& x) const -> Array<Label, 1, detail::sample_policy<X>, Backend> {
    return Array<Label, 1, detail::sample_policy<X>, Backend>(take<0>(classes, argmax(votes(x), axis<1>)));
  }

  // The fraction of the samples that predict puts in the class that `labels` says. One Allreduce more, where x is S<0>; InputError is thrown on all
  // ranks here.
  template <Expression X, detail::ClassLabels L>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  double score(const X& x, const L& labels) const {
    detail::check_rows("KNeighborsClassifier", x.shape()[0], "labels", labels.shape()[0]);
    return detail::fraction_matched("KNeighborsClassifier", detail::samples_of(x), labels, [&](const auto& asked) { return predict(asked); });
  }

 private:
  template <class X>
  auto votes(const X& x) const {
    using Of = std::conditional_t<std::is_same_v<Policy, Replicated>, detail::sample_policy<X>, Policy>;
    detail::check_fitted("KNeighborsClassifier", samples.shape()[1], x.shape());
    const Array<T, 2, Of, Backend> asked(astype<T>(detail::whole_samples(x)));
    const auto near = detail::nearest_of<M>("KNeighborsClassifier", asked, samples, neighbors);
    const Array<Size, 2, Of, Backend> found(detail::NeighbourValues<Size, Of, Policy, Backend>(near.index, samples.shape()[0])(places));
    Array<double, 2, Of, Backend> part(Shape<2>{asked.shape()[0], classes.shape()[0]}, asked.comm());
    const auto lease = part.local_mut();
    Backend::for_each(asked.lshape()[0], kernel::Votes<T>{neighbors, classes.shape()[0], weights == Weights::distance, near.distance.local().data(),
                                                          found.local().data(), lease.data()});
    return part;
  }
};

// scikit-learn's: n_neighbors is `neighbors`.
struct KNeighborsClassifier {
  Size neighbors = 5;
  Weights weights = Weights::uniform;

  // Keeps samples x (n, d), any expression, R or S<0>, and their labels (n), integers, R or the policy of x. Metrics: those of cdist that are not of
  // directions, or a struct like these. Sends which classes there are: one Allreduce of 16 bytes for each of 16 classes, another where there are
  // more. ShapeError for other numbers of labels; InputError for fewer samples than neighbours, and for values that are not
  // finite or so large that the metric of two of them would not be.
  template <Expression X, detail::ClassLabels L, MetricLike M = metric::Euclidean>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex && !detail::of_directions<M>())
  auto fit(const X& given, const L& labels, M = {}) const
      -> KNeighborsClassifierModel<detail::sample_type<X>, value_of<L>, detail::sample_policy<X>, detail::backend_or_default<backend_of<X>>, M> {
    using Backend = detail::backend_or_default<backend_of<X>>;
    using Policy = detail::sample_policy<X>;
    using Label = value_of<L>;
    detail::check_parameter(neighbors >= 1, "KNeighborsClassifier", "neighbors", static_cast<double>(neighbors), "at least 1");
    detail::check_samples("KNeighborsClassifier", given.shape(), neighbors);
    const auto x = detail::samples_of(given);
    const Size rows = x.lshape()[0];
    const auto own = detail::labels_of("KNeighborsClassifier", x, labels);
    const detail::OnCpu<Backend, Label> on_cpu(own.local().data(), rows);

    // Whether all samples can be measured is told along with the classes.
    const auto most = detail::largest_measurable<M, detail::sample_type<X>>(x.shape()[1]);
    const double count = detail::finite_samples(x, most) == rows ? 1 : std::numeric_limits<double>::quiet_NaN();
    detail::ClassMoments<Label> classes;
    for (const Label& label : detail::distinct(on_cpu.data(), rows)) classes[label] = {count};
    if constexpr (!std::is_same_v<Policy, Replicated>) detail::merge_over(*x.comm(), classes, 1);
    std::vector<Label> in_order;
    for (const auto& [label, moments] : classes) {
      if (moments[0] != moments[0]) detail::refuse_not_finite("KNeighborsClassifier", "x", x);
      in_order.push_back(label);
    }
    Array<Size, 1, Policy, Backend> places(Shape<1>{x.shape()[0]}, x.comm());
    detail::fill_on_cpu(places, [&](Size* to) { std::ranges::copy(detail::places_among(in_order, on_cpu.data(), rows), to); });
    return {detail::labels_in_order<Backend>(x.comm(), classes), x, places, neighbors, weights};
  }
};

}  // namespace priel
