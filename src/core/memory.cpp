// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Memory of arrays: recycled, because a fresh page costs more than the loop that fills it; large blocks in huge pages.
// A block begins with a line that says how large it is.

#include <priel/backend/memory.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace priel::detail {
namespace {

constexpr std::size_t line = 64, page = std::size_t{2} << 20;
constexpr std::size_t large = 2 * page;          // from here on in huge pages
constexpr std::size_t small_most = std::size_t{64} << 10;
constexpr int classes = 11, kept_of_a_class = 8;   // 64 B ... 64 KiB, by powers of two

int class_of(std::size_t bytes) {
  int c = 0;
  for (std::size_t size = line; size < bytes; size *= 2) ++c;
  return c;
}
// What is asked of the system for so many bytes.
std::size_t rounded(std::size_t bytes) {
  if (bytes <= small_most) return line << class_of(bytes);
  const std::size_t unit = bytes >= large ? page : 4096;
  return (bytes + unit - 1) / unit * unit;
}

void* from_system(std::size_t bytes) {
  void* block = std::aligned_alloc(bytes >= large ? page : line, bytes);
#if defined(__linux__)
  if (block && bytes >= large) madvise(block, bytes, MADV_HUGEPAGE);   // advice: a refusal changes nothing
#endif
  return block;
}

// Small blocks of one thread. Plain memory that is never destroyed: arrays may be released after a thread's own objects are.
struct Shelf {
  void* block[classes][kept_of_a_class];
  int count[classes];
};
thread_local constinit Shelf shelf{};
thread_local constinit bool shelf_closed = false;
struct Closing {
  ~Closing() {
    shelf_closed = true;
    for (int c = 0; c < classes; ++c)
      while (shelf.count[c] > 0) std::free(shelf.block[c][--shelf.count[c]]);
  }
};

std::size_t physical_memory() {
#if defined(__linux__)
  return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
#else
  return std::size_t{4} << 30;
#endif
}

// PRIEL_RECYCLE_MEMORY=0, for tools that watch every allocation.
bool recycling_wanted() {
  const char* said = std::getenv("PRIEL_RECYCLE_MEMORY");
  return !said || std::strcmp(said, "0") != 0;
}

// The other blocks, of all threads, the one released last first.
struct Store {
  static constexpr std::size_t most_blocks = 64;
  struct Block {
    void* data;
    std::size_t bytes;
  };
  std::mutex lock;
  std::vector<Block> blocks;
  std::size_t held = 0, most = std::min(physical_memory() / 32, std::size_t{272} << 20);

  void* take(std::size_t bytes) {
    const std::lock_guard guard(lock);
    const auto found = std::find_if(blocks.rbegin(), blocks.rend(), [&](const Block& b) { return b.bytes == bytes; });
    if (found == blocks.rend()) return nullptr;
    void* data = found->data;
    held -= bytes;
    blocks.erase(std::next(found).base());
    return data;
  }
  bool keep(void* data, std::size_t bytes) {
    const std::lock_guard guard(lock);
    if (bytes > most) return false;
    try {
      blocks.push_back({data, bytes});
    } catch (const std::bad_alloc&) {
      return false;
    }
    held += bytes;
    drop_to(most, most_blocks);
    return true;
  }
  void drop_to(std::size_t bytes, std::size_t count) {
    std::size_t dropped = 0;
    while (held > bytes || blocks.size() - dropped > count) {
      held -= blocks[dropped].bytes;
      std::free(blocks[dropped++].data);
    }
    blocks.erase(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(dropped));
  }
};
Store& store() {
  static Store& store = *new Store;   // never destroyed: static arrays are released after it would be
  return store;
}

// A block that was released before; null if there is none of this size.
void* recycled(std::size_t bytes) {
  if (bytes <= small_most) {
    const int c = class_of(bytes);
    return shelf.count[c] > 0 ? shelf.block[c][--shelf.count[c]] : nullptr;
  }
  return store().take(bytes);
}
bool kept(void* block, std::size_t bytes) noexcept {
  static const bool wanted = recycling_wanted();
  if (!wanted) return false;
  if (bytes <= small_most) {
    if (shelf_closed) return false;
    thread_local Closing closing;
    const int c = class_of(bytes);
    if (shelf.count[c] == kept_of_a_class) return false;
    shelf.block[c][shelf.count[c]++] = block;
    return true;
  }
  return store().keep(block, bytes);
}

}  // namespace

void* acquire(std::size_t wanted) {
  const std::size_t bytes = rounded(wanted + line);
  if (bytes < wanted) throw std::bad_alloc();
  void* block = recycled(bytes);
  if (!block) block = from_system(bytes);
  if (!block) {
    release_memory();
    block = from_system(bytes);
  }
  if (!block) throw std::bad_alloc();
  *static_cast<std::size_t*>(block) = bytes;
  return static_cast<char*>(block) + line;
}

void recycle(void* memory) noexcept {
  if (!memory) return;
  void* block = static_cast<char*>(memory) - line;
  const std::size_t bytes = *static_cast<std::size_t*>(block);
  if (!kept(block, bytes)) std::free(block);
}

}  // namespace priel::detail

namespace priel {

void release_memory() {
  auto& store = detail::store();
  const std::lock_guard guard(store.lock);
  store.drop_to(0, 0);
}

void limit_recycling(Size bytes) {
  auto& store = detail::store();
  const std::lock_guard guard(store.lock);
  store.most = static_cast<std::size_t>(std::max<Size>(bytes, 0));
  store.drop_to(store.most, detail::Store::most_blocks);
}

Size recycled_bytes() {
  auto& store = detail::store();
  const std::lock_guard guard(store.lock);
  return static_cast<Size>(store.held);
}

}  // namespace priel
