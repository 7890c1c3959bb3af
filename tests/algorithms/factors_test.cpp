// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// qr and svd: orthonormal factors that multiply to the matrix, on any number of ranks and rows of each; what is sent.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <priel/algorithms/outer.hpp>
#include <priel/algorithms/qr.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class T, class P = Split<0>, class Backend = Tested>
using Matrix = Array<T, 2, P, Backend>;

// Of full rank, with entries of both signs.
double value(const Index<2>& i) { return std::sin(static_cast<double>(3 * i[0] * i[0] + 5 * i[1] + i[0] * i[1]) + 0.3); }
// Of rank 2.
double thin_value(const Index<2>& i) { return static_cast<double>((i[0] % 3 + 1) * (i[1] + 1)) - static_cast<double>(i[0] * i[0] % 5); }

const std::vector<Shape<2>> shapes{{0, 3}, {3, 0}, {1, 1}, {2, 5}, {5, 2}, {7, 7}, {9, 4}, {40, 6}};

template <class E>
double largest(const E& e) { return e.shape().size() == 0 ? 0 : static_cast<double>(item(max(abs(e)))); }
// Rounding, relative to the norm of a column.
template <class T, class F>
double allowed(const Shape<2>& shape, F&& f) {
  double element = 0;
  Index<2> i;
  for (Size n = shape.size(); n > 0; --n, advance(shape, i)) element = std::max(element, std::abs(static_cast<double>(f(i))));
  return 20 * static_cast<double>(std::numeric_limits<T>::epsilon()) * (1 + element) * std::sqrt(static_cast<double>(shape[0] + 1));
}
// 1 on the diagonal.
template <class A>
auto identity(Size n) { return filled<Array<value_of<A>, 2, Replicated, backend_of<A>>>({n, n}, [](const Index<2>& i) { return i[0] == i[1]; }); }

// q^T q, whatever q's policy: a pending sum where its rows are split.
template <class Q>
auto gram(const Q& q) { return matmul(transpose(q), q); }

template <class A, class F>
void check_qr(const Shape<2>& shape, F&& f, const char* of) {
  const double tolerance = allowed<value_of<A>>(shape, f);
  const auto a = filled<A>(shape, f);
  const auto [Q, R] = qr(a);
  const Size k = std::min(shape[0], shape[1]);
  const std::string what = std::string("qr of ") + of + " " + A::backend() + " " + to_string(shape);
  expect(Q.shape() == Shape<2>(shape[0], k) && R.shape() == Shape<2>(k, shape[1]), what + ": shapes");
  expect(largest(matmul(Q, R) - a) < tolerance, what + ": the product");
  expect(largest(gram(Q) - identity<A>(k)) < tolerance, what + ": orthonormal columns");
  const auto r = shard_of(R);
  for (Size i = 0; i < k; ++i)
    for (Size j = 0; j <= std::min(i, shape[1] - 1); ++j)
      expect(j < i ? r[static_cast<std::size_t>(i * shape[1] + j)] == 0 : r[static_cast<std::size_t>(i * shape[1] + j)] >= 0, what + ": upper triangular, diagonal >= 0");
}

