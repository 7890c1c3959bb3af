// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// .csv and .tsv files: rank 0 reads and parses one and sends the numbers to all; to write one, all send theirs to rank 0.

#include "box.hpp"
#include "formats.hpp"
#include "table.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace priel::io {
namespace {

using namespace detail;

Table read_table(const std::string& path) {
  require_readable(path);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError("cannot open " + path + ": " + std::strerror(errno));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) throw SystemError("cannot read " + path);
  return parse_table(text, path);
}

class TableSource final : public Source {
 public:
  // A table of one column may also be asked for as an array of rank 1.
  TableSource(const std::string& path, int rank, Comm comm) : path_(path), comm_(std::move(comm)) {
    agreed(*comm_, [&] { if (comm_->rank() == 0) table_ = read_table(path_); });
    std::int64_t head[3] = {table_.rows, table_.columns, table_.integers};
    comm_->broadcast(head, sizeof head, 0);
    const std::int64_t size = head[0] * head[1];
    table_.integers = head[2] != 0;
    table_.rows = head[0];
    table_.columns = head[1];
    agreed(*comm_, [&] {
      if (table_.integers) table_.whole.resize(static_cast<std::size_t>(size));
      else table_.values.resize(static_cast<std::size_t>(size));
    });
    if (table_.integers) table_.values = {};
    comm_->broadcast(const_cast<void*>(numbers()), size * 8, 0);
    shape_ = {head[0], head[1]};
    if (rank == 1 && head[1] == 1) shape_ = {head[0]};
    require_rank(shape_, rank, path_);
  }

  const std::vector<std::int64_t>& shape() const override { return shape_; }
  Element element() const override { return table_.integers ? Element::int64 : Element::float64; }

  void read(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element as, void* to) const override {
    require_within(lower, extent, shape_, path_);
    const std::int64_t columns = extent.size() == 2 ? extent[1] : 1, first = extent.size() == 2 ? lower[1] : 0;
    for (std::int64_t i = 0; i < extent[0]; ++i)
      convert(element(), static_cast<const std::byte*>(numbers()) + ((lower[0] + i) * table_.columns + first) * 8, 1, as,
              static_cast<std::byte*>(to) + i * columns * bytes_of(as), 1, columns);
  }
  void read_all(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element as, void* to) const override {
    agreed(*comm_, [&] { read(lower, extent, as, to); });
  }

 private:
  const void* numbers() const {
    return table_.integers ? static_cast<const void*>(table_.whole.data()) : static_cast<const void*>(table_.values.data());
  }

  std::string path_;
  Comm comm_;
  Table table_;
  std::vector<std::int64_t> shape_;
};

class TableSink final : public Sink {
 public:
  TableSink(const std::string& path, Comm comm) : path_(path), comm_(std::move(comm)) {}
  TableSink(const TableSink&) = delete;
  TableSink& operator=(const TableSink&) = delete;
  ~TableSink() override {
    std::error_code error;
    if (!closed_ && comm_->rank() == 0) std::filesystem::remove(beside(path_), error);
  }

  void open() {
    agreed(*comm_, [&] { if (comm_->rank() == 0) create_beside(path_); });
  }

  void create(const std::string& dataset, Element element, std::span<const std::int64_t> shape, const Layout& layout) override {
    require_one_array(path_, dataset, layout, created_);
    if (shape.empty() || shape.size() > 2) throw InputError(path_ + ": a table has 1 or 2 axes, not those of " + shape_text(shape));
    shape_.assign(shape.begin(), shape.end());
    table_.rows = shape_[0];
    table_.columns = shape_.size() == 2 ? shape_[1] : 1;
    table_.integers = element != Element::float32 && element != Element::float64 && element != Element::uint64;
    single_ = element == Element::float32;
    created_ = true;
    agreed(*comm_, [&] {
      const auto size = static_cast<std::size_t>(comm_->rank() == 0 ? table_.rows * table_.columns : 0);
      if (table_.integers) table_.whole.resize(size);
      else table_.values.resize(size);
    });
  }

