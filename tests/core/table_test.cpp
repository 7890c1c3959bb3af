// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Tables as text: read as people and spreadsheets write them, written so that they are read back exactly, errors with line and column.
#include "file_fixture.hpp"

#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <limits>

namespace {

using namespace priel;
using namespace priel::test;

// On rank 0; the others wait.
void write(const std::string& path, const std::string& text) {
  if (world()->rank() == 0) std::ofstream(path, std::ios::binary) << text;
  world()->barrier();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(as_people_write_them) {
  on_ranks([] {
    const Folder folder;
    const std::string path = folder.file("x.csv");
    for (const std::string text : {"0,1\n10,11\n20,21\n", "a,b\r\n0,1\r\n10,11\r\n20,21\r\n", "# by hand\n\n\"a\",\"b\"\n\"0\", 1\n+10,11\n\n2e1,21",
                                   "\xef\xbb\xbf" "0;1\n10;11\n20;21,0\n", "x\ty\n0\t1\n10\t11\n20\t21\n"}) {
      write(path, text);
      const auto value = [](const Index<2>& i) { return 10 * i[0] + i[1]; };
      const auto x = io::load<double, 2>(path, split<0>);
      expect(x.shape() == Shape<2>{3, 2} && holds(x, value), "by rows: " + text);
      expect(holds(io::load<float, 2>(path, split<1>), value), "by columns: " + text);
      expect(holds(io::load<int, 2>(path, replicated), value), "as integers: " + text);
      expect(holds(eval(io::open<double, 2>(path)(range(1, 3), 1) + 0), [](const Index<1>& i) { return 11 + 10 * i[0]; }), "an operand: " + text);
      world()->barrier();
    }
  });
}

BOOST_AUTO_TEST_CASE(names_of_columns) {
  using Names = std::vector<std::string>;
  const Folder folder;
  const std::string path = folder.file("x.csv");
  const auto names = [&](const std::string& text) {
    write(path, text);
    auto found = io::column_names(path);
    world()->barrier();   // before the next text
    return found;
  };
  expect(names("\"say \"\"a\"\"\",\"\"\n1,2\n") == Names{"say \"a\"", ""}, "quotes between quotes");
  expect(names("# by hand\n\n\"a\", b c \r\n1,2\n") == Names{"a", "b c"}, "quoted, with spaces");
  expect(names("\"width, m\",x\n1,2\n") == Names{"width, m", "x"}, "a separator between quotes");
  expect(names("\xef\xbb\xbf" "1 m;2\n") == Names{"1 m", "2"}, "one cell is no number, and there are no rows");
  expect(names("1,,nan\na,b,c\n").empty() && names("").empty(), "no header");
  expect(io::column_names(folder.file("x.npy")).empty(), "another format");
  BOOST_CHECK_THROW(io::column_names(folder.file("none.csv")), InputError);
}

BOOST_AUTO_TEST_CASE(missing_and_special_values) {
  on_ranks([] {
    const Folder folder;
    const std::string path = folder.file("x.csv");
    write(path, "1,,nan\n-inf,1.5e300, \n");
    const double expected[2][3] = {{1, priel::nan, priel::nan}, {-std::numeric_limits<double>::infinity(), 1.5e300, priel::nan}};
    expect(holds(io::load<double, 2>(path, replicated), [&](const Index<2>& i) { return expected[i[0]][i[1]]; }), "NaN and infinity");
    world()->barrier();
    write(path, "9007199254740993\n-9223372036854775808\n");
    const auto whole = io::load<std::int64_t, 1>(path, split<0>);   // one column is a vector
    expect(whole.shape() == Shape<1>{2} && holds(whole, [](const Index<1>& i) { return i[0] == 0 ? 9007199254740993 : std::numeric_limits<std::int64_t>::min(); }), "64 bits");
    expect(io::open_source(path, -1, world())->element() == io::Element::int64, "a table of integers");
    world()->barrier();
  });
}

BOOST_AUTO_TEST_CASE(there_and_back) {
  on_ranks([] {
    const Folder folder;
    const std::string path = folder.file("x.csv");
    const auto check = [&](const std::string& what, const auto& x, auto policy) {
      using A = std::remove_cvref_t<decltype(x)>;
      io::save(path, x);
      const auto y = io::load<value_of<A>, A::rank>(path, policy);
      expect(y.shape() == x.shape() && identical(shard_of(x), shard_of(y)), what);
      world()->barrier();
    };
    const auto value = [](const auto& i) { return i[0] == 2 ? priel::nan : -1.0 / mark(i); };
    check("rows", filled<Array<double, 2, Split<0>>>({5, 3}, value), split<0>);
    check("columns", filled<Array<float, 2, Split<1>>>({5, 3}, value), split<1>);
    check("replicated", filled<Array<std::int64_t, 2>>({5, 3}, [](const auto& i) { return 9007199254740993 + i[1]; }), replicated);
    check("a vector", filled<Array<double, 1, Split<0>>>({11}, value), split<0>);
    expect(priel::test::bytes_of(path).starts_with("-0.09090909090909091\n-0.08333333333333333\nnan\n"), "the text");
    world()->barrier();
    io::save(folder.file("x.tsv"), filled<Array<bool, 2, Split<0>>>({2, 2}, [](const auto& i) { return i[0] == i[1]; }));
    expect(priel::test::bytes_of(folder.file("x.tsv")) == "1\t0\n0\t1\n", "tabs");
    world()->barrier();
  });
}

BOOST_AUTO_TEST_CASE(wrong_tables) {
  on_ranks([] {
    const Folder folder;
    const std::string path = folder.file("x.csv");
    const auto is = [&](const std::string& text, int rank, const std::string& expected) {
      write(path, text);
      const std::string found = error_of(path, [&] { io::open_source(path, rank, world()); });
      expect(found == "input: " + expected, expected + "; it is " + found);
      world()->barrier();
    };
    is("a,b\n1,2\n\n3,x\n", 2, "FILE: line 4, column 2: `x` is no number");
    is("1;2\n3;1.000,5\n", 2, "FILE: line 2, column 2: `1.000,5` is no number");
    is("1,2\n3\n", 2, "FILE: line 2 has a different number of columns, 1, than the lines before it, 2");
    is("1,2\n", 3, "FILE has 2 axes, (1, 2); 3 axes expected");
    is("1,2\n", 1, "FILE has 2 axes, (1, 2); 1 axis expected");
    is("", 1, "FILE has 2 axes, (0, 0); 1 axis expected");
    const std::string missing = folder.file("none.csv");
    expect(error_of(missing, [&] { io::open_source(missing, 2, world()); }) == "input: cannot open FILE: no such file", "missing");
    const auto x = filled<Array<int, 3>>({2, 2, 2}, [](const auto&) { return 0; });
    expect(error_of(missing, [&] { io::save(missing, x); }) == "input: FILE: a table has 1 or 2 axes, not those of (2, 2, 2)", "three axes");
    world()->barrier();
    expect(folder.entries() == 1, "nothing is left of it");
    world()->barrier();
  });
}

BOOST_AUTO_TEST_SUITE_END()
