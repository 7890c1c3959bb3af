// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the tests of files share: a folder for the ranks, arrays that are written and read back, errors as text.
#pragma once

#include <tests/support/ranks.hpp>

#include <priel/io/file.hpp>
#include <priel/shape.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

namespace priel::test {

using priel::io::Element;
namespace fs = std::filesystem;
using Sizes = std::vector<std::int64_t>;

// A folder that all ranks of the world share for the length of a test.
class Folder {
 public:
  Folder() : comm_(world()) {
    std::int64_t id = ::getpid();
    comm_->broadcast(&id, sizeof id, 0);
    path_ = fs::temp_directory_path() / ("priel_file_test_" + std::to_string(id));
    if (comm_->rank() == 0) fs::create_directories(path_);
    comm_->barrier();
  }
  ~Folder() {
    comm_->barrier();
    std::error_code error;
    if (comm_->rank() == 0) fs::remove_all(path_, error);
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::size_t entries() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), {})); }

 private:
  Comm comm_;
  fs::path path_;
};

inline std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// This rank's block of the first axis, and what the test arrays hold there.
struct Mine {
  Sizes lower, extent;
  template <class T>
  std::vector<T> values(const Sizes& shape) const {
    std::vector<T> result;
    for (std::int64_t i = 0; i < extent[0]; ++i)
      for (std::int64_t j = 0; j < extent[1]; ++j)
        for (std::int64_t k = 0; k < extent[2]; ++k)
          result.push_back(static_cast<T>(((lower[0] + i) * shape[1] + lower[1] + j) * shape[2] + lower[2] + k));
    return result;
  }
};
inline Mine block(const Communicator& comm, const Sizes& shape, std::size_t axis) {
  Mine mine{Sizes(3), shape};
  const Block part = block_of(shape[axis], comm.size(), comm.rank());
  mine.lower[axis] = part.lower;
  mine.extent[axis] = part.extent;
  return mine;
}

// Written by blocks of one axis, read by blocks of another. Few rows: some ranks have none.
template <class T>
void round_trip(const std::string& path, const Sizes& shape, const io::Layout& layout, std::size_t write_axis, std::size_t read_axis) {
  const Comm comm = world();
  const auto sink = io::create_sink(path, comm);
  sink->create("/group/x", io::element_of<T>(), shape, layout);
  const Mine mine = block(*comm, shape, write_axis);
  const auto values = mine.values<T>(shape);
  sink->write_all("/group/x", mine.lower, mine.extent, io::element_of<T>(), values.data());
  sink->attribute("/", "title", std::string("a round trip"));
  sink->attribute("/group/x", "units", std::string());
  sink->attribute("/group/x", "scale", 0.5);
  sink->attribute("/group/x", "count", std::int64_t{1} << 40);
  sink->close();

  const auto source = io::open_source(path + ":/group/x", 3, comm);
  expect(source->shape() == shape, "shape");
  expect(source->element() == io::element_of<T>(), "element type");
  const Mine part = block(*comm, shape, read_axis);
  const auto expected = part.values<T>(shape);
  std::vector<T> found(expected.size());
  source->read_all(part.lower, part.extent, io::element_of<T>(), found.data());
  expect(found == expected, "the values");
  expect(io::attribute(path, "title") == "a round trip", "the file's attribute");
  expect(io::attribute(path + ":/group/x", "units").empty(), "an empty attribute");
  expect(io::attribute(path + ":/group/x", "nothing").empty(), "no attribute");
  expect(io::datasets(path) == std::vector<std::string>{"/group/x"}, "the names");
}

inline std::string end_of(const std::function<void()>& action) {
  try {
    action();
    return "no error";
  } catch (const std::exception& e) {
    return e.what();
  }
}

inline bool has_files() { return !io::hdf5_version().empty(); }

// Runs the check on the world as it is, then on simulated ones.
inline void on_ranks(const std::function<void(const Folder&)>& check) {
  if (!has_files()) {
    BOOST_TEST_MESSAGE("this build has no HDF5");
    return;
  }
  const Folder folder;
  BOOST_TEST(end_of([&] { check(folder); }) == "no error");
  if (world()->size() > 1) return;
  for (const int p : {2, 3, 7}) BOOST_TEST(end_of([&] { simulate(p, [&] { check(folder); }); }) == "no error");
}

// The error's kind and text; the path is left out.
inline std::string error_of(const std::string& path, const std::function<void()>& action) {
  std::string text;
  try {
    action();
    return "no error";
  } catch (const InputError& e) {
    text = std::string("input: ") + e.what();
  } catch (const SystemError& e) {
    text = std::string("system: ") + e.what();
  }
  for (auto at = text.find(path); at != std::string::npos; at = text.find(path)) text.replace(at, path.size(), "FILE");
  return text;
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace priel::test
