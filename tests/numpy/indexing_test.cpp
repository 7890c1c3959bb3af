// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Elements by indices and by conditions, against NumPy.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using Some = Types<std::int32_t, double>;
using Main = Types<double>;
using Rows = row_on<On<Replicated>, On<Split<0>>>;   // what is in C order

// Indices that every rank has, on any backend.
struct Listed {
  Size value[4];
  PRIEL_DEVICE Size operator()(const Index<1>& i) const { return value[i[0]]; }
};
template <int N>
auto places(const Size (&values)[N]) {
  Listed listed{};
  std::copy_n(values, N, listed.value);
  return generate<Size>(Shape<1>{N}, listed);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_indexing)

BOOST_AUTO_TEST_CASE(by_indices) {
  row<Some, 2>("np.take(a, [2, 0, -1], axis=1)", [](const auto& a) { return take<1>(a, places({2, 0, -1})); }, {.shapes = {"5,3", "0,4"}});
  row<Main, 2>("a[[4, -5, 0]]", [](const auto& a) { return take<0>(a, places({4, -5, 0})); }, {.shapes = {"5,3", "9,2"}});
  Rows::run<Main, 2>("np.take(a, [7, 0, -2])", [](const auto& a) { return take(a, places({7, 0, -2})); }, {.shapes = {"5,3", "2,4"}});
  row<Main, 2>("a[np.ix_([1, 0], [2, 2, 0])]", [](const auto& a) { return take<1>(take<0>(a, places({1, 0})), places({2, 2, 0})); }, {.shapes = {"5,3"}});
  Rows::run<Main, 2>("a[[1, -1, 0], [2, 0, -2]]", [](const auto& a) {
    return take(a, ravel_multi_index(std::tuple(places({1, -1, 0}), places({2, 0, -2})), a.shape()));
  }, {.shapes = {"5,3"}});
  creator<Types<std::int64_t>>("np.ravel_multi_index(([1, 0, 2], [3, 2, 0]), (3, 4))",
                               []<class>() { return ravel_multi_index(std::tuple(places({1, 0, 2}), places({3, 2, 0})), {3, 4}); });
  creator<Types<std::int64_t>>("np.unravel_index([7, 0, 11], (3, 4))", []<class>() { return unravel_index(places({7, 0, 11}), Shape<2>{3, 4}); });
  row<Some, 2>("np.take_along_axis(a, np.argsort(a, axis=0, kind='stable'), axis=0)", [](const auto& a) { return take_along_axis(a, argsort(a, axis<0>), axis<0>); });
  row<Main, 2>("np.take_along_axis(a, np.argmax(a, axis=1)[:, None], axis=1)",
               [](const auto& a) { return take_along_axis(a, expand_dims<1>(eval(argmax(a, axis<1>))), axis<1>); }, {.shapes = {"5,3", "1,1", "0,4"}});
  row<Main, 1>("np.take_along_axis(a, np.arange(len(a))[::-1], axis=0)", [](const auto& a) { return take_along_axis(a, flip(arange(a.size()), axis<0>), axis<0>); });
  row<Types<std::int32_t>, 2>("np.choose(a, [10, a + 5, 30], mode='clip')", [](const auto& a) { return choose(a, 10, a + 5, 30); }, {.input = "small"});
  Rows::run<Some, 2>("np.put(a, [4, 0, -1, 4], [7, 8, 9]);", [](auto a) {
    put(a, places({4, 0, -1, 4}), places({7, 8, 9}));
    return a;
  }, {.shapes = {"5,3", "2,2", "0,3"}});
}

BOOST_AUTO_TEST_CASE(by_conditions) {
  Rows::run<Some, 2>("a[a > 1]", [](const auto& a) { return a(a > 1); });
  Rows::run<Main, 2>("a[a[:, 0] > 0]", [](const auto& a) { return a(a(all, 0) > 0); }, {.shapes = {"5,3", "0,2", "9,1"}});
  Rows::run<Main, 2>("np.extract(a > 0, a)", [](const auto& a) { return extract(a > 0, a); });
  row_on<On<Replicated>, On<Split<0>>>::run<Main, 2>("np.compress(a[0] > 0, a, axis=1)", [](const auto& a) { return compress(eval(redistribute(a(0), replicated)) > 0, a, axis<1>); },
                                                     {.shapes = {"5,3", "1,7", "0,3"}});
  Rows::run<Main, 2>("np.argwhere(a > 0)", [](const auto& a) { return nonzero(a > 0); });
  Rows::run<Main, 1>("np.nonzero(a)", [](const auto& a) {
    const auto found = nonzero(a);
    return std::tuple(found(all, 0));
  });
  Rows::run<Main, 2>("np.flatnonzero(a)", [](const auto& a) { return flatnonzero(a); });
  row<Some, 2, 2>("np.where(a > b, a, b)", [](const auto& a, const auto& b) { return where(a > b, a, b); });
  row<Main, 2>("np.select([a > 1, a > 0], [a, -a], 9)", [](const auto& a) { return where(a > 1, a, where(a > 0, -a, 9)); });
  Rows::run<Some, 2>("a[a > 1] = 0", [](auto a) {
    a(a > 1) = 0;
    return a;
  });
  Rows::run<Main, 2>("a[a > 0] = -a[a > 0]", [](auto a) {
    a(a > 0) = -a(a > 0);
    return a;
  });
  Rows::run<Main, 2>("np.putmask(a, a > 0, 2);", [](auto a) {
    a(a > 0) = 2;
    return a;
  });
}

BOOST_AUTO_TEST_SUITE_END()
