// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Host writes the elements that are asked for and none behind them, however many there are and wherever the operands come from.
#include <tests/support/arrays.hpp>

#include <priel/priel.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

namespace {

using namespace priel;

static_assert(sizeof(Array<double, 4, Split<0>>) == sizeof(void*), "trees of nodes move their arrays at every level");

// e's values before marks that must stay, from memory with and without elements behind the last one that may be read.
template <class T, class E, class F>
void written(const E& e, F&& value) {
  const Size n = e.size();
  struct Marked {
    T value;
  };
  std::vector<Marked> out(static_cast<std::size_t>(n) + 128, Marked{static_cast<T>(1)});
  detail::prepare_statement(e.node);
  detail::evaluate<Host>(e.node, whole(e.node.shape()), &out.front().value);
  bool right = true, kept = true;
  for (Size i = 0; i < n; ++i) right = right && out[static_cast<std::size_t>(i)].value == value(i);
  for (std::size_t i = static_cast<std::size_t>(n); i < out.size(); ++i) kept = kept && out[i].value == static_cast<T>(1);
  BOOST_TEST(right, "values of " << n);
  BOOST_TEST(kept, "behind " << n);
}

template <class Node>
struct Sized {
  Node node;
  Size size() const { return node.shape().size(); }
};
template <class Node>
Sized<Node> sized(Node node) { return {std::move(node)}; }

std::vector<float> counted(Size n) {
  std::vector<float> values(static_cast<std::size_t>(n));
  for (Size i = 0; i < n; ++i) values[static_cast<std::size_t>(i)] = static_cast<float>(i % 97 - 48);
  return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store)

BOOST_AUTO_TEST_CASE(no_more_than_asked_for) {
  for (const Size n : {1, 2, 7, 15, 16, 17, 63, 64, 65, 100, 127, 128, 511, 512, 513, 1000, 4099, 262143, 262144 + 3}) {
    const Array<float, 1> own = Array<float, 1>(arange<int>(n) % 97) - 48;                // memory with elements behind the last one
    const Array<float, 1> taken = from_local(counted(n), replicated);                     // the vector's, which ends with the last one
    const auto x = [](Size i) { return static_cast<float>(i % 97 - 48); };
    written<float>(sized(own * 2 + own), [&](Size i) { return x(i) * 2 + x(i); });
    written<float>(sized(own * taken - 1), [&](Size i) { return x(i) * x(i) - 1; });
    written<float>(sized(sqrt(own * taken)), [&](Size i) { return std::abs(x(i)); });
    written<float>(sized(where(own >= taken + 1, own, taken - 2)), [&](Size i) { return x(i) - 2; });
    written<bool>(sized(taken > own - 0.5f), [](Size) { return true; });
    written<double>(sized(astype<double>(taken) * 0.5), [&](Size i) { return static_cast<double>(x(i)) * 0.5; });
    written<unsigned char>(sized(astype<unsigned char>(own + 48)), [&](Size i) { return static_cast<unsigned char>(x(i) + 48); });
  }
}

BOOST_AUTO_TEST_SUITE_END()
