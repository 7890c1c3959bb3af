// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rank's own shard: read-only views and writable leases of its memory.
#pragma once

#include <priel/buffer.hpp>

#include <memory>
#include <span>

namespace priel {

// Contiguous elements in C order. Keeps the shard's memory alive. eigen(view) and xtensor(view) are the same memory as an
// Eigen::Map and an xtensor adaptor (<priel/eigen.hpp>, <priel/xtensor.hpp>).
template <class T, int Rank>
class Local {
 public:
  using value_type = std::remove_const_t<T>;
  Local(T* data, const LocalShape<Rank>& extents, std::shared_ptr<const void> owner)
      : data_(data), extents_(extents), owner_(std::move(owner)) {}

  T* data() const { return data_; }
  Size size() const { return extents_.size(); }
  const LocalShape<Rank>& shape() const { return extents_; }
  T* begin() const { return data_; }
  T* end() const { return data_ + size(); }
  std::span<T> span() const { return {data_, static_cast<std::size_t>(size())}; }

  // Local indices.
  template <class... I>
    requires(sizeof...(I) == Rank && (std::is_convertible_v<I, Size> && ...))
  T& operator()(I... i) const {
    const Index<Rank> index{{static_cast<Size>(i)...}};
    Size offset = 0;
    for (int a = 0; a < Rank; ++a) offset = offset * extents_[a] + index[a];
    return data_[offset];
  }

 private:
  T* data_;
  LocalShape<Rank> extents_;
  std::shared_ptr<const void> owner_;
};

// A writable Local. While it lives, copies and expressions of its array copy deeply, so that nobody sees half-written values.
template <class T, int Rank, class Backend>
class Lease : public Local<T, Rank> {
 public:
  Lease(const detail::SharedBuffer<T, Backend>& buffer, const LocalShape<Rank>& extents)
      : Local<T, Rank>(buffer->data(), extents, buffer), buffer_(buffer.get()) { ++buffer_->leases; }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() { --buffer_->leases; }

 private:
  detail::Buffer<T, Backend>* buffer_;   // which the Local shares: one share for one lease, as the array counts them
};

}  // namespace priel
