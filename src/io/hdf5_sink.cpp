// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// HDF5 files being written. No rank keeps the file open between two calls: rank 0 changes its structure, and elements are
// written by all ranks together through MPI-IO where their place is reserved, else by one rank after the other. A write
// through MPI-IO that meets a full disk hangs, crashes or loses data, so it is kept for places that cannot run full.

#include "formats.hpp"
#include "hdf5_chunks.hpp"
#include "hdf5_write.hpp"
#include "space.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <unistd.h>

#if defined(PRIEL_HAS_MPI) && defined(H5_HAVE_PARALLEL)
#include "../communicator/mpi.hpp"
#endif

namespace priel::io {
namespace {

using namespace detail;

class Hdf5Sink final : public Sink {
 public:
  Hdf5Sink(const std::string& path, Comm comm) : path_(path), temporary_(path), comm_(std::move(comm)) {}
  Hdf5Sink(const Hdf5Sink&) = delete;
  Hdf5Sink& operator=(const Hdf5Sink&) = delete;

  ~Hdf5Sink() override {
    std::error_code error;
    if (!closed_ && comm_->rank() == 0 && temporary_ != path_) std::filesystem::remove(temporary_, error);
  }

  // Collective; apart from the constructor, so that a file that was begun is removed when a later step fails.
  void open(bool append) {
    std::int64_t in_place = 0;
    agreed(*comm_, [&] {
      if (comm_->rank() == 0) in_place = begin(append);
    });
    comm_->broadcast(&in_place, sizeof in_place, 0);
    temporary_ = in_place ? path_ : beside(path_);
  }

  void create(const std::string& dataset, Element element, std::span<const std::int64_t> shape, const Layout& layout) override {
    change([&](hid_t file) {
      const Handle made = create_dataset(file, where(dataset), dataset, element, shape, layout);
      const haddr_t place = H5Dget_offset(made.get());
      if (place != HADDR_UNDEF)
        reserve_space(path_, temporary_, static_cast<std::int64_t>(place), static_cast<std::int64_t>(H5Dget_storage_size(made.get())));
    });
    created_.insert_or_assign(dataset, Created{element, {shape.begin(), shape.end()}, layout});
  }

  void write_all(const std::string& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element element,
                 const void* from) override {
    if (writes_together(dataset)) return write_together(dataset, lower, extent, element, from);
    // Ranks compress at the same time and write in turn; what is beyond the memory of that is compressed in its turn.
    const auto found = created_.find(dataset);
    std::optional<std::int64_t> chunks;
    std::vector<PackedChunk> packed;
    const auto pack = [&](std::int64_t first) {
      const Created& stored = found->second;
      packed = pack_chunks(stored, lower, extent, from, first, first + chunks_at_once(stored));
    };
    agreed(*comm_, [&] {
      if (found == created_.end()) return;
      require_within(lower, extent, found->second.shape, where(dataset));
      chunks = whole_chunks(found->second, lower, extent, element);
      if (chunks) pack(0);
    });
    in_turn([&] {
      if (chunks && packed.empty() && *chunks <= chunks_at_once(found->second)) return;
      const Library library;
      Handle file = open_file();
      {
        const Handle stored = open_dataset(file.get(), path_, dataset);
        if (chunks) {
          write_chunks(stored.get(), where(dataset), packed);
          for (std::int64_t next = chunks_at_once(found->second); next < *chunks; next += chunks_at_once(found->second)) {
            pack(next);
            write_chunks(stored.get(), where(dataset), packed);
          }
        } else {
          for (const Transfer& part : parts_of(stored.get(), dataset, lower, extent, element))
            write_part(stored.get(), where(dataset), &part, element, from, H5P_DEFAULT);
        }
      }
      close_file(file);
    });
  }

  void attribute(const std::string& object, const std::string& name, const std::string& value) override {
    const char* const text = value.c_str();
    change([&](hid_t file) {
      const Handle type = text_type();
      write_attribute(file, where(object), object, name, type.get(), type.get(), &text);
    });
  }
  void attribute(const std::string& object, const std::string& name, double value) override {
    change([&](hid_t file) { write_attribute(file, where(object), object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value); });
  }
  void attribute(const std::string& object, const std::string& name, std::int64_t value) override {
    change([&](hid_t file) { write_attribute(file, where(object), object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value); });
  }

  void close() override {
    if (closed_) return;
    agreed(*comm_, [&] {
      if (comm_->rank() == 0 && temporary_ != path_ && std::rename(temporary_.c_str(), path_.c_str()) != 0)
        throw SystemError(what() + ": " + std::strerror(errno));
    });
    closed_ = true;
  }

 private:
  // What a rank has open during a write. Closing is collective under MPI-IO, so all ranks destroy it together.
  struct Opened {
    Handle file, dataset, transfer;
    ~Opened() {
      const Library library;
      transfer.reset();
      dataset.reset();
      file.reset();
    }
  };

  std::string what() const { return "cannot write " + path_; }
  std::string where(const std::string& dataset) const { return path_ + ":" + dataset; }

