// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// matmul: the definition, for every pair of policies that meet; what is sent; what stays pending; and the compiled kernels themselves.
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <priel/algorithms/matmul.hpp>

#include <boost/test/unit_test.hpp>

#include <random>

namespace {

using namespace priel;
using namespace priel::test;

// Small whole numbers of both signs: sums of their products are exact in every element type.
Size a_value(Size i, Size j) { return (i * 7 + j * 5) % 11 - 5; }
Size b_value(Size i, Size j) { return (i * 3 + j * 13) % 9 - 4; }
Size c_value(Size i, Size j, Size terms) {
  Size sum = 0;
  for (Size l = 0; l < terms; ++l) sum += a_value(i, l) * b_value(l, j);
  return sum;
}

template <class A>
A left(Size m, Size k) { return filled<A>({m, k}, [](const Index<2>& i) { return a_value(i[0], i[1]); }); }
template <class A>
A right(Size k, Size n) { return filled<A>({k, n}, [](const Index<2>& i) { return b_value(i[0], i[1]); }); }

struct Extents { Size m, k, n; };
const std::vector<Extents> extents{{0, 3, 2}, {3, 2, 0}, {5, 0, 4}, {1, 1, 1}, {2, 7, 3}, {7, 5, 11}};

template <class Backend, class P, class Q>
void check_pair() {
  for (const auto& [m, k, n] : extents) {
    const Size terms = k;
    const auto a = left<Array<double, 2, P, Backend>>(m, k);
    const auto b = right<Array<double, 2, Q, Backend>>(k, n);
    const auto c = eval(matmul(a, b));
    expect(c.shape() == Shape<2>(m, n) && holds(c, [&](const Index<2>& i) { return c_value(i[0], i[1], terms); }),
           described<Backend, P, Q>() + " of " + to_string(a.shape()) + to_string(b.shape()));
  }
}

// The element at (batch, i, j) of a batch.
template <class A>
A batch(const Shape<3>& shape, Size (&f)(Size, Size)) {
  return filled<A>(shape, [&](const Index<3>& i) { return f(i[1] + 3 * i[0], i[2]); });
}

template <class P, class Q>
void check_batches(Size count) {
  const auto a = batch<Array<double, 3, P>>({count, 4, 5}, a_value);
  const auto b = batch<Array<double, 3, Q>>({count, 5, 3}, b_value);
  expect(holds(eval(matmul(a, b)), [](const Index<3>& i) {
    Size sum = 0;
    for (Size l = 0; l < 5; ++l) sum += a_value(i[1] + 3 * i[0], l) * b_value(l + 3 * i[0], i[2]);
    return sum;
  }), "batches " + described<Host, P, Q>());
}

template <class T>
std::vector<T> random_values(Size count, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<T> values(static_cast<std::size_t>(count));
  for (auto& value : values) value = static_cast<T>(static_cast<double>(generator()) / 2147483648.0 - 1);
  return values;
}

// c += a b by the kernels, against sums in double: every remainder of the tiles, more terms than a block has, any strides. What lies between
// the rows of b is NaN.
template <class T>
void check_kernel(Size m, Size n, Size k, bool a_by_columns, bool add) {
  const auto a = random_values<T>(m * k, 1), before = random_values<T>(m * (n + 3), 3);
  auto b = random_values<T>(std::max<Size>(0, k * (n + 3) - 3), 2);
  for (std::size_t i = 0; i < b.size(); ++i)
    if (static_cast<Size>(i) % (n + 3) >= n) b[i] = std::numeric_limits<T>::quiet_NaN();
  const detail::MatrixView<const T> left{a.data(), a_by_columns ? 1 : k, a_by_columns ? m : 1}, right{b.data(), n + 3, 1};
  auto c = before, one_row = before;
  detail::multiply(m, n, k, left, right, c.data(), n + 3, add);
  const std::string what = std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k);
  bool near = true, untouched = true;
  for (Size i = 0; i < m; ++i)
    for (Size j = 0; j < n + 3; ++j) {
      const auto at = static_cast<std::size_t>(i * (n + 3) + j);
      if (j >= n) {
        untouched = untouched && c[at] == before[at];
        continue;
      }
      double sum = add ? static_cast<double>(before[at]) : 0;
      for (Size l = 0; l < k; ++l)
        sum += static_cast<double>(left.data[i * left.row + l * left.column]) * static_cast<double>(b[static_cast<std::size_t>(l * (n + 3) + j)]);
      near = near && std::abs(sum - static_cast<double>(c[at])) <= (static_cast<double>(k) + 2) * static_cast<double>(std::numeric_limits<T>::epsilon());
    }
  BOOST_TEST(near, what << " is the product");
  BOOST_TEST(untouched, what << " stays in its columns");
  // A row is the same, bit for bit, alone.
  const Size last = m - 1, start = last * (n + 3);
  if (m == 0) return;
  detail::multiply(1, n, k, {left.data + last * left.row, left.row, left.column}, right, one_row.data() + start, n + 3, add);
  BOOST_TEST(std::equal(one_row.begin() + start, one_row.end(), c.begin() + start), what << ": the last row alone");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(matmuls)

BOOST_AUTO_TEST_CASE(every_pair_that_meets) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_pair<Backend, Replicated, Replicated>();
      check_pair<Backend, Split<0>, Replicated>();
      check_pair<Backend, Replicated, Split<1>>();
      check_pair<Backend, Split<1>, Split<0>>();
      check_pair<Backend, Split<1>, Replicated>();
      check_pair<Backend, Replicated, Split<0>>();
    });
  });
}

