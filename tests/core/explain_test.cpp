// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// explain: loops, messages and memory as text and as a struct, for ranks that exist and for ranks that do not; nothing runs.
#include <tests/support/arrays.hpp>
#include <tests/support/pmpi.hpp>

#include <priel/abstract.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/slice.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>

namespace {

using namespace priel;
using namespace priel::test;

constexpr Size KiB = 1024;

}  // namespace

BOOST_AUTO_TEST_SUITE(explanations, *boost::unit_test::label("serial"))

// docs/explain.md has this output and the next.
BOOST_AUTO_TEST_CASE(as_text) {
  const auto x = abstract<float>({300, 20}, split<0>);
  BOOST_TEST(to_string(explain((x - mean(x, axis<0>)) / stddev(x, axis<0>), split<1>, ranks(4))) ==
             "(300, 20) float as Split<1>, on 4 ranks\n"
             "loops, on the rank with most, and what is fused in them\n"
             "  stddev, mean of (300, 20) float  1500 elements\n"
             "  into the target                  1500 elements  subtract, divide\n"
             "messages\n"
             "  Allreduce  mean of (300, 20) float, stddev of (300, 20) float  640 B\n"
             "  Exchange   Split<0> -> Split<1> of (300, 20) float             4.4 KiB  from each rank, 17.6 KiB in all\n"
             "memory of each rank\n"
             "  operand    Split<0> (300, 20) float, abstract  5.9 KiB\n"
             "  temporary  pieces sent and received            8.8 KiB\n"
             "  target     (300, 20) float as Split<1>         5.9 KiB\n"
             "  all                                            20.5 KiB\n");
}

BOOST_AUTO_TEST_CASE(without_messages) {
  const auto x = abstract<double>({5, 4}, split<0>);
  BOOST_TEST(to_string(explain(2 * x + 1, ranks(3))) ==
             "(5, 4) double as Split<0>, on 3 ranks\n"
             "loops, on the rank with most, and what is fused in them\n"
             "  into the target  8 elements  multiply, add\n"
             "messages: none, nothing is sent\n"
             "memory of rank 0\n"
             "  operand  Split<0> (5, 4) double, abstract  64 B\n"
             "  target   (5, 4) double as Split<0>         64 B\n"
             "  all                                        128 B\n");
}

BOOST_AUTO_TEST_CASE(what_is_computed_is_not_sent_again) {
  simulate(3, [] {
    const auto x = filled<Array<float, 2, Split<0>, Reference>>({6, 4}, [](const Index<2>& i) { return static_cast<float>(mark(i)); });
    const auto m = mean(x, axis<0>);
    expect(explain(x - m).messages.size() == 1 && explain(x - m).already_computed == 0, "before");
    const auto y = eval(x - m);
    const Explanation after = explain(x * m);
    expect(after.messages.empty() && after.already_computed == 1, "after");
    expect(to_string(after).find("already computed by earlier statements: 1 result\n") != std::string::npos, "and says so");
    const auto moved = redistribute(x, split<1>);
    expect(explain(moved + 1).messages.size() == 1, "a redistribution");
    const auto z = eval(moved + 1);
    expect(explain(2 * moved).messages.empty() && explain(2 * moved).already_computed == 1, "that was done");
  });
}

BOOST_AUTO_TEST_CASE(machines_that_do_not_exist) {
  // The sum of a terabyte on 4096 ranks: 2^38 floats, no memory here.
  const auto x = abstract<float>({Size{1} << 28, 1024}, split<0>);
  const Explanation reduced = explain(sum(x, axis<0>), ranks(4096));
  BOOST_TEST(reduced.messages.size() == 1u);
  BOOST_TEST(reduced.bytes(Collective::all_reduce).most() == 1024 * 8);
  BOOST_TEST(reduced.operands.front().most() == 256 * KiB * KiB);
  BOOST_TEST(reduced.target.most() == 1024 * 4);
  const Explanation gathered = explain(x, replicated, ranks(8));
  BOOST_TEST(gathered.bytes(Collective::all_gather).total() == 7 * (Size{1} << 40));
  BOOST_TEST(gathered.target.most() == Size{1} << 40);
  BOOST_TEST(gathered.memory().most() == (Size{1} << 40) + (Size{1} << 37));
}

BOOST_AUTO_TEST_CASE(into_an_array) {
  simulate(2, [] {
    const Array<double, 2, Split<1>, Reference> y(Shape<2>{4, 6});
    const Array<float, 2, Split<0>, Reference> x(Shape<2>{4, 6});
    const Explanation explanation = explain(into(y), 2 * x);
    expect(explanation.target.bytes == std::vector<Size>{96, 96}, "the target's element type");
    expect(explanation.bytes(Collective::exchange).bytes == std::vector<Size>{24, 24}, "the floats are moved, not the doubles");
    expect(explain(into(y), 2 * x, ranks(1)).messages.empty(), "on one rank");
  });
}

BOOST_AUTO_TEST_CASE(ranks_with_most) {
  // Rows 0 and 1 on rank 0, row 2 on rank 1, none on the others.
  const auto gathered = explain(abstract<float>({3, 5}, split<0>), replicated, ranks(2));
  BOOST_TEST(gathered.messages.front().bytes == (std::vector<Size>{40, 20}));
  BOOST_TEST(gathered.messages.front().rank_with_most() == 0);
  std::ostringstream out;
  out << gathered;
  BOOST_TEST(out.str().find("40 B  from rank 0, 60 B in all") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(messages_as_lines) {
  Plan plan(3);
  for (int i = 0; i < 4; ++i) plan.message(Collective::all_reduce, "counts", [](int) { return 120; });
  plan.message_at_most(Collective::exchange, "rows", [](int r) { return r == 1 ? 2048 : 0; });
  plan.message(Collective::scan, "nothing", [](int) { return 0; });
  Explanation explanation{3, "", {}, plan.messages(), {}, {}, {{0, 0, 0}}};
  const std::string text = to_string(explanation);
  BOOST_TEST(text.find("messages\n"
                       "  Allreduce  counts  120 B          4 times\n"
                       "  Exchange   rows    at most 2 KiB  from rank 1, 2 KiB in all\n"
                       "memory") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(units) {
  const auto target = [](Size n) {
    const std::string text = to_string(explain(abstract<signed char>({n}, replicated), ranks(1)));
    return text.substr(text.rfind("all") + 3);
  };
  BOOST_TEST(target(500).find(" 1000 B\n") != std::string::npos);
  BOOST_TEST(target(512).find(" 1 KiB\n") != std::string::npos);
  BOOST_TEST(target(KiB * 3 / 4).find(" 1.5 KiB\n") != std::string::npos);
  BOOST_TEST(target(KiB * KiB / 2 - 1).find(" 1 MiB\n") != std::string::npos);
  BOOST_TEST(target(KiB * KiB * KiB * 100).find(" 200 GiB\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
