// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Shared memory of one shard: arrays and expressions hold it together and copy it on write.
#pragma once

#include <priel/backend.hpp>
#include <priel/communicator.hpp>
#include <priel/element.hpp>

#include <atomic>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace priel::detail {

// What several hold together; whoever lets go last destroys it.
class Counted {
 public:
  Counted() = default;
  virtual ~Counted() = default;
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  template <class X>
  friend class Shared;
  friend class EndingShares;
  std::atomic<long> count_{1};
};

// Shares that end together, as those of a large tree: those of one thing in one count, which takes as long as twenty comparisons. This for the
// first few things; they are likely to be most of them.
class EndingShares {
 public:
  EndingShares() = default;
  EndingShares(const EndingShares&) = delete;
  EndingShares& operator=(const EndingShares&) = delete;
  ~EndingShares() {
    for (int i = 0; i < number_; ++i) end(of_[i], shares_[i]);
  }
  void add(Counted* x) {
    for (int i = 0; i < number_; ++i)
      if (of_[i] == x) return void(++shares_[i]);
    if (number_ == most) return end(x, 1);
    of_[number_] = x;
    shares_[number_++] = 1;
  }

 private:
  static constexpr int most = 4;
  static void end(Counted* x, long shares) {
    if (x->count_.fetch_sub(shares, std::memory_order_acq_rel) == shares) destroy(x);
  }
  [[gnu::noinline]] static void destroy(Counted* x) { delete x; }

  Counted* of_[most];
  long shares_[most];
  int number_ = 0;
};

// A share of a Counted: one pointer, since a tree of nodes moves it at every level, and one atomic count for a copy (std::shared_ptr: two words
// and twice the time).
template <class X>
class Shared {
 public:
  Shared() = default;
  explicit Shared(X* made) : x_(made) {}   // whose first share this is
  Shared(const Shared& other) : x_(other.x_) { hold(); }
  Shared(Shared&& other) noexcept : x_(std::exchange(other.x_, nullptr)) {}
  template <class Y>
    requires(std::is_convertible_v<Y*, X*>)
  Shared(const Shared<Y>& other) : x_(other.get()) { hold(); }   // NOLINT: as pointers convert
  Shared& operator=(Shared other) noexcept {
    std::swap(x_, other.x_);
    return *this;
  }
  ~Shared() {
    if (x_) let_go();
  }

  X* get() const { return x_; }
  X* operator->() const { return x_; }
  X& operator*() const { return *x_; }
  explicit operator bool() const { return x_ != nullptr; }
  friend bool operator==(const Shared&, const Shared&) = default;
  void reset() { *this = Shared(); }
  void end_with(EndingShares& others) {
    if (x_) others.add(&counted());
    x_ = nullptr;
  }
  // How many hold it. Where that is one, what the others did to it has happened before.
  long use_count() const { return x_ ? counted().count_.load(std::memory_order_acquire) : 0; }

 private:
  Counted& counted() const { return *x_; }
  void hold() const {
    if (x_) counted().count_.fetch_add(1, std::memory_order_relaxed);
  }
  void let_go() const {
    if (counted().count_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(x_);
  }
  [[gnu::noinline]] static void destroy(X* x) { delete x; }

  X* x_ = nullptr;
};

template <class T, class Backend>
class Buffer : public Counted {
 public:
  explicit Buffer(Size size) : data_(Backend::template allocate<T>(size < 0 ? size : size + slack)), size_(size) {
    if constexpr (slack > 0) std::memset(static_cast<void*>(data_ + size), 0, sizeof(T) * slack);
  }
  // The memory of another library's object, which `owner` keeps alive.
  Buffer(T* data, Size size, std::shared_ptr<const void> owner) : data_(data), size_(size), owner_(std::move(owner)) {}
  // The other's memory; the other keeps none.
  Buffer(Buffer&& other)
      : comm(std::move(other.comm)), data_(std::exchange(other.data_, nullptr)), size_(other.size_), owner_(std::move(other.owner_)) {}
  ~Buffer() override {
    if (data_ && !owner_) Backend::release(data_);
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  Size size() const { return size_; }
  // Whether a loop on Host may read 63 elements behind the last one.
  bool has_slack() const { return slack > 0 && !owner_; }

  // Of the array whose part this is: here, so that copying one costs one count and not two.
  Comm comm;
  // While somebody holds a writable lease, a copy of the array must not share.
  std::atomic<int> leases{0};

 private:
  static_assert(std::is_trivially_copyable_v<T>);
  static constexpr int slack = std::is_same_v<Backend, Host> && Element<T> ? 63 : 0;
  T* data_;
  Size size_;
  std::shared_ptr<const void> owner_;
};

template <class T, class Backend>
using SharedBuffer = Shared<Buffer<T, Backend>>;

template <class T, class Backend>
[[gnu::noinline]] SharedBuffer<T, Backend> make_buffer(Size size) { return SharedBuffer<T, Backend>(new Buffer<T, Backend>(size)); }

// A buffer that knows of what array it is this rank's part: an array is one pointer to it.
template <class T, int Rank, class Backend>
class Shard : public Buffer<T, Backend> {
 public:
  Shard(const Shape<Rank>& of, const Box<Rank>& box) : Buffer<T, Backend>(box.size()), shape(of), part(box) {}
  Shard(const Shape<Rank>& of, const Box<Rank>& box, Buffer<T, Backend>&& memory) : Buffer<T, Backend>(std::move(memory)), shape(of), part(box) {}

  const Shape<Rank> shape;
  const Box<Rank> part;
};

template <class T, int Rank, class Backend>
using SharedShard = Shared<Shard<T, Rank, Backend>>;

template <class T, class Backend, int Rank>
[[gnu::noinline]] SharedShard<T, Rank, Backend> make_shard(const Shape<Rank>& shape, const Box<Rank>& part) {
  return SharedShard<T, Rank, Backend>(new Shard<T, Rank, Backend>(shape, part));
}

template <class T, int Rank, class Backend>
[[gnu::noinline]] SharedShard<T, Rank, Backend> copy_of(const Shard<T, Rank, Backend>& other) {
  auto copy = make_shard<T, Backend>(other.shape, other.part);
  copy->comm = other.comm;
  Backend::copy(copy->data(), other.data(), other.size() * static_cast<Size>(sizeof(T)));
  return copy;
}

}  // namespace priel::detail

namespace priel {

// What one evaluation keeps alive besides the arrays: memory that nodes stage for their kernels (image rows read for patches,
// a block of a file). Made by whoever evaluates, handed to every `lower`, gone after the loop.
class Scope {
 public:
  template <class T, class Backend>
  T* stage(Size size) {
    auto buffer = detail::make_buffer<T, Backend>(size);
    held_.push_back(buffer);
    return buffer->data();
  }
  // Shared memory that is read while the kernel runs.
  template <class T, class Backend>
  const T* hold(const detail::SharedBuffer<T, Backend>& buffer) {
    held_.push_back(buffer);
    return buffer->data();
  }

 private:
  std::vector<detail::Shared<detail::Counted>> held_;
};

}  // namespace priel
