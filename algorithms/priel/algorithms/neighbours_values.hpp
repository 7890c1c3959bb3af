// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Numbers of each sample as its neighbours' see them: read where every rank has all, else fetched from the ranks that hold them.
#pragma once

#include <priel/algorithms/neighbours.hpp>
#include <priel/algorithms/take.hpp>

namespace priel {

namespace kernel {

template <class T>
struct Picked {
  const T* from;
  const Size* place;
  T* to;
  PRIEL_DEVICE void operator()(Size i) const { to[i] = from[place[i]]; }
};

}  // namespace kernel

namespace detail {

// values(numbers)(i, r) = numbers(index(i, r)), for numbers (n) of the policy Among.
template <class T, class Of, class Among, class Backend>
class NeighbourValues {
 public:
  NeighbourValues(const Array<Size, 2, Of, Backend>& index, Size) : index_(index) {}
  auto operator()(const Array<T, 1, Among, Backend>& numbers) const { return take<0>(numbers, index_); }

 private:
  Array<Size, 2, Of, Backend> index_;
};

// The numbers of other ranks' samples are fetched once each, however often they are neighbours.
template <class T, class Of, class Backend>
class NeighbourValues<T, Of, Split<0>, Backend> {
 public:
  // Collective: tells the owners which of their samples are somebody's neighbours.
  NeighbourValues(const Array<Size, 2, Of, Backend>& index, Size n) : comm_(index.comm()), shape_(index.shape()), places_(index.lshape().size()) {
    const auto ranks = static_cast<std::size_t>(comm_->size());
    const Block own = block_of(n, comm_->size(), comm_->rank());
    const OnCpu<Backend, Size> on_cpu(index.local().data(), index.lshape().size());
    std::vector<Size> places(on_cpu.data(), on_cpu.data() + index.lshape().size()), wanted;
    const auto is_own = [&](Size at) { return at >= own.lower && at < own.lower + own.extent; };
    std::copy_if(places.begin(), places.end(), std::back_inserter(wanted), [&](Size at) { return !is_own(at); });
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    for (Size& at : places)
      at = is_own(at) ? at - own.lower : own.extent + (std::lower_bound(wanted.begin(), wanted.end(), at) - wanted.begin());
    Backend::upload(places_.data(), places.data(), places_.size() * static_cast<Size>(sizeof(Size)));

    asked_.resize(ranks);
    given_.resize(ranks);
    for (std::size_t q = 0, at = 0; q < ranks; ++q) {
      const Block block = block_of(n, comm_->size(), static_cast<int>(q));
      for (; at < wanted.size() && wanted[at] < block.lower + block.extent; ++at) ++asked_[q];
    }
    const std::vector<Size> one(ranks, sizeof(Size));
    comm_->all_to_all(asked_.data(), one, given_.data(), one);
    wishes_.resize(static_cast<std::size_t>(std::accumulate(given_.begin(), given_.end(), Size{0})));
    comm_->all_to_all(wanted.data(), in_bytes(asked_, sizeof(Size)), wishes_.data(), in_bytes(given_, sizeof(Size)));
    for (Size& at : wishes_) at -= own.lower;
    fetched_ = static_cast<Size>(wanted.size());
  }

  // Collective.
  Array<T, 2, Of, Backend> operator()(const Array<T, 1, Split<0>, Backend>& numbers) const {
    const Size held = numbers.lshape()[0];
    const OnCpu<Backend, T> mine(numbers.local().data(), held);
    std::vector<T> outgoing, table(static_cast<std::size_t>(held + fetched_) + 1);
    for (const Size at : wishes_) outgoing.push_back(mine.data()[at]);
    std::copy_n(mine.data(), held, table.data());
    comm_->all_to_all(outgoing.data(), in_bytes(given_, sizeof(T)), table.data() + held, in_bytes(asked_, sizeof(T)));
    const OnBackend<Backend, T> here(table.data(), held + fetched_);
    Array<T, 2, Of, Backend> result(shape_, comm_);
    const auto lease = result.local_mut();
    Backend::for_each(places_.size(), kernel::Picked<T>{here.data(), places_.data(), lease.data()});
    return result;
  }

 private:
  static std::vector<Size> in_bytes(std::vector<Size> counts, Size bytes) {
    for (Size& count : counts) count *= bytes;
    return counts;
  }

  Comm comm_;
  Shape<2> shape_;
  Buffer<Size, Backend> places_;   // in the table of own numbers and fetched ones
  std::vector<Size> asked_, given_, wishes_;
  Size fetched_ = 0;
};

// The numbers that are fetched, `numbers` of each sample; how many is data, a sample's at most once for every other rank.
template <class T, class Policy>
void plan_values(Plan& plan, Size n, Size numbers) {
  if constexpr (!std::is_same_v<Policy, Replicated>) {
    constexpr Size size = sizeof(T), index = sizeof(Size);
    const int ranks = plan.ranks();
    const auto own = [&](int r) { return block_of(n, ranks, r).extent; };
    plan.message(Collective::exchange, "numbers of neighbours", [&](int) { return (ranks - 1) * index; });
    plan.message_at_most(Collective::exchange, "which neighbours", [&](int r) { return (n - own(r)) * index; });
    const std::string what = std::to_string(numbers) + (numbers == 1 ? " number" : " numbers") + " of each neighbour";
    plan.message_at_most(Collective::exchange, what, [&](int r) { return numbers * own(r) * size * (ranks - 1); });
  }
}

}  // namespace detail
}  // namespace priel
