// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// histogram, bincount: R -> R, S<k> -> a pending sum of counts.
#pragma once

#include <priel/algorithms/order.hpp>

#include <cmath>

namespace priel {

namespace kernel {

// Edge i of equally wide bins, as NumPy's linspace has it; T is what elements are compared in.
template <class T>
struct BinEdge {
  Size bins;
  double low, high, step;

  PRIEL_DEVICE constexpr T at(Size i) const { return static_cast<T>(i == bins ? high : low + static_cast<double>(i) * step); }
  PRIEL_DEVICE constexpr T operator()(const Index<1>& i) const { return at(i[0]); }
};

// The bin of a value, -1 for none: [edge i, edge i + 1), the last one closed.
template <class T>
struct EqualBins {
  BinEdge<T> edge;

  PRIEL_DEVICE constexpr Size operator()(T value) const {
    if (!(value >= edge.at(0) && value <= edge.at(edge.bins))) return -1;
    Size bin = static_cast<Size>((static_cast<double>(value) - edge.low) / edge.step);   // but for rounding
    if (bin < 0) bin = 0;
    if (bin > edge.bins - 1) bin = edge.bins - 1;
    while (bin > 0 && value < edge.at(bin)) --bin;
    while (bin < edge.bins - 1 && value >= edge.at(bin + 1)) ++bin;
    return bin;
  }
};

// The value itself.
struct IntegerBins {
  Size bins;

  template <class T>
  PRIEL_DEVICE constexpr Size operator()(T value) const {
    if (value < T{} || static_cast<std::uint64_t>(value) >= static_cast<std::uint64_t>(bins)) return -1;
    return static_cast<Size>(value);
  }
};

// Counts one piece of the elements into a row of its own; spread, piece p has every pieces-th element and, of each bin, place p.
template <class Kernel, int Root, class T, class Bins, bool Spread>
struct CountBins {
  Kernel kernel;
  Shape<Root> extent;
  Bins bin;
  Size bins, pieces;
  Size* counts;

  PRIEL_DEVICE void operator()(Size piece) const {
    Size* const row = counts + (Spread ? piece : piece * bins);
    const Size stride = Spread ? pieces : 1, n = extent.size();
    for (Size b = 0; b < bins; ++b) row[b * stride] = 0;
    const Size begin = Spread ? piece : n * piece / pieces, end = Spread ? n : n * (piece + 1) / pieces;
    Index<Root> at = position_of(extent, begin);
    const Index<Root> step = position_of(extent, stride);
    for (Size i = begin; i < end; i += stride) {
      const Size b = bin(static_cast<T>(kernel.at(at)));
      if (b >= 0) ++row[b * stride];
      if (stride == 1) advance(extent, at);
      else advance_by(step, extent, at);
    }
  }
};

// The counts of a bin's pieces, some of them added.
struct AddCounts {
  const Size* counts;
  Size pieces, added;   // of a bin, before and after
  Size* out;

