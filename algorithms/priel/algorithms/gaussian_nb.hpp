// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// GaussianNB: the naive Bayes classifier of normally distributed features; its model is R, labels have the policy of the samples.
#pragma once

#include <priel/algorithms/detail/classes.hpp>
#include <priel/algorithms/take.hpp>
#include <priel/reduce.hpp>

#include <cmath>
#include <numbers>
#include <numeric>

namespace priel {

namespace kernel {

// Item (b, g): of block b of the rows, for each class the means and the sums of squared deviations of the features of group g, by two passes.
template <class T>
struct ClassMomentsOfRows {
  Size n, d, classes, blocks, groups;
  const T* x;
  const Size* place;   // (n): the class of each row
  double* moments;     // (blocks, classes, 1 + 2 d); the counts are there

  PRIEL_DEVICE void operator()(Size item) const {
    const Size b = item / groups, g = item % groups, width = 1 + 2 * d;
    const Size first = d * g / groups, last = d * (g + 1) / groups, lower = n * b / blocks, upper = n * (b + 1) / blocks;
    double* const table = moments + b * classes * width + 1;
    for (Size c = 0; c < classes; ++c)
      for (Size f = first; f < last; ++f) table[c * width + f] = table[c * width + d + f] = 0;
    for (Size i = lower; i < upper; ++i) {
      double* const sums = table + place[i] * width;
      for (Size f = first; f < last; ++f) sums[f] += static_cast<double>(x[i * d + f]);
    }
    for (Size c = 0; c < classes; ++c)
      for (Size f = first; f < last; ++f)
        if (table[c * width - 1] > 0) table[c * width + f] /= table[c * width - 1];
    for (Size i = lower; i < upper; ++i) {
      double* const means = table + place[i] * width;
      for (Size f = first; f < last; ++f) {
        const double delta = static_cast<double>(x[i * d + f]) - means[f];
        means[d + f] += delta * delta;
      }
    }
  }
};

// Of each row its log likelihood together with each class; and the likeliest class, the first of equals, -1 where a feature is not finite.
template <class T>
struct LogLikelihoods {
  Size d, classes;
  const T* x;
  const double* mean;
  const double* variance;
  const double* constant;   // (classes): what does not depend on the row
  double* likelihood;       // (n, classes)
  Size* likeliest;          // (n)

  PRIEL_DEVICE void operator()(Size row) const {
    Size best = 0;
    double most = 0;
    for (Size f = 0; f < d; ++f)
      if (!(x[row * d + f] - x[row * d + f] == T{})) best = -1;
    for (Size c = 0; c < classes; ++c) {
      double sum = 0;
      for (Size f = 0; f < d; ++f) {
        const double delta = static_cast<double>(x[row * d + f]) - mean[c * d + f];
        sum += delta * delta / variance[c * d + f];
      }
      const double value = constant[c] - 0.5 * sum;
      likelihood[row * classes + c] = value;
      if (best >= 0 && (c == 0 || value > most)) {
        best = c;
        most = value;
      }
    }
    likeliest[row] = best;
  }
};

}  // namespace kernel

namespace detail {

// This rank's samples, class by class.
template <class Label, class T, class Policy, class Backend>
ClassMoments<Label> moments_of_classes(const Array<T, 2, Policy, Backend>& x, const Array<Label, 1, Policy, Backend>& labels) {
  const Size n = x.lshape()[0], d = x.lshape()[1], width = 1 + 2 * d;
  const OnCpu<Backend, Label> on_cpu(labels.local().data(), n);
  const std::vector<Label> classes = distinct(on_cpu.data(), n);
  const std::vector<Size> places = places_among(classes, on_cpu.data(), n);
  const Size count = static_cast<Size>(classes.size()), most = Size{1} << 20;
  const Size blocks = std::max<Size>(1, std::min(n / 1024, most / std::max<Size>(1, count * width)));   // of rows that a cache holds, where it may
  std::vector<double> table(static_cast<std::size_t>(blocks * count * width));
  for (Size b = 0; b < blocks; ++b)
    for (Size i = n * b / blocks; i < n * (b + 1) / blocks; ++i)
      table[static_cast<std::size_t>((b * count + places[static_cast<std::size_t>(i)]) * width)] += 1;

  const OnBackend<Backend, Size> place(places.data(), n);
  Buffer<double, Backend> moments(static_cast<Size>(table.size()));
  const Size bytes = static_cast<Size>(table.size() * sizeof(double)), groups = Backend::host_memory ? 1 : std::max<Size>(1, d);
  Backend::upload(moments.data(), table.data(), bytes);
  Backend::for_each(blocks * groups, kernel::ClassMomentsOfRows<T>{n, d, count, blocks, groups, x.local().data(), place.data(), moments.data()});
  Backend::download(table.data(), moments.data(), bytes);

  ClassMoments<Label> result;
  auto from = table.begin();
  for (Size b = 0; b < blocks; ++b) {
    for (const Label& label : classes) {
      const CountedMoments these(from, from + width);
      if (const auto [entry, is_new] = result.try_emplace(label, these); !is_new) merge_moments(entry->second, these);
      from += width;
    }
  }
  return result;
}

}  // namespace detail

// What GaussianNB::fit finds, in double whatever the samples are, as scikit-learn: classes (c) in order, features (d).
template <class Label, class Backend>
struct GaussianNBModel {
  Array<Label, 1, Replicated, Backend> classes;     // (c): classes_
  Array<double, 1, Replicated, Backend> count;      // (c): class_count_
  Array<double, 1, Replicated, Backend> prior;      // (c): class_prior_
  Array<double, 2, Replicated, Backend> mean;       // (c, d): theta_
  Array<double, 2, Replicated, Backend> variance;   // (c, d): var_, divided by the count, and `added` to it
  double added = 0;                                 // epsilon_

