// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Creators against NumPy.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using Some = Types<std::int32_t, double>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_creation)

BOOST_AUTO_TEST_CASE(constants) {
  creator<Every>("np.zeros((3, 4), T)", []<class T>() { return zeros<T>({3, 4}); });
  creator<Every>("np.ones((3, 4), T)", []<class T>() { return ones<T>({3, 4}); });
  creator<Types<bool, std::uint8_t, double>>("np.full((3, 4), 7, T)", []<class T>() { return full<T>({3, 4}, static_cast<T>(7)); });
  creator<Types<double>>("np.empty((3, 0), T)", []<class T>() { return empty<T>({3, 0}, split<0>); });
  creator<Types<bool, float, double>>("np.eye(4, 5, 1, dtype=T)", []<class T>() { return eye<T>(4, 5, 1); });
  creator<Types<double>>("np.eye(4, dtype=T)", []<class T>() { return eye<T>(4, split<1>); });
  creator<Types<double>>("np.identity(3, T)", []<class T>() { return identity<T>(3); });
  creator<Types<bool, double>>("np.tri(4, 6, -1, dtype=T)", []<class T>() { return tri<T>(4, 6, -1); });
  creator<Types<std::int64_t>>("np.indices((3, 4))", []<class>() { return indices({3, 4}); });
  creator<Types<double>>("np.fromfunction(lambda i, j: 10 * i + j, (3, 4))",
                         []<class T>() { return fromfunction<T>({3, 4}, [](Size i, Size j) { return 10. * static_cast<double>(i) + static_cast<double>(j); }); });
}

BOOST_AUTO_TEST_CASE(like_another) {
  row<Some, 2>("np.zeros_like(a)", [](const auto& a) { return zeros_like(a); });
  row<Some, 2>("np.ones_like(a, dtype=np.float32)", [](const auto& a) { return ones_like<float>(a); });
  row<Some, 2>("np.full_like(a, 7)", [](const auto& a) { return full_like(a, 7); });
  row<Some, 2>("a = np.empty_like(a); a[:] = 3", [](const auto& a) {
    auto y = empty_like(a);
    y(all) = 3;
    return y;
  });
  row<Some, 2>("np.copy(a)", [](const auto& a) { return eval(a); });
}

BOOST_AUTO_TEST_CASE(sequences) {
  creator<Numbers>("np.arange(7, dtype=T)", []<class T>() { return arange<T>(7); });
  creator<Types<std::int64_t>>("np.arange(2, 9)", []<class>() { return arange(2, 9); });
  creator<Types<double>>("np.arange(0, 2, 0.1)", []<class>() { return arange(0, 2, 0.1); });
  creator<Types<std::int32_t, float, double>>("np.arange(9, -4, -3, dtype=T)", []<class T>() { return arange<T>(9, -4, -3); });
  creator<Types<std::int64_t>>("np.arange(3, 3)", []<class>() { return arange(3, 3); });
  creator<Types<std::int64_t>>("np.arange(3, 5, 0)", []<class>() { return arange(3, 5, 0); });
  creator<Types<std::int32_t, float, double>>("np.linspace(-1, 6, 23, dtype=T)", []<class T>() { return linspace<T>(-1, 6, 23); }, {.ulps = 1});
  creator<Types<double>>("np.linspace(2, 3, 10, endpoint=False)", []<class>() { return linspace(2, 3, 10, false); }, {.ulps = 1});
  creator<Types<double>>("np.linspace(2, 3, 1)", []<class>() { return linspace(2, 3, 1); });
  creator<Types<double>>("np.linspace(2, 3, -1)", []<class>() { return linspace(2, 3, -1); });
  creator<Types<float, double>>("np.logspace(-2, 3, 11, dtype=T)", []<class T>() { return logspace<T>(-2, 3, 11); }, {.ulps = 4});
  creator<Types<double>>("np.logspace(0, 3, 5, endpoint=False, base=2)", []<class>() { return logspace(0, 3, 5, false, 2); }, {.ulps = 4});
  creator<Types<float, double>>("np.geomspace(1, 1000, 7, dtype=T)", []<class T>() { return geomspace<T>(1, 1000, 7); }, {.ulps = 8});
  creator<Types<double>>("np.geomspace(-1, -256, 9)", []<class>() { return geomspace(-1, -256, 9); }, {.ulps = 8});
  creator<Types<double>>("np.geomspace(0, 4, 3)", []<class>() { return geomspace(0, 4, 3); });
}

BOOST_AUTO_TEST_CASE(diagonals) {
  row<Some, 1>("np.diag(a)", [](const auto& a) { return diag(a); });
  row<Types<double>, 1>("np.diag(a, 2)", [](const auto& a) { return diag(a, 2); });
  row<Types<double>, 1>("np.diag(a, -1)", [](const auto& a) { return diag(a, -1); });
  row<Some, 2>("np.diagonal(a)", [](const auto& a) { return diagonal(a); });
  row<Types<double>, 2>("np.diagonal(a, 1)", [](const auto& a) { return diagonal(a, 1); });
  row<Types<double>, 2>("np.diagonal(a, -4)", [](const auto& a) { return diagonal(a, -4); });
  row<Types<double>, 3>("np.diagonal(a, 0, 0, 2)", [](const auto& a) { return diagonal(a, 0, axis<0, 2>); });
  row_on<On<Replicated>, On<Split<0>>>::run<Types<double>, 2>("np.diagflat(a, 1)", [](const auto& a) { return diagflat(a, 1); }, {.shapes = {"2,3", "0,3"}});
  row<Types<bool, std::int32_t, double>, 2>("np.tril(a, 1)", [](const auto& a) { return tril(a, 1); });
  row<Types<double>, 3>("np.triu(a)", [](const auto& a) { return triu(a); });
  row<Types<double>, 1>("np.triu(a, -1)", [](const auto& a) { return triu(a, -1); });
  creator<Types<std::int64_t>>("np.column_stack(np.tril_indices(4))", []<class>() { return tril_indices(4); });
  creator<Types<std::int64_t>>("np.column_stack(np.triu_indices(4, 1, 6))", []<class>() { return triu_indices(4, 1, 6); });
}

BOOST_AUTO_TEST_CASE(grids) {
  row<Types<double>, 1, 1>("np.meshgrid(a, b)", [](const auto& a, const auto& b) { return meshgrid(a, b); }, {.shapes = {"4;3", "0;2", "1;1"}});
  row<Types<double>, 1, 1, 1>("np.meshgrid(a, b, c, indexing='ij')",
                              [](const auto& a, const auto& b, const auto& c) { return meshgrid<Indexing::ij>(a, b, c); }, {.shapes = {"4;3;2"}});
}

BOOST_AUTO_TEST_SUITE_END()
