// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// vmap with several results: each is what a kernel of its own would give, the kernel runs once, errors reach every rank.
#include <priel/algorithms/vmap_several.hpp>

#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using namespace priel;
using namespace priel::test;

float value(const Index<3>& i) { return static_cast<float>(mark(i) % 101); }

template <class P, class Backend>
void check_results() {
  for (const Size n : {0, 1, 5, 8}) {
    const auto x = filled<Array<float, 3, P, Backend>>({n, 4, 3}, value);
    std::atomic<int> calls = 0;
    const auto [doubled, turned, largest] = vmap([&](const auto& slice) {
      ++calls;
      return std::tuple(2 * slice(all, 1), eval(astype<double>(transpose(slice))), static_cast<int>(item(max(slice))));
    }, x, chunk(3));
    static_assert(rank_of<decltype(doubled)> == 2 && rank_of<decltype(turned)> == 3 && rank_of<decltype(largest)> == 1);
    static_assert(std::is_same_v<policy_of<decltype(turned)>, P> && std::is_same_v<value_of<decltype(turned)>, double> && std::is_same_v<value_of<decltype(largest)>, int>);
    const auto where = described<Backend, P>() + ", " + std::to_string(n) + " slices";
    expect(calls == 0, "nothing runs before it is needed, " + where);
    expect(holds(eval(largest + 0), [](const Index<1>& i) {
      float most = 0;
      for (Size a = 0; a < 4; ++a)
        for (Size b = 0; b < 3; ++b) most = std::max(most, value({{i[0], a, b}}));
      return most;
    }), "a number, " + where);
    expect(holds(eval(doubled), [](const Index<2>& i) { return 2 * value({{i[0], i[1], 1}}); }), "an expression, " + where);
    expect(holds(eval(turned), [](const Index<3>& i) { return value({{i[0], i[2], i[1]}}); }), "an array, " + where);
    expect(calls == x.lshape()[0], "one call a slice, " + where);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mapping_to_several)

BOOST_AUTO_TEST_CASE(results) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_results<Replicated, Backend>();
      check_results<Split<0>, Backend>();
    });
  });
}

BOOST_AUTO_TEST_CASE(what_is_moved_moves_once) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Array<float, 3, Split<1>>>({6, 4, 3}, value);
    const auto [low, high] = vmap([](const auto& slice) { return std::pair(item(min(slice)), item(max(slice))); }, redistribute(x, split<0>), chunk(1));
    comm->take();
    const auto range = eval(high - low);
    const Size share = block_of(6, comm->size(), 0).extent;
    const auto counts = comm->take();
    expect(counts.others == share && counts.all_reduces == 3, "an exchange a chunk, three agreements: " + std::to_string(counts.others) + " " + std::to_string(counts.all_reduces));
    expect(item(all(range >= 0)), "values");
  });
}

BOOST_AUTO_TEST_CASE(exceptions_reach_every_rank) {
  on_ranks([] {
    const auto x = filled<Array<float, 3, Split<0>>>({8, 4, 3}, value);
    const float bad = value({{5, 0, 0}});
    const auto [first, second] = vmap([&](const auto& slice) {
      if (item(slice(0, 0)) == bad) throw InputError("slice 5 is bad");
      return std::tuple(1, 2.5);
    }, x);
    expect(throws<InputError>([&] { eval(first + 0); }) && throws<InputError>([&] { eval(second + 0); }), "both");
  });
}

BOOST_AUTO_TEST_SUITE_END()
