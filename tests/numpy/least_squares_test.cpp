// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Least squares, orthogonal factors and norms against NumPy; factors that are known up to signs by their magnitudes.
#include <tests/numpy/rows.hpp>

#include <priel/algorithms/least_squares.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using R = Replicated;
using S0 = Split<0>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_least_squares)

BOOST_AUTO_TEST_CASE(systems) {
  const RowOptions tall{.absolute = 1e-12, .input = "unit", .shapes = {"9,3;9", "7,2;7", "4,4;4"}};
  const auto solution = [](const auto& a, const auto& b) { return linalg::lstsq(a, b).x; };
  row_on<On<R, R>, On<S0, S0>, On<S0, R>>::run<Types<double>, 2, 1>("np.linalg.lstsq(a, b, rcond=None)[0]", solution, tall);
  row_on<On<R, R>, On<S0, S0>>::run<Types<double>, 2, 2>("np.linalg.lstsq(a, b, rcond=None)[0]", solution,
      {.absolute = 1e-12, .input = "unit", .shapes = {"9,3;9,2", "2,5;2,3", "3,2;2,2"}});
  row_on<On<R, R>, On<S0, S0>>::run<Types<double>, 2, 1>("np.linalg.lstsq(a, b, rcond=None)[1]",
      [](const auto& a, const auto& b) { return linalg::lstsq(a, b).residuals; }, tall);
  row_on<On<R, R>>::run<Types<double>, 2, 1>("np.linalg.lstsq(a, b, rcond=None)[3]",
      [](const auto& a, const auto& b) { return linalg::lstsq(a, b).s; }, tall);
  const RowOptions oblong{.absolute = 1e-12, .input = "unit", .shapes = {"9,3", "7,7", "2,4"}};
  row_on<On<R>, On<S0>>::run<Types<double>, 2>("np.linalg.pinv(a)", [](const auto& a) { return linalg::pinv(a); }, oblong);
  row_on<On<R>, On<S0>>::run<Types<double>, 2>("np.linalg.matrix_rank(a)", [](const auto& a) { return linalg::matrix_rank(a); }, oblong);
  row_on<On<R>>::run<Types<double>, 2>("np.linalg.matrix_rank(a * 0)", [](const auto& a) { return linalg::matrix_rank(a * 0); }, oblong);
  row_on<On<R>, On<S0>>::run<Types<double>, 2>("np.linalg.cond(a)", [](const auto& a) { return linalg::cond(a); },
      {.ulps = 1e5, .input = "unit", .shapes = {"9,3", "4,4"}});
}

BOOST_AUTO_TEST_CASE(orthogonal_factors) {
  const RowOptions tall{.absolute = 1e-12, .input = "unit", .shapes = {"9,3", "7,2", "4,4", "2,5"}};
  const auto sizes = [](const auto& a) {
    auto [q, r] = qr(a);
    return std::tuple(abs(q), abs(r));
  };
  row_on<On<R>, On<S0>>::run<Types<double>, 2>("[np.abs(x) for x in np.linalg.qr(a)]", sizes, tall);
  row_on<On<R>, On<S0>>::run<Types<double>, 2>("[np.abs(x) for x in np.linalg.svd(a, full_matrices=False)]", [](const auto& a) {
    auto [u, s, vh] = svd(a);
    return std::tuple(abs(u), s, abs(vh));
  }, tall);
  row_on<On<R>, On<S0>>::run<Types<double>, 2>("np.linalg.svd(a, compute_uv=False)", [](const auto& a) { return svd(a).S; }, tall);
}

BOOST_AUTO_TEST_CASE(norms) {
  const RowOptions any{.ulps = 20, .absolute = 1e-12, .input = "finite", .shapes = {"5,3", "1,1", "7,10"}};
  row<Types<double, std::int32_t, std::complex<double>>, 2>("np.linalg.norm(a)", [](const auto& a) { return norm(a); }, any);
  row<Types<double>, 2>("np.linalg.norm(a, axis=0, keepdims=True)", [](const auto& a) { return norm(a, axis<0>, keepdims); }, any);
  row<Types<double>, 2>("np.linalg.norm(a, 1, axis=1)", [](const auto& a) { return norm<1>(a, axis<1>); }, any);
  row<Types<double>, 2>("np.linalg.norm(a, np.inf, axis=0)", [](const auto& a) { return norm<linalg::infinity>(a, axis<0>); }, any);
  row<Types<double>, 1>("np.linalg.norm(a, 3)", [](const auto& a) { return norm<3>(a); },
      {.ulps = 20, .absolute = 1e-12, .input = "finite", .shapes = {"5", "1", "70"}});
  row<Types<double, std::int64_t>, 1>("np.linalg.norm(a, 0)", [](const auto& a) { return norm<0>(a); },
      {.input = "ties", .shapes = {"5", "1", "70"}});
  row<Types<double>, 1>("np.linalg.norm(a, -np.inf)", [](const auto& a) { return norm<-linalg::infinity>(a); },
      {.input = "finite", .shapes = {"5", "1", "70"}});
  row<Types<double>, 2>("np.linalg.norm(a, 1)", [](const auto& a) { return norm<1>(a); }, any);
  row<Types<double>, 2>("np.linalg.norm(a, np.inf)", [](const auto& a) { return norm<linalg::infinity>(a); }, any);
  row_on<On<R>, On<S0>>::run<Types<double>, 2>("np.linalg.norm(a, 2)", [](const auto& a) { return norm<2>(a); }, any);
  row_on<On<R>>::run<Types<double>, 2>("np.linalg.norm(a, 'nuc')", [](const auto& a) { return norm<linalg::nuclear>(a); }, any);
  row<Types<double>, 2>("np.trace(a)", [](const auto& a) { return trace(a); }, any);
}

BOOST_AUTO_TEST_SUITE_END()
