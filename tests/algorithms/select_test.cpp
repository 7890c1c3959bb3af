// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// select: elements in C order and whole rows by a mask, against NumPy, however they are cut.
#include <tests/algorithms/order_answers.hpp>

#include <priel/algorithms/select.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class A>
void check(std::initializer_list<const char*> names) {
  using Flags = Array<bool, 1, policy_of<A>, backend_of<A>>;
  const auto where = described<backend_of<A>, policy_of<A>>();
  for (const char* name : names) {
    const auto x = operand<A>(name);
    expect_equal(select(x, x > 1), numpy_order(name, "x[x > 1]"), 0, where);
    expect_equal(select(x, array_of<Flags>(numpy_order(name, "x[:, 0] > 0"))), numpy_order(name, "x[x[:, 0] > 0]"), 0, where);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(selections)

BOOST_AUTO_TEST_CASE(as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<Array<float, 2, Split<0>, Backend>>({"n", "n0", "n1", "n3", "wide"});
      check<Array<float, 2, Replicated, Backend>>({"n", "n0"});
    });
#ifndef PRIEL_TEST_DEVICE
    const auto x = operand<Array<double, 2, Split<0>>>("m");
    const auto r = eval(redistribute(x, replicated));
    const auto columns = eval(redistribute(x, split<1>));
    const auto rows = numpy_order("m", "x[x[:, 0] > 0]"), elements = numpy_order("m", "x[x > 1]");
    expect_equal(select(x, r > 1), elements, 0, "a replicated mask");
    expect_equal(select(r, x > 1), elements, 0, "of a replicated array");
    expect_equal(select(x, r(all, 0) > 0), rows, 0, "rows by a replicated mask");
    expect_equal(select(r, x(all, 0) > 0), rows, 0, "rows of a replicated array");
    const auto of_columns = select(columns, r(all, 0) > 0);
    static_assert(std::is_same_v<policy_of<decltype(of_columns)>, Split<1>>);
    expect_equal(of_columns, rows, 0, "rows cut in columns");
    expect_equal(select(x(all, 1), x(all, 1) < 0), numpy_order("m", "x[:, 1][x[:, 1] < 0]"), 0, "a column");
    expect_equal(select(arange<std::int64_t>(9), arange<int>(9) % 4 == 1), numpy_order("m", "np.arange(9)[np.arange(9) % 4 == 1]"), 0, "Generated");
    expect(throws<ShapeError>([&] { select(x, r(range(0, 12), all) > 0); }), "too few rows");
#endif
  });
}

#ifndef PRIEL_TEST_DEVICE

BOOST_AUTO_TEST_CASE(sends) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto r = operand<Array<double, 2>>("m");
    const auto columns = operand<Array<double, 2, Split<1>>>("m");
    select(r, r > 1);
    select(columns, r(all, 0) > 0);
    expect(comm->take().collectives() == 0, "nothing");
    const auto x = operand<Array<double, 2, Split<0>>>("m");
    const Size kept = select(x, x < 100).lshape()[0];
    expect(comm->take().bytes <= 8 * (comm->size() - 1) + 8 * kept, "counts, and at most what is kept");
    // Every rank keeps what it holds.
    const auto even = filled<Array<int, 1, Split<0>>>({5 * comm->size()}, [](const Index<1>& i) { return static_cast<int>(i[0]); });
    select(even, even >= 0);
    expect(comm->take().bytes == 8 * (comm->size() - 1), "the counts only");
  });
}

#endif

BOOST_AUTO_TEST_SUITE_END()
