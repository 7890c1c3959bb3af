// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The node that counts elements by bins, or adds their weights up: R -> R, S<k> -> a pending sum.
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

// Adds the weights of one piece of the elements into a row of its own; spread, piece p has every pieces-th element and, of each bin, place p.
template <class Kernel, class Weight, int Root, class T, class Bins, class Count, bool Spread>
struct CountBins {
  Kernel kernel;
  Weight weight;
  Shape<Root> extent;
  Bins bin;
  Size bins, pieces;
  Count* counts;

  PRIEL_DEVICE void operator()(Size piece) const {
    Count* const row = counts + (Spread ? piece : piece * bins);
    const Size stride = Spread ? pieces : 1, n = extent.size();
    for (Size b = 0; b < bins; ++b) row[b * stride] = 0;
    const Size begin = Spread ? piece : n * piece / pieces, end = Spread ? n : n * (piece + 1) / pieces;
    Index<Root> at = position_of(extent, begin);
    const Index<Root> step = position_of(extent, stride);
    for (Size i = begin; i < end; i += stride) {
      const Size b = bin(static_cast<T>(kernel.at(at)));
      if (b >= 0) row[b * stride] += static_cast<Count>(weight.at(at));
      if (stride == 1) advance(extent, at);
      else advance_by(step, extent, at);
    }
  }
};

// The counts of a bin's pieces, some of them added.
template <class Count>
struct AddCounts {
  const Count* counts;
  Size pieces, added;   // of a bin, before and after
  Count* out;

