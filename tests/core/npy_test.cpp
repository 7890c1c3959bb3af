// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// .npy files: those that NumPy wrote are read, those written here are NumPy's bytes, in any order, of any type, cut in any way.
#include "file_fixture.hpp"

#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <algorithm>
#include <limits>

namespace {

using namespace priel;
using namespace priel::test;

std::string saved_by_numpy(const std::string& name) { return (fs::path(__FILE__).parent_path() / "fixtures/npy" / (name + ".npy")).string(); }

template <class T, int Rank, class F>
void check_read(const std::string& name, F&& f) {
  const auto where = saved_by_numpy(name);
  expect(holds(io::load<T, Rank>(where, replicated), f), name + " replicated");
  expect(holds(io::load<double, Rank>(where, split<0>), f), name + " by rows, as double");
  if constexpr (Rank > 1) expect(holds(io::load<T, Rank>(where, split<Rank - 1>), f), name + " by columns");
  expect(holds(eval(io::open<T, Rank>(where) + 0), f), name + " as an operand");
}

// A recording of what is asked of a file.
class Recording : public io::Source {
 public:
  const std::vector<std::int64_t>& shape() const override { return shape_; }
  io::Element element() const override { return io::Element::float32; }
  void read(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, io::Element, void* to) const override {
    boxes.push_back({Sizes(lower.begin(), lower.end()), Sizes(extent.begin(), extent.end())});
    for (std::int64_t i = 0; i < extent[0]; ++i)
      for (std::int64_t j = 0; j < extent[1]; ++j) static_cast<float*>(to)[i * extent[1] + j] = static_cast<float>(100 * (lower[0] + i) + lower[1] + j);
  }
  void read_all(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, io::Element as, void* to) const override { read(lower, extent, as, to); }
  mutable std::vector<std::pair<Sizes, Sizes>> boxes;

