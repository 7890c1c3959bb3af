// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// HDF5 files being written: by all ranks together through MPI-IO, or by one rank after the other where there is none.

#include "hdf5_write.hpp"
#include "space.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <memory>
#include <system_error>
#include <unistd.h>

#if defined(PRIEL_HAS_MPI) && defined(H5_HAVE_PARALLEL)
#include "../communicator/mpi.hpp"
#endif

namespace priel::io {
namespace {

using namespace detail;

// What the ranks together are about to write.
struct Load {
  std::int64_t transfers;  // of the rank with the most
  std::int64_t elements;   // of all ranks
};
void add(void* into, const void* from, std::int64_t) {
  auto& a = *static_cast<Load*>(into);
  const auto& b = *static_cast<const Load*>(from);
  a = {std::max(a.transfers, b.transfers), a.elements + b.elements};
}

class Hdf5Sink final : public Sink {
 public:
  Hdf5Sink(const std::string& path, Comm comm) : path_(path), temporary_(path), comm_(std::move(comm)) {}
  Hdf5Sink(const Hdf5Sink&) = delete;
  Hdf5Sink& operator=(const Hdf5Sink&) = delete;

  ~Hdf5Sink() override {
    if (closed_) return;
    // What is still buffered must find room, or HDF5 cannot close the file and crashes at its own end.
    const bool removes = comm_->rank() == 0 && made_ && temporary_ != path_;
    std::error_code error;
    if (removes) std::filesystem::resize_file(temporary_, 0, error);
    if (may_close()) {
      const Library library;
      file_.reset();
    } else {
      file_.leak();  // closing is collective, and some ranks are elsewhere: the job is about to end
    }
    if (removes) std::filesystem::remove(temporary_, error);
  }

  // Collective; apart from the constructor, so that a file that was begun is removed when a later step fails.
  void open(bool append) {
    std::int64_t in_place = 0;
    agreed(*comm_, [&] {
      if (comm_->rank() == 0) in_place = prepare(append);
    });
    comm_->broadcast(&in_place, sizeof in_place, 0);
    temporary_ = in_place ? path_ : beside(path_);
    made_ = true;
    use_mpi();
    together_ = together_ || comm_->size() == 1;
    agreed(*comm_, [&] {
      if (!together_ && (comm_->rank() != 0 || in_place)) return;
      const Library library;
      Handle file = in_place ? open_file() : require({H5Fcreate(temporary_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access().get()), H5Fclose}, what());
      if (together_) file_ = std::move(file);
    });
  }

  void create(const std::string& dataset, Element element, std::span<const std::int64_t> shape, const Layout& layout) override {
    std::int64_t bytes = bytes_of(element);
    for (const std::int64_t extent : shape) bytes *= extent;
    if (together_ && !layout.chunk.empty())
      // MPI-IO fills chunks as they are created; an empty one that is compressed takes next to nothing.
      agreed(*comm_, [&] { look_for_space(layout.deflate > 0 ? bytes / 50 : bytes); });
    std::int64_t offset = -1;
    change([&](hid_t file) {
      const Handle made = create_dataset(file, where(dataset), dataset, element, shape, layout);
      const haddr_t address = H5Dget_offset(made.get());
      if (address != HADDR_UNDEF) offset = static_cast<std::int64_t>(address);
    });
    agreed(*comm_, [&] {
      if (comm_->rank() == 0 && offset >= 0) reserve_space(path_, temporary_, offset, bytes);
      look_for_space(0);
    });
  }

