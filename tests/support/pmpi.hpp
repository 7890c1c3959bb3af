// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a rank sends, counted where it happens: in MPI's own calls under mpirun, in the communicator of simulated ranks.
#pragma once

#include <priel/backend/reference.hpp>
#include <priel/explain.hpp>

#include <tests/support/ranks.hpp>

#include <algorithm>
#include <numeric>

namespace priel::test {

// Bytes of this rank, as `explain` counts them: to other ranks, or the payload of what is combined or broadcast, once.
struct Sent {
  Size pieces = 0;     // point to point: exchanges and Reduce_scatter
  Size gathered = 0, reduced = 0, scanned = 0, broadcast = 0;
  Size others = 0;     // calls of kinds that explain has no name for

  friend bool operator==(const Sent&, const Sent&) = default;
};

inline std::string to_string(const Sent& sent) {
  return "pieces " + std::to_string(sent.pieces) + ", gathered " + std::to_string(sent.gathered) + ", reduced " + std::to_string(sent.reduced) +
         ", scanned " + std::to_string(sent.scanned) + ", broadcast " + std::to_string(sent.broadcast) + ", others " + std::to_string(sent.others);
}

// MPI calls of this process between the two (pmpi.cpp); zeros in a build without MPI.
void start_counting_mpi();
Sent stop_counting_mpi();

// A communicator that counts what passes through it.
class CountingKinds : public Communicator {
 public:
  explicit CountingKinds(Comm below) : below_(std::move(below)) {}
  Sent take() const { return std::exchange(sent_, Sent{}); }

  int rank() const override { return below_->rank(); }
  int size() const override { return below_->size(); }
  void barrier() const override { below_->barrier(); }
  void broadcast(void* data, std::int64_t bytes, int root) const override {
    sent_.broadcast += alone() ? 0 : bytes;
    below_->broadcast(data, bytes, root);
  }
  void all_gather(const void* mine, void* all, std::span<const std::int64_t> bytes) const override {
    sent_.gathered += bytes[at(rank())] * (size() - 1);
    below_->all_gather(mine, all, bytes);
  }
  void all_to_all(const void* send, std::span<const std::int64_t> send_bytes, void* receive,
                  std::span<const std::int64_t> receive_bytes) const override {
    sent_.pieces += total(send_bytes) - send_bytes[at(rank())];
    below_->all_to_all(send, send_bytes, receive, receive_bytes);
  }
  void all_reduce(void* data, std::int64_t count, std::int64_t element_bytes, Combine combine) const override {
    sent_.reduced += alone() ? 0 : count * element_bytes;
    below_->all_reduce(data, count, element_bytes, combine);
  }
  void reduce_scatter(const void* send, void* receive, std::span<const std::int64_t> counts, std::int64_t element_bytes,
                      Combine combine) const override {
    sent_.pieces += (total(counts) - counts[at(rank())]) * element_bytes;
    below_->reduce_scatter(send, receive, counts, element_bytes, combine);
  }
  void exclusive_scan(void* data, std::int64_t count, std::int64_t element_bytes, Combine combine) const override {
    sent_.scanned += alone() ? 0 : count * element_bytes;
    below_->exclusive_scan(data, count, element_bytes, combine);
  }
  Comm split(int colour) const override { return std::make_shared<CountingKinds>(below_->split(colour)); }

 private:
  static std::size_t at(int rank) { return static_cast<std::size_t>(rank); }
  static Size total(std::span<const std::int64_t> values) { return std::accumulate(values.begin(), values.end(), Size{0}); }
  bool alone() const { return size() == 1; }

  Comm below_;
  mutable Sent sent_;
};

// What this rank sends while f() runs. `comm` is the communicator of f's arrays. Where the job is MPI's, its calls are counted too,
// and must agree.
template <class F>
Sent sent_by(const CountingKinds& comm, bool by_mpi, F&& f) {
  comm.take();
  if (by_mpi) start_counting_mpi();
  f();
  const Sent seen = comm.take();
  if (by_mpi) {
    const Sent calls = stop_counting_mpi();
    expect(calls == seen, "MPI's calls: " + to_string(calls) + "; the communicator's: " + to_string(seen));
  }
  return seen;
}

// What explain says of this rank.
inline Sent predicted(const Explanation& explanation, int rank) {
  const auto bytes = [&](Collectives kinds) { return explanation.bytes(kinds).bytes[static_cast<std::size_t>(rank)]; };
  return {bytes(Collectives(Collective::exchange) | Collective::reduce_scatter), bytes(Collective::all_gather), bytes(Collective::all_reduce),
          bytes(Collective::scan), bytes(Collective::broadcast), 0};
}

// That statements send what explain says they send: explain(e, policy) is asked first, then the statement runs.
class Predictions {
 public:
  Predictions() : by_mpi_(process_is_a_job()), comm_(std::make_shared<CountingKinds>(world())), here_(comm_) {}

  // e, an expression on arrays of this world, stored under a policy.
  template <class E, class Policy>
  void check(const std::string& what, const E& e, Policy) {
    const Explanation explanation = explain(e, Policy{});
    const Sent expected = predicted(explanation, comm_->rank());
    const Sent seen = sent_by(*comm_, by_mpi_, [&] {
      // What a backend computes sends nothing: the one that compiles fastest does, where the operands leave the choice.
      using Backend = std::conditional_t<std::is_void_v<backend_of<E>>, Reference, backend_of<E>>;
      const Array<value_of<E>, rank_of<E>, Policy, Backend> y(e);
    });
    expect(seen == expected || may_be_less(explanation, seen, expected), what + " sends: " + to_string(seen) + "; predicted: " + to_string(expected) + "\n" + priel::to_string(explanation));
    const Collectives kinds = explanation.collectives(), possible = collectives_of<E, Policy>;
    expect((kinds | possible) == possible, what + ": the compiler knows of each kind of message");
  }
  template <class E>
  void check(const std::string& what, const E& e) { check(what, e, detail::stored_policy<policy_of<E>>{}); }

 private:
  // Pieces whose number the values decide.
  static bool may_be_less(const Explanation& explanation, Sent seen, const Sent& expected) {
    const auto& messages = explanation.messages;
    const bool open = std::any_of(messages.begin(), messages.end(), [](const Message& message) { return message.at_most; });
    if (!open || seen.pieces > expected.pieces) return false;
    seen.pieces = expected.pieces;
    return seen == expected;
  }

  // Simulated ranks are threads of one process, whose MPI calls say nothing.
  static bool process_is_a_job() { return process_world_size() > 1; }
  static int process_world_size();

  bool by_mpi_;
  std::shared_ptr<const CountingKinds> comm_;
  ScopedWorld here_;
};

}  // namespace priel::test
