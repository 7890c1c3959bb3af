// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a thread shares while it evaluates one block of rows: windows of files that were read before, and what nodes keep of them.
#pragma once

#include <priel/buffer.hpp>
#include <priel/io/file.hpp>

#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace priel::detail {

// A box of a source's elements in memory.
struct SourceWindow {
  std::shared_ptr<const io::Source> source;
  io::Element as;
  Size element_bytes;
  std::vector<Size> lower, extent;
  std::vector<Size> parts = {};   // boxes (lower, extent) of what is wanted of it, where that is known: each value that is used lies in one
  bool all = false;               // or all is
  const std::byte* data = nullptr;

  Size bytes() const;
  // Of the stored chunks that are touched, whole.
  Size stored_bytes() const;
};

// Blocks are first planned, by lowering the expression on their rows without running any loop: sources note the boxes that they are asked for, nodes
// what they would allocate. Then they are computed, with the windows in memory.
class BlockStage {
 public:
  bool planning = false;
  bool in_parts = false;   // planning: what is asked for now are parts of what will be
  std::vector<SourceWindow> windows;   // planning: the wanted ones
  Size allocated = 0;                  // planning: bytes that nodes would stage

  // Planning: the box is wanted. Computing: a window that holds it, null if there is none.
  const SourceWindow* find(const std::shared_ptr<const io::Source>& source, io::Element as, Size element_bytes, std::span<const Size> lower,
                           std::span<const Size> extent);

  // What the copies of a node keep until the block is done, known by an address that they share.
  template <class X>
  const X* kept(const void* node) const { return found<X>(kept_, node); }
  template <class X>
  const X& keep(const void* node, Shared<X> thing) { return put(kept_, node, std::move(thing)); }
  void next_block() { kept_.clear(); }
  // The same for what holds for all blocks.
  template <class X>
  const X* lasting(const void* node) const { return found<X>(lasting_, node); }
  template <class X>
  const X& keep_lasting(const void* node, Shared<X> thing) { return put(lasting_, node, std::move(thing)); }

 private:
  using Things = std::vector<std::pair<const void*, Shared<Counted>>>;
  template <class X>
  static const X* found(const Things& things, const void* node) {
    for (const auto& [address, thing] : things)
      if (address == node) return static_cast<const X*>(thing.get());
    return nullptr;
  }
  template <class X>
  static const X& put(Things& things, const void* node, Shared<X> thing) {
    const X& result = *thing;
    for (auto& [address, old] : things) {
      if (address != node) continue;
      old = std::move(thing);
      return result;
    }
    things.emplace_back(node, std::move(thing));
    return result;
  }

  Things kept_, lasting_;
};

// The calling thread's; null where no block is being evaluated.
inline thread_local constinit BlockStage* block_stage = nullptr;

// Makes `stage` the thread's until destruction.
class ScopedStage {
 public:
  explicit ScopedStage(BlockStage* stage) : previous_(std::exchange(block_stage, stage)) {}
  ~ScopedStage() { block_stage = previous_; }
  ScopedStage(const ScopedStage&) = delete;
  ScopedStage& operator=(const ScopedStage&) = delete;

 private:
  BlockStage* previous_;
};

// Prepares what is not computed row by row: a node with prepare_rows() is left to the blocks, also below point-wise operators and views.
template <class E>
void prepare_rows(const E& e) {
  if constexpr (requires { e.prepare_rows(); }) e.prepare_rows();
  else if constexpr (requires { e.with_kids([](const auto&...) {}); }) e.with_kids([](const auto&... kid) { (prepare_rows(kid), ...); });
  else if constexpr (requires { e.viewed(); }) prepare_rows(e.viewed());
  else e.prepare();
}

}  // namespace priel::detail
