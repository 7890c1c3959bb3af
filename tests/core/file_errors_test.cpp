// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Files that are missing, junk, cut short or damaged, and wrong requests: the same error on every rank, never a hang.

#include "file_fixture.hpp"

#include <fstream>

using namespace priel;
using namespace priel::test;
using priel::io::Element;

BOOST_AUTO_TEST_SUITE(file_errors)

BOOST_AUTO_TEST_CASE(wrong_files) {
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
    is(error_of(folder.file("new.h5"),
                [&] { sink->write_all("/x", Sizes{last ? 2 : 0}, Sizes{last ? 3 : 0}, Element::float64, values.data()); }),
       "input: the box at (2,) of (3,) does not lie within FILE:/x of (4,)");
    is(error_of(folder.file("new.h5"), [&] { sink->write_all("/y", Sizes{0}, Sizes{0}, Element::float64, values.data()); }),
       "input: FILE has no dataset /y; the file has /x");
    is(error_of(folder.file("new.h5"), [&] { sink->create("/z", Element::float64, Sizes{4}, {{}, 4}); }),
       "input: cannot create FILE:/z: only chunks can be compressed, and none are given");
    world()->barrier();
  });
}

BOOST_AUTO_TEST_SUITE_END()
