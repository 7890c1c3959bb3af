// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Linear algebra against NumPy, of matrices that are far from singular; vectors that are known up to a sign by what they multiply to.
#include <tests/numpy/rows.hpp>

#include <priel/algorithms/linalg.hpp>
#include <priel/algorithms/solve.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using R = Replicated;
using S0 = Split<0>;
using S1 = Split<1>;
using Several = Types<double, float, std::complex<double>, std::int32_t>;

const RowOptions batches{.ulps = 200, .absolute = 1e-5, .input = "regular", .shapes = {"3,4,4", "0,2,2", "5,1,1", "2,3,2"}};
const RowOptions squares{.ulps = 200, .absolute = 1e-13, .input = "regular", .shapes = {"4,4", "1,1", "9,9", "3,2"}};
const RowOptions definite{.ulps = 500, .absolute = 1e-9, .input = "definite", .shapes = {"4,4", "1,1", "9,9", "3,2"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_linalg)

BOOST_AUTO_TEST_CASE(inverses) {
  const auto inverse = [](const auto& a) { return linalg::inv(a); };
  row_on<On<R>, On<S0>>::run<Several, 3>("np.linalg.inv(a)", inverse, batches);
  row_on<On<R>>::run<Types<double, std::complex<double>>, 2>("np.linalg.inv(a)", inverse, squares);
  row_on<On<R>, On<S0>>::run<Several, 3>("np.linalg.det(a)", [](const auto& a) { return linalg::det(a); }, batches);
  row_on<On<R>, On<S0>>::run<Types<double, std::complex<double>>, 3>("np.linalg.slogdet(a)", [](const auto& a) {
    auto [sign, logdet] = linalg::slogdet(a);
    return std::tuple(sign, logdet);
  }, batches);
  row_on<On<R>>::run<Types<double>, 2>("np.linalg.inv(0 * a)", [](const auto& a) { return linalg::inv(0 * a); }, squares);
  row_on<On<S0>>::run<Types<double>, 3>("np.linalg.inv(0 * a)", [](const auto& a) { return linalg::inv(0 * a); }, batches);
  row_on<On<R>>::run<Types<double>, 2>("np.linalg.det(0 * a)", [](const auto& a) { return linalg::det(0 * a); }, squares);
}

BOOST_AUTO_TEST_CASE(systems) {
  const auto solution = [](const auto& a, const auto& b) { return linalg::solve(a, b); };
  row_on<On<R, R>, On<R, S1>>::run<Several, 2, 2>("np.linalg.solve(a, b)", solution,
      {.ulps = 200, .absolute = 1e-5, .input = "regular", .shapes = {"4,4;4,3", "1,1;1,0", "9,9;9,9", "3,3;2,3", "3,2;3,2"}});
  row_on<On<R, R>>::run<Types<double>, 2, 1>("np.linalg.solve(a, b)", solution,
      {.ulps = 200, .absolute = 1e-13, .input = "regular", .shapes = {"4,4;4", "1,1;1", "3,3;2"}});
  row_on<On<R, R>, On<S0, S0>, On<R, S0>>::run<Types<double>, 3, 3>("np.linalg.solve(a, b)", solution,
      {.ulps = 200, .absolute = 1e-13, .input = "regular", .shapes = {"3,4,4;3,4,2", "1,2,2;1,2,1"}});
  row_on<On<R, R>, On<S0, S0>>::run<Types<double>, 3, 2>("np.linalg.solve(a, b)", solution,
      {.ulps = 200, .absolute = 1e-13, .input = "regular", .shapes = {"3,4,4;3,4", "1,2,2;1,2"}});
}

BOOST_AUTO_TEST_CASE(factors) {
  row_on<On<R>>::run<Several, 2>("np.linalg.cholesky(a)", [](const auto& a) { return linalg::cholesky(a); },
      {.ulps = 500, .absolute = 1e-5, .input = "definite", .shapes = {"4,4", "9,9"}});
  row_on<On<R>, On<S0>>::run<Types<double>, 3>("np.linalg.cholesky(a)", [](const auto& a) { return linalg::cholesky(a); },
      {.ulps = 500, .absolute = 1e-12, .input = "definite", .shapes = {"5,3,3"}});
  row_on<On<R>>::run<Types<double>, 2>("np.linalg.cholesky(-a)", [](const auto& a) { return linalg::cholesky(-a); }, definite);
}

BOOST_AUTO_TEST_CASE(eigenvalues) {
  row_on<On<R>>::run<Types<double, float, std::complex<double>>, 2>("np.linalg.eigvalsh(a)",
      [](const auto& a) { return linalg::eigvalsh(a); },
      {.ulps = 500, .absolute = 1e-4, .input = "unit", .shapes = {"4,4", "1,1", "9,9", "3,2"}});
  row_on<On<R>, On<S0>>::run<Types<double>, 3>("np.linalg.eigvalsh(a)", [](const auto& a) { return linalg::eigvalsh(a); },
      {.ulps = 500, .absolute = 1e-12, .input = "unit", .shapes = {"5,3,3"}});
  row_on<On<R>, On<S0>>::run<Types<double>, 3>("np.abs(np.linalg.eigh(a)[1])",
      [](const auto& a) { return abs(linalg::eigh(a).eigenvectors); },
      {.ulps = 500, .absolute = 1e-12, .input = "definite", .shapes = {"5,3,3", "2,7,7"}});
  row_on<On<R>>::run<Types<std::complex<double>>, 2>("np.linalg.eigh(a)[0]", [](const auto& a) {
    const auto [w, v] = linalg::eigh(a);
    return w;
  }, {.ulps = 500, .absolute = 1e-12, .input = "definite", .shapes = {"5,5"}});
  row_on<On<R>, On<S0>>::run<Types<double>, 3>("np.sort(np.linalg.eig(a)[0].real)", [](const auto& a) {
    const auto [w, v] = linalg::eig(a);   // what v is said to be
    const auto off = sum(abs(matmul(astype<std::complex<double>>(a), v) - v * slice(w, all, newaxis, all)));
    if (item(off) > 1e-9) throw ShapeError("a v is not v w");
    return sort(real(w), axis<1>);
  }, {.ulps = 500, .absolute = 1e-12, .input = "unit", .shapes = {"5,3,3", "2,7,7"}});
  row_on<On<R>>::run<Types<double, std::complex<double>>, 2>("np.sort(np.linalg.eigvals(a).real)",
      [](const auto& a) { return sort(real(linalg::eigvals(a)), axis<0>); },
      {.ulps = 500, .absolute = 1e-10, .input = "definite", .shapes = {"5,5"}});
}

BOOST_AUTO_TEST_SUITE_END()