  // The likeliest class of each sample of x (m, d): (m), policy of x, R or S<0>; of equals the first. Nothing is sent. ShapeError if x has
  // other features; InputError, on the rank that has it, for a value that is not finite.
  template <Expression X>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto predict(const X& x) const -> Array<Label, 1, detail::sample_policy<X>, Backend> {
    const auto found = likelihoods(x);
    const detail::OnCpu<Backend, Size> places(found.likeliest.local().data(), found.likeliest.lshape()[0]);
    const Size* const end = places.data() + found.likeliest.lshape()[0];
    if (std::find(places.data(), end, Size{-1}) != end) detail::refuse_here("GaussianNB", "x", detail::samples_of(x));
    return take<0>(classes, found.likeliest);
  }

  // log P(class | sample) of each sample and class: (m, c), policy of x. NaN for a sample with a value that is not finite. Nothing is sent.
  template <Expression X>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto predict_log_proba(const X& x) const -> Array<double, 2, detail::sample_policy<X>, Backend> {
    const auto joint = likelihoods(x).joint;
    const auto largest = max(joint, axis<1>, keepdims);
    return joint - (log(sum(exp(joint - largest), axis<1>, keepdims)) + largest);
  }
  template <Expression X>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto predict_proba(const X& x) const -> Array<double, 2, detail::sample_policy<X>, Backend> { return exp(predict_log_proba(x)); }

  // The fraction of the samples that predict puts in the class that `labels` says. One Allreduce, of a number, where x is S<0>; InputError is thrown
  // on all ranks here.
  template <Expression X, detail::ClassLabels L>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  double score(const X& x, const L& labels) const {
    detail::check_rows("GaussianNB", x.shape()[0], "labels", labels.shape()[0]);
    return detail::fraction_matched("GaussianNB", detail::samples_of(x), labels, [&](const auto& samples) { return predict(samples); });
  }

 private:
  template <class Policy>
  struct Likelihoods {
    Array<double, 2, Policy, Backend> joint;
    Array<Size, 1, Policy, Backend> likeliest;
  };
  template <class X>
  auto likelihoods(const X& given) const -> Likelihoods<detail::sample_policy<X>> {
    detail::check_fitted("GaussianNB", mean.shape()[1], given.shape());
    const auto x = detail::samples_of(given);
    const Size c = classes.shape()[0], d = mean.shape()[1];
    Likelihoods<detail::sample_policy<X>> result{Array<double, 2, detail::sample_policy<X>, Backend>(Shape<2>{x.shape()[0], c}, x.comm()),
                                                 Array<Size, 1, detail::sample_policy<X>, Backend>(Shape<1>{x.shape()[0]}, x.comm())};
    const Array<double, 1, Replicated, Backend> constant = log(prior) - 0.5 * sum(log(2 * std::numbers::pi * variance), axis<1>);
    const auto joint = result.joint.local_mut();
    const auto likeliest = result.likeliest.local_mut();
    using Task = kernel::LogLikelihoods<detail::sample_type<X>>;
    Backend::for_each(x.lshape()[0], Task{d, c, x.local().data(), mean.local().data(), variance.local().data(), constant.local().data(), joint.data(),
                                          likeliest.data()});
    return result;
  }
};

// scikit-learn's: var_smoothing is `smoothing`.
struct GaussianNB {
  double smoothing = 1e-9;           // this part of the largest variance of a feature is added to all variances
  std::vector<double> priors = {};   // of the classes in order; empty: as frequent as they are

