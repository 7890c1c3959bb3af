// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays made from and compared with functions of the global index, on any backend and policy.
#pragma once

#include <tests/support/ranks.hpp>

#include <priel/create.hpp>

#include <cmath>
#include <cstring>
#include <vector>

namespace priel::test {

// std::vector<bool> is no memory.
template <class T>
using Plain = std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>;

// A shard in CPU memory, C order.
template <class A>
std::vector<Plain<value_of<A>>> shard_of(const A& array) {
  std::vector<Plain<value_of<A>>> values(static_cast<std::size_t>(array.lshape().size()));
  backend_of<A>::download(values.data(), array.local().data(), array.lshape().size() * static_cast<Size>(sizeof(values[0])));
  return values;
}

// The array whose element at global index i is f(i).
template <class A, class F>
A filled(const Shape<A::rank>& shape, F&& f, const Comm& comm = world()) {
  A array(shape, comm);
  std::vector<Plain<value_of<A>>> values;
  const auto& part = array.part();
  Index<A::rank> i;
  for (Size n = part.size(); n > 0; --n, advance(part.extent, i)) {
    Index<A::rank> global = i;
    for (int a = 0; a < A::rank; ++a) global[a] += part.lower[a];
    values.push_back(static_cast<Plain<value_of<A>>>(f(global)));
  }
  const auto lease = array.local_mut();
  backend_of<A>::upload(lease.data(), values.data(), part.size() * static_cast<Size>(sizeof(values[0])));
  return array;
}

// Equal values; NaN equals NaN.
template <class T>
bool same(const T& a, const T& b) { return a == b || (a != a && b != b); }

// That this rank's part of the array is f(global index). Returns whether it is, so that the caller says what is not.
template <class A, class F>
bool holds(const A& array, F&& f) {
  const auto values = shard_of(array);
  const auto& part = array.part();
  Index<A::rank> i;
  for (const auto& value : values) {
    Index<A::rank> global = i;
    for (int a = 0; a < A::rank; ++a) global[a] += part.lower[a];
    if (!same(value, static_cast<Plain<value_of<A>>>(f(global)))) return false;
    advance(part.extent, i);
  }
  return true;
}

// Bit for bit.
template <class T>
bool identical(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

// A number that tells an index from its neighbours.
template <int Rank>
int mark(const Index<Rank>& i) {
  Size sum = 1;
  for (int a = 0; a < Rank; ++a) sum = sum * 11 + i[a];
  return static_cast<int>(sum % 100003);
}

}  // namespace priel::test
