// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Truth values: a rank-0 expression in a condition is finished first and the same on every rank; nothing else has one.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

float value(const Index<1>& i) { return static_cast<float>(i[0] - 2); }   // -2, -1, 0, 1, ...

}  // namespace

BOOST_AUTO_TEST_SUITE(truth)

BOOST_AUTO_TEST_CASE(every_rank_takes_the_same_branch) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto x = filled<Array<float, 1, Split<0>, Backend>>({9}, value);
      std::string branches;
      branches += x(8) > 2 ? 'a' : '-';                     // the owner's element, everywhere
      branches += x(0) > 2 ? '-' : 'b';
      if (sum(x) == 18) branches += 'c';                    // a pending reduction
      if (any(x > 5) && !all(x > 5)) branches += 'd';
      if (x(2) || mean(x) > 100) branches += '-';           // zero is false
      while (max(x) < 6 && branches.size() < 9) branches += '-';
      expect(branches == "abcd", branches);
    });
  });
}

// As NumPy: every number but zero is true, NaN too.
BOOST_AUTO_TEST_CASE(numbers_are_true_but_zero) {
  on_ranks([] {
    const auto of = [](auto number) { return static_cast<bool>(Array<decltype(number), 0, Replicated, Tested>(full<decltype(number)>(Shape<0>{}, number))); };
    expect(!of(0) && of(-3) && !of(0.0) && !of(-0.0) && of(0.5) && of(priel::nan) && of(true) && !of(false), "real numbers");
    expect(of(std::complex<float>(0, 1)) && !of(std::complex<float>(0, 0)), "complex numbers");
  });
}

BOOST_AUTO_TEST_CASE(a_condition_sends_what_item_sends) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const auto x = filled<Array<double, 1, Split<0>, Tested>>({9}, value, comm);
    const auto total = sum(x);
    if (total > 0) {
      const auto sent = comm->take();
      expect(sent.all_reduces == 1 && sent.others == 0 && sent.bytes == 8, "one Allreduce of the result");
    } else expect(false, "the sum");
    if (total > 100) expect(false, "the sum");
    expect(comm->take().collectives() == 0, "once");
  });
}

BOOST_AUTO_TEST_SUITE_END()
