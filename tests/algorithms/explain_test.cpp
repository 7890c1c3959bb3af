// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// explain of algorithms: the bytes it predicts are the bytes that MPI is given, rank by rank.
#include <tests/algorithms/explain_operands.hpp>

#include <priel/abstract.hpp>
#include <priel/backend/host.hpp>
#include <priel/algorithms/loop.hpp>
#include <priel/algorithms/patches.hpp>
#include <priel/algorithms/scatter.hpp>
#include <priel/algorithms/vmap.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Rows and columns that lie inside a grid of at least 6 x 6, two away from its edges.
template <class P>
auto some_pixels(Size n) {
  return filled<Array<Size, 2, P, Reference>>({n, 2}, [](const Index<2>& i) { return 2 + (i[0] * (i[1] + 1)) % 2; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(explain_algorithms)

BOOST_AUTO_TEST_CASE(maps) {
  on_ranks([] {
    for (const Size n : {1, 3, 9}) {
      Predictions p;
      const auto x = made<Split<0>>(Shape<2>{n, 4});
      const auto total = [](const auto& row) { return item(sum(row)); };
      p.check("vmap to numbers", vmap(total, x));
      p.check("vmap over what is moved", vmap(total, redistribute(made<Split<1>>(Shape<2>{n, 4}), split<0>), chunk(2)));
      p.check("vmap of R", vmap(total, made<Replicated>(Shape<2>{n, 4})));
      const auto y = vmap(total, redistribute(x, replicated));
      p.check("a map", y);
      p.check("the same map again", 2 * y);
      const auto images = made<Split<0>>(Shape<3>{n, 6, 7});
      p.check("patches by date", patches(images, some_pixels<Replicated>(5), 3));
      p.check("patches of moved images", patches(redistribute(images, replicated), some_pixels<Split<0>>(5), 3));
    }
  });
}

BOOST_AUTO_TEST_CASE(scores) {
  on_ranks([] {
    for (const Size n : {7, 12}) {
      Predictions p;
      const auto x = made<Split<0>>(Shape<2>{n, 3});
      p.check("lof", lof(x, Sweep{2, 4, 2}));
      p.check("loop", loop(x, Sweep{2, 4, 2}));
      p.check("loop, local", loop(x, 3, 3, Norm::local), replicated);
    }
  });
}

BOOST_AUTO_TEST_CASE(scattered) {
  on_ranks([] {
    for (const Size n : {1, 5}) {
      Predictions p;
      const auto pixels = some_pixels<Replicated>(n);
      p.check("by date", scatter(full<float>({3, 6, 6}, -1), pixels, made<Split<0>>(Shape<2>{n, 3})));
      p.check("a map", scatter(full<float>({6, 6}, -1), pixels, made<Split<0>>(Shape<1>{n})));
      p.check("into a moved base", scatter(made<Split<1>>(Shape<3>{3, 6, 6}), some_pixels<Split<0>>(n), made<Split<1>>(Shape<2>{n, 3})));
    }
  });
}

BOOST_AUTO_TEST_CASE(what_does_not_exist) {
  const auto images = abstract<float>({1000, 4000, 4000}, split<0>);
  const auto series = patches(images, abstract<Size>({1000000, 2}, replicated), 7);
  const auto explanation = explain(vmap(lof(20, 60), redistribute(series, split<0>)), ranks(64));
  // Moved chunk by chunk: the patches are nowhere whole. docs/explain.md has this output.
  BOOST_TEST(to_string(explanation) ==
             "(1000000, 1000) float as Split<0>, on 64 ranks\n"
             "loops, on the rank with most, and what is fused in them\n"
             "  vmap over (1000000, 1000, 49) float  765625000 elements  patches, lof\n"
             "messages\n"
             "  Exchange  Split<1> -> Split<0> of (1000000, 1000, 49) float  2.9 GiB  from rank 0, 180 GiB in all\n"
             "memory of rank 0\n"
             "  operand    Split<0> (1000, 4000, 4000) float, abstract  977 MiB\n"
             "  operand    Replicated (1000000, 2) int64, abstract      15.3 MiB\n"
             "  temporary  pieces sent and received                     63.7 MiB\n"
             "  temporary  slices for lof                               32 MiB\n"
             "  target     (1000000, 1000) float as Split<0>            59.6 MiB\n"
             "  all                                                     1.1 GiB\n");
}

BOOST_AUTO_TEST_SUITE_END()
