// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Redistribution over all ordered pairs of policies: the values arrive, there and back is the identity, pending sums add up.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Extents that are smaller than, equal to and not divisible by the number of ranks, on each axis.
std::vector<Shape<3>> shapes(int p) {
  std::vector<Shape<3>> result{{5, 9, 7}};
  for (const Size n : {0, 1, p - 1, p, p + 1}) {
    result.push_back({n, 3, 2});
    result.push_back({2, n, 3});
    result.push_back({3, 2, n});
    result.push_back({n, n, n});
  }
  return result;
}

struct LinearInBoth {
  float operator()(const Index<2>& i) const { return static_cast<float>(100 * i[0] + i[1]); }
};

template <class T>
struct Value {
  template <int Rank>
  T operator()(const Index<Rank>& i) const { return static_cast<T>(mark(i)); }
};

template <class Backend, class T, class From, class To>
void check_pair() {
  const auto pair = described<Backend, From, To>();
  constexpr Value<T> value;
  for (const auto& shape : shapes(world()->size())) {
    const auto x = filled<Array<T, 3, From, Backend>>(shape, value);
    const Array<T, 3, To, Backend> y(x);
    expect(y.shape() == shape && holds(y, value), pair + " " + to_string(shape));
    const Array<T, 3, From, Backend> back(y);
    expect(identical(shard_of(back), shard_of(x)), pair + " and back " + to_string(shape));
  }
}

template <class Backend, class P, class Q>
void check_pair_of_bytes() {
  check_pair<Backend, std::int8_t, P, Q>();
  check_pair<Backend, std::complex<double>, P, Q>();
}

// sum over the split axis -> every policy; mixed signs.
template <class Backend, class T, int From>
void check_pending() {
  const auto value = [](const Index<3>& i) { return static_cast<T>(mark(i) % 17 - 8); };
  for (const auto& shape : shapes(world()->size())) {
    const auto total = [&](const Index<2>& j) {
      T sum{};
      for (Size n = 0; n < shape[From]; ++n) {
        Index<3> i;
        for (int a = 0, b = 0; a < 3; ++a) i[a] = a == From ? n : j[b++];
        sum += value(i);
      }
      return sum;
    };
    const auto x = filled<Array<T, 3, Split<From>, Backend>>(shape, value);
    const auto check = [&]<class To>(To) {
      const auto where = described<Backend, Split<From>, To>() + " " + to_string(shape);
      const Array<T, 2, To, Backend> z(2 * sum(x, axis<From>) - sum(x, axis<From>));
      expect(holds(z, total), "pending sums, " + where);
    };
    check(replicated);
    check(split<0>);
    check(split<1>);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(redistributions)

BOOST_AUTO_TEST_CASE(all_pairs) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for_each_type<Policies>([]<class From>() {
        for_each_type<Policies>([]<class To>() { check_pair<Backend, int, From, To>(); });
      });
    });
  });
}

BOOST_AUTO_TEST_CASE(elements_of_1_and_16_bytes) {
  on_ranks([] {
    check_pair_of_bytes<Host, Split<0>, Replicated>();
    check_pair_of_bytes<Host, Split<1>, Replicated>();
    check_pair_of_bytes<Host, Split<2>, Split<0>>();
  });
}

BOOST_AUTO_TEST_CASE(rank_1) {
  on_ranks([] {
    for (const Size n : {0, 1, 2, 5, 11}) {
      constexpr Value<int> value;
      const auto x = filled<Array<int, 1, Split<0>>>(Shape<1>{n}, value);
      const Array<int, 1> y(x);
      expect(holds(y, value) && holds(Array<int, 1, Split<0>>(y), value), std::to_string(n));
    }
  });
}

BOOST_AUTO_TEST_CASE(an_expression_is_evaluated_where_its_operands_are) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      const auto x = filled<Array<int, 3, Split<0>, Backend>>({5, 4, 3}, Value<int>{});
      const Array<double, 3, Split<2>, Backend> y(redistribute(2 * x + 1, split<2>) / 2);
      expect(holds(y, [](const Index<3>& i) { return mark(i) + 0.5; }), "2x + 1");
      const Array<int, 3, Split<1>, Backend> z(transpose(redistribute(x, split<1>)));
      expect(holds(z, [](const Index<3>& i) { return mark(Index<3>{{i[2], i[1], i[0]}}); }), "transposed");
    });
  });
}

BOOST_AUTO_TEST_CASE(pending_sums) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_pending<Backend, std::int64_t, 2>();
      check_pending<Backend, float, 0>();
    });
  });
}

BOOST_AUTO_TEST_CASE(only_what_changes_owner_is_sent) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const Shape<2> shape{12, 10};
    const Size own = Split<0>::part(shape, comm->size(), comm->rank()).size();
    const Array<float, 2, Split<0>> x(generate<float>(shape, LinearInBoth{}));
    const Array<float, 2> everywhere(generate<float>(shape, LinearInBoth{}));
    expect(comm->take().collectives() == 0, "creating sends nothing");

    const Array<float, 2, Split<1>> by_columns(x);
    const Size kept = intersect(Split<0>::part(shape, comm->size(), comm->rank()), Split<1>::part(shape, comm->size(), comm->rank())).size();
    auto sent = comm->take();
    expect(sent.collectives() == 1 && sent.bytes == 4 * (own - kept), "Split<0> to Split<1> sends b(1 - 1/p)");

    const Array<float, 2> whole(x);
    sent = comm->take();
    expect(sent.collectives() == 1 && sent.bytes == 4 * own * (comm->size() - 1), "Split<0> to Replicated sends b to every other rank");

    const Array<float, 2, Split<1>> part = everywhere;
    const Array<float, 2, Split<0>> sum(2 * x + redistribute(everywhere, split<0>) + everywhere);
    expect(comm->take().collectives() == 0, "nothing is sent from Replicated, nor point-wise");
  });
}

BOOST_AUTO_TEST_SUITE_END()