  // The boxes, then the elements, go to rank 0.
  void write_all(const std::string& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, Element element,
                 const void* from) override {
    require_one_array(path_, dataset, {}, false);
    const auto ranks = static_cast<std::size_t>(comm_->size());
    std::vector<std::byte> mine, all;
    std::int64_t box[4] = {0, 0, 0, 0};
    const Element as = table_.integers ? Element::int64 : Element::float64;
    agreed(*comm_, [&] {
      if (!created_) throw InputError(path_ + ": no table is created yet");
      require_within(lower, extent, shape_, path_);
      const bool two = extent.size() == 2;
      box[0] = lower[0], box[1] = two ? lower[1] : 0, box[2] = extent[0], box[3] = two ? extent[1] : 1;
      mine.resize(static_cast<std::size_t>(box[2] * box[3] * 8));
      convert(element, from, 1, as, mine.data(), 1, box[2] * box[3]);
    });
    std::vector<std::int64_t> boxes(4 * ranks), send(ranks), receive(ranks);
    comm_->all_gather(box, boxes.data(), std::vector<std::int64_t>(ranks, sizeof box));
    send[0] = static_cast<std::int64_t>(mine.size());
    std::int64_t total = 0;
    if (comm_->rank() == 0)
      for (std::size_t r = 0; r < ranks; ++r) total += receive[r] = boxes[4 * r + 2] * boxes[4 * r + 3] * 8;
    agreed(*comm_, [&] { all.resize(static_cast<std::size_t>(total)); });
    comm_->all_to_all(mine.data(), send, all.data(), receive);
    if (comm_->rank() != 0) return;
    auto* table = static_cast<std::byte*>(table_.integers ? static_cast<void*>(table_.whole.data()) : static_cast<void*>(table_.values.data()));
    const std::byte* arrived = all.data();
    for (std::size_t r = 0; r < ranks; ++r) {
      const std::int64_t* place = &boxes[4 * r];
      const auto row = static_cast<std::size_t>(place[3] * 8);
      for (std::int64_t i = 0; i < place[2] && row > 0; ++i, arrived += row)
        std::memcpy(table + ((place[0] + i) * table_.columns + place[1]) * 8, arrived, row);
    }
  }

  void attribute(const std::string&, const std::string& name, const std::string&) override { refuse_attribute(path_, name); }
  void attribute(const std::string&, const std::string& name, double) override { refuse_attribute(path_, name); }
  void attribute(const std::string&, const std::string& name, std::int64_t) override { refuse_attribute(path_, name); }

  void close() override {
    if (closed_) return;
    agreed(*comm_, [&] {
      if (comm_->rank() != 0) return;
      const std::string text = table_text(table_, single_, path_.ends_with(".tsv") ? '\t' : ',');
      std::ofstream file(beside(path_), std::ios::binary | std::ios::trunc);
      file.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
      if (!file) throw SystemError("cannot write " + path_ + ": " + std::strerror(errno));
      rename_to(path_);
    });
    closed_ = true;
  }

 private:
  std::string path_;
  Comm comm_;
  Table table_;
  std::vector<std::int64_t> shape_;
  bool created_ = false, closed_ = false, single_ = false;
};

}  // namespace

std::vector<std::string> detail::names_of_table(const std::string& path) {
  require_readable(path);
  std::ifstream file(path, std::ios::binary);
  std::string line;
  while (std::getline(file, line))
    if (!is_no_row(line)) return header_names(line);
  return {};
}

std::shared_ptr<const Source> detail::open_table(const std::string& path, int rank, Comm comm) {
  return std::make_shared<const TableSource>(path, rank, std::move(comm));
}

std::shared_ptr<Sink> detail::create_table(const std::string& path, Comm comm) {
  auto sink = std::make_shared<TableSink>(path, std::move(comm));
  sink->open();
  return sink;
}

}  // namespace priel::io