 private:
  std::vector<std::int64_t> shape_{30, 20};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(npy)

BOOST_AUTO_TEST_CASE(files_that_numpy_wrote) {
  on_ranks([] {
    check_read<float, 3>("c_float32", [](const auto& i) { return mark(i) / 4.0; });
    check_read<std::int16_t, 2>("fortran_int16", [](const auto& i) { return mark(i); });
    check_read<double, 3>("fortran_float64", [](const auto& i) { return mark(i) / 2.0; });
    check_read<bool, 1>("bool", [](const auto& i) { return mark(i) % 3 == 0; });
    check_read<std::uint8_t, 2>("empty", [](const auto&) { return 0; });
    check_read<std::int64_t, 2>("version2", [](const auto& i) { return mark(i); });
    check_read<std::uint64_t, 2>("version3", [](const auto& i) { return mark(i); });
    expect(item(io::load<double, 0>(saved_by_numpy("scalar"), replicated)) == 2.5, "a scalar");
    expect(holds(io::load<bool, 2>(saved_by_numpy("fortran_int16"), split<0>), [](const auto&) { return true; }), "numbers as truth values");
  });
}

// The header and all elements are what np.save writes.
BOOST_AUTO_TEST_CASE(files_that_numpy_would_write) {
  on_ranks([] {
    const Folder folder;
    const auto check = [&](const std::string& name, const auto& x) {
      const std::string path = folder.file(name + ".npy");
      io::save(path, x);
      expect(priel::test::bytes_of(path) == priel::test::bytes_of(saved_by_numpy(name)), "the bytes of " + name);
      world()->barrier();
    };
    const auto quarters = [](const auto& i) { return mark(i) / 4.0; };
    check("c_float32", filled<Array<float, 3, Split<0>>>({5, 4, 3}, quarters));
    check("c_float32", filled<Array<float, 3, Split<1>>>({5, 4, 3}, quarters));
    check("c_float32", filled<Array<float, 3, Split<2>>>({5, 4, 3}, quarters));
    check("c_float32", filled<Array<float, 3>>({5, 4, 3}, quarters));
    check("bool", filled<Array<int, 1, Split<0>>>({7}, [](const auto& i) { return mark(i); }) % 3 == 0);
    check("scalar", Array<double, 0>(Scalar<double>(2.5)));
    check("empty", filled<Array<std::uint8_t, 2, Split<0>>>({0, 3}, quarters));
    expect(folder.entries() == 4, "nothing is left beside them");
  });
}

BOOST_AUTO_TEST_CASE(there_and_back) {
  on_ranks([] {
    const Folder folder;
    const std::string path = folder.file("x.npy");
    for (const Size n : {0, 1, 2, 9}) {
      const auto x = filled<Array<double, 2, Split<1>>>({3, n}, [](const auto& i) { return i[0] == 1 ? priel::nan : 1.0 / mark(i); });
      io::save(path, x);
      const auto y = io::load<double, 2>(path, split<1>);
      expect(y.shape() == x.shape() && identical(shard_of(x), shard_of(y)), "x again, " + std::to_string(n));
      world()->barrier();
    }
    // As another type: the nearest number that there is.
    io::save(path, filled<Array<double, 1>>({4}, [](const auto& i) { return i[0] == 0 ? -1.5 : i[0] == 1 ? 300 : i[0] == 2 ? priel::nan : 7.9; }));
    expect(holds(io::load<std::uint8_t, 1>(path, replicated), [](const auto& i) { return i[0] == 0 || i[0] == 2 ? 0 : i[0] == 1 ? 255 : 7; }), "as bytes");
    world()->barrier();
  });
}

// A large box whose elements lie far apart, in both orders: read piece by piece.
BOOST_AUTO_TEST_CASE(thin_boxes, *boost::unit_test::label("serial")) {
  const Folder folder;
  const std::string path = folder.file("x.npy");
  const Shape<2> shape{3000, 500};
  io::save(path, filled<Array<float, 2>>(shape, [](const Index<2>& i) { return static_cast<float>(i[0] * 500 + i[1]); }));
  const auto file = io::open<float, 2>(path);
  BOOST_TEST(holds(eval(file(all, 77) + 0), [](const Index<1>& i) { return i[0] * 500 + 77; }));
  BOOST_TEST(holds(eval(file(range(5, 2999), range(499, 500)) + 0), [](const Index<2>& i) { return (i[0] + 5) * 500 + 499; }));
  BOOST_TEST(holds(eval(file(range(5, 2999), range(400, 410)) + 0), [](const Index<2>& i) { return (i[0] + 5) * 500 + i[1] + 400; }));
  std::string bytes = priel::test::bytes_of(path);
  bytes.replace(bytes.find("False"), 5, "True ");
  bytes.replace(bytes.find("3000, 500"), 9, "500, 3000");
  std::ofstream(path, std::ios::binary) << bytes;
  const auto turned = io::open<float, 2>(path);
  BOOST_TEST(holds(eval(turned(7, all) + 0), [](const Index<1>& i) { return i[0] * 500 + 7; }));
  BOOST_TEST(holds(eval(turned(range(7, 9), range(2000)) + 0), [](const Index<2>& i) { return i[1] * 500 + i[0] + 7; }));
}

BOOST_AUTO_TEST_CASE(a_slice_of_an_open_file_reads_its_box) {
  on_ranks([] {
    const auto recording = std::make_shared<Recording>();
    const io::Dataset<float, 2> file(recording);
    const Array<float, 2, Split<0>> rows = redistribute(file(range(2, 12), range(4, 7)), split<0>);
    expect(holds(rows, [](const Index<2>& i) { return 100 * (i[0] + 2) + i[1] + 4; }), "the window");
    const Block mine = block_of(10, world()->size(), world()->rank());
    Sizes lower{2 + mine.lower, 4}, extent{mine.extent, 3};
    expect(recording->boxes.size() == (mine.extent > 0 ? 1 : 0), "one read");
    if (mine.extent > 0) expect(recording->boxes[0] == std::pair(lower, extent), "of this rank's part of the window");
    recording->boxes.clear();
    expect(item(sum(file(3, range(19, 14, -1)))) == 300 * 5 + 15 + 16 + 17 + 18 + 19, "backwards");
    expect(recording->boxes.size() == 1 && recording->boxes[0] == std::pair(Sizes{3, 15}, Sizes{1, 5}), "a row's part");
  });
}

BOOST_AUTO_TEST_CASE(wrong_files) {
  on_ranks([] {
    const Folder folder;
    const std::string junk = folder.file("junk.npy"), cut = folder.file("cut.npy");
    if (world()->rank() == 0) {
      std::ofstream(junk) << "some text that is no array";
      std::ofstream(cut, std::ios::binary) << priel::test::bytes_of(saved_by_numpy("c_float32")).substr(0, 300);
    }
    world()->barrier();
    const auto is = [](const std::string& path, int rank, const std::string& expected) {
      const std::string found = error_of(path, [&] { io::open_source(path, rank, world()); });
      expect(found == "input: " + expected, expected + "; it is " + found);
    };
    is(folder.file("none.npy"), 1, "cannot open FILE: no such file");
    is(junk, 1, "cannot open FILE: no npy file of numbers");
    is(cut, 3, "FILE is cut short: 240 bytes of elements expected, 172 are there");
    is(saved_by_numpy("c_float32"), 2, "FILE has 3 axes, (5, 4, 3); 2 axes expected");
    is(saved_by_numpy("big_endian"), 1, "FILE holds big-endian numbers (>f8); write it with x.astype('<f8')");
    is(saved_by_numpy("complex"), 1, "FILE holds elements of type <c16; bool, integers, float32 or float64 expected");
    is(saved_by_numpy("records"), 1, "FILE holds records; numbers expected");
    const auto wrong = [](const std::string& path, const auto& action) { return error_of(path, action); };
    const std::string path = folder.file("x.npy");
    const auto x = filled<Array<float, 1>>({3}, [](const auto&) { return 0; });
    expect(contains(wrong(path, [&] { io::save(path + ":/x", x); }), "input: FILE holds one array and no datasets"), "a dataset");
    expect(contains(wrong(path, [&] { io::save(path, x, {{2}, 4}); }), "only HDF5 files have chunks"), "chunks");
    expect(contains(wrong(path, [&] { io::save(folder.file("no/x.npy"), x); }), "system: cannot write"), "no folder");
    expect(contains(wrong(path, [&] { io::create_sink(path, world())->attribute("/", "units", std::string("m")); }), "only HDF5 files have attributes"), "attributes");
    world()->barrier();
    expect(folder.entries() == 2, "nothing is left of them");
    world()->barrier();
  });
}

BOOST_AUTO_TEST_SUITE_END()
