// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Broadcast, transposed and mixed operands, comparisons and `where`, each beside its hand loop.
#include "rivals.hpp"

namespace {

using namespace priel;
using rivals::memory;

// One row for priel and one for the loop, which writes to the memory of the same target.
template <class Y, class Statement, class Loop>
void pair(const std::string& work, double bytes, const std::shared_ptr<Y>& y, Statement statement, Loop loop) {
  statement(*y);
  rivals::agree(work, *y, [&] { loop(memory(*y)); });
  rivals::row("broadcast/" + work, 1, "priel", bytes, [=] { statement(*y); });
  rivals::row("broadcast/" + work, 1, "loop", bytes, [=] { loop(memory(*y)); });
}

template <class T>
auto target(const auto& shape) {
  return std::make_shared<Array<T, std::remove_cvref_t<decltype(shape)>::rank>>(shape);
}

// y(i, j) = x(i, j) - row(j).
void short_rows() {
  constexpr Size n = 10'000'000;
  const auto x = rivals::filled<float>(Shape<2>{n, 3}, 1);
  const auto row = rivals::filled<float>(Shape<1>{3}, 2);
  const float *from = memory(x), *less = memory(row);
  pair("rows3", 8.0 * 3 * n, target<float>(x.shape()), [=](auto& y) { y = x - row; }, [=](float* __restrict y) {
    const float r[3] = {less[0], less[1], less[2]};
    for (Size i = 0; i < n; ++i)
      for (int j = 0; j < 3; ++j) y[3 * i + j] = from[3 * i + j] - r[j];
  });
}

// y(i, j) = x(i, j) * column(i).
void column() {
  constexpr Size n = 8192;
  const auto x = rivals::filled<float>(Shape<2>{n, n}, 1);
  const auto column = rivals::filled<float>(Shape<2>{n, 1}, 2);
  const float *from = memory(x), *by = memory(column);
  pair("column", 8.0 * n * n, target<float>(x.shape()), [=](auto& y) { y = x * column; }, [=](float* __restrict y) {
    for (Size i = 0; i < n; ++i)
      for (Size j = 0; j < n; ++j) y[n * i + j] = from[n * i + j] * by[i];
  });
}

// y(i, j) = a(i, j) + b(j, i); the loop goes by blocks of a few cache lines, and once, as `naive`, row by row.
void transposed() {
  constexpr Size n = 4096, block = 32;
  const auto a = rivals::filled<float>(Shape<2>{n, n}, 1), b = rivals::filled<float>(Shape<2>{n, n}, 2);
  const float *left = memory(a), *right = memory(b);
  const auto y = target<float>(a.shape());
  pair("transpose", 12.0 * n * n, y, [=](auto& to) { to = a + transpose(b); }, [=](float* __restrict to) {
    for (Size i0 = 0; i0 < n; i0 += block)
      for (Size j0 = 0; j0 < n; j0 += block)
        for (Size i = i0; i < i0 + block; ++i)
          for (Size j = j0; j < j0 + block; ++j) to[n * i + j] = left[n * i + j] + right[n * j + i];
  });
  rivals::row("broadcast/transpose", 1, "naive", 12.0 * n * n, [=] {
    float* __restrict to = memory(*y);
    for (Size i = 0; i < n; ++i)
      for (Size j = 0; j < n; ++j) to[n * i + j] = left[n * i + j] + right[n * j + i];
  });
}

// Two arrays of n elements into one of Y, by `operation`, which takes arrays for priel and elements for the loop.
template <class A, class B, class Y, class Operation>
void binary(const std::string& what, Size n, const Operation& operation) {
  const auto a = rivals::filled<A>(Shape<1>{n}, 1);
  const auto b = rivals::filled<B>(Shape<1>{n}, 2);
  const A* left = memory(a);
  const B* right = memory(b);
  const double bytes = static_cast<double>(n) * (sizeof(A) + sizeof(B) + sizeof(Y));
  pair(what + (n < rivals::Mi ? " in cache" : ""), bytes, target<Y>(Shape<1>{n}), [=](auto& y) { y = operation(a, b); },
       [=](Y* __restrict y) {
         for (Size i = 0; i < n; ++i) y[i] = static_cast<Y>(operation(left[i], right[i]));
       });
}

// `where` of arrays, and of elements as the conditional that a loop has.
struct Choose {
  auto operator()(const auto& a, const auto& b) const { return where(a > b, a, b); }
  float operator()(float a, float b) const { return a > b ? a : b; }
};

// int32 and float make a double, as in NumPy; the loop converts both as well.
struct Sum {
  auto operator()(const auto& a, const auto& b) const { return a + b; }
  double operator()(int a, float b) const { return static_cast<double>(a) + static_cast<double>(b); }
  double operator()(float a, double b) const { return static_cast<double>(a) + b; }
};

struct Product {
  auto operator()(const auto& a, const auto& b) const { return a * b; }
  float operator()(unsigned char a, float b) const { return static_cast<float>(a) * b; }
};

struct Greater {
  auto operator()(const auto& a, const auto& b) const { return a > b; }
};

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  short_rows();
  column();
  transposed();
  for (const Size n : {16 * rivals::Mi, 8 * rivals::Ki}) {
    binary<int, float, double>("int32 + float", n, Sum{});
    binary<unsigned char, float, float>("uint8 * float", n, Product{});
    binary<float, double, double>("float + double", n, Sum{});
    binary<float, float, bool>("a > b", n, Greater{});
    binary<float, float, float>("where", n, Choose{});
  }
  return rivals::run(argc, argv);
}
