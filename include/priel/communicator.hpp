// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The communicator: a few byte-level collectives behind an interface; MPI and in-process ranks implement it.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

namespace priel {

// Combines `count` elements: into[i] = into[i] ∘ from[i]. The elements' type is known to the function only.
using Combine = void (*)(void* into, const void* from, std::int64_t count);

// What was begun and is under way: its destructor waits for the end.
class Transfer {
 public:
  virtual ~Transfer() = default;
};

// A group of ranks that call the same collectives in the same order. All sizes are 64-bit; no implementation may
// overflow an `int`. Every call but `rank` and `size` is collective over the group. Results of reductions are
// identical on every rank and combine the operands in rank order (rank 0 first).
class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;

  virtual void barrier() const = 0;

  // `bytes` from `root` to every rank.
  virtual void broadcast(void* data, std::int64_t bytes, int root) const = 0;

  // Rank r's `bytes[r]` bytes at `mine` are placed, in rank order and without gaps, at `all` on every rank.
  // `mine` may point at its own place in `all`.
  virtual void all_gather(const void* mine, void* all, std::span<const std::int64_t> bytes) const = 0;

  // Piece q of `send` (send_bytes[q] bytes, pieces in rank order without gaps) goes to rank q;
  // `receive` gets one piece of each rank, in rank order without gaps. send_bytes on q must match receive_bytes here, but
  // for this rank's own piece: one of the two may be 0, and nothing is copied.
  virtual void all_to_all(const void* send, std::span<const std::int64_t> send_bytes, void* receive,
                          std::span<const std::int64_t> receive_bytes) const = 0;

  // In place: data[i] = data[i] of rank 0 ∘ ... ∘ data[i] of rank p-1, for `count` elements of `element_bytes`.
  virtual void all_reduce(void* data, std::int64_t count, std::int64_t element_bytes, Combine combine) const = 0;

  // Combines `send` (the pieces of all ranks, counts[q] elements each, in rank order) and leaves piece r on rank r in `receive`.
  virtual void reduce_scatter(const void* send, void* receive, std::span<const std::int64_t> counts,
                              std::int64_t element_bytes, Combine combine) const = 0;

  // The ranks that pass the same colour, in their present order.
  virtual std::shared_ptr<const Communicator> split(int colour) const = 0;

  // In place: data[i] = data[i] of rank 0 ∘ ... ∘ data[i] of rank r-1 on rank r. Rank 0, which has nobody before it, keeps what
  // it passed; its caller ignores that.
  virtual void exclusive_scan(void* data, std::int64_t count, std::int64_t element_bytes, Combine combine) const = 0;

  // Whether the data of broadcast, of all_gather with this rank's in its place and of all_to_all without a piece for this rank itself
  // may be a GPU's memory. Need not be the same on every rank: what is not taken is staged by its owner.
  virtual bool takes_device_memory() const { return false; }

  // Begins all_to_all: until the transfer is destroyed, what is sent must not change and what is received must not be read, while other work
  // goes on. Every rank begins and ends in the same order among its collectives. Null: all is done already, as here.
  virtual std::unique_ptr<Transfer> begin_all_to_all(const void* send, std::span<const std::int64_t> send_bytes, void* receive,
                                                     std::span<const std::int64_t> receive_bytes) const {
    all_to_all(send, send_bytes, receive, receive_bytes);
    return nullptr;
  }
};

using Comm = std::shared_ptr<const Communicator>;

namespace detail {
// Of what names no communicator.
inline const Comm no_comm;
}  // namespace detail

// The communicator that creation functions use by default: the world of this process (one rank until an Environment
// or `simulate` says otherwise). Per thread under `simulate`.
Comm world();

// A communicator of this rank alone; nothing on it is sent.
Comm self();

// Makes `comm` the world of the calling thread until destruction.
class ScopedWorld {
 public:
  explicit ScopedWorld(Comm comm);
  ~ScopedWorld();
  ScopedWorld(const ScopedWorld&) = delete;
  ScopedWorld& operator=(const ScopedWorld&) = delete;

 private:
  Comm previous_;
};

// An error that every rank of the communicator throws alike; rank 0 prints it.
class AgreedError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Bad input or a failing system, as the program's exit status tells them apart.
class InputError : public AgreedError {   // exit status 2
 public:
  using AgreedError::AgreedError;
};
class SystemError : public AgreedError {  // exit status 3
 public:
  using AgreedError::AgreedError;
};

// Extents that do not fit, communicators that differ: known from global metadata, thrown on every rank before a message.
class ShapeError : public InputError {
 public:
  using InputError::InputError;
};

// Collective. If `mine` is set on any rank, every rank throws the error of the lowest such rank (its kind and text);
// returns if none is. Sends one integer, and the text if there is one.
void agree(const Communicator& comm, std::exception_ptr mine);

// Runs `action` on every rank and agrees on its outcome.
template <class Action>
void agreed(const Communicator& comm, Action&& action) {
  std::exception_ptr mine;
  try { action(); } catch (...) { mine = std::current_exception(); }
  agree(comm, mine);
}

}  // namespace priel
