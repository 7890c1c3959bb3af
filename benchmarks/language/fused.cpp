// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// y = sqrt(a*a + b*b)*0.5f + c in memory and in cache, beside a plain loop, one with streaming stores, Eigen and xtensor.
#include "rivals.hpp"

#include <immintrin.h>
#include <xtensor/xadapt.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor.hpp>

void fused_eigen(const float* a, const float* b, const float* c, float* y, std::ptrdiff_t n);

namespace {

using namespace priel;

void loop(const float* __restrict a, const float* __restrict b, const float* __restrict c, float* __restrict y, Size begin, Size end) {
  for (Size i = begin; i < end; ++i) y[i] = std::sqrt(a[i] * a[i] + b[i] * b[i]) * 0.5f + c[i];
}

#if defined(__AVX512F__)
using Vector = __m512;
void stream(float* y, Vector v) { _mm512_stream_ps(y, v); }
Vector root(Vector v) { return _mm512_sqrt_ps(v); }
#elif defined(__AVX__)
using Vector = __m256;
void stream(float* y, Vector v) { _mm256_stream_ps(y, v); }
Vector root(Vector v) { return _mm256_sqrt_ps(v); }
#else
using Vector = __m128;
void stream(float* y, Vector v) { _mm_stream_ps(y, v); }
Vector root(Vector v) { return _mm_sqrt_ps(v); }
#endif

void streaming_loop(const float* a, const float* b, const float* c, float* y, Size begin, Size end) {
  constexpr Size width = sizeof(Vector) / sizeof(float);
  const auto at = [](const float* x) { return *reinterpret_cast<const Vector*>(x); };
  for (Size i = begin; i < end; i += width) stream(y + i, root(at(a + i) * at(a + i) + at(b + i) * at(b + i)) * 0.5f + at(c + i));
  _mm_sfence();
}

struct Operands {
  explicit Operands(Size n)
      : a(rivals::filled<float>(Shape<1>{n}, 1)), b(rivals::filled<float>(Shape<1>{n}, 2)), c(rivals::filled<float>(Shape<1>{n}, 3)),
        y(Shape<1>{n}) {}
  Array<float, 1> a, b, c, y;
};

void rows(const std::string& size, Size n) {
  static std::vector<std::unique_ptr<Operands>> all;
  Operands* x = all.emplace_back(std::make_unique<Operands>(n)).get();
  const std::string work = "fused/" + size;
  const double bytes = 16.0 * static_cast<double>(n);
  const bool in_cache = n < rivals::Mi;
  for (const int threads : in_cache ? std::vector{1} : std::vector{1, 2}) {
    const auto priel = [x] { x->y = sqrt(x->a * x->a + x->b * x->b) * 0.5f + x->c; };
    rivals::row(work, threads, "priel", bytes, priel);
    const auto hand = [=](const char* who, auto kernel) {
      const auto rival = [=] {
        const float *a = rivals::memory(std::as_const(x->a)), *b = rivals::memory(std::as_const(x->b)), *c = rivals::memory(std::as_const(x->c));
        float* y = rivals::memory(x->y);
        rivals::pieces(threads, n, [=](Size begin, Size end) { kernel(a, b, c, y, begin, end); });
      };
      priel();
      rivals::agree(work, x->y, rival);
      rivals::row(work, threads, who, bytes, rival);
    };
    hand("loop", [](auto... of) { loop(of...); });
    if (threads == 1) hand("Eigen", [](const float* a, const float* b, const float* c, float* y, Size, Size end) { fused_eigen(a, b, c, y, end); });
    if (!in_cache) hand("streaming", [](auto... of) { streaming_loop(of...); });
  }
  const auto tensor = [](const Array<float, 1>& v) {
    return xt::xtensor<float, 1>(xt::adapt(v.local().data(), static_cast<std::size_t>(v.size()), xt::no_ownership(),
                                           std::array<std::size_t, 1>{static_cast<std::size_t>(v.size())}));
  };
  auto a = std::make_shared<xt::xtensor<float, 1>>(tensor(x->a)), b = std::make_shared<xt::xtensor<float, 1>>(tensor(x->b)),
       c = std::make_shared<xt::xtensor<float, 1>>(tensor(x->c)), y = std::make_shared<xt::xtensor<float, 1>>(*a);
  rivals::row(work, 1, "xtensor", bytes, [=] { xt::noalias(*y) = xt::sqrt(*a * *a + *b * *b) * 0.5f + *c; });
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  rows("64Mi", 64 * rivals::Mi);
  rows("16Ki", 16 * rivals::Ki);
  return rivals::run(argc, argv);
}