#ifndef PRIEL_TEST_DEVICE

BOOST_AUTO_TEST_CASE(vectors_and_batches) {
  on_ranks([] {
    const auto a = left<Array<float, 2, Split<0>>>(6, 5);
    const auto x = filled<Array<float, 1>>({5}, [](const Index<1>& i) { return b_value(i[0], 0); });
    const auto y = filled<Array<float, 1, Split<0>>>({6}, [](const Index<1>& i) { return a_value(1, i[0]); });
    expect(holds(eval(matmul(a, x)), [](const Index<1>& i) { return c_value(i[0], 0, 5); }), "S0 times a column");
    const Array<float, 1, Split<0>> row(matmul(y, a));   // Reduce_scatter
    expect(holds(row, [](const Index<1>& j) {
      Size sum = 0;
      for (Size l = 0; l < 6; ++l) sum += a_value(1, l) * a_value(l, j[0]);
      return sum;
    }), "a row times S0");
    expect(item(matmul(y, y)) == item(dot(y, redistribute(y, replicated))) && item(dot(y, y)) == item(sum(y * y)), "vectors");
    expect(holds(eval(inner(a, left<Array<float, 2>>(4, 5))), [](const Index<2>& i) {
      Size sum = 0;
      for (Size l = 0; l < 5; ++l) sum += a_value(i[0], l) * a_value(i[1], l);
      return sum;
    }), "inner");
    for (const Size count : {0, 1, 5}) {
      check_batches<Replicated, Replicated>(count);
      check_batches<Split<0>, Split<0>>(count);
      check_batches<Split<2>, Split<1>>(count);
    }
    const auto both_sides = [](const Index<3>& i) {   // batches meet one matrix that all of them share
      Size sum = 0;
      for (Size l = 0; l < 5; ++l) sum += a_value(i[1] + 3 * i[0], l) * b_value(l, i[2]);
      return sum;
    };
    const auto cut = batch<Array<double, 3, Split<0>>>({3, 4, 5}, a_value);
    expect(holds(eval(matmul(cut, right<Array<double, 2>>(5, 2))), both_sides), "a batch times a matrix");
    expect(holds(eval(transpose(matmul(right<Array<double, 2>>(5, 2)(range(0, 2), all), batch<Array<double, 3, Split<0>>>({3, 2, 4}, a_value)))),
                 [](const Index<3>& i) {
      Size sum = 0;
      for (Size l = 0; l < 2; ++l) sum += b_value(i[1], l) * a_value(l + 3 * i[2], i[0]);
      return sum;
    }), "a matrix times a batch");
    const auto more = filled<Array<double, 4, Split<0>>>({3, 2, 2, 5}, [](const Index<4>& i) { return a_value(i[2] + i[0], i[3] + i[1]); });
    expect(holds(eval(matmul(more, batch<Array<double, 3>>({2, 5, 2}, b_value))), [](const Index<4>& i) {
      Size sum = 0;
      for (Size l = 0; l < 5; ++l) sum += a_value(i[2] + i[0], l + i[1]) * b_value(l + 3 * i[1], i[3]);
      return sum;
    }), "batches that repeat");
    const auto cube = batch<Array<double, 3, Split<0>>>({5, 2, 3}, a_value);
    const auto both = eval(tensordot<2>(cube, left<Array<double, 2>>(2, 3)));
    expect(holds(both, [](const Index<1>& i) {
      Size total = 0;
      for (Size j = 0; j < 2; ++j)
        for (Size l = 0; l < 3; ++l) total += a_value(j + 3 * i[0], l) * a_value(j, l);
      return total;
    }), "tensordot over two axes");
  }, {1, 2, 3, 7});
}

