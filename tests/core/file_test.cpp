// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Files: boxes there and back on every number of ranks, files that others wrote, and files that are wrong.

#include <priel/io/file.hpp>
#include <priel/shape.hpp>
#include <priel/simulate.hpp>

#include "src/io/transfer.hpp"
#include "tests/support/shared_data.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <unistd.h>
#include <vector>

namespace {

using namespace priel;
using priel::io::Element;
namespace fs = std::filesystem;
using Sizes = std::vector<std::int64_t>;

void expect(bool truth, const std::string& what) {
  if (!truth) throw std::logic_error("not so on rank " + std::to_string(world()->rank()) + ": " + what);
}

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

std::string bytes_of(const std::string& path) {
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
Mine block(const Communicator& comm, const Sizes& shape, std::size_t axis) {
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

void all_round_trips(const Folder& folder) {
  const Sizes shape{5, 7, 6}, empty{0, 7, 6};
  for (std::size_t write_axis = 0; write_axis < 3; ++write_axis) {
    round_trip<float>(folder.file("a.h5"), shape, {}, write_axis, 1);
    round_trip<double>(folder.file("a.h5"), shape, {{2, 3, 4}, 0}, write_axis, 0);
    round_trip<std::int16_t>(folder.file("a.h5"), shape, {{2, 100, 4}, 4}, write_axis, 2);
  }
  round_trip<std::uint8_t>(folder.file("a.h5"), empty, {}, 0, 1);
  round_trip<std::int64_t>(folder.file("a.h5"), empty, {{1, 1, 1}, 1}, 1, 0);
}

std::string end_of(const std::function<void()>& action) {
  try {
    action();
    return "no error";
  } catch (const std::exception& e) {
    return e.what();
  }
}

// Runs the check on the world as it is, then on simulated ones.
void on_ranks(const std::function<void(const Folder&)>& check) {
  const Folder folder;
  BOOST_TEST(end_of([&] { check(folder); }) == "no error");
  if (world()->size() > 1) return;
  for (const int p : {2, 3, 7}) BOOST_TEST(end_of([&] { simulate(p, [&] { check(folder); }); }) == "no error");
}

// The error's kind and text; the path is left out.
std::string error_of(const std::string& path, const std::function<void()>& action) {
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

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

bool has_files() { return !io::hdf5_version().empty(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(file)

BOOST_AUTO_TEST_CASE(where) {
  const auto check = [](const std::string& text, const std::string& file, const std::string& dataset) {
    const auto [f, d] = io::parse_where(text);
    BOOST_TEST(f == file);
    BOOST_TEST(d == dataset);
  };
  check("a.h5:/x", "a.h5", "/x");
  check("/data/a.h5:/group/x", "/data/a.h5", "/group/x");
  check("a:/b.h5:/x", "a:/b.h5", "/x");
  check("a.h5", "a.h5", "");
  check("", "", "");
}

// Whatever the limit, the parts are small enough and give the elements of the box in their order.
BOOST_AUTO_TEST_CASE(boxes_in_parts) {
  const Sizes lower{3, 0, 5}, extent{4, 3, 6};
  for (const std::int64_t limit : {1, 8, 16, 40, 48, 100, 144, 288, 500, 575, 576, 1000}) {
    std::vector<Sizes> places;
    for (const auto& part : io::detail::transfers(lower, extent, 8, limit)) {
      BOOST_TEST((part.count * 8 <= std::max<std::int64_t>(limit, 8)));
      BOOST_TEST(part.first == static_cast<std::int64_t>(places.size()));
      for (std::int64_t i = 0; i < part.extent[0]; ++i)
        for (std::int64_t j = 0; j < part.extent[1]; ++j)
          for (std::int64_t k = 0; k < part.extent[2]; ++k) places.push_back({part.lower[0] + i, part.lower[1] + j, part.lower[2] + k});
    }
    BOOST_TEST(places.size() == 72U);
    BOOST_TEST(std::is_sorted(places.begin(), places.end()));
    BOOST_TEST((std::adjacent_find(places.begin(), places.end()) == places.end()));
    BOOST_TEST((places.front() == lower && places.back() == Sizes{6, 2, 10}));
  }
  BOOST_TEST(io::detail::transfers(lower, Sizes{4, 0, 6}, 8).empty());
  BOOST_TEST(io::detail::transfers({}, {}, 8).size() == 1U);
}

BOOST_AUTO_TEST_CASE(without_hdf5) {
  if (has_files()) return;
  BOOST_TEST(contains(error_of("a.h5", [] { io::open_source("a.h5:/x", 1, world()); }), "input: this build has no HDF5"));
  BOOST_TEST(contains(error_of("a.h5", [] { io::create_sink("a.h5", world()); }), "input: this build has no HDF5"));
}

BOOST_AUTO_TEST_CASE(there_and_back, *boost::unit_test::precondition([](auto) { return has_files(); })) {
  on_ranks(all_round_trips);
}

BOOST_AUTO_TEST_CASE(equal_content_gives_equal_bytes, *boost::unit_test::precondition([](auto) { return has_files(); })) {
  on_ranks([](const Folder& folder) {
    const Sizes shape{5, 7, 6};
    for (const io::Layout& layout : {io::Layout{}, io::Layout{{2, 3, 4}, 4}}) {
      round_trip<float>(folder.file("a.h5"), shape, layout, 0, 1);
      round_trip<float>(folder.file("b.h5"), shape, layout, 0, 1);
      expect(bytes_of(folder.file("a.h5")) == bytes_of(folder.file("b.h5")), "equal bytes");
      world()->barrier();
    }
  });
}

BOOST_AUTO_TEST_CASE(types, *boost::unit_test::precondition([](auto) { return has_files(); })) {
  on_ranks([](const Folder& folder) {
    const std::string path = folder.file("types.h5");
    const auto sink = io::create_sink(path, world());
    const bool first = world()->rank() == 0;
    const Sizes none{0}, all{4}, begin{0}, extent = first ? all : none;
    const bool truth[4] = {true, false, true, true};
    const double numbers[4] = {0, -1, 0.5, std::nan("")};
    const int scalar = 17;
    sink->create("/truth", Element::boolean, all, {});
    sink->write_all("/truth", begin, extent, Element::boolean, truth);
    sink->create("/numbers", Element::float32, all, {{2}, 1});
    sink->write_all("/numbers", begin, extent, Element::float64, numbers);  // converted
    sink->create("/bytes", Element::int8, all, {});
    sink->write_all("/bytes", begin, extent, Element::float64, numbers);
    sink->create("/scalar", Element::int32, {}, {});
    sink->write_all("/scalar", {}, {}, Element::int32, &scalar);
    sink->close();
    expect(io::datasets(path) == std::vector<std::string>{"/bytes", "/numbers", "/scalar", "/truth"}, "names");

    unsigned char as_bytes[4] = {};
    io::open_source(path + ":/truth", 1, world())->read_all(begin, all, Element::uint8, as_bytes);
    expect(as_bytes[0] == 1 && as_bytes[1] == 0 && as_bytes[3] == 1, "bool is stored as 0 and 1");
    bool as_truth[4] = {};
    io::open_source(path + ":/numbers", 1, world())->read_all(begin, all, Element::boolean, as_truth);
    expect(!as_truth[0] && as_truth[1] && as_truth[2] && as_truth[3], "a number is true if it is not 0");
    io::open_source(path + ":/bytes", 1, world())->read_all(begin, all, Element::boolean, as_truth);
    expect(!as_truth[0] && as_truth[1], "-1 is true");
    const auto source = io::open_source(path + ":/numbers", -1, world());
    expect(source->element() == Element::float32, "float");
    float two[2] = {};
    source->read(Sizes{1}, Sizes{2}, Element::float32, two);
    expect(two[0] == -1 && two[1] == 0.5f, "a box of it");
    std::int64_t number = 0;
    io::open_source(path + ":/scalar", 0, world())->read_all({}, {}, Element::int64, &number);
    expect(number == 17, "a scalar, converted");
    world()->barrier();
  });
}

BOOST_AUTO_TEST_CASE(append, *boost::unit_test::precondition([](auto) { return has_files(); })) {
  on_ranks([](const Folder& folder) {
    const std::string path = folder.file("append.h5");
    const auto add = [&](const std::string& name, double value) {
      const auto sink = io::create_sink(path, world(), true);
      const Sizes shape{world()->size()}, lower{world()->rank()}, one{1};
      sink->create(name, Element::float64, shape, {});
      sink->write_all(name, lower, one, Element::float64, &value);
      sink->attribute(name, "units", std::string(value > 2 ? "km/h" : "m/s"));
      sink->close();
    };
    add("/x", 1);
    add("/y", 2);
    add("/x", 3);  // replaces it
    expect(io::datasets(path) == std::vector<std::string>{"/x", "/y"}, "names");
    double value = 0;
    io::open_source(path + ":/x", 1, world())->read_all(Sizes{world()->rank()}, Sizes{1}, Element::float64, &value);
    expect(value == 3 && io::attribute(path + ":/x", "units") == "km/h", "the later value");
    world()->barrier();
    if (world()->rank() == 0) fs::remove(path);
    world()->barrier();
  });
}

BOOST_AUTO_TEST_CASE(unfinished_files_vanish, *boost::unit_test::precondition([](auto) { return has_files(); })) {
  on_ranks([](const Folder& folder) {
    const std::size_t before = folder.entries();
    world()->barrier();
    {
      const auto sink = io::create_sink(folder.file("half.h5"), world());
      sink->create("/x", Element::float64, Sizes{10}, {});
      expect(folder.entries() == before + 1 && !fs::exists(folder.file("half.h5")), "a file of another name");
      world()->barrier();
    }
    world()->barrier();
    expect(folder.entries() == before, "nothing stays");
    world()->barrier();
  });
}

BOOST_AUTO_TEST_CASE(wrong_files, *boost::unit_test::precondition([](auto) { return has_files(); })) {
  on_ranks([](const Folder& folder) {
    const std::string good = folder.file("good.h5"), junk = folder.file("junk.h5"), cut = folder.file("cut.h5"),
                      damaged = folder.file("damaged.h5");
    round_trip<double>(good, {50, 7, 6}, {{5, 7, 6}, 1}, 0, 0);
    if (world()->rank() == 0) {
      const std::string content = bytes_of(good);
      std::ofstream(junk) << "This is no HDF5 file, only some text that is long enough to look into.";
      std::ofstream(folder.file("empty.h5"));
      std::ofstream(cut, std::ios::binary) << content.substr(0, content.size() / 2);
      std::string hurt = content;  // the compressed stream of one chunk is wrong, the rest is not
      hurt.replace(hurt.rfind("\x78\x01"), 20, 20, 'x');
      std::ofstream(damaged, std::ios::binary) << hurt;
    }
    world()->barrier();
    const auto opening = [](const std::string& path, const std::string& dataset, int rank) {
      return error_of(path, [&] { io::open_source(path + dataset, rank, world()); });
    };
    const auto is = [](const std::string& found, const std::string& expected) { expect(found == expected, expected + "; it is " + found); };
    is(opening(folder.file("none.h5"), ":/x", 3), "input: cannot open FILE: no such file");
    is(opening(folder.file("none/none.h5"), ":/x", 3), "input: cannot open FILE: no such file");
    is(opening(folder.file(""), ":/x", 3), "input: cannot open FILE: it is a folder");
    is(opening(junk, ":/x", 3), "input: cannot open FILE: not an HDF5 file");
    is(opening(folder.file("empty.h5"), ":/x", 3), "input: cannot open FILE: not an HDF5 file");
    is(opening(good, ":/x", 3), "input: FILE has no dataset /x; the file has /group/x");
    is(opening(good, ":/group", 3), "input: FILE has no dataset /group; the file has /group/x");
    is(opening(good, "", 3), "input: FILE: no dataset is named; write FILE:/NAME; the file has /group/x");
    is(opening(good, ":/group/x", 1), "input: FILE:/group/x has 3 axes, (50, 7, 6); 1 axis expected");
    expect(contains(opening(cut, ":/group/x", 3), "system: cannot open FILE: truncated file"), "truncated");
    is(error_of(junk, [&] { io::datasets(junk); }), "input: cannot open FILE: not an HDF5 file");

    // The rank that reads the damaged part fails by itself; together all fail.
    const auto source = io::open_source(damaged + ":/group/x", 3, world());
    std::vector<double> values(50 * 7 * 6);
    const bool last = world()->rank() == world()->size() - 1;
    const std::string text = error_of(damaged, [&] {
      source->read_all(Sizes{0, 0, 0}, last ? Sizes{50, 7, 6} : Sizes{1, 7, 6}, Element::float64, values.data());
    });
    expect(contains(text, "system: cannot read FILE:/group/x: "), "damaged: " + text);
    const std::string outside = error_of(damaged, [&] {
      source->read_all(Sizes{0, 0, 0}, last ? Sizes{51, 7, 6} : Sizes{0, 7, 6}, Element::float64, values.data());
    });
    is(outside, "input: the box at (0, 0, 0) of (51, 7, 6) does not lie within FILE:/group/x of (50, 7, 6)");

    is(error_of(folder.file("none/a.h5"), [&] { io::create_sink(folder.file("none/a.h5"), world()); }),
       "system: cannot write FILE: no such folder");
    is(error_of(junk, [&] { io::create_sink(junk, world(), true); }), "input: cannot open FILE: not an HDF5 file");
    const auto sink = io::create_sink(folder.file("new.h5"), world());
    sink->create("/x", Element::float64, Sizes{4}, {});
    is(error_of(folder.file("new.h5"), [&] { sink->write_all("/x", Sizes{last ? 2 : 0}, Sizes{last ? 3 : 0}, Element::float64, values.data()); }),
       "input: the box at (2,) of (3,) does not lie within FILE:/x of (4,)");
    is(error_of(folder.file("new.h5"), [&] { sink->write_all("/y", Sizes{0}, Sizes{0}, Element::float64, values.data()); }),
       "input: FILE has no dataset /y; the file has /x");
    is(error_of(folder.file("new.h5"), [&] { sink->create("/z", Element::float64, Sizes{4}, {{}, 4}); }),
       "input: cannot create FILE:/z: only chunks can be compressed, and none are given");
    world()->barrier();
  });
}

// Figures from h5py: files that other programs wrote, with compression, shuffling, NaN and text.
BOOST_AUTO_TEST_CASE(a_real_stack, *boost::unit_test::precondition([](auto) { return has_files(); })) {
  if (test::shared_data().empty()) return;
  const std::string path = (test::shared_data() / "coast" / "stack.h5").string();
  on_ranks([&](const Folder&) {
    const auto source = io::open_source(path + ":/sigma0_vv", 3, world());
    expect(source->shape() == Sizes{22, 100, 100} && source->element() == Element::float32, "shape and type");
    const Block rows = block_of(100, world()->size(), world()->rank());
    std::vector<double> box(static_cast<std::size_t>(22 * rows.extent * 100));
    source->read_all(Sizes{0, rows.lower, 0}, Sizes{22, rows.extent, 100}, Element::float64, box.data());
    double sums[2] = {};
    for (const double x : box) sums[0] += x;
    world()->all_reduce(sums, 1, sizeof(double), [](void* into, const void* from, std::int64_t) {
      *static_cast<double*>(into) += *static_cast<const double*>(from);
    });
    expect(std::abs(sums[0] - 32536.0317850337) < 1e-6, "the sum is " + std::to_string(sums[0]));
    float corner[6] = {};
    source->read(Sizes{20, 98, 97}, Sizes{1, 2, 3}, Element::float32, corner);
    const float expected[6] = {0.106256805f, 0.14687671f, 0.16106673f, 0.11035891f, 0.30033204f, 0.15696637f};
    expect(std::equal(corner, corner + 6, expected), "a corner");
    bool mask[10000] = {};
    io::open_source(path + ":/mask", 2, world())->read_all(Sizes{0, 0}, Sizes{100, 100}, Element::boolean, mask);
    expect(std::count(std::begin(mask), std::end(mask), true) == 8836, "the mask");
    expect(io::attribute(path + ":/time", "units") == "days since 1970-01-01", "the units of time");
    expect(contains(io::attribute(path + ":/spatial_ref", "crs_wkt"), "UTM zone 11N"), "the reference system");
    expect(contains(error_of(path, [&] { io::open_source(path + ":/sigma", 3, world()); }),
                    "FILE has no dataset /sigma; the file has /mask, /reference/gaps/lof_max"), "names");
  });
}

BOOST_AUTO_TEST_SUITE_END()
