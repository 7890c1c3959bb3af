// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The triangle of the deviations of many samples: blocks that a cache holds are factored under the triangle so far.
#include <priel/algorithms/detail/dense.hpp>
#include <priel/algorithms/detail/deviations.hpp>
#include <priel/algorithms/detail/factors.hpp>
#include <priel/algorithms/detail/gram_sums.hpp>
#include <priel/algorithms/detail/linear.hpp>

#include "entry.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>

namespace priel::detail {
namespace {

std::size_t at(Size i) { return static_cast<std::size_t>(i); }

// w (m, n) becomes the r of its QR: min(m, n) upper triangular rows. Blocked: the reflections of a panel of columns are applied to the others as
// I - V T V^T (Schreiber and Van Loan, A storage-efficient WY representation for products of Householder transformations, 1989).
class Triangles {
 public:
  void make(Size m, Size n, double* w) {
    constexpr Size most = 32;
    for (Size j = 0, k = std::min(m, n); j < k; j += most) {
      const Size columns = std::min(most, k - j), others = n - j - columns;
      double* const corner = w + j * n + j;
      factor(m - j, columns, corner, n);
      if (others > 0) apply(m - j, columns, corner + columns, others, n);
    }
  }

 private:
  // The panel at `corner` of rows `row` apart, copied column by column; its r goes back.
  void factor(Size rows, Size columns, double* corner, Size row) {
    stride_ = (rows + panel_slack + 7) / 8 * 8;
    panel_.resize(at(columns * stride_));
    tau_.resize(at(columns));
    for (Size c = 0; c < columns; ++c) std::fill_n(panel_.data() + c * stride_ + rows, stride_ - rows, 0.0);
    for (Size i = 0; i < rows; ++i)
      for (Size c = 0; c < columns; ++c) panel_[at(c * stride_ + i)] = corner[i * row + c];
    run(PanelTask<double>{rows, columns, panel_.data(), stride_, tau_.data()});
    for (Size i = 0; i < rows && i < row; ++i)
      for (Size c = 0; c < columns; ++c) corner[i * row + c] = i <= c ? panel_[at(c * stride_ + i)] : 0;
  }

  // The panel's reflections to the columns at `a`.
  void apply(Size rows, Size columns, double* a, Size others, Size row) {
    double* const v = panel_.data();
    for (Size c = 0; c < columns; ++c) {
      std::fill_n(v + c * stride_, std::min(c, rows), 0.0);
      if (c < rows) v[c * stride_ + c] = 1;
    }
    const MatrixView<const double> upright{v, 1, stride_}, lying{v, stride_, 1};
    gram_.resize(at(columns * columns));
    multiply(columns, columns, rows, lying, upright, gram_.data(), columns, false);
    t_.assign(at(columns * columns), 0.0);
    for (Size c = 0; c < columns; ++c) {
      for (Size i = 0; i < c; ++i)
        for (Size l = i; l < c; ++l) t_[at(i * columns + c)] -= tau_[at(c)] * t_[at(i * columns + l)] * gram_[at(l * columns + c)];
      t_[at(c * columns + c)] = tau_[at(c)];
    }
    along_.resize(at(columns * others));
    turned_.assign(at(columns * others), 0.0);
    multiply(columns, others, rows, lying, {a, row, 1}, along_.data(), others, false);
    for (Size c = 0; c < columns; ++c)   // -T^T
      for (Size l = 0; l <= c; ++l) {
        const double factor = -t_[at(l * columns + c)];
        for (Size i = 0; i < others; ++i) turned_[at(c * others + i)] += factor * along_[at(l * others + i)];
      }
    multiply(rows, others, columns, upright, {turned_.data(), others, 1}, a, row, true);
  }

