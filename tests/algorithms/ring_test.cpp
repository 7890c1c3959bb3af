// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rings: the products and distances for which no rank holds both factors, what they send, and how much is held.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <priel/algorithms/cdist.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

Size value(const Index<2>& i) { return (i[0] * 7 + i[1] * 5) % 11 - 5; }

template <class A>
A matrix(const Shape<2>& shape) { return filled<A>(shape, value); }

// What this rank sends if all of them pass on the blocks of an array but the last they see.
template <class P>
Size round_bytes(const Shape<2>& shape, Size element, const Communicator& comm) {
  Size bytes = 0;
  for (int step = 0; step + 1 < comm.size(); ++step) bytes += P::part(shape, comm.size(), (comm.rank() + step) % comm.size()).size() * element;
  return bytes;
}

template <class Backend, class T, class P, class Q, class Goes>
void check_product() {
  const auto comm = std::make_shared<Counting>(world());
  const ScopedWorld here(comm);
  struct Extents { Size m, k, n; };
  for (const auto& [m, k, n] : std::vector<Extents>{{0, 3, 2}, {3, 2, 0}, {5, 0, 4}, {1, 1, 1}, {2, 7, 3}, {7, 5, 11}}) {
    const Size terms = k;
    const auto a = matrix<Array<T, 2, P, Backend>>({m, k});
    const auto b = matrix<Array<T, 2, Q, Backend>>({k, n});
    const auto c = eval(matmul_ring(a, b));
    static_assert(std::is_same_v<policy_of<decltype(c)>, P>);
    const std::string what = described<Backend, P, Q>() + " of " + to_string(a.shape()) + to_string(b.shape());
    expect(c.shape() == Shape<2>(m, n) && holds(c, [&](const Index<2>& i) {
      Size sum = 0;
      for (Size l = 0; l < terms; ++l) sum += value({{i[0], l}}) * value({{l, i[1]}});
      return sum;
    }), what);
    const auto sent = comm->take();
    const Shape<2> going = std::is_same_v<Goes, P> && std::is_same_v<P, Split<1>> ? a.shape() : b.shape();
    expect(sent.collectives() == comm->size() - 1 && sent.bytes == round_bytes<Goes>(going, sizeof(T), *comm), what + ": messages");
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rings)

BOOST_AUTO_TEST_CASE(products) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_product<Backend, float, Split<0>, Split<0>, Split<0>>();
      check_product<Backend, float, Split<1>, Split<1>, Split<1>>();
      check_product<Backend, float, Split<0>, Split<1>, Split<1>>();
    });
    check_product<std::tuple_element_t<0, Backends>, int, Split<0>, Split<0>, Split<0>>();
  });
}

// As cdist of gathered samples, bit for bit.
BOOST_AUTO_TEST_CASE(distances) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for (const Size n : {0, 1, 3, 8, 37}) {
        const auto x = eval(matrix<Array<float, 2, Split<0>, Backend>>({n, 5}) / 3);
        const auto y = eval(matrix<Array<float, 2, Split<0>, Backend>>({n + 2, 5}) / 7);
        const auto round = eval(cdist_ring(x, y));
        const auto gathered = eval(cdist(x, redistribute(y, replicated)));
        expect(round.shape() == Shape<2>(n, n + 2) && identical(shard_of(round), shard_of(gathered)), std::string("cdist_ring on ") + Backend::name);
      }
    });
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = matrix<Array<double, 2, Split<0>>>({11, 4});
    const auto self_distances = eval(cdist_ring(x, x, metric::manhattan));
    const auto sent = comm->take();
    expect(sent.collectives() == comm->size() - 1 && sent.bytes == round_bytes<Split<0>>({11, 4}, 8, *comm), "blocks go round once");
    expect(holds(self_distances, [](const Index<2>& i) {
      Size sum = 0;
      for (Size f = 0; f < 4; ++f) sum += std::abs(value({{i[0], f}}) - value({{i[1], f}}));
      return sum;
    }), "manhattan");
    expect(throws<ShapeError>([&] { cdist_ring(x, matrix<Array<double, 2, Split<0>>>({11, 3})); }), "numbers of features");
    expect(throws<ShapeError>([&] { matmul_ring(x, x); }), "inner extents");
  });
}

BOOST_AUTO_TEST_SUITE_END()