  PRIEL_DEVICE void operator()(Size work) const {
    const Count* const bin = counts + work / added * pieces;
    Count sum = 0;
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

namespace detail {

// The weights of elements that are only counted.
struct EachOne {
  static constexpr Collectives collectives{};
  void prepare() const {}
  template <class Frame>
  kernel::Constant<Size> lower(const Frame&, Scope&) const { return {1}; }
  void plan(Plan&) const {}
};

}  // namespace detail

// How many elements of E fall into each bin, or what they weigh together. Bins maps T(element) to a bin, or -1. Replicated, or a pending sum
// over the ranks.
template <class E, class T, class Bins, class W = detail::EachOne, class Result = Size>
class Tally : public detail::PendingNode<Tally<E, T, Bins, W, Result>, Result, 1,
                                         std::conditional_t<detail::order::Reduced<E, true>::across, Partial<Summation>, Replicated>,
                                         detail::backend_or_default<backend_of<E>>> {
  using Backend = detail::backend_or_default<backend_of<E>>;
  using Count = accumulate_type<Result>;
  using Counts = Array<Result, 1, Replicated, Backend>;
  static constexpr bool weighs = !std::is_same_v<W, detail::EachOne>;

 public:
  static constexpr bool across = detail::order::Reduced<E, true>::across;
  static constexpr Collectives collectives =
      detail::collectives_of_node<E>() | detail::collectives_of_node<W>() | (across ? Collectives(Collective::all_reduce) : Collectives{});

  Tally(E operand, Bins bin, Size bins, W weights = {})
      : operand_(std::move(operand)), weights_(std::move(weights)), bin_(bin), bins_(bins), comm_(detail::comm_or_world(operand_.comm())) {}

  Shape<1> shape() const { return {bins_}; }
  const Comm& comm() const { return comm_; }
  int readers(const void*) const { return 0; }
  void prepare() const { finish(); }
  template <int Root>
  auto lower(const Frame<Root, 1>& frame, Scope& scope) const { return cell_.value().lower(frame, scope); }
  const Counts& result() const
    requires(!across)
  {
    return cell_.value();
  }

  // As every pending node: this rank's counts, and their sum, which copies share.
  bool is_finished() const { return cell_.filled(); }
  const Counts& finished() const { return cell_.value(); }
  void finish() const {
    cell_.fill([&] {
      auto counts = local_values();
      if constexpr (across) comm_->all_reduce(counts.data(), bins_, sizeof(Count), &detail::add_all<Count>);
      return detail::array_from_host<Counts>(shape(), comm_, counts);
    });
  }
  std::vector<Count> local_values() const {
    operand_.prepare();
    weights_.prepare();
    const auto part = detail::order::held(operand_, *comm_);
    std::vector<Count> counts(static_cast<std::size_t>(bins_));
    Scope scope;
    if (part.size() > 0) count(operand_.lower(frame_of(part), scope), weights_.lower(frame_of(part), scope), part.extent, counts);
    return counts;
  }
  void prepare_local() const {
    if (*local_) return;
    const auto values = local_values();
    auto buffer = detail::make_buffer<Count, Backend>(bins_);
    Backend::upload(buffer->data(), values.data(), bins_ * static_cast<Size>(sizeof(Count)));
    *local_ = buffer;
  }
  template <int Root>
  auto lower_local(const Frame<Root, 1>& frame, Scope&) const {
    return kernel::strided(static_cast<const Count*>((*local_)->data()), whole(shape()), frame);
  }

  void plan_local(Plan& plan) const {
    detail::plan_node(weights_, plan);
    detail::order::plan_loop(plan, "count", operand_);
  }
  void plan(Plan& plan) const {
    if (plan.known(cell_.address(), cell_.filled())) return;
    plan_local(plan);
    if constexpr (across) plan.message(Collective::all_reduce, "counts", [&](int) { return bins_ * static_cast<Size>(sizeof(Count)); });
  }
  bool same(const Tally& other) const { return cell_.address() == other.cell_.address(); }

 private:
  template <class Kernel, class Weight>
  void count(const Kernel& kernel, const Weight& weight, const Shape<rank_of<E>>& extent, std::vector<Count>& counts) const {
    constexpr bool spread = !Backend::host_memory;
    constexpr Size many = spread ? Size{1} << 16 : 256, least = spread ? 256 : 4096, room = Size{1} << 22;   // of all rows together
    using Work = kernel::CountBins<Kernel, Weight, rank_of<E>, T, Bins, Count, spread>;
    Size pieces = std::clamp(std::min(extent.size() / least, room / std::max(bins_, Size{1})), Size{1}, many);
    if constexpr (spread) {
      const auto counted = [&] {
        if constexpr (!weighs)
          if (bins_ > room / 1024 && extent.size() > many) return detail::LocalTally<Backend>::template sorted<T>(kernel, extent, bin_, bins_);
        auto rows = detail::make_buffer<Count, Backend>(pieces * bins_);
        Backend::for_each(pieces, Work{kernel, weight, extent, bin_, bins_, pieces, rows->data()});
        while (pieces > 1) {
          const Size added = (pieces + 63) / 64;
          auto fewer = detail::make_buffer<Count, Backend>(added * bins_);
          Backend::for_each(added * bins_, kernel::AddCounts<Count>{rows->data(), pieces, added, fewer->data()});
          rows = std::move(fewer);
          pieces = added;
        }
        return rows;
      }();
      Backend::download(counts.data(), counted->data(), bins_ * static_cast<Size>(sizeof(Count)));
    } else {
      detail::Buffer<Count, Backend> rows(pieces * bins_);
      Backend::for_each(pieces, Work{kernel, weight, extent, bin_, bins_, pieces, rows.data()});
      for (Size i = 0; i < pieces * bins_; ++i) counts[static_cast<std::size_t>(i % bins_)] += rows.data()[i];
    }
  }

  E operand_;
  W weights_;
  Bins bin_;
  Size bins_;
  Comm comm_;
  detail::ResultCell<Result, 1, Replicated, Backend> cell_;
  using Local = detail::SharedBuffer<Count, Backend>;
  std::shared_ptr<Local> local_ = std::make_shared<Local>();
};

}  // namespace priel