  Size stride_ = 0;
  std::vector<double> panel_, tau_, gram_, t_, along_, turned_;
};

// What Deviations keeps.
struct State {
  double* data;
  double& samples() const { return data[0]; }
  Size features() const { return static_cast<Size>(data[1]); }
  double& rows() const { return data[2]; }
  Size most() const { return static_cast<Size>(data[3]); }
  double* means() const { return data + 4; }
  double* triangle() const { return means() + features(); }
};

// Adds n samples with these means. w (rows + 1 + more, d): the triangle so far is put in front of `more` rows with the Gram matrix of their
// deviations, which lie behind.
void unite(const State& state, double n, const double* means, Size more, std::vector<double>& w, Triangles& triangles) {
  const Size d = state.features(), rows = static_cast<Size>(state.rows());
  std::copy_n(state.triangle(), rows * d, w.data());
  const double all = state.samples() + n, weight = std::sqrt(state.samples() * n / all), share = n / all;
  double* const between = w.data() + rows * d;
  const Size total = rows + 1 + more, first = state.samples() > 0 ? 0 : 1;   // of nothing there is no difference
  for (Size f = 0; f < d; ++f) {
    const double difference = means[f] - state.means()[f];
    between[f] = weight * difference;
    state.means()[f] = first == 0 ? state.means()[f] + share * difference : means[f];
  }
  triangles.make(total - first, d, w.data() + first * d);
  state.samples() = all;
  const Size held = std::min({total - first, d, state.most()});
  state.rows() = static_cast<double>(held);
  std::copy_n(w.data() + first * d, held * d, state.triangle());
}

// The rows' means and, at `out`, their deviations from them.
template <class T>
void deviate(Size rows, Size d, const T* x, double* means, double* out) {
  std::fill_n(means, d, 0.0);
  for (Size i = 0; i < rows; ++i)
    for (Size f = 0; f < d; ++f) means[f] += static_cast<double>(x[i * d + f]);
  for (Size f = 0; f < d; ++f) means[f] /= static_cast<double>(rows);
  for (Size i = 0; i < rows; ++i)
    for (Size f = 0; f < d; ++f) out[i * d + f] = static_cast<double>(x[i * d + f]) - means[f];
}

template <class T>
void add_rows(const State& state, Size rows, const T* x) {
  const Size d = state.features(), block = std::max<Size>(4 * d, 256);
  Triangles triangles;
  std::vector<double> means(at(d)), w;
  for (Size begin = 0; begin < rows; begin += block) {
    const Size here = std::min(block, rows - begin), held = static_cast<Size>(state.rows());
    w.resize(at((held + 1 + here) * d));
    deviate(here, d, x + begin * d, means.data(), w.data() + (held + 1) * d);
    unite(state, static_cast<double>(here), means.data(), here, w, triangles);
  }
}

}  // namespace

Deviations::Deviations(Size d, Size n, int ranks) {
  const Size most = std::min(n + ranks, d);
  state_.resize(at(4 + d + most * d));
  state_[1] = static_cast<double>(d);
  state_[3] = static_cast<double>(most);
}

void Deviations::merge(void* into, const void* from, Size) {
  const State a{static_cast<double*>(into)}, b{const_cast<double*>(static_cast<const double*>(from))};
  if (b.samples() == 0) return;
  const Size d = a.features(), held = static_cast<Size>(a.rows()), more = static_cast<Size>(b.rows());
  std::vector<double> w(at((held + 1 + more) * d));
  std::copy_n(b.triangle(), more * d, w.data() + (held + 1) * d);
  Triangles triangles;
  unite(a, b.samples(), b.means(), more, w, triangles);
}

template <class T>
void Deviations::add_blocks(Size rows, const T* x) {
  if (rows == 0) return;
  const Size d = static_cast<Size>(state_[1]), most = 64, least = 64 * std::max<Size>(4 * d, 256);
  const int chunks = static_cast<int>(std::clamp<Size>(rows / least, 1, most));
  if (chunks == 1) return add_rows(State{state_.data()}, rows, x);
  std::vector<std::vector<double>> parts(at(chunks));
  const bool nested = omp_in_parallel();
#pragma omp parallel for if (!nested) schedule(dynamic, 1)
  for (int c = 0; c < chunks; ++c) {
    const Block mine = block_of(rows, chunks, c);
    auto& part = parts[at(c)];
    part = std::vector<double>(state_.size());
    part[1] = state_[1], part[3] = state_[3];
    add_rows(State{part.data()}, mine.extent, x + mine.lower * d);
  }
  for (const auto& part : parts) merge(state_.data(), part.data(), 1);
}
void Deviations::add(Size rows, const float* x) { add_blocks(rows, x); }
void Deviations::add(Size rows, const double* x) { add_blocks(rows, x); }

namespace {

// What is explained by directions along which the squared deviations of n samples add up to `along`, of `total` over all features.
void explain(Directions& directions, const std::vector<double>& along, double total, Size n, Size d, bool centred) {
  const double divisor = static_cast<double>(centred ? n - 1 : n);
  double rest = total;
  for (const double squares : along) {
    directions.variances.push_back(squares / divisor);
    directions.ratios.push_back(squares / total);
    rest -= squares;
  }
  const Size others = std::min(n, d) - static_cast<Size>(along.size());
  directions.rest = others > 0 ? std::max(rest, 0.0) / divisor / static_cast<double>(others) : 0;
}

// a (rows, d) times each of the vectors, (rows, count).
std::vector<double> times_vectors(Size rows, Size d, const double* a, const std::vector<double>& vectors, Size count) {
  std::vector<double> result(at(rows * count));
  multiply(rows, count, d, {a, d, 1}, {vectors.data(), 1, d}, result.data(), count, false);
  return result;
}

}  // namespace

Directions Deviations::directions(Size count, bool centred) const {
  const State state{const_cast<double*>(state_.data())};
  const Size d = state.features(), rows = static_cast<Size>(state.rows());
  std::vector<double> w(at((rows + 1) * d));
  std::copy_n(state.triangle(), rows * d, w.data());
  Size k = rows;
  if (!centred) {
    for (Size f = 0; f < d; ++f) w[at(rows * d + f)] = std::sqrt(state.samples()) * state.means()[f];
    Triangles().make(rows + 1, d, w.data());
    k = std::min(rows + 1, d);
  }
  Directions result{std::vector<double>(at(k)), std::vector<double>(at(k * d)), {}, {}, 0};
  std::vector<double> left(at(k * k));
  svd_factors(k, d, w.data(), left.data(), result.values.data(), result.vectors.data());
  result.values.resize(at(count));
  result.vectors.resize(at(count * d));
  double total = 0;
  for (Size i = 0; i < rows * d; ++i) total += state.triangle()[i] * state.triangle()[i];
  const auto products = times_vectors(rows, d, state.triangle(), result.vectors, count);
  std::vector<double> along(at(count));
  for (Size i = 0; i < rows * count; ++i) along[at(i % count)] += products[at(i)] * products[at(i)];
  explain(result, along, total, samples(), d, centred);
  return result;
}

Directions directions(const GramSums& sums, Size count, bool centred) {
  const Size d = sums.features();
  const double n = static_cast<double>(sums.samples());
  std::vector<double> deviations(at(d * d)), gram, eigenvalues(at(d)), columns(at(d * d)), along(at(count));
  double total = 0;
  for (Size i = 0; i < d; ++i) {
    total += sums.product(i, i);
    for (Size j = i; j < d; ++j) deviations[at(i * d + j)] = deviations[at(j * d + i)] = sums.product(i, j);
  }
  gram = deviations;
  if (!centred)
    for (Size i = 0; i < d * d; ++i) gram[at(i)] += n * sums.mean(i / d) * sums.mean(i % d);
  hermitian_eigen(d, gram.data(), eigenvalues.data(), columns.data());

  Directions result{{}, std::vector<double>(at(count * d)), {}, {}, 0};
  for (Size c = 0; c < count; ++c) {
    const double value = eigenvalues[at(d - 1 - c)];   // they rise
    result.values.push_back(value < 0 ? 0 : std::sqrt(value));
    for (Size i = 0; i < d; ++i) result.vectors[at(c * d + i)] = columns[at(i * d + d - 1 - c)];
  }
  const auto products = times_vectors(d, d, deviations.data(), result.vectors, count);
  for (Size i = 0; i < d * count; ++i) along[at(i % count)] += products[at(i)] * result.vectors[at(i % count * d + i / count)];
  explain(result, along, total, sums.samples(), d, centred);
  return result;
}

}  // namespace priel::detail
