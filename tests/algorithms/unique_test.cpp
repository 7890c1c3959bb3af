// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// unique against NumPy: any cut, ties on every rank, NaN once; every rank ends with its canonical share.
#include <tests/algorithms/order_answers.hpp>

#include <priel/algorithms/unique.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class A>
void check(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = unique(operand<A>(name));
    static_assert(std::is_same_v<policy_of<decltype(found)>, std::conditional_t<std::is_same_v<policy_of<A>, Replicated>, Replicated, Split<0>>>);
    expect_equal(found, numpy_order(name, "np.unique(x)"), 0, described<backend_of<A>, policy_of<A>>());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(uniques)

BOOST_AUTO_TEST_CASE(as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<Array<float, 2, Split<0>, Backend>>({"n", "n0", "n1", "n3", "wide"});
      check<Array<float, 2, Split<1>, Backend>>({"n", "n0", "n1", "n3", "wide"});
    });
#ifndef PRIEL_TEST_DEVICE
    check<Array<double, 1, Split<0>>>({"w", "v0", "v1", "v2", "v5"});
    check<Array<std::int8_t, 1>>({"s"});
    const auto w = operand<Array<double, 1, Split<0>>>("w");
    expect_equal(unique(w(range(2, 32, 3))), numpy_order("w", "np.unique(x[2:32:3])"), 0, "a range of the split axis");
    const auto i = operand<Array<std::int32_t, 3, Split<2>>>("i");
    expect_equal(unique(i % 5 == 0), numpy_order("i", "np.unique(x % 5 == 0)"), 0, "flags of an expression");
    expect_equal(unique(sum(i, axis<2>)), numpy_order("i", "np.unique(np.sum(x, 2))"), 0, "a pending sum");
#endif
  });
}

#ifndef PRIEL_TEST_DEVICE

BOOST_AUTO_TEST_CASE(sends_what_is_different) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    expect(unique(arange<int>(5)).shape() == Shape<1>{5} && comm->take().collectives() == 0, "Generated");
    unique(zeros<double>({100000}, split<0>));
    const Size p = comm->size();
    // Counts of cuts (16 passes), how many there are and go where, and at most two values from a rank: not what it holds.
    expect(p == 1 || comm->take().bytes <= 16 * 15 * 8 * (p - 1) + 8 + 2 * 8 * (p - 1) + 16, "one value");
  });
}

#endif

BOOST_AUTO_TEST_SUITE_END()