  // On rank 0: makes the new file, unless an existing one is changed in place; says which.
  bool begin(bool append) const {
    std::error_code error;
    if (append && std::filesystem::is_directory(path_, error)) throw SystemError(what() + ": it is a folder");
    if (append && std::filesystem::exists(path_, error)) {
      if (::access(path_.c_str(), W_OK) != 0) throw SystemError(what() + ": " + std::strerror(errno));
      const Library library;
      const Handle readable = open_to_read(path_);
      return true;
    }
    create_beside(path_);
    const Library library;
    Handle file = require({H5Fcreate(beside(path_).c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose}, what());
    close_file(file);
    return false;
  }

  Handle open_file(hid_t access = H5P_DEFAULT) const {
    return require({H5Fopen(temporary_.c_str(), H5F_ACC_RDWR, access), H5Fclose}, what());
  }

  // Flushes first: a file that cannot be closed for want of space stays open for ever, one that cannot be flushed does not.
  void close_file(Handle& file) const {
    require(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), what());
    if (!file.reset()) throw SystemError(what() + ": " + library_error());
  }

  void change(const std::function<void(hid_t)>& action) const {
    agreed(*comm_, [&] {
      if (comm_->rank() != 0) return;
      const Library library;
      Handle file = open_file();
      action(file.get());
      close_file(file);
    });
  }

  void in_turn(const std::function<void()>& action) const {
    std::exception_ptr mine;
    for (int turn = 0; turn < comm_->size(); ++turn) {
      if (turn == comm_->rank()) {
        try {
          action();
        } catch (...) {
          mine = std::current_exception();
        }
      }
      comm_->barrier();
    }
    agree(*comm_, mine);
  }

  // This rank's part of the work, after a look at the box.
  std::vector<Transfer> parts_of(hid_t stored, const std::string& dataset, std::span<const std::int64_t> lower,
                                 std::span<const std::int64_t> extent, Element element) const {
    const Handle space(H5Dget_space(stored), H5Sclose);
    require_within(lower, extent, shape_of(space.get()), where(dataset));
    if (extent.empty() && comm_->rank() != 0) return {};  // a scalar is rank 0's
    return transfers(lower, extent, bytes_of(element));
  }

#if defined(PRIEL_HAS_MPI) && defined(H5_HAVE_PARALLEL)
  const priel::detail::MpiCommunicator* mpi() const { return dynamic_cast<const priel::detail::MpiCommunicator*>(comm_.get()); }

  // Collective: whether the elements have their place in the file already.
  bool writes_together(const std::string& dataset) const {
    if (mpi() == nullptr || comm_->size() == 1) return false;
    std::int64_t placed = 0;
    agreed(*comm_, [&] {
      if (comm_->rank() != 0) return;
      const Library library;
      const Handle file = open_file();
      placed = H5Dget_offset(open_dataset(file.get(), path_, dataset).get()) != HADDR_UNDEF;
    });
    comm_->broadcast(&placed, sizeof placed, 0);
    return placed != 0;
  }

  static void largest(void* into, const void* from, std::int64_t) {
    auto& a = *static_cast<std::int64_t*>(into);
    a = std::max(a, *static_cast<const std::int64_t*>(from));
  }

  void write_together(const std::string& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent,
                      Element element, const void* from) const {
    Opened open;
    std::vector<Transfer> parts;
    agreed(*comm_, [&] {
      const Library library;
      const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
      require(H5Pset_fapl_mpio(access.get(), mpi()->handle(), MPI_INFO_NULL), what());
      open.file = open_file(access.get());
      open.transfer = Handle(H5Pcreate(H5P_DATASET_XFER), H5Pclose);
      require(H5Pset_dxpl_mpio(open.transfer.get(), H5FD_MPIO_COLLECTIVE), what());
      open.dataset = open_dataset(open.file.get(), path_, dataset);
      parts = parts_of(open.dataset.get(), dataset, lower, extent, element);
    });
    auto rounds = static_cast<std::int64_t>(parts.size());
    comm_->all_reduce(&rounds, 1, sizeof rounds, largest);
    for (std::int64_t round = 0; round < rounds; ++round)
      agreed(*comm_, [&] {
        const Library library;
        const auto i = static_cast<std::size_t>(round);
        write_part(open.dataset.get(), where(dataset), i < parts.size() ? &parts[i] : nullptr, element, from, open.transfer.get());
      });
    agreed(*comm_, [&] {
      const Library library;
      open.dataset.reset();
      close_file(open.file);
    });
  }
#else
  bool writes_together(const std::string&) const { return false; }
  void write_together(const std::string&, std::span<const std::int64_t>, std::span<const std::int64_t>, Element, const void*) const {}
#endif

  std::string path_;
  std::string temporary_;  // where the content goes; `path_` itself when a file is changed in place
  Comm comm_;
  std::map<std::string, Created> created_;
  bool closed_ = false;
};

}  // namespace

std::shared_ptr<Sink> detail::create_hdf5(const std::string& path, Comm comm, bool append) {
  auto sink = std::make_shared<Hdf5Sink>(path, std::move(comm));
  sink->open(append);
  return sink;
}

}  // namespace priel::io
