// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A communicator that counts the collectives which pass through it and the bytes this rank sends to others.
#pragma once

#include <priel/communicator.hpp>

#include <numeric>

namespace priel::test {

class Counting : public Communicator {
 public:
  explicit Counting(Comm below) : below_(std::move(below)) {}

  struct Counts {
    int all_reduces = 0, others = 0;
    std::int64_t bytes = 0;
    int collectives() const { return all_reduces + others; }
  };
  // What happened since the last call.
  Counts take() const { return std::exchange(counts_, Counts{}); }

  int rank() const override { return below_->rank(); }
  int size() const override { return below_->size(); }
  void barrier() const override {
    ++counts_.others;
    below_->barrier();
  }
  void broadcast(void* data, std::int64_t bytes, int root) const override {
    count(bytes);
    below_->broadcast(data, bytes, root);
  }
  void all_gather(const void* mine, void* all, std::span<const std::int64_t> bytes) const override {
    count(bytes[static_cast<std::size_t>(rank())] * (size() - 1));
    below_->all_gather(mine, all, bytes);
  }
  void all_to_all(const void* send, std::span<const std::int64_t> send_bytes, void* receive,
                  std::span<const std::int64_t> receive_bytes) const override {
    count(std::accumulate(send_bytes.begin(), send_bytes.end(), std::int64_t{0}) - send_bytes[static_cast<std::size_t>(rank())]);
    below_->all_to_all(send, send_bytes, receive, receive_bytes);
  }
  void all_reduce(void* data, std::int64_t number, std::int64_t element_bytes, Combine combine) const override {
    ++counts_.all_reduces;
    counts_.bytes += number * element_bytes;
    below_->all_reduce(data, number, element_bytes, combine);
  }
  void reduce_scatter(const void* send, void* receive, std::span<const std::int64_t> counts, std::int64_t element_bytes,
                      Combine combine) const override {
    count(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}) * element_bytes);
    below_->reduce_scatter(send, receive, counts, element_bytes, combine);
  }
  void exclusive_scan(void* data, std::int64_t number, std::int64_t element_bytes, Combine combine) const override {
    count(number * element_bytes);
    below_->exclusive_scan(data, number, element_bytes, combine);
  }
  Comm split(int colour) const override { return std::make_shared<Counting>(below_->split(colour)); }

 private:
  void count(std::int64_t bytes) const {
    ++counts_.others;
    counts_.bytes += bytes;
  }

  Comm below_;
  mutable Counts counts_;
};

}  // namespace priel::test
