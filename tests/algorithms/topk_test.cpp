// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// topk and argtopk against NumPy's stable sort of the reversed order: global indices, ties by the smaller one; k pairs are sent.
#include <tests/algorithms/order_answers.hpp>

#include <priel/algorithms/topk.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class A>
void check(std::initializer_list<const char*> names) {
  const auto where = described<backend_of<A>, policy_of<A>>();
  for (const char* name : names) {
    const auto x = operand<A>(name);
    expect_equal(eval(topk(x, 1, axis<0>)), numpy_order(name, "topk(x, 1, 0)"), 0, where);
    expect_equal(eval(argtopk(x, 1, axis<0>)), numpy_order(name, "argtopk(x, 1, 0)"), 0, where);
    expect_equal(eval(topk(x, 4)), numpy_order(name, "topk(x, 4, -1)"), 0, where);
    expect_equal(eval(argtopk(x, 4, axis<-1>)), numpy_order(name, "argtopk(x, 4, -1)"), 0, where);
    expect_equal(eval(argtopk(x, 0, axis<0>)), numpy_order(name, "argtopk(x, 0, 0)"), 0, where);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(largest)

BOOST_AUTO_TEST_CASE(as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<Array<float, 2, Split<0>, Backend>>({"n", "n1", "n3", "wide"});
      check<Array<float, 2, Split<1>, Backend>>({"n", "n1", "n3", "wide"});
    });
#ifndef PRIEL_TEST_DEVICE
    check<Array<double, 1, Split<0>>>({"w", "v5", "v29"});
    check<Array<std::int8_t, 1>>({"s"});
    const auto w = operand<Array<double, 1, Split<0>>>("w");
    expect_equal(eval(argtopk(w, 35)), numpy_order("w", "argtopk(x, 35, 0)"), 0, "all of them");
    expect(throws<ShapeError>([&] { topk(w, 36); }) && throws<ShapeError>([&] { argtopk(w, -1, axis<0>); }), "a wrong number");
#endif
  });
}

#ifndef PRIEL_TEST_DEVICE

BOOST_AUTO_TEST_CASE(sends_k_pairs) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = operand<Array<double, 2, Split<0>>>("m");
    expect(sent_by(argtopk(x, 2, axis<1>), comm).collectives == 0, "rows");
    const auto sent = sent_by(argtopk(operand<Array<double, 1, Split<0>>>("v29"), 3), comm);
    const Size others = comm->size() - 1;
    expect(sent.sent == 3 * 16 * others && sent.planned == sent.sent && sent.collectives == (others > 0 ? 1 : 0), "three pairs to each other rank");
  });
}

#endif

BOOST_AUTO_TEST_SUITE_END()
