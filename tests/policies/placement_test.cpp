// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A redistribution of an element-wise right side moves what is lightest: the result, or its operands.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

constexpr Shape<2> shape{14, 10};

// What Split<0> -> Split<1> sends of elements of some bytes.
Size moved(Size bytes) {
  const int p = world()->size(), r = world()->rank();
  const auto mine = Split<0>::part(shape, p, r);
  return (mine.size() - intersect(mine, Split<1>::part(shape, p, r)).size()) * bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(placement)

BOOST_AUTO_TEST_CASE(the_lightest_is_moved) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto comm = std::make_shared<Counting>(world());
      const ScopedWorld here(comm);
      const auto f = [](const Index<2>& i) { return mark(i) % 251; };
      const auto bytes = filled<Array<std::uint8_t, 2, Split<0>, Backend>>(shape, f);
      const auto number = filled<Array<float, 2, Split<0>, Backend>>(shape, f);
      const auto large = filled<Array<double, 2, Split<0>, Backend>>(shape, f);
      const auto everywhere = filled<Array<double, 2, Replicated, Backend>>(shape, f);
      const auto row = filled<Array<double, 1, Replicated, Backend>>({10}, [](const Index<1>& i) { return i[0]; });
      const auto check = [&](const auto& e, Size width, const std::string& what, auto&& expected) {
        comm->take();
        const Array<double, 2, Split<1>, Backend> y(e);
        const auto sent = comm->take();
        expect(sent.bytes == moved(width), std::string(Backend::name) + ": " + what + " moves " + std::to_string(width) + " bytes an element; moved " + std::to_string(sent.bytes));
        expect(holds(y, expected), std::string(Backend::name) + ": " + what);
      };
      check(sqrt(astype<double>(bytes)), 1, "a conversion of bytes", [&](const Index<2>& i) { return std::sqrt(static_cast<double>(f(i))); });
      check(2 * number + 1, 4, "a float expression stored as double", [&](const Index<2>& i) { return 2. * f(i) + 1; });
      check(everywhere * astype<double>(number) + row, 4, "with operands that are everywhere", [&](const Index<2>& i) { return f(i) * f(i) + static_cast<double>(i[1]); });
      check(large * astype<double>(number), 8, "two operands heavier than the result", [&](const Index<2>& i) { return f(i) * f(i); });
      check(large + large, 8, "the result", [&](const Index<2>& i) { return 2. * f(i); });
      const Array<bool, 2, Split<1>, Backend> flags(large > 100);
      expect(comm->take().bytes == moved(1), "a comparison is moved as flags");
      expect(holds(flags, [&](const Index<2>& i) { return f(i) > 100; }), "flags");
      const auto column = filled<Array<float, 2, Split<0>, Backend>>({14, 1}, [](const Index<2>& i) { return i[0]; });
      const Array<double, 2, Split<1>, Backend> stretched(astype<double>(column) + 0 * everywhere);
      expect(holds(stretched, [](const Index<2>& i) { return i[0]; }), "a stretched operand");
    });
  });
}

BOOST_AUTO_TEST_SUITE_END()