  void write_all(const std::string& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element element,
                 const void* from) override {
    const auto parts_for = [&](hid_t stored) {
      const Handle space(H5Dget_space(stored), H5Sclose);
      require_within(lower, extent, shape_of(space.get()), where(dataset));
      if (extent.empty() && comm_->rank() != 0) return std::vector<Transfer>();  // a scalar is rank 0's
      return transfers(lower, extent, bytes_of(element));
    };
    if (together_) {
      Written open;
      std::vector<Transfer> parts;
      agreed(*comm_, [&] {
        const Library library;
        open.dataset = open_dataset(file_.get(), path_, dataset);
        open.transfer = collective();
        open.in_chunks = H5Dget_offset(open.dataset.get()) == HADDR_UNDEF;
        parts = parts_for(open.dataset.get());
      });
      Load load{static_cast<std::int64_t>(parts.size()), 0};
      for (const Transfer& part : parts) load.elements += part.count;
      comm_->all_reduce(&load, 1, sizeof load, add);
      if (open.in_chunks) agreed(*comm_, [&] { look_for_space(load.elements * bytes_of(element)); });
      for (std::int64_t round = 0; round < load.transfers; ++round)
        agreed(*comm_, [&] {
          const Library library;
          const auto i = static_cast<std::size_t>(round);
          write_part(open.dataset.get(), where(dataset), i < parts.size() ? &parts[i] : nullptr, element, from, open.transfer.get());
        });
      return;
    }
    in_turn([&] {
      const Library library;
      Handle file = open_file();
      {
        const Handle stored = open_dataset(file.get(), path_, dataset);
        for (const Transfer& part : parts_for(stored.get()))
          write_part(stored.get(), where(dataset), &part, element, from, H5P_DEFAULT);
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
      const Library library;
      close_file(file_);
    });
    agreed(*comm_, [&] {
      if (comm_->rank() == 0 && temporary_ != path_ && std::rename(temporary_.c_str(), path_.c_str()) != 0)
        throw SystemError(what() + ": " + std::strerror(errno));
    });
    closed_ = true;
  }

 private:
  // Closed with the library held, whichever way the call ends.
  struct Written {
    Handle dataset, transfer;
    bool in_chunks = false;  // or without elements: not in a place that was reserved when it was created
    ~Written() {
      const Library library;
      dataset.reset();
      transfer.reset();
    }
  };

  std::string what() const { return "cannot write " + path_; }
  std::string where(const std::string& dataset) const { return path_ + ":" + dataset; }

  static std::string beside(const std::string& path) {
    const std::filesystem::path final_path(path);
    return (final_path.parent_path() / ("." + final_path.filename().string() + ".part")).string();
  }

  // On rank 0: whether the file is changed in place, after a look at everything that can be seen to be wrong.
  bool prepare(bool append) {
    std::error_code error;
    if (std::filesystem::is_directory(path_, error)) throw SystemError(what() + ": it is a folder");
    if (append && std::filesystem::exists(path_, error)) {
      if (::access(path_.c_str(), W_OK) != 0) throw SystemError(what() + ": " + std::strerror(errno));
      const Library library;
      const Handle readable = open_to_read(path_);
      return true;
    }
    const int descriptor = ::open(beside(path_).c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
    if (descriptor < 0) throw SystemError(what() + ": " + (errno == ENOENT ? "no such folder" : std::strerror(errno)));
    ::close(descriptor);
    return false;
  }

  Handle open_file() const { return require({H5Fopen(temporary_.c_str(), H5F_ACC_RDWR, access().get()), H5Fclose}, what()); }
  void close_file(Handle& file) const {
    if (file) require(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), what());
    if (!file.reset()) throw SystemError(what() + ": " + library_error());
  }
  // Only MPI-IO needs it: a serial driver that finds the disk full says so.
  void look_for_space(std::int64_t bytes) const {
    constexpr std::int64_t for_metadata = 1 << 20;
    if (comm_->rank() == 0 && comm_->size() > 1) require_space(path_, temporary_, bytes + for_metadata);
  }

  // Where all take part, on every rank; else on rank 0, which opens the file for it.
  void change(const std::function<void(hid_t)>& action) {
    agreed(*comm_, [&] {
      if (!together_ && comm_->rank() != 0) return;
      const Library library;
      if (together_) return action(file_.get());
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

#if defined(PRIEL_HAS_MPI) && defined(H5_HAVE_PARALLEL)
  void use_mpi() {
    const auto* const mpi = dynamic_cast<const priel::detail::MpiCommunicator*>(comm_.get());
    if (mpi == nullptr || mpi->size() == 1) return;
    mpi_ = mpi->handle();
    together_ = true;
    parting_ = std::make_unique<priel::detail::Parting>(mpi_);
  }
  Handle access() const {
    Handle properties(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    if (mpi_ != MPI_COMM_NULL) H5Pset_fapl_mpio(properties.get(), mpi_, MPI_INFO_NULL);
    return properties;
  }
  Handle collective() const {
    Handle properties(H5Pcreate(H5P_DATASET_XFER), H5Pclose);
    if (mpi_ != MPI_COMM_NULL) H5Pset_dxpl_mpio(properties.get(), H5FD_MPIO_COLLECTIVE);
    return properties;
  }
  // Long enough for ranks that come here with an agreed error, short enough for one that comes alone.
  bool may_close() { return !parting_ || parting_->everyone_arrives(3); }

  MPI_Comm mpi_ = MPI_COMM_NULL;
  std::unique_ptr<priel::detail::Parting> parting_;
#else
  void use_mpi() {}
  Handle access() const { return {H5Pcreate(H5P_FILE_ACCESS), H5Pclose}; }
  Handle collective() const { return {H5Pcreate(H5P_DATASET_XFER), H5Pclose}; }
  bool may_close() { return true; }
#endif

  std::string path_;
  std::string temporary_;  // where the content goes; `path_` itself when a file is changed in place
  Comm comm_;
  Handle file_;            // open all the time where all take part together
  bool together_ = false;  // one rank, or MPI-IO; else the ranks open the file in turn
  bool made_ = false;
  bool closed_ = false;
};

}  // namespace

std::shared_ptr<Sink> create_sink(const std::string& path, Comm comm, bool append) {
  auto sink = std::make_shared<Hdf5Sink>(path, std::move(comm));
  sink->open(append);
  return sink;
}

}  // namespace priel::io
