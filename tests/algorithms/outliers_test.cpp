// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// lof and loop as algorithms of the language: against published references and the tuned kernels, on every backend and policy.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/shared_data.hpp>

#include <priel/algorithms/textbook.hpp>

#include <boost/test/unit_test.hpp>

#include <random>

namespace {

using namespace priel;
using namespace priel::test;

template <class A, class B>
double largest_difference(const A& a, const B& b) {
  const Array<double, 1> x(redistribute(to_backend<Host>(a), replicated)), y(redistribute(to_backend<Host>(b), replicated));
  return item(max(where((x == y) | (isnan(x) & isnan(y)), 0, abs(x - y))));
}

// f(backend's array of x) for every policy that lof takes.
template <class F>
void with_every_policy(const Array<double, 2>& x, F&& f) {
  for_each_type<Backends>([&]<class Backend>() {
    f(to_backend<Backend>(x), described<Backend, Replicated>());
    f(to_backend<Backend>(eval(redistribute(x, split<0>))), described<Backend, Split<0>>());
  });
}

// Awkward samples: few values, so that distances tie and samples coincide; some are not finite.
Array<double, 2> awkward(Size n, Size d, unsigned seed, bool holes) {
  std::mt19937 random(seed);
  std::vector<double> values;
  for (Size i = 0; i < n * d; ++i) values.push_back(static_cast<double>(random() % 4));
  if (holes) values[static_cast<std::size_t>(3 * d)] = priel::nan, values[static_cast<std::size_t>(7 * d + 1)] = INFINITY;
  return filled<Array<double, 2>>({n, d}, [&](const Index<2>& i) { return values[static_cast<std::size_t>(i[0] * d + i[1])]; });
}

template <class Kernel>
Array<double, 1> by_kernel(const Kernel& kernel, const Array<double, 2>& x) {
  Array<double, 1> scores(Shape<1>{x.shape()[0]});
  kernel.series(x.local().data(), x.shape()[0], x.shape()[1], scores.local_mut().data());
  return scores;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(outliers)

BOOST_AUTO_TEST_CASE(references) {
  if (shared_data().empty() || io::hdf5_version().empty()) return;
  on_ranks([] {
    for (const char* name : {"14_glass", "18_ionosphere"}) {   // the second has ties
      const std::string file = (shared_data() / "outliers" / (std::string(name) + ".h5")).string() + ":/";
      const auto reference = [&](const char* dataset) { return io::load<double, 1>(file + "reference/k20/" + dataset, replicated); };
      with_every_policy(io::load<double, 2>(file + "X", replicated), [&](const auto& x, const std::string& where) {
        const std::string text = std::string(name) + " on " + where;
        expect(largest_difference(lof(x, 20), reference("lof_incl")) <= 1e-10, "lof of " + text);
        expect(largest_difference(loop(x, 20), reference("loop_paper_lam3")) <= 1e-10, "loop of " + text);
        expect(largest_difference(loop(x, 20, 3, Norm::local), reference("loop_local_lam3")) <= 1e-10, "loop, local, of " + text);
      });
    }
  }, {1, 3});
}

// An expression is scored as the array of its values would be, whatever policy and backend.
BOOST_AUTO_TEST_CASE(expressions) {
  on_ranks([] {
    std::mt19937 random(5);
    std::uniform_real_distribution<double> uniform(0.5, 4);
    std::vector<double> values;
    for (int i = 0; i < 61 * 3; ++i) values.push_back(uniform(random));
    const auto x = filled<Array<double, 2>>({61, 3}, [&](const Index<2>& i) { return values[static_cast<std::size_t>(i[0] * 3 + i[1])]; });
    const auto logs = eval(log(x));
    const auto factors = by_kernel(lof(20), logs), probabilities = by_kernel(loop(5, 20, 5), logs);
    with_every_policy(x, [&](const auto& y, const std::string& where) {
      const auto scores = lof(log(y), 20);
      static_assert(std::is_same_v<policy_of<decltype(scores)>, policy_of<decltype(y)>> && std::is_same_v<value_of<decltype(scores)>, double>);
      expect(largest_difference(scores, factors) <= 1e-12, "lof(log(x), 20) on " + where);
      expect(largest_difference(loop(log(y), Sweep{5, 20, 5}), probabilities) <= 1e-12, "loop(log(x), 5:20:5) on " + where);
      const auto single = lof(astype<float>(y), 20);
      static_assert(std::is_same_v<value_of<decltype(single)>, float>);
      expect(largest_difference(single, by_kernel(lof(20), x)) <= 1e-4, "in float on " + where);
    });
  });
}

BOOST_AUTO_TEST_CASE(ties_duplicates_and_holes) {
  on_ranks([] {
    for (const bool holes : {false, true})
      for (const Aggregate aggregate : {Aggregate::max, Aggregate::mean, Aggregate::median, Aggregate::trimmed}) {
        const auto x = awkward(40, 2, 11, holes);
        const Sweep sweep{3, 12, 2, aggregate, 0.25};
        const auto factors = by_kernel(lof(sweep), x), global = by_kernel(loop(sweep), x), local = by_kernel(loop(sweep, 2, Norm::local), x);
        with_every_policy(x, [&](const auto& y, const std::string& where) {
          const std::string text = where + ", aggregate " + std::to_string(static_cast<int>(aggregate)) + (holes ? ", with holes" : "");
          expect(largest_difference(lof(y, sweep), factors) <= 1e-10, "lof on " + text);
          expect(largest_difference(loop(y, sweep), global) <= 1e-10, "loop on " + text);
          expect(largest_difference(loop(y, sweep, 2, Norm::local), local) <= 1e-10, "loop, local, on " + text);
        });
      }
  }, {1, 3, 7});
}

// The kernels that vmap runs give what the definitions give, written plainly: for numbers at random, ties, duplicates and holes.
BOOST_AUTO_TEST_CASE(the_textbook, *boost::unit_test::label("serial")) {
  constexpr Size n = 40;
  const auto at_random = [](double offset) {
    return filled<Array<double, 2>>({n, 3}, [=](const Index<2>& i) {
      return std::sin(static_cast<double>(mark(i)) * 12.9898) + offset * static_cast<double>(i[0] % 2);
    });
  };
  for (const Array<double, 2>& x : {at_random(0), at_random(300), awkward(n, 2, 3, false), awkward(n, 2, 4, true), awkward(n, 1, 5, false)}) {
    const auto check = [&](const char* what, const auto& tuned, const auto& textbook) {
      expect(largest_difference(by_kernel(tuned, x), textbook(x)) <= 1e-10, what);
    };
    for (const Aggregate aggregate : {Aggregate::max, Aggregate::median, Aggregate::trimmed}) {
      const Sweep sweep{3, 14, 2, aggregate, 0.2};
      check("lof", lof(sweep), textbook::Lof{sweep});
      check("loop", loop(sweep), textbook::Loop{sweep});
      check("loop, local", loop(sweep, 2, Norm::local), textbook::Loop{sweep, 2, Norm::local});
    }
    check("too few", lof(38, 39), textbook::Lof{{38, 39}});   // where there are holes
  }
}

// Everybody within the k-distance belongs: the neighbourhood is wider than k where distances tie.
BOOST_AUTO_TEST_CASE(neighbourhoods) {
  on_ranks([] {
    const auto line = filled<Array<double, 2>>({7, 1}, [](const Index<2>& i) { return i[0]; });   // 0 1 2 3 4 5 6
    with_every_policy(line, [&](const auto& x, const std::string& where) {
      const auto near = nearest_neighbours(x, 3);
      expect(near.index.shape() == Shape<2>(7, 4), "as wide as the widest, on " + where);
      const auto distance = to_backend<Host>(redistribute(near.distance, replicated));
      const auto index = to_backend<Host>(redistribute(near.index, replicated));
      expect(item(index(3, 0)) == 2 && item(index(3, 1)) == 4 && item(index(3, 2)) == 1 && item(index(3, 3)) == 5, "by distance, then index, on " + where);
      expect(item(distance(0, 2)) == 3 && std::isinf(item(distance(0, 3))) && item(index(0, 3)) == 0, "filled up, on " + where);
    });
  });
}

BOOST_AUTO_TEST_CASE(too_large_a_neighbourhood) {
  on_ranks([] {
    const auto x = awkward(10, 2, 1, true);   // eight samples are finite
    std::string text;
    try {
      eval(lof(redistribute(x, split<0>), 8));
    } catch (const InputError& error) {
      text = error.what();
    }
    expect(text.find("k = 8 is too large") != std::string::npos && text.find("at most k = 7") != std::string::npos, "says the largest usable k: " + text);
    expect(throws<InputError>([&] { eval(loop(x, 0)); }), "k = 0");
    const auto scores = by_kernel(lof(8), x);
    expect(item(all(isnan(scores))) && item(all(isnan(Lof{{8, 8}}(x)))), "a kernel of a vmap gives no scores");
  });
}

BOOST_AUTO_TEST_SUITE_END()
