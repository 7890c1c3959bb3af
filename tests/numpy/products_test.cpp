// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Products of vectors and matrices against NumPy, for the policies that meet without a message but a sum's.
#include <tests/numpy/rows.hpp>

#include <priel/algorithms/products.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using R = Replicated;
using S0 = Split<0>;
using S1 = Split<1>;
using Exact = Types<bool, std::uint8_t, std::int64_t>;
using Double = Types<double, std::complex<double>>;

constexpr double close_to = 1e-12;
const RowOptions matrices{.absolute = close_to, .input = "finite", .shapes = {"3,4;4,5", "0,3;3,2", "5,1;1,5", "7,7;7,3", "2,3;2,3"}};
const RowOptions vectors{.absolute = close_to, .input = "finite", .shapes = {"0;0", "1;1", "9;9", "3;4"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_products)

BOOST_AUTO_TEST_CASE(of_matrices) {
  const auto multiply = [](const auto& a, const auto& b) { return matmul(a, b); };
  row_on<On<R, R>, On<S0, R>, On<R, S1>, On<S1, S0>>::run<Double, 2, 2>("a @ b", multiply, matrices);
  row_on<On<R, R>>::run<Types<bool, std::uint8_t, std::int64_t>, 2, 2>("a @ b", multiply, matrices);
  row_on<On<R, R>>::run<Types<float>, 2, 2>("a @ b", multiply, {.absolute = 1e-4, .input = "unit", .shapes = {"3,4;4,5"}});
  row_on<On<R, R>, On<S0, S0>, On<S0, R>>::run<Types<double>, 3, 3>("np.matmul(a, b)", multiply,
      {.absolute = close_to, .input = "finite", .shapes = {"4,3,2;4,2,5", "1,0,2;1,2,3", "2,3,4;3,4,2"}});
  row_on<On<R, R>, On<S0, S1>>::run<Types<double, std::int32_t>, 2, 2>("np.tensordot(a, b, 2)",
      [](const auto& a, const auto& b) { return tensordot<2>(a, eval(redistribute(b, a.policy()))); },
      {.absolute = close_to, .input = "finite", .shapes = {"3,4;3,4", "0,2;0,2", "2,3;3,2"}});
  row_on<On<R, R>, On<S0, R>>::run<Types<double>, 2, 2>("np.tensordot(a, b, 1)",
      [](const auto& a, const auto& b) { return tensordot<1>(a, b); }, matrices);
  row_on<On<R, R>, On<S0, R>>::run<Types<double>, 2, 2>("np.inner(a, b)", [](const auto& a, const auto& b) { return inner(a, b); },
      {.absolute = close_to, .input = "finite", .shapes = {"3,4;5,4", "0,2;1,2", "2,3;3,2"}});
  row_on<On<R, R>, On<S0, R>>::run<Double, 2, 1>("np.dot(a, b)", [](const auto& a, const auto& b) { return dot(a, b); },
      {.absolute = close_to, .input = "finite", .shapes = {"3,4;4", "0,2;2", "2,3;2"}});
}

BOOST_AUTO_TEST_CASE(of_vectors) {
  const auto by_outer = [](const auto& a, const auto& b) { return outer(a, b); };
  row<Double, 1, 1>("np.dot(a, b)", [](const auto& a, const auto& b) { return dot(a, b); }, vectors);
  row<Exact, 1, 1>("np.dot(a, b)", [](const auto& a, const auto& b) { return dot(a, b); }, vectors);
  row_on<On<R, R>, On<S0, R>, On<R, S0>>::run<Types<double, std::uint8_t, bool>, 1, 1>("np.outer(a, b)", by_outer,
      {.input = "any", .shapes = {"3;5", "0;2", "7;1"}});
  row_on<On<R, R>, On<S0, R>, On<S0, S0>>::run<Types<double, std::int32_t>, 1, 1>("np.kron(a, b)",
      [](const auto& a, const auto& b) { return kron(a, b); }, {.input = "finite", .shapes = {"3;5", "1;2", "7;4"}});
  row_on<On<R, R>, On<S0, R>, On<R, S1>, On<S0, S0>>::run<Types<double, std::uint8_t>, 2, 2>("np.kron(a, b)",
      [](const auto& a, const auto& b) { return kron(a, b); }, {.input = "finite", .shapes = {"3,2;2,5", "1,1;3,2", "5,3;2,2"}});
  row_on<On<R, R>, On<S0, S0>>::run<Types<double, std::int64_t, std::complex<double>>, 2, 2>("np.vdot(a, b)",
      [](const auto& a, const auto& b) { return vdot(a, b); },
      {.absolute = close_to, .input = "finite", .shapes = {"3,4;3,4", "3,4;6,2", "0,2;2,0"}});
}

BOOST_AUTO_TEST_CASE(of_several) {
  row_on<On<R, R, R>>::run<Types<double, std::int64_t>, 2, 2, 2>("np.linalg.multi_dot([a, b, c])",
      [](const auto& a, const auto& b, const auto& c) { return linalg::multi_dot(a, b, c); },
      {.absolute = 1e-10, .input = "finite", .shapes = {"3,4;4,5;5,2", "1,7;7,2;2,9", "2,2;2,2;3,2"}});
  row_on<On<R>, On<S0>>::run<Types<double>, 3>("np.linalg.matrix_power(a, 5)", [](const auto& a) { return linalg::matrix_power(a, 5); },
      {.ulps = 100, .absolute = 1e-9, .input = "unit", .shapes = {"3,4,4", "0,2,2", "2,3,2"}});
  row_on<On<R>>::run<Types<std::int64_t, std::uint8_t>, 2>("np.linalg.matrix_power(a, 6)",
      [](const auto& a) { return linalg::matrix_power(a, 6); }, {.input = "finite", .shapes = {"4,4", "1,1"}});
  row_on<On<R>>::run<Types<double, std::complex<double>>, 2>("np.linalg.matrix_power(a, -3)",
      [](const auto& a) { return linalg::matrix_power(a, -3); }, {.absolute = 1e-12, .input = "regular", .shapes = {"4,4", "1,1"}});
  row_on<On<R>>::run<Types<double>, 2>("np.linalg.matrix_power(a, 0)", [](const auto& a) { return linalg::matrix_power(a, 0); },
      {.input = "any", .shapes = {"4,4", "0,0"}});
}

BOOST_AUTO_TEST_SUITE_END()
