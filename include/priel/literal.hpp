// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// array({1, 2, 3}), array({{1, 2}, {3, 4}}): elements written out; stored, replicated or under the policy of a tag.
#pragma once

#include <priel/borrow.hpp>
#include <priel/create.hpp>

#include <algorithm>
#include <initializer_list>
#include <memory>

namespace priel {

namespace detail {

// The extents of nested lists, from the first of each kind.
template <class T>
void extents_of(const T&, Size*) {}
template <class T>
void extents_of(const std::initializer_list<T>& list, Size* extent) {
  *extent = static_cast<Size>(list.size());
  if (list.size() > 0) extents_of(*list.begin(), extent + 1);
}
template <class T>
T* write_out(const T& value, T* out, const Size*) {
  *out = value;
  return out + 1;
}
template <class List, class T>
T* write_out(const std::initializer_list<List>& list, T* out, const Size* extent) {
  if (static_cast<Size>(list.size()) != *extent)
    throw ShapeError("array: a list has " + std::to_string(list.size()) + " entries, the first of its kind " + std::to_string(*extent));
  for (const List& entry : list) out = write_out(entry, out, extent + 1);
  return out;
}

template <class T, int Rank, class List, class... P>
auto written_out(const List& list, P...) {
  Shape<Rank> shape;
  extents_of(list, shape.begin());
  const std::unique_ptr<T[]> values(new T[static_cast<std::size_t>(std::max<Size>(shape.size(), 1))]);
  write_out(list, values.get(), shape.begin());
  using Policy = std::tuple_element_t<0, std::tuple<P..., Replicated>>;
  return Array<T, Rank, Policy>(borrow(static_cast<const T*>(values.get()), shape));
}

}  // namespace detail

// The elements of a list, or of lists of lists of equal length, up to rank 3: array({1.5, 2.0}), array<float>({{1, 2}, {3, 4}}, split<0>).
// The element type is named, or that of the elements if all have the same (int of 1, double of 1.5). Replicated: every rank writes the same; nothing is sent.
// ShapeError where lengths differ.
template <Element T, class... P>
  requires(detail::PolicyTag<1, P...>)
auto array(std::initializer_list<T> elements, P... policy) { return detail::written_out<T, 1>(elements, policy...); }
template <Element T, class... P>
  requires(detail::PolicyTag<2, P...>)
auto array(std::initializer_list<std::initializer_list<T>> rows, P... policy) { return detail::written_out<T, 2>(rows, policy...); }
template <Element T, class... P>
  requires(detail::PolicyTag<3, P...>)
auto array(std::initializer_list<std::initializer_list<std::initializer_list<T>>> slices, P... policy) { return detail::written_out<T, 3>(slices, policy...); }

}  // namespace priel
