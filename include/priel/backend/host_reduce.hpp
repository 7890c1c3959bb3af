// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reductions on the Host backend: one pass over the values of a kernel for several statistics.
#pragma once

#include <priel/backend/reduce_passes.hpp>
#include <priel/backend/streams.hpp>

namespace priel::host {

// Memory that a kernel reads in the order of the box, as it is; null for all others.
template <class T, class Kernel, int Root>
const T* memory_of(const Kernel&, const Shape<Root>&) { return nullptr; }
template <class T, int Root>
const T* memory_of(const kernel::Strided<T, Root>& leaf, const Shape<Root>& extent) {
  const Index<Root> strides = strides_of(extent);
  for (int a = 0; a < Root; ++a)
    if (extent[a] != 1 && leaf.stride[a] != strides[a]) return nullptr;
  return leaf.data;
}

template <class T, class Kernel, int Root>
Values values_in(const Kernel& kernel, const Shape<Root>& extent) {
  const auto open = [](const Values& values, Values::Use use, void* context) {
    Shape<Root> box;
    for (int a = 0; a < Root; ++a) box[a] = values.extent[a];
    Stream<Kernel, Root> stream(*static_cast<const Kernel*>(values.kernel), box);
    Source source(nullptr, values.element, &stream, [](void* from, Size begin, int n, void* to) {
      store(static_cast<Stream<Kernel, Root>*>(from)->run(begin, n), static_cast<T*>(to), n);
    });
    use(context, source);
  };
  return {host::memory_of<T>(kernel, extent), static_cast<Size>(sizeof(T)), &kernel, extent.begin(), Root, open};
}

template <class Kernel, int Root, class... Statistic>
void reduce(const Kernel& kernel, const Shape<Root>& extent, JobStates<Statistic>... states) {
  using T = std::tuple_element_t<0, std::tuple<typename Statistic::element...>>;
  Job* wanted[sizeof...(Statistic)];
  int number = 0;
  ((states.wanted ? void(wanted[number++] = &states) : void()), ...);
  if (number > 0) reduce_values(values_in<T>(kernel, extent), {wanted, number});
}

// Whether each state is that of one run, and a kernel folds it in one call: the results can be written as they come.
template <class Statistic, int Root>
bool makes_results(const Shape<Root>& extent, const Index<Root>& stride) {
  if constexpr (!FoldOf<Statistic>::exists) return false;
  const Layout layout(extent.begin(), stride.begin(), Root);
  return layout.regular && !layout.columns && layout.distinct && layout.slabs == 1 && layout.inner <= priel::detail::moments_at_most;
}
// Every run of n elements, to out[run].
template <class Statistic>
void results_of_runs(const Values& values, Size n, typename Statistic::result* out) {
  using T = typename Statistic::element;
  const Size all = values.size(), fit = priel::detail::moments_at_most / n, together = fit < runs_at_most ? fit : runs_at_most;
  parallel_tiles(all / n, threads_for((all + tile - 1) / tile, grain), [&](Size first, Size last, int) {
    values.use([&](Source& source) {
      for (Size run = first; run < last; run += together) {
        const Size count = last - run < together ? last - run : together;
        Folding<Statistic>::finish(static_cast<const T*>(source.at(run * n, count * n)), count, n, out + run);
      }
    });
  });
}

}  // namespace priel::host
