// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// .npy files being written: rank 0 makes the header and the space, each rank writes its boxes by their offsets.

#include "formats.hpp"
#include "npy.hpp"
#include "space.hpp"
#include "transfer.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace priel::io {
namespace {

using namespace detail;

class NpySink final : public Sink {
 public:
  NpySink(const std::string& path, Comm comm) : path_(path), comm_(std::move(comm)) {}
  NpySink(const NpySink&) = delete;
  NpySink& operator=(const NpySink&) = delete;
  ~NpySink() override {
    std::error_code error;
    if (!closed_ && comm_->rank() == 0) std::filesystem::remove(beside(path_), error);
  }

  // Collective; apart from the constructor, so that a file that was begun is removed when a later step fails.
  void open() {
    agreed(*comm_, [&] { if (comm_->rank() == 0) create_beside(path_); });
  }

  void create(const std::string& dataset, Element element, std::span<const std::int64_t> shape, const Layout& layout) override {
    require_one_array(path_, dataset, layout, created_);
    const std::string header = npy_header(element, shape);
    element_ = element;
    shape_.assign(shape.begin(), shape.end());
    data_ = static_cast<std::int64_t>(header.size());
    created_ = true;
    std::int64_t bytes = bytes_of(element);
    for (const std::int64_t n : shape_) bytes *= n;
    agreed(*comm_, [&] {
      if (comm_->rank() != 0) return;
      reserve_space(path_, beside(path_), 0, data_ + bytes);
      File file(open_file());
      write_at(file.get(), 0, header.data(), data_, what());
      if (::ftruncate(file.get(), data_ + bytes) != 0) throw SystemError(what() + ": " + std::strerror(errno));
      file.close(what());
    });
  }

  void write_all(const std::string& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element element,
                 const void* from) override {
    require_one_array(path_, dataset, {}, false);
    agreed(*comm_, [&] {
      if (!created_) throw InputError(path_ + ": no array is created yet");
      require_within(lower, extent, shape_, path_);
      if (extent.empty() && comm_->rank() != 0) return;   // a scalar is rank 0's
      File file(open_file());
      // Runs that are contiguous in the file: the last axes as far as the box holds all of them, and a part of the next one.
      std::size_t whole = extent.size();
      std::int64_t run = 1;
      while (whole > 0 && extent[whole - 1] == shape_[whole - 1]) run *= extent[--whole];
      if (whole > 0) run *= extent[--whole];
      std::int64_t runs = 1;
      for (std::size_t a = 0; a < whole; ++a) runs *= extent[a];
      if (run == 0) runs = 0;
      const std::int64_t stored = bytes_of(element_), given = bytes_of(element);
      constexpr std::int64_t at_once = 4 << 20;
      std::vector<std::byte> converted;
      for (std::int64_t r = 0; r < runs; ++r)
        for (std::int64_t begin = 0; begin < run; begin += at_once) {
          const std::int64_t n = std::min(at_once, run - begin);
          const auto* elements = static_cast<const std::byte*>(from) + (r * run + begin) * given;
          if (element != element_) {
            converted.resize(static_cast<std::size_t>(n * stored));
            convert(element, elements, 1, element_, converted.data(), 1, n);
            elements = converted.data();
          }
          write_at(file.get(), data_ + (offset_of(r, whole, lower, extent) + begin) * stored, elements, n * stored, what());
        }
      file.close(what());
    });
  }

  void attribute(const std::string&, const std::string& name, const std::string&) override { refuse_attribute(path_, name); }
  void attribute(const std::string&, const std::string& name, double) override { refuse_attribute(path_, name); }
  void attribute(const std::string&, const std::string& name, std::int64_t) override { refuse_attribute(path_, name); }

  void close() override {
    if (closed_) return;
    agreed(*comm_, [&] { if (comm_->rank() == 0) rename_to(path_); });
    closed_ = true;
  }

 private:
  std::string what() const { return "cannot write " + path_; }
  int open_file() const {
    const int file = ::open(beside(path_).c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) throw SystemError(what() + ": " + std::strerror(errno));
    return file;
  }

  // Where run r of the box begins, in elements of the array; the first `outer` axes count the runs.
  std::int64_t offset_of(std::int64_t r, std::size_t outer, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent) const {
    std::int64_t offset = 0, stride = 1;
    for (std::size_t a = shape_.size(); a-- > 0; stride *= shape_[a]) {
      std::int64_t i = lower[a];
      if (a < outer) {
        i += r % extent[a];
        r /= extent[a];
      }
      offset += i * stride;
    }
    return offset;
  }

  std::string path_;
  Comm comm_;
  Element element_ = Element::float64;
  std::vector<std::int64_t> shape_;
  std::int64_t data_ = 0;
  bool created_ = false, closed_ = false;
};

}  // namespace

std::shared_ptr<Sink> detail::create_npy(const std::string& path, Comm comm) {
  auto sink = std::make_shared<NpySink>(path, std::move(comm));
  sink->open();
  return sink;
}

}  // namespace priel::io
