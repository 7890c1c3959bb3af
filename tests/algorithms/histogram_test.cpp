// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// histogram and bincount against NumPy; counts stay pending until they are used, and are added or scattered then.
#include <tests/algorithms/order_answers.hpp>

#include <priel/algorithms/histogram.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class A>
void check(std::initializer_list<const char*> names) {
  const auto where = described<backend_of<A>, policy_of<A>>();
  for (const char* name : names) {
    const auto x = operand<A>(name);
    expect_equal(eval(histogram(x, 7, -2.75, 3)), numpy_order(name, "np.histogram(x, 7, (-2.75, 3))[0]"), 0, where);
    expect_equal(eval(histogram(x, 3, -3.5, 3.5)), numpy_order(name, "np.histogram(x, 3, (-3.5, 3.5))[0]"), 0, where);
    expect_equal(eval(histogram(x, 4, 1, 1)), numpy_order(name, "np.histogram(x, 4, (1, 1))[0]"), 0, where);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(histograms)

BOOST_AUTO_TEST_CASE(as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<Array<float, 2, Split<1>, Backend>>({"n", "n0", "n1", "n3", "wide"});
      const auto s = operand<Array<std::int8_t, 1, Split<0>, Backend>>("s");
      expect_equal(eval(bincount(s + 3, 7)), numpy_order("s", "np.bincount(x + 3, minlength=7)"), 0, "bincount");
    });
#ifndef PRIEL_TEST_DEVICE
    check<Array<double, 1>>({"w", "v0"});
    // Values on edges that are rounded.
    expect_equal(eval(histogram(operand<Array<double, 1, Split<0>>>("t"), 20, 0, 2)), numpy_order("t", "np.histogram(x, 20, (0, 2))[0]"), 0, "tenths");
    expect_equal(eval(histogram(operand<Array<float, 1, Split<0>>>("u"), 20, 0, 2)), numpy_order("u", "np.histogram(x, 20, (0, 2))[0]"), 0, "tenths");
    expect_equal(eval(histogram(operand<Array<float, 1, Split<0>>>("u"), 13, 0.3, 1.6)), numpy_order("u", "np.histogram(x, 13, (0.3, 1.6))[0]"), 0, "from 0.3");
    const auto i = operand<Array<std::int32_t, 3, Split<1>, Reference>>("i");
    expect_equal(eval(histogram(i, 5, -7, 8)), numpy_order("i", "np.histogram(x, 5, (-7, 8))[0]"), 0, "integers");
    expect_equal(eval(bincount(i, 3)), numpy_order("i", "np.bincount(x[(x >= 0) & (x < 3)], minlength=3)"), 0, "outside");
    expect_equal(eval(histogram_bin_edges(operand<Array<double, 1>>("w"), 7, -2.75, 3)), numpy_order("w", "np.histogram(x, 7, (-2.75, 3))[1]"), 0, "edges");
    expect_equal(eval(histogram_bin_edges(operand<Array<float, 2>>("n"), 7, -2.75, 3)), numpy_order("n", "np.histogram(x, 7, (-2.75, 3))[1]"), 0, "edges of floats");
    expect(throws<InputError>([&] { histogram(i, 0, 0, 1); }) && throws<InputError>([&] { histogram(i, 1, 1, 0); }) &&
           throws<InputError>([&] { histogram(i, 1, 0, priel::nan); }) && throws<InputError>([&] { bincount(i, -1); }), "wrong bins");
#endif
  });
}

#ifndef PRIEL_TEST_DEVICE

BOOST_AUTO_TEST_CASE(pending) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Array<double, 1, Split<0>>>({800}, [](const Index<1>& i) { return static_cast<double>(i[0] * 37 % 80) / 16; });
    const auto h = histogram(x, 8, 0, 5);
    static_assert(std::is_same_v<policy_of<decltype(2 * h + h)>, Partial<Summation>>);
    const auto hundred = [](const Index<1>&) { return 100; };
    Array<Size, 1, Split<0>> scattered(histogram(x, 8, 0, 5));
    auto sent = comm->take();
    expect(holds(scattered, hundred) && sent.all_reduces == 0 && sent.others == 1, "to S<0>: one Reduce_scatter");
    Array<Size, 1> sum = 2 * h + h;
    sent = comm->take();
    expect(holds(sum, [](const Index<1>&) { return 300; }) && sent.all_reduces == 1 && sent.bytes == 64, "a sum: one Allreduce of eight counts");
    const auto e = sent_by(h, comm);
    expect(e.sent == 64 && (comm->size() == 1 || e.planned == 64), "as planned");
    expect(holds(eval(h), hundred) && comm->take().collectives() == 0, "kept");
  });
}

#endif

BOOST_AUTO_TEST_SUITE_END()
