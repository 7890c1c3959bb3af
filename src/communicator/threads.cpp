// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The collectives between threads: each rank shows its operands, all meet, each copies what it needs, all meet again.

#include "threads.hpp"

#include "fold.hpp"
#include "on_root.hpp"

#include <priel/shape.hpp>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

namespace priel::detail {
namespace {

std::int64_t sum(std::span<const std::int64_t> sizes, int until) {
  return std::accumulate(sizes.begin(), sizes.begin() + until, std::int64_t{0});
}

class ThreadCommunicator final : public Communicator {
 public:
  ThreadCommunicator(std::shared_ptr<Group> group, int rank) : group_(std::move(group)), rank_(rank) {}

  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(group_->members.size()); }

  void barrier() const override { show({"barrier"}); }

  void broadcast(void* data, std::int64_t bytes, int root) const override {
    show({"broadcast", bytes * size() + root, data});
    if (rank_ != root) copy_bytes(data, post(root).data, bytes);
    part();
  }

  void all_gather(const void* mine, void* all, std::span<const std::int64_t> bytes) const override {
    show({"all_gather", sum(bytes, size()), mine});
    for (int q = 0; q < size(); ++q)
      copy_bytes(advance(all, sum(bytes, q)), post(q).data, bytes[static_cast<std::size_t>(q)]);
    part();
  }

  void all_to_all(const void* send, std::span<const std::int64_t> send_bytes, void* receive,
                  std::span<const std::int64_t> receive_bytes) const override {
    const Outgoing mine{send, send_bytes};
    std::string mismatch;
    show({"all_to_all", 0, &mine});
    for (int q = 0; q < size(); ++q) {
      const auto& theirs = *static_cast<const Outgoing*>(post(q).data);
      const std::int64_t bytes = theirs.bytes[static_cast<std::size_t>(rank_)];
      const std::int64_t expected = receive_bytes[static_cast<std::size_t>(q)];
      if (q == rank_ && std::min(bytes, expected) == 0) continue;
      if (bytes != expected) {
        mismatch = "all_to_all: rank " + std::to_string(q) + " sends " + std::to_string(bytes) + " bytes to rank " +
                   std::to_string(rank_) + ", which expects " + std::to_string(expected);
        break;
      }
      copy_bytes(advance(receive, sum(receive_bytes, q)), advance(theirs.data, sum(theirs.bytes, rank_)), bytes);
    }
    part();
    if (!mismatch.empty()) throw std::logic_error(mismatch);
  }

  // Rank r folds the r-th block of the elements, then everybody copies all blocks.
  void all_reduce(void* data, std::int64_t count, std::int64_t element_bytes, Combine combine) const override {
    const Block mine = block_of(count, size(), rank_);
    std::vector<std::byte> folded(static_cast<std::size_t>(mine.extent * element_bytes));
    show({"all_reduce", count * element_bytes, data});
    fold_posts(folded.data(), mine.lower, mine.extent, element_bytes, combine, size());
    part();
    show({"all_reduce", count * element_bytes, folded.data()});
    for (int q = 0; q < size(); ++q) {
      const Block theirs = block_of(count, size(), q);
      copy_bytes(advance(data, theirs.lower * element_bytes), post(q).data, theirs.extent * element_bytes);
    }
    part();
  }

  void reduce_scatter(const void* send, void* receive, std::span<const std::int64_t> counts, std::int64_t element_bytes,
                      Combine combine) const override {
    show({"reduce_scatter", sum(counts, size()) * element_bytes, send});
    fold_posts(receive, sum(counts, rank_), counts[static_cast<std::size_t>(rank_)], element_bytes, combine, size());
    part();
  }

  void exclusive_scan(void* data, std::int64_t count, std::int64_t element_bytes, Combine combine) const override {
    std::vector<std::byte> before(static_cast<std::size_t>(rank_ > 0 ? count * element_bytes : 0));
    show({"exclusive_scan", count * element_bytes, data});
    if (rank_ > 0) fold_posts(before.data(), 0, count, element_bytes, combine, rank_);
    part();
    copy_bytes(data, before.data(), static_cast<std::int64_t>(before.size()));
  }

  Comm split(int colour) const override {
    show({"split", 0, nullptr, colour});
    std::vector<int> mine;  // ranks of this group with my colour
    for (int q = 0; q < size(); ++q)
      if (post(q).value == colour) mine.push_back(q);
    std::shared_ptr<Group> subgroup;
    if (mine.front() == rank_) {
      std::vector<int> members(mine.size());
      std::transform(mine.begin(), mine.end(), members.begin(), [&](int q) { return group_->members[static_cast<std::size_t>(q)]; });
      subgroup = std::make_shared<Group>(group_->simulation, std::move(members));
    }
    part();
    show({"split", 0, nullptr, colour, subgroup});
    subgroup = post(mine.front()).group;
    part();
    post(rank_).group.reset();
    return thread_communicator(subgroup, static_cast<int>(std::find(mine.begin(), mine.end(), rank_) - mine.begin()));
  }

 private:
  struct Outgoing {
    const void* data;
    std::span<const std::int64_t> bytes;
  };

  Posting& post(int rank) const { return group_->posts[static_cast<std::size_t>(rank)]; }

  void show(Posting mine) const {
    forbid_on_root(mine.call);
    post(rank_) = std::move(mine);
    group_->meet(rank_);
  }
  void part() const { group_->part(rank_); }

  // into[i] = element lower + i of what rank 0 shows ∘ the same of rank 1 ∘ ... ∘ that of rank until - 1.
  void fold_posts(void* into, std::int64_t lower, std::int64_t count, std::int64_t element_bytes, Combine combine, int until) const {
    if (count == 0) return;
    copy_bytes(into, advance(post(0).data, lower * element_bytes), count * element_bytes);
    for (int q = 1; q < until; ++q) combine(into, advance(post(q).data, lower * element_bytes), count);
  }

  std::shared_ptr<Group> group_;
  int rank_;
};

}  // namespace

Comm thread_communicator(std::shared_ptr<Group> group, int rank) {
  return std::make_shared<const ThreadCommunicator>(std::move(group), rank);
}

}  // namespace priel::detail