// Integers wrap, also when they are added up over ranks; true where a term is; complex terms.
BOOST_AUTO_TEST_CASE(element_types) {
  on_ranks([] {
    const auto wrapped = [](const Index<2>& i) { return static_cast<std::int8_t>(9 * c_value(i[0], i[1], 7) * 17); };
    const auto a = astype<std::int8_t>(9 * left<Array<int, 2, Split<1>>>(4, 7));
    const auto b = astype<std::int8_t>(17 * right<Array<int, 2, Split<0>>>(7, 5));
    const Array<std::int8_t, 2> bytes = matmul(a, b);
    expect(holds(bytes, wrapped), "int8 wraps");
    const auto any_term = eval(matmul(left<Array<int, 2, Split<0>>>(4, 3) > 2, right<Array<int, 2>>(3, 5) > 2));
    static_assert(std::is_same_v<value_of<decltype(any_term)>, bool>);
    expect(holds(any_term, [](const Index<2>& i) {
      bool found = false;
      for (Size l = 0; l < 3; ++l) found = found || (a_value(i[0], l) > 2 && b_value(l, i[1]) > 2);
      return found;
    }), "bool");
    using C = std::complex<float>;
    const auto x = filled<Array<C, 2, Split<1>>>({3, 6}, [](const Index<2>& i) {
      return C(static_cast<float>(a_value(i[0], i[1])), static_cast<float>(b_value(i[0], i[1])));
    });
    const auto y = filled<Array<C, 2, Split<0>>>({6, 2}, [](const Index<2>& i) { return C(static_cast<float>(b_value(i[0], i[1])), 1); });
    const Array<C, 2> z = matmul(x, y);
    expect(holds(z, [](const Index<2>& i) {
      C sum;
      for (Size l = 0; l < 6; ++l)
        sum += C(static_cast<float>(a_value(i[0], l)), static_cast<float>(b_value(i[0], l))) * C(static_cast<float>(b_value(l, i[1])), 1);
      return sum;
    }), "complex");
    const auto mixed = eval(matmul(left<Array<int, 2, Split<0>>>(5, 4), right<Array<float, 2>>(4, 2)));
    expect(holds(mixed, [](const Index<2>& i) { return static_cast<double>(c_value(i[0], i[1], 4)); }), "int and float");
  }, {1, 3});
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_but_sums) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto rows = left<Array<double, 2, Split<0>>>(7, 5);
    const auto columns = left<Array<double, 2, Split<1>>>(7, 5);
    const auto b = right<Array<double, 2>>(5, 4);
    const auto b_rows = right<Array<double, 2, Split<0>>>(5, 4);
    const auto c_of = [](const Index<2>& i) { return c_value(i[0], i[1], 5); };

    const auto alone = eval(matmul(rows, b));
    const auto by_columns = eval(matmul(eval(left<Array<double, 2>>(7, 5)), right<Array<double, 2, Split<1>>>(5, 4)));
    const auto generated = eval(matmul(rows, full<double>({5, 2}, 1)));
    expect(comm->take().collectives() == 0, "S0 R, R S1, S0 G");

    const auto pending = matmul(columns, b_rows);
    const auto sliced = matmul(columns, b) - 2 * pending + matmul(left<Array<double, 2>>(7, 5), b_rows);
    expect(comm->take().collectives() == 0, "what is not evaluated");
    expect(holds(eval(sliced), [](const Index<2>&) { return 0; }), "a sum of pending products");
    auto sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0 && sent.bytes == 7 * 4 * 8, "one Allreduce of the result");

    const Array<double, 2, Split<0>> scattered(matmul(columns, b_rows));
    sent = comm->take();
    expect(sent.all_reduces == 0 && sent.others == 1 && holds(scattered, c_of), "one Reduce_scatter");
    const Array<double, 2, Split<1>> by_rows(pending + pending);
    sent = comm->take();
    expect(sent.all_reduces == 0 && sent.others == 1 && holds(by_rows, [&](const Index<2>& i) { return 2 * c_of(i); }), "of a sum");

    const Array<double, 2> once = pending;
    const auto again = eval(pending + scattered);   // finished: R joins S0
    sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0 && holds(once, c_of) && holds(again, [&](const Index<2>& i) { return 2 * c_of(i); }),
           "a result is reduced once");
  });
}

BOOST_AUTO_TEST_CASE(extents_that_differ) {
  on_ranks([] {
    const Array<float, 2, Split<0>> a(Shape<2>{3, 4});
    const Array<float, 2> b(Shape<2>{3, 4});
    const Array<float, 1> v(Shape<1>{3}), w(Shape<1>{1});
    expect(throws<ShapeError>([&] { matmul(a, b); }) && throws<ShapeError>([&] { matmul(a, v); }), "inner extents");
    expect(throws<ShapeError>([&] { dot(v, w); }) && throws<ShapeError>([&] { inner(v, w); }), "vectors are not broadcast");
    expect(throws<ShapeError>([&] { matmul(Array<float, 3>(Shape<3>{2, 3, 4}), Array<float, 3>(Shape<3>{3, 4, 2})); }), "batches");
  }, {1, 2});
}

BOOST_AUTO_TEST_CASE(kernels) {
  const std::vector<Shape<3>> sizes{{0, 3, 2},   {1, 1, 1},     {6, 64, 40},  {7, 65, 321}, {13, 30, 700},
                                    {193, 3, 5}, {1, 150, 330}, {50, 1, 333}, {5, 5, 0},    {400, 100, 20},
                                    {13, 300, 330}, {30, 270, 20}, {61, 50, 40}};
  for (const auto& [m, n, k] : sizes)
    for (const bool by_columns : {false, true}) {
      check_kernel<float>(m, n, k, by_columns, false);
      check_kernel<double>(m, n, k, by_columns, true);
    }
}

#endif

BOOST_AUTO_TEST_SUITE_END()
