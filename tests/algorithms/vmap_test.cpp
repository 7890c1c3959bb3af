// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// vmap: kernels of every kind on every slice, in chunks of any size, moved panel by panel; exceptions reach every rank.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

float value(const Index<3>& i) { return static_cast<float>(mark(i) % 101); }

template <class P, class Backend>
auto stack(Size n) { return filled<Array<float, 3, P, Backend>>({n, 4, 3}, value); }

template <class Backend, class P>
void check_kernels() {
  for (const Size n : {1, 3, 8}) {
    const auto where = described<Backend, P>() + ", " + std::to_string(n) + " slices";
    const auto x = stack<P, Backend>(n);
    for (const Size slices : {0, 1, 3, 100}) {
      const auto expression = vmap([](const auto& slice) { return 2 * slice(all, 1) + 1; }, x, chunk(slices));
      static_assert(std::is_same_v<policy_of<decltype(expression)>, P> && rank_of<decltype(expression)> == 2);
      expect(expression.shape() == Shape<2>(n, 4), "extents, " + where);
      expect(holds(eval(expression), [](const Index<2>& i) { return 2 * value({{i[0], i[1], 1}}) + 1; }), "an expression, " + where);
      const auto array = vmap([](const auto& slice) { return eval(astype<double>(transpose(slice))); }, x, chunk(slices));
      static_assert(std::is_same_v<value_of<decltype(array)>, double>);
      expect(holds(eval(array), [](const Index<3>& i) { return value({{i[0], i[2], i[1]}}); }), "an array, " + where);
      const auto number = vmap([](const auto& slice) { return item(max(slice)) > 50 ? 1 : 0; }, x, chunk(slices));
      expect(holds(eval(number + 0), [](const Index<1>& i) {
        float largest = 0;
        for (Size a = 0; a < 4; ++a)
          for (Size b = 0; b < 3; ++b) largest = std::max(largest, value({{i[0], a, b}}));
        return largest > 50 ? 1 : 0;
      }), "a number, " + where);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mapping)

BOOST_AUTO_TEST_CASE(kernels) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_kernels<Backend, Replicated>();
      check_kernels<Backend, Split<0>>();
    });
  });
}

BOOST_AUTO_TEST_CASE(no_slices) {
  on_ranks([] {
    const auto x = stack<Split<0>, Host>(0);
    expect(eval(vmap([](const auto& slice) { return item(sum(slice)); }, x)).shape() == Shape<1>{0}, "numbers");
    expect(eval(vmap([](const auto& slice) { return slice(all, 0); }, x)).shape()[0] == 0, "arrays");
    expect(eval(vmap(lof(2), x)).shape() == Shape<2>{0, 4}, "a tuned kernel");
  });
}

// A redistribution that has not happened is moved chunk by chunk; the result is that of moving it at once.
BOOST_AUTO_TEST_CASE(redistributed_panel_by_panel) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto kernel = [](const auto& slice) { return sum(slice * slice, axis<1>); };
      for (const Size n : {1, 9}) {
        const auto x = stack<Split<1>, Backend>(n);
        const auto whole = stack<Split<0>, Backend>(n);
        const auto expected = shard_of(eval(vmap(kernel, 2 * whole)));
        for (const Size slices : {0, 1, 2, 5}) {
          const auto lazily = eval(vmap(kernel, redistribute(2 * x, split<0>), chunk(slices)));
          expect(identical(shard_of(lazily), expected), "chunk(" + std::to_string(slices) + ") on " + std::string(Backend::name));
        }
        const auto moved = redistribute(2 * x, split<0>);
        const auto first = eval(moved);
        expect(identical(shard_of(eval(vmap(kernel, moved, chunk(2)))), expected), "moved before");
      }
    });
  });
}

BOOST_AUTO_TEST_CASE(panels_are_as_large_as_asked) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = stack<Split<1>, Host>(12);
    comm->take();
    const auto scores = eval(vmap(lof(2), redistribute(x, split<0>), chunk(1)));
    const Size share = block_of(12, comm->size(), 0).extent;
    expect(comm->take().collectives() == share, "one exchange per slice of the largest share, on every rank");
    const auto again = eval(vmap(lof(2), stack<Split<0>, Host>(12), chunk(1)));
    expect(comm->take().collectives() == 0, "nothing is sent for slices that are there");
    expect(identical(shard_of(again), shard_of(scores)), "the same scores");
  });
}

BOOST_AUTO_TEST_CASE(a_tuned_kernel_is_the_general_one) {
  on_ranks([] {
    const auto x = filled<Array<double, 3, Split<0>>>({6, 20, 4}, [](const Index<3>& i) { return std::sin(static_cast<double>(mark(i))); });
    const auto check = [&](const char* what, const auto& tuned, const auto& general) {
      expect(item(max(abs(vmap(tuned, x) - vmap(general, x)))) <= 1e-12, what);
    };
    check("lof", lof(3, 7), [](const auto& series) { return lof(series, Sweep{3, 7}); });
    check("loop", loop(3, 7), [](const auto& series) { return loop(series, Sweep{3, 7}); });
  });
}

BOOST_AUTO_TEST_CASE(exceptions_of_kernels_reach_every_rank) {
  on_ranks([] {
    const auto x = stack<Split<0>, Host>(8);
    const auto text_of = [&](const auto& kernel) {
      try {
        eval(vmap(kernel, x));
      } catch (const std::exception& error) {
        return std::string(error.what());
      }
      return std::string();
    };
    const float bad = value({{5, 0, 0}});
    expect(text_of([&](const auto& slice) {
      if (item(slice(0, 0)) == bad) throw InputError("slice 5 is bad");
      return item(sum(slice));
    }) == "slice 5 is bad", "one slice of one rank");
    expect(text_of([&](const auto& slice) -> float { throw std::runtime_error("all are bad " + std::to_string(slice.shape()[0])); }) == "all are bad 4", "every slice");
    expect(throws<ShapeError>([&] { eval(vmap([&](const auto& slice) { return slice(range(0, item(slice(0, 0)) == bad ? 1 : 2), 0); }, x)); }),
           "results of different extents");
    expect(text_of([](const auto& slice) { return item(sum(slice)); }).empty(), "none");
  });
}

// A kernel is alone: what it computes is not sent, whatever it asks for.
BOOST_AUTO_TEST_CASE(kernels_see_a_world_of_one_rank) {
  on_ranks([] {
    const auto x = stack<Split<0>, Host>(5);
    const auto sizes = eval(vmap([](const auto& slice) {
      const Array<float, 2, Split<0>> rows(slice);
      return world()->size() + slice.comm()->size() + static_cast<int>(item(sum(rows)) - item(sum(slice)));
    }, x));
    expect(holds(sizes, [](const Index<1>&) { return 2; }), "sizes");
  });
}

BOOST_AUTO_TEST_SUITE_END()
