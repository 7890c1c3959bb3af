// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rank's own shard: read-only views and writable leases of its memory.
#pragma once

#include <priel/buffer.hpp>

#include <span>
#include <type_traits>

namespace priel {

namespace detail {

// Where a shard lies. Keeps its memory alive.
template <class T, int Rank>
class ShardView {
 public:
  using value_type = std::remove_const_t<T>;
  ShardView(T* data, const LocalShape<Rank>& extents, Shared<Counted> owner) : data_(data), extents_(extents), owner_(std::move(owner)) {}

  T* data() const { return data_; }
  Size size() const { return extents_.size(); }
  const LocalShape<Rank>& shape() const { return extents_; }

 private:
  T* data_;
  LocalShape<Rank> extents_;
  Shared<Counted> owner_;
};

}  // namespace detail

// Contiguous elements in C order. Keeps the shard's memory alive. eigen(view) and xtensor(view) are the same memory as an
// Eigen::Map and an xtensor adaptor (<priel/eigen.hpp>, <priel/xtensor.hpp>).
template <class T, int Rank>
class Local : public detail::ShardView<T, Rank> {
 public:
  using detail::ShardView<T, Rank>::ShardView;

  T* begin() const { return this->data(); }
  T* end() const { return this->data() + this->size(); }
  std::span<T> span() const { return {this->data(), static_cast<std::size_t>(this->size())}; }

  // Local indices.
  template <class... I>
    requires(sizeof...(I) == Rank && (std::is_convertible_v<I, Size> && ...))
  T& operator()(I... i) const {
    const Index<Rank> index{{static_cast<Size>(i)...}};
    Size offset = 0;
    for (int a = 0; a < Rank; ++a) offset = offset * this->shape()[a] + index[a];
    return this->data()[offset];
  }
};

// The shard of a backend whose memory the CPU does not read: data() is for that backend's own calls.
template <class T, int Rank, class Backend>
class FarLocal : public detail::ShardView<T, Rank> {
 public:
  using detail::ShardView<T, Rank>::ShardView;

  template <class... I>
  T& operator()(I...) const { return *begin(); }
  T* begin() const {
    static_assert(Backend::host_memory, "error E11: the elements are in memory that the CPU does not read; write to_host(x).local()");
    return this->data();
  }
  T* end() const { return begin() + this->size(); }
};

namespace detail {
template <class T, int Rank, class Backend>
using LocalOf = std::conditional_t<Backend::host_memory, Local<T, Rank>, FarLocal<T, Rank, Backend>>;
}

// A writable Local. While it lives, copies and expressions of its array copy deeply, so that nobody sees half-written values.
template <class T, int Rank, class Backend>
class Lease : public detail::LocalOf<T, Rank, Backend> {
 public:
  Lease(const detail::SharedBuffer<T, Backend>& buffer, const LocalShape<Rank>& extents)
      : detail::LocalOf<T, Rank, Backend>(buffer->data(), extents, buffer), buffer_(buffer.get()) { ++buffer_->leases; }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() { --buffer_->leases; }

 private:
  detail::Buffer<T, Backend>* buffer_;   // which the Local shares: one share for one lease, as the array counts them
};

}  // namespace priel
