// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays as text: what NumPy prints, from any cut over the ranks, for the price of the elements shown.
#include <priel/print.hpp>

#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

namespace {

using namespace priel;
using namespace priel::test;

constexpr double inf = std::numeric_limits<double>::infinity();

const std::string& printed_by_numpy(const std::string& name) {
  static const auto texts = [] {
    std::map<std::string, std::string> result;
    std::ifstream file(std::filesystem::path(__FILE__).parent_path() / "fixtures/printed.txt");
    std::string key;
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("== ")) key = line.substr(3);
      else if (!key.empty()) result[key] += (result[key].empty() ? "" : "\n") + line;
    }
    return result;
  }();
  const auto found = texts.find(name);
  if (found == texts.end()) throw std::logic_error("NumPy was not asked: " + name + " (run fixtures/make_text_fixture.py)");
  return found->second;
}

template <Expression E>
void check(const std::string& name, const E& x) {
  const std::string text = to_text(x), &expected = printed_by_numpy(name);
  expect(text == expected, name + " is\n" + text + "\nNumPy prints\n" + expected);
}

template <class T, class P = Replicated, int Rank, class F>
auto made(const Shape<Rank>& shape, F&& f) { return filled<Array<T, Rank, P>>(shape, f); }
template <class T>
auto values(std::initializer_list<T> list) {
  const std::vector<T> all(list);
  return made<T>(Shape<1>{all.size()}, [&](const Index<1>& i) { return all[static_cast<std::size_t>(i[0])]; });
}
template <class T>
auto number(T value) { return Array<T, 0>(Scalar<T>(value)); }

template <class Backend, class P>
void check_cuts() {
  const auto of = []<class T, int Rank>(T, const Shape<Rank>& shape, double factor) {
    return filled<Array<T, Rank, P, Backend>>(shape, [&](const Index<Rank>& i) { return static_cast<T>(mark(i) * factor); });
  };
  check("stack", of(double{}, Shape<3>{5, 40, 30}, 0.125));
  check("sevenths", of(double{}, Shape<3>{2, 3, 4}, 1) / 7.0);
  if constexpr (!std::is_same_v<P, Split<2>>) {
    check("tall", of(std::int64_t{}, Shape<2>{400, 3}, 1));
    check("integers", of(std::int16_t{}, Shape<2>{3, 5}, 1) - 1400);
    check("empty", of(float{}, Shape<2>{0, 3}, 1));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(printing)

#ifndef PRIEL_TEST_DEVICE   // values become text on the CPU

BOOST_AUTO_TEST_CASE(as_numpy_prints, *boost::unit_test::label("serial")) {
  const auto marks = [](const auto& i) { return mark(i); };
  check("halves", made<double>(Shape<2>{3, 4}, marks) / 2);
  check("float sevenths", made<float>(Shape<2>{5, 4}, marks) / 7.f);
  check("wide", made<double>(Shape<1>{20}, marks) / 3);
  check("tiny and huge", values({1e-5, 1.0, -2.5e10}));
  check("small", made<double>(Shape<2>{2, 2}, [](const Index<2>& i) { return i[0] == 0 ? (i[1] == 0 ? 1e-7 : 2.5e-7) : i[1] == 0 ? 3e-8 : -4.125e-7; }));
  check("large float", values({1234567.0f, 20000.25f}));
  check("large", values({1234567.0, 20000.25}));
  check("not finite", values({priel::nan, inf, -inf, 1.5}));
  check("nan and large", values({priel::nan, 1e20, -3e-20}));
  check("nan and whole", values({priel::nan, 1.0}));
  check("only nan", values({priel::nan, priel::nan}));
  check("zeros", values({0.0, -0.0}));
  check("thirds", values({1.0 / 3, 1e3 / 3}));
  check("bytes", astype<std::uint8_t>(made<int>(Shape<1>{12}, marks) % 251));
  check("unsigned", values<std::uint64_t>({0, ~std::uint64_t{0}}));
  check("truth", made<int>(Shape<2>{4, 3}, marks) % 2 == 0);
  check("long", arange<int>(1001));
  check("thousand", arange<int>(1000) % 3);
  check("deep", made<int>(Shape<4>{2, 2, 7, 40}, marks));
  check("complex", values<std::complex<double>>({{1, 2}, {-0.5, -1e-3}, {100, 0}}));
  check("complex float", made<std::complex<float>>(Shape<2>{2, 2}, [](const Index<2>& i) {
    using C = std::complex<float>;
    constexpr float f = std::numeric_limits<float>::infinity();
    return i[0] == 0 ? (i[1] == 0 ? C(0, 1) : C(std::nanf(""), 0)) : i[1] == 0 ? C(f, -2) : C(3, 0);
  }));
  check("number", number(0.1));
  check("number float", number(0.1f));
  check("number large", number(1e16));
  check("number whole", number(-3.0));
  check("number integer", number(42));
  check("number truth", number(true));
  check("number complex", number(std::complex<double>(1.5, -2)));
  check("number imaginary", number(std::complex<double>(0, 2)));
}

#endif

BOOST_AUTO_TEST_CASE(however_the_array_is_cut) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for_each_type<Policies>([]<class P>() { check_cuts<Backend, P>(); });
    });
  });
}

BOOST_AUTO_TEST_CASE(rank_0_prints) {
  on_ranks([] {
    const auto x = filled<Array<double, 1, Split<0>, Tested>>({3}, [](const Index<1>& i) { return static_cast<double>(i[0]) / 2; });
    std::ostringstream out;
    print(x, out);
    expect(out.str() == (world()->rank() == 0 ? "[0.  0.5 1. ]\n" : ""), "a split array: " + out.str());
    print(sum(x), out);
    expect(out.str() == (world()->rank() == 0 ? "[0.  0.5 1. ]\n1.5\n" : ""), "a pending sum");
    print(x / 3, {.precision = 2, .separator = ", "}, out);
    expect(out.str() == (world()->rank() == 0 ? "[0.  0.5 1. ]\n1.5\n[0.  , 0.17, 0.33]\n" : ""), "with options");
  });
}

BOOST_AUTO_TEST_CASE(streams_take_what_one_rank_has) {
  on_ranks([] {
    const auto x = filled<Array<int, 2, Replicated, Tested>>({2, 2}, [](const Index<2>& i) { return i[0] - i[1]; });
    std::ostringstream out;
    if (world()->rank() == world()->size() - 1) out << x << ", " << arange<int>(3) << ", " << to_host(x).local() << ", " << 2 * x(1);
    expect(out.str() == (world()->rank() == world()->size() - 1 ? "[[ 0 -1]\n [ 1  0]], [0 1 2], [[ 0 -1]\n [ 1  0]], [2 0]" : ""), out.str());
  });
}

BOOST_AUTO_TEST_CASE(the_elements_shown_are_sent) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Array<float, 2, Split<0>, Tested>>({700, 90}, [](const Index<2>& i) { return i[1]; });
    const auto y = filled<Array<float, 2, Replicated, Tested>>({700, 90}, [](const Index<2>& i) { return i[1]; });
    comm->take();
    to_text(2 * x);
    const auto counts = comm->take();
    const int p = comm->size();
    const Size held = comm->rank() == 0 || comm->rank() == p - 1 ? (p == 1 ? 6 : 3) : 0;
    expect(counts.collectives() == 1 && counts.bytes == (p - 1) * held * 6 * 4, "one message of " + std::to_string(counts.bytes) + " bytes");
    to_text(2 * y);
    expect(comm->take().collectives() == 0, "nothing of what every rank has");
  });
}

BOOST_AUTO_TEST_SUITE_END()
