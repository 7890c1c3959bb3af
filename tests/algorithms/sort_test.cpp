// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// sort and argsort against NumPy's stable sort, along every axis, however the operand is cut; and what they send.
#include <tests/algorithms/order_answers.hpp>

#include <priel/algorithms/sort.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class A>
void check_rows(std::initializer_list<const char*> names) {
  const auto where = described<backend_of<A>, policy_of<A>>();
  for (const char* name : names) {
    const auto x = operand<A>(name);
    expect_equal(eval(sort(x, axis<0>)), numpy_order(name, "np.sort(x, 0)"), 0, where);
    expect_equal(eval(sort(x)), numpy_order(name, "np.sort(x, -1)"), 0, where);
    expect_equal(eval(argsort(x, axis<0>)), numpy_order(name, "np.argsort(x, 0, kind='stable')"), 0, where);
    expect_equal(eval(argsort(x, axis<-1>)), numpy_order(name, "np.argsort(x, -1, kind='stable')"), 0, where);
  }
}

template <class A>
void check_line(std::initializer_list<const char*> names) {
  const auto where = described<backend_of<A>, policy_of<A>>();
  for (const char* name : names) {
    const auto x = operand<A>(name);
    expect_equal(eval(sort(x)), numpy_order(name, "np.sort(x, -1)"), 0, where);
    expect_equal(eval(argsort(x)), numpy_order(name, "np.argsort(x, -1, kind='stable')"), 0, where);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sorts)

BOOST_AUTO_TEST_CASE(as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_rows<Array<float, 2, Split<0>, Backend>>({"n", "n0", "n1", "n3", "wide"});
      check_rows<Array<float, 2, Split<1>, Backend>>({"n", "n0", "n1", "n3", "wide"});
      check_line<Array<double, 1, Split<0>, Backend>>({"w", "v0", "v1", "v2", "v5", "v29"});
    });
#ifndef PRIEL_TEST_DEVICE
    check_rows<Array<float, 2, Replicated>>({"n", "n0"});
    check_line<Array<std::int8_t, 1, Split<0>>>({"s"});
    const auto w = operand<Array<double, 1, Split<0>>>("w");
    expect_equal(eval(sort(w(range(2, 32, 3)))), numpy_order("w", "np.sort(x[2:32:3])"), 0, "a range of the split axis");
    const auto i = operand<Array<std::int32_t, 3, Split<1>, Reference>>("i");
    expect_equal(eval(sort(i, axis<1>)), numpy_order("i", "np.sort(x, 1)"), 0, "the middle axis");
    expect_equal(eval(argsort(i, axis<1>)), numpy_order("i", "np.argsort(x, 1, kind='stable')"), 0, "the middle axis");
#endif
  });
}

#ifndef PRIEL_TEST_DEVICE

// Enough for the radix, by several threads too, and ties on every rank; the result is cut where the canonical map says.
BOOST_AUTO_TEST_CASE(many_elements) {
  constexpr Size n = 150001;
  const auto value = [](const Index<1>& i) { return i[0] % 1009 == 5 ? priel::nan : static_cast<double>(i[0] * i[0] * 7919 % 10007 - 5000); };
  std::vector<Size> order(n);
  for (Size i = 0; i < n; ++i) order[static_cast<std::size_t>(i)] = i;
  std::stable_sort(order.begin(), order.end(), [&](Size a, Size b) {
    const double left = value({{a}}), right = value({{b}});
    return left < right || (right != right && left == left);
  });
  on_ranks([&] {
    const auto x = filled<Array<double, 1, Split<0>>>({n}, value);
    expect(holds(eval(argsort(x)), [&](const Index<1>& i) { return order[static_cast<std::size_t>(i[0])]; }), "argsort");
    expect(holds(eval(sort(x)), [&](const Index<1>& i) { return value({{order[static_cast<std::size_t>(i[0])]}}); }), "sort");
    expect(holds(eval(sort(astype<float>(x))), [&](const Index<1>& i) { return static_cast<float>(value({{order[static_cast<std::size_t>(i[0])]}})); }), "of floats");
  });
}

BOOST_AUTO_TEST_CASE(sends) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = operand<Array<double, 2, Split<0>>>("m");
    PlannedAndSent sent = sent_by(sort(x, axis<1>), comm);
    expect(sent.planned == 0 && sent.collectives == 0, "rows");
    // Whole lines there and back: exactly what changes owner.
    for (int twice = 0; twice < 2; ++twice) {
      sent = twice ? sent_by(argsort(sort(x, axis<1>), axis<0>), comm) : sent_by(sort(x, axis<0>), comm);
      if (comm->size() <= 5) {
        expect(sent.sent == sent.planned, "columns: " + std::to_string(sent.planned) + " planned, sent " + std::to_string(sent.sent));
        expect(sent.collectives == (comm->size() > 1 ? 2 : 0) && sent.messages == sent.collectives, "columns: there and back");
      }
    }
    // A line across ranks: the counts exactly, the elements at most once.
    const auto v = operand<Array<double, 1, Split<0>>>("v29");
    sent = sent_by(sort(v), comm);
    const Size held = v.lshape()[0] * 8;
    expect(sent.sent <= sent.planned && sent.sent >= sent.planned - held && sent.collectives == sent.messages, "a line");
    sent = sent_by(sort(sort(v)), comm);
    if (comm->size() > 1) expect(sent.sent <= sent.planned - held, "a sorted line stays where it is");
    expect(sent_by(sort(eval(redistribute(v, replicated))), comm).collectives == 0, "replicated");
  });
}

#endif

BOOST_AUTO_TEST_SUITE_END()