  // Of samples x (n, d), any expression, R or S<0>, and their labels (n), integers, R or the policy of x; the model is R. Reads x twice while it
  // is in the cache. Sends counts, means and squared deviations of the classes: one Allreduce of 16 (1 + d) bytes for each of 16 classes, another
  // where there are more classes. Chan, Golub, LeVeque 1983 (merging); Zhang 2004 (the classifier).
  // ShapeError for other numbers of labels; InputError for no samples, values that are not finite, features all of which are constant (one
  // within a class, where smoothing is 0), and priors that are not one for each class, at least 0, with the sum 1.
  template <Expression X, detail::ClassLabels L>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto fit(const X& given, const L& labels) const -> GaussianNBModel<value_of<L>, detail::backend_or_default<backend_of<X>>> {
    using Backend = detail::backend_or_default<backend_of<X>>;
    detail::check_samples("GaussianNB", given.shape());
    detail::check_parameter(smoothing >= 0, "GaussianNB", "smoothing", smoothing, "at least 0");
    const auto x = detail::samples_of(given);
    const Size d = x.shape()[1];
    auto classes = detail::moments_of_classes(x, detail::labels_of("GaussianNB", x, labels));
    if constexpr (!std::is_same_v<detail::sample_policy<X>, Replicated>) detail::merge_over(*x.comm(), classes, 1 + 2 * d);

    detail::CountedMoments whole(static_cast<std::size_t>(1 + 2 * d));
    for (const auto& [label, moments] : classes) detail::merge_moments(whole, moments);
    const double largest = *std::max_element(whole.begin() + 1 + d, whole.end()), sum = std::accumulate(whole.begin(), whole.end(), 0.0);
    if (!std::isfinite(sum)) detail::refuse_not_finite("GaussianNB", "x", x);
    if (!(largest > 0)) throw InputError("GaussianNB: every feature of x " + to_string(x.shape()) + " is constant: at least one must vary");

    const double added = smoothing * (largest / whole[0]);
    const Size c = static_cast<Size>(classes.size());
    std::vector<double> count, prior, mean, variance;
    for (const auto& [label, moments] : classes) {
      count.push_back(moments[0]);
      prior.push_back(moments[0] / whole[0]);
      mean.insert(mean.end(), moments.begin() + 1, moments.begin() + 1 + d);
      for (auto squares = moments.begin() + 1 + d; squares != moments.end(); ++squares) variance.push_back(*squares / moments[0] + added);
    }
    if (!(*std::min_element(variance.begin(), variance.end()) > 0))
      throw InputError("GaussianNB: a feature is constant within a class, which without smoothing has no likelihood: set smoothing");
    if (!priors.empty()) prior = checked_priors(c);
    return {detail::labels_in_order<Backend>(x.comm(), classes), detail::replicated_array<Backend>(Shape<1>{c}, x.comm(), count),
            detail::replicated_array<Backend>(Shape<1>{c}, x.comm(), prior), detail::replicated_array<Backend>(Shape<2>{c, d}, x.comm(), mean),
            detail::replicated_array<Backend>(Shape<2>{c, d}, x.comm(), variance), added};
  }

 private:
  std::vector<double> checked_priors(Size classes) const {
    if (static_cast<Size>(priors.size()) != classes)
      throw InputError("GaussianNB: " + std::to_string(priors.size()) + " priors for " + std::to_string(classes) + " classes: one for each is needed");
    for (const double prior : priors) detail::check_parameter(prior >= 0, "GaussianNB", "a prior", prior, "at least 0");
    const double sum = std::accumulate(priors.begin(), priors.end(), 0.0);
    detail::check_parameter(std::abs(sum - 1) <= 1e-8, "GaussianNB", "the sum of the priors", sum, "1");
    return priors;
  }
};

}  // namespace priel