template <class A, class F>
void check_svd(const Shape<2>& shape, F&& f, const char* of) {
  const double tolerance = allowed<value_of<A>>(shape, f);
  const auto a = filled<A>(shape, f);
  const auto [U, S, Vh] = svd(a);
  const Size k = std::min(shape[0], shape[1]);
  const std::string what = std::string("svd of ") + of + " " + A::backend() + " " + to_string(shape);
  expect(U.shape() == Shape<2>(shape[0], k) && S.shape() == Shape<1>(k) && Vh.shape() == Shape<2>(k, shape[1]), what + ": shapes");
  expect(largest(matmul(U * S, Vh) - a) < tolerance, what + ": the product");
  expect(largest(gram(U) - identity<A>(k)) < tolerance && largest(matmul(Vh, transpose(Vh)) - identity<A>(k)) < tolerance, what + ": orthonormal");
  const auto s = shard_of(S), vh = shard_of(Vh);
  for (auto row = vh.begin(); row != vh.end(); row += shape[1]) {
    const auto [low, high] = std::minmax_element(row, row + shape[1]);
    expect(-*low <= *high, what + ": the largest element of a right vector is positive");
  }
  expect(std::is_sorted(s.rbegin(), s.rend()) && (s.empty() || s.back() >= 0), what + ": falling");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(factors)

BOOST_AUTO_TEST_CASE(laws) {
  on_ranks([] {
    for (const auto& shape : shapes) {
      for_each_type<Backends>([&]<class Backend>() { check_qr<Matrix<double, Split<0>, Backend>>(shape, value, "S0"); });
      check_qr<Matrix<float, Replicated>>(shape, value, "R");
      check_svd<Matrix<double>>(shape, value, "S0");
      check_qr<Matrix<double>>(shape, thin_value, "rank 2");
      check_svd<Matrix<double>>(shape, thin_value, "rank 2");
      check_svd<Matrix<double>>(shape, [](const Index<2>&) { return 0; }, "zero");
    }
  });
}

// The signs are fixed, so the factors do not depend on the ranks but by rounding.
BOOST_AUTO_TEST_CASE(the_same_on_any_number_of_ranks) {
  const Shape<2> shape{23, 4};
  const auto alone = qr(filled<Matrix<double, Replicated>>(shape, value, self()));
  const auto alone_svd = svd(filled<Matrix<double, Replicated>>(shape, value, self()));
  const auto close_to = [](const auto& array, const auto& expected) {
    const auto values = shard_of(expected);
    const auto mine = shard_of(array);
    const std::size_t start = static_cast<std::size_t>(array.part().lower[0] * (array.shape().size() / std::max<Size>(array.shape()[0], 1)));
    for (std::size_t i = 0; i < mine.size(); ++i)
      if (std::abs(mine[i] - values[start + i]) > 1e-13) return false;
    return true;
  };
  on_ranks([&] {
    const auto a = filled<Matrix<double>>(shape, value);
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto [Q, R] = qr(filled<Matrix<double>>(shape, value));
    const auto sent = comm->take();
    const Size own = std::min<Size>(block_of(23, comm->size(), comm->rank()).extent, 4);
    expect(sent.collectives() == (comm->size() > 1 ? 1 : 0) && sent.bytes == (comm->size() - 1) * own * 4 * 8, "one Allgather of triangles");
    expect(close_to(Q, alone.Q) && close_to(R, alone.R), "qr");
    const auto [U, S, Vh] = svd(a);
    expect(close_to(U, alone_svd.U) && close_to(S, alone_svd.S) && close_to(Vh, alone_svd.Vh), "svd");
  });
}

// Blocks within a rank, as between ranks.
BOOST_AUTO_TEST_CASE(tall) {
  on_ranks([] {
    check_qr<Matrix<double>>({30000, 3}, [](const Index<2>& i) { return value({{i[0] % 1009, i[1]}}); }, "tall");
    check_qr<Matrix<float>>({20001, 8}, [](const Index<2>& i) { return value({{i[0] % 1009, i[1]}}); }, "tall float");
  }, {1, 2});
}

// Values whose factors are known: a diagonal matrix, and integers.
BOOST_AUTO_TEST_CASE(known_values) {
  on_ranks([] {
    const auto a = filled<Matrix<int>>({4, 3}, [](const Index<2>& i) { return i[0] == i[1] ? -1 - i[0] : 0; });
    const auto [U, S, Vh] = svd(a);
    static_assert(std::is_same_v<value_of<decltype(S)>, double>);
    expect(holds(S, [](const Index<1>& i) { return 3 - i[0]; }), "singular values");
    expect(holds(Vh, [](const Index<2>& i) { return i[0] + i[1] == 2; }), "right vectors, positive");
    expect(holds(U, [](const Index<2>& i) { return i[0] + i[1] == 2 ? -1 : 0; }), "left vectors");
    const auto [Q, R] = qr(a);
    expect(holds(R, [](const Index<2>& i) { return i[0] == i[1] ? 1 + i[0] : 0; }), "R");
    const auto undefined = svd(where(a < -2, priel::nan, a));
    expect(holds(undefined.S, [](const Index<1>&) { return priel::nan; }), "NaN");
  });
}

BOOST_AUTO_TEST_SUITE_END()