  PRIEL_DEVICE void operator()(Size work) const {
    const Size* const bin = counts + work / added * pieces;
    Size sum = 0;
    for (Size piece = work % added; piece < pieces; piece += added) sum += bin[piece];
    out[work] = sum;
  }
};

}  // namespace kernel

// Counting by a sort, for many bins, on a backend whose memory the CPU does not read: for Device in device/tally.hpp.
namespace detail {
template <class Backend>
struct LocalTally;
}  // namespace detail

// How many elements of E fall into each bin. Bins maps T(element) to a bin, or -1. Replicated, or a pending sum over the ranks.
template <class E, class T, class Bins>
class Tally : public detail::PendingNode<Tally<E, T, Bins>, Size, 1,
                                         std::conditional_t<detail::order::Reduced<E, true>::across, Partial<Summation>, Replicated>,
                                         detail::backend_or_default<backend_of<E>>> {
  using Backend = detail::backend_or_default<backend_of<E>>;

 public:
  static constexpr bool across = detail::order::Reduced<E, true>::across;
  static constexpr Collectives collectives =
      detail::collectives_of_node<E>() | (across ? Collectives(Collective::all_reduce) : Collectives{});

  Tally(E operand, Bins bin, Size bins) : operand_(std::move(operand)), bin_(bin), bins_(bins), comm_(detail::comm_or_world(operand_.comm())) {}

  Shape<1> shape() const { return {bins_}; }
  const Comm& comm() const { return comm_; }
  int readers(const void*) const { return 0; }
  void prepare() const { finish(); }
  template <int Root>
  auto lower(const Frame<Root, 1>& frame, Scope& scope) const { return cell_.value().lower(frame, scope); }
  const Array<Size, 1, Replicated, Backend>& result() const
    requires(!across)
  {
    return cell_.value();
  }

  // As every pending node: this rank's counts, and their sum, which copies share.
  bool is_finished() const { return cell_.filled(); }
  const Array<Size, 1, Replicated, Backend>& finished() const { return cell_.value(); }
  void finish() const {
    cell_.fill([&] {
      auto counts = local_values();
      if constexpr (across) comm_->all_reduce(counts.data(), bins_, sizeof(Size), &detail::add_all<Size>);
      return detail::array_from_host<Array<Size, 1, Replicated, Backend>>(shape(), comm_, counts);
    });
  }
  std::vector<Size> local_values() const {
    operand_.prepare();
    const auto part = detail::order::held(operand_, *comm_);
    std::vector<Size> counts(static_cast<std::size_t>(bins_));
    Scope scope;
    if (part.size() > 0) count(operand_.lower(frame_of(part), scope), part.extent, counts);
    return counts;
  }
  void prepare_local() const {
    if (*local_) return;
    const auto values = local_values();
    auto buffer = detail::make_buffer<Size, Backend>(bins_);
    Backend::upload(buffer->data(), values.data(), bins_ * static_cast<Size>(sizeof(Size)));
    *local_ = buffer;
  }
  template <int Root>
  auto lower_local(const Frame<Root, 1>& frame, Scope&) const {
    return kernel::strided(static_cast<const Size*>((*local_)->data()), whole(shape()), frame);
  }

  void plan_local(Plan& plan) const { detail::order::plan_loop(plan, "count", operand_); }
  void plan(Plan& plan) const {
    if (plan.known(cell_.address(), cell_.filled())) return;
    plan_local(plan);
    if constexpr (across) plan.message(Collective::all_reduce, "counts", [&](int) { return bins_ * static_cast<Size>(sizeof(Size)); });
  }
  bool same(const Tally& other) const { return cell_.address() == other.cell_.address(); }

 private:
  template <class Kernel>
  void count(const Kernel& kernel, const Shape<rank_of<E>>& extent, std::vector<Size>& counts) const {
    constexpr bool spread = !Backend::host_memory;
    constexpr Size many = spread ? Size{1} << 16 : 256, least = spread ? 256 : 4096, room = Size{1} << 22;   // of all rows together
    using Work = kernel::CountBins<Kernel, rank_of<E>, T, Bins, spread>;
    Size pieces = std::clamp(std::min(extent.size() / least, room / std::max(bins_, Size{1})), Size{1}, many);
    if constexpr (spread) {
      const auto counted = [&] {
        if (bins_ > room / 1024 && extent.size() > many) return detail::LocalTally<Backend>::template sorted<T>(kernel, extent, bin_, bins_);
        auto rows = detail::make_buffer<Size, Backend>(pieces * bins_);
        Backend::for_each(pieces, Work{kernel, extent, bin_, bins_, pieces, rows->data()});
        while (pieces > 1) {
          const Size added = (pieces + 63) / 64;
          auto fewer = detail::make_buffer<Size, Backend>(added * bins_);
          Backend::for_each(added * bins_, kernel::AddCounts{rows->data(), pieces, added, fewer->data()});
          rows = std::move(fewer);
          pieces = added;
        }
        return rows;
      }();
      Backend::download(counts.data(), counted->data(), bins_ * static_cast<Size>(sizeof(Size)));
    } else {
      detail::Buffer<Size, Backend> rows(pieces * bins_);
      Backend::for_each(pieces, Work{kernel, extent, bin_, bins_, pieces, rows.data()});
      for (Size i = 0; i < pieces * bins_; ++i) counts[static_cast<std::size_t>(i % bins_)] += rows.data()[i];
    }
  }

  E operand_;
  Bins bin_;
  Size bins_;
  Comm comm_;
  detail::ResultCell<Size, 1, Replicated, Backend> cell_;
  using Local = detail::SharedBuffer<Size, Backend>;
  std::shared_ptr<Local> local_ = std::make_shared<Local>();
};

namespace detail::order {

template <class T>
kernel::BinEdge<T> bin_edge(Size bins, double low, double high) {
  if (bins < 1) throw InputError("a histogram has at least one bin; found " + std::to_string(bins));
  if (!(std::isfinite(low) && std::isfinite(high) && low <= high))
    throw InputError("a histogram's range is finite and does not decrease; found " + std::to_string(low) + " to " + std::to_string(high));
  const double first = low == high ? low - 0.5 : low, last = low == high ? high + 0.5 : high;
  return {bins, first, last, (last - first) / static_cast<double>(bins)};
}

}  // namespace detail::order

// The bins + 1 edges of `histogram`: Generated. T is double, or float as for a histogram of floats.
template <Element T = double>
auto histogram_edges(Size bins, double low, double high) {
  return generate<T>(Shape<1>{bins + 1}, detail::order::bin_edge<T>(bins, low, high));
}

// How many elements of x, of any rank, lie in each of `bins` equally wide bins from low to high: int64 (bins). NumPy's
// histogram(x, bins, (low, high)): bins are half open, the last one is closed; what lies outside and NaN are not counted; low == high
// is widened by 1/2 to both sides. R and G: replicated; split: a pending sum, so that to R one Allreduce of the counts follows, to
// S<0> a Reduce_scatter. InputError for bins < 1 or a range that is not one.
template <Expression X>
  requires(Ordered<value_of<X>>)
auto histogram(X&& x, Size bins, double low, double high) {
  using T = floating_type<value_of<X>>;
  using E = detail::order::finished_t<X>;
  using Bins = kernel::EqualBins<T>;
  return Tally<E, T, Bins>(E(finished(std::forward<X>(x))), Bins{detail::order::bin_edge<T>(bins, low, high)}, bins);
}

// How often each of 0, 1, ..., n-1 occurs in x, of any rank: int64 (n). Other values are not counted. Policies and messages as for
// `histogram`. InputError for a negative n.
template <Expression X>
  requires(kind_of<value_of<X>> == Kind::integer)
auto bincount(X&& x, Size n) {
  if (n < 0) throw InputError("bincount: there are no " + std::to_string(n) + " bins");
  using E = detail::order::finished_t<X>;
  return Tally<E, value_of<X>, kernel::IntegerBins>(E(finished(std::forward<X>(x))), kernel::IntegerBins{n}, n);
}

}  // namespace priel
