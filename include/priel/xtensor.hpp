// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rank's shard as an xtensor adaptor: the same memory, so that all of xtensor works on it.
#pragma once

#include <priel/local.hpp>

#include <xtensor/xadapt.hpp>

#include <array>

namespace priel {

// xtensor(x.local()). Valid while the view lives. A header of its own, because xtensor is as heavy as the rest of priel together.
template <class T, int Rank>
auto xtensor(const Local<T, Rank>& view) {
  std::array<std::size_t, Rank> shape{};
  for (int a = 0; a < Rank; ++a) shape[static_cast<std::size_t>(a)] = static_cast<std::size_t>(view.shape()[a]);
  return xt::adapt(view.data(), static_cast<std::size_t>(view.size()), xt::no_ownership(), shape);
}

}  // namespace priel
