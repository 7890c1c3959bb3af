// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The communicator of one rank: every collective is a copy.

#include "fold.hpp"
#include "on_root.hpp"
#include "process.hpp"

#include <algorithm>

namespace priel {
namespace {

class SelfCommunicator final : public Communicator {
 public:
  explicit SelfCommunicator(bool is_world) : is_world_(is_world) {}

  int rank() const override { return 0; }
  int size() const override { return 1; }
  void barrier() const override { called("barrier"); }
  void broadcast(void*, std::int64_t, int) const override { called("broadcast"); }

  void all_gather(const void* mine, void* all, std::span<const std::int64_t> bytes) const override {
    called("all_gather");
    detail::copy_bytes(all, mine, bytes[0]);
  }
  void all_to_all(const void* send, std::span<const std::int64_t> send_bytes, void* receive,
                  std::span<const std::int64_t> receive_bytes) const override {
    called("all_to_all");
    detail::copy_bytes(receive, send, std::min(send_bytes[0], receive_bytes[0]));
  }
  void all_reduce(void*, std::int64_t, std::int64_t, Combine) const override { called("all_reduce"); }
  void reduce_scatter(const void* send, void* receive, std::span<const std::int64_t> counts, std::int64_t element_bytes,
                      Combine) const override {
    called("reduce_scatter");
    detail::copy_bytes(receive, send, counts[0] * element_bytes);
  }
  Comm split(int) const override {
    called("split");
    return is_world_ ? detail::lone_world() : self();
  }
  void exclusive_scan(void*, std::int64_t, std::int64_t, Combine) const override { called("exclusive_scan"); }

 private:
  void called(const char* call) const {
    if (is_world_) detail::forbid_on_root(call);
  }

  bool is_world_;
};

}  // namespace

Comm self() {
  static const Comm only = std::make_shared<const SelfCommunicator>(false);
  return only;
}

Comm detail::lone_world() { return std::make_shared<const SelfCommunicator>(true); }

}  // namespace priel
