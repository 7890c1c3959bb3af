// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The communicator over MPI, for the compiled parts that hand its MPI_Comm to another library.
#pragma once

#include "on_root.hpp"

#include <priel/environment.hpp>

#include <mpi.h>

namespace priel::detail {

// Owns an MPI communicator of its own, so that its messages never meet another library's. Calls of at most 1 GiB.
class MpiCommunicator final : public Communicator {
 public:
  // Takes over `comm` and frees it (unless MPI has ended before).
  explicit MpiCommunicator(MPI_Comm comm);
  ~MpiCommunicator() override;
  MpiCommunicator(const MpiCommunicator&) = delete;
  MpiCommunicator& operator=(const MpiCommunicator&) = delete;

  // For another library's collectives.
  MPI_Comm handle() const {
    forbid_on_root("a collective of another library");
    return comm_;
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  void barrier() const override;
  void broadcast(void* data, std::int64_t bytes, int root) const override;
  void all_gather(const void* mine, void* all, std::span<const std::int64_t> bytes) const override;
  void all_to_all(const void* send, std::span<const std::int64_t> send_bytes, void* receive,
                  std::span<const std::int64_t> receive_bytes) const override;
  void all_reduce(void* data, std::int64_t count, std::int64_t element_bytes, Combine combine) const override;
  void reduce_scatter(const void* send, void* receive, std::span<const std::int64_t> counts, std::int64_t element_bytes,
                      Combine combine) const override;
  std::shared_ptr<const Communicator> split(int colour) const override;
  void exclusive_scan(void* data, std::int64_t count, std::int64_t element_bytes, Combine combine) const override;
  bool takes_device_memory() const override { return mpi_takes_device_memory(); }
  std::unique_ptr<Transfer> begin_all_to_all(const void* send, std::span<const std::int64_t> send_bytes, void* receive,
                                             std::span<const std::int64_t> receive_bytes) const override;

 private:
  MPI_Comm comm_;
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace priel::detail
