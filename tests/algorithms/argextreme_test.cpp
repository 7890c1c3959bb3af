// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// argmin and argmax against NumPy: global indices, the first of equal ones, the first NaN; pairs are sent.
#include <tests/algorithms/order_answers.hpp>

#include <priel/algorithms/argextreme.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class A>
void check(std::initializer_list<const char*> names) {
  const auto where = described<backend_of<A>, policy_of<A>>();
  for (const char* name : names) {
    const auto x = operand<A>(name);
    expect_equal(eval(argmin(x, axis<0>)), numpy_order(name, "np.argmin(x, 0)"), 0, where);
    expect_equal(eval(argmax(x, axis<-1>)), numpy_order(name, "np.argmax(x, -1)"), 0, where);
    expect_equal(eval(argmax(x)), numpy_order(name, "np.argmax(x)"), 0, where);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(extremes)

BOOST_AUTO_TEST_CASE(as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<Array<double, 2, Split<0>, Backend>>({"m", "m1", "m3"});
      check<Array<float, 2, Split<1>, Backend>>({"n", "n1", "n3", "wide"});
    });
#ifndef PRIEL_TEST_DEVICE
    check<Array<std::int32_t, 3, Split<1>, Reference>>({"i"});
    const auto w = operand<Array<double, 1, Split<0>>>("w");
    expect_equal(eval(argmin(w)), numpy_order("w", "np.argmin(x)"), 0, "the first NaN");
    expect_equal(eval(argmax(where(isnan(w), 0, w))), numpy_order("w", "np.argmax(np.where(np.isnan(x), 0, x))"), 0, "an expression");
    expect_equal(eval(argmax(w(range(3, 29, 2)))), numpy_order("w", "np.argmax(x[3:29:2])"), 0, "a range of the split axis, all");
    expect_equal(eval(argmax(w(range(3, 29, 2)), axis<0>)), numpy_order("w", "np.argmax(x[3:29:2])"), 0, "a range of the split axis");
    const auto s = operand<Array<std::int8_t, 1>>("s");
    expect_equal(eval(argmax(s > 1)), numpy_order("s", "np.argmax(x > 1)"), 0, "flags");
    const auto none = operand<Array<float, 2, Split<0>>>("n0");
    expect(throws<ShapeError>([&] { argmin(none); }) && throws<ShapeError>([&] { argmax(none, axis<0>); }), "zero elements");
    expect(argmax(none, axis<1>).shape() == Shape<1>{0}, "no lines");
#endif
  });
}

// More elements than one piece of work has; equal ones far apart.
BOOST_AUTO_TEST_CASE(long_lines) {
  const auto value = [](const Index<2>& i) { return static_cast<float>((i[1] * 31 + i[0]) % 4099); };
  const auto first = [&](Size row, float wanted) {
    Size column = 0;
    while (value({{row, column}}) != wanted) ++column;
    return column;
  };
  on_ranks([&] {
    for_each_type<Backends>([&]<class Backend>() {
      const auto rows = filled<Array<float, 2, Split<0>, Backend>>({3, 20000}, value);
      expect(holds(eval(argmax(rows, axis<1>)), [&](const Index<1>& i) { return first(i[0], 4098); }), "rows");
      const auto columns = filled<Array<float, 2, Split<1>, Backend>>({3, 20000}, value);
      expect(holds(eval(argmin(columns, axis<1>)), [&](const Index<1>& i) { return first(i[0], 0); }), "columns");
      expect(item(argmin(columns)) == first(0, 0), "all");
    });
  }, {1, 3});
}

#ifndef PRIEL_TEST_DEVICE

BOOST_AUTO_TEST_CASE(sends_pairs) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = operand<Array<double, 2, Split<0>>>("m");
    expect(sent_by(argmin(x, axis<1>), comm).collectives == 0, "rows");
    auto sent = sent_by(argmin(x, axis<0>), comm);
    const bool alone = comm->size() == 1;
    expect((alone || sent.planned == 5 * 16) && sent.collectives == 1 && sent.sent == 5 * 16, "columns: five pairs");
    sent = sent_by(argmax(x), comm);
    expect((alone || sent.planned == 16) && sent.sent == 16, "all: one pair");
  });
}

#endif

BOOST_AUTO_TEST_SUITE_END()
