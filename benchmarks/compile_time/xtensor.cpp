// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Ten statements in xtensor, with its headers for what priel's umbrella offers too; priel.cpp has the same ones.
#include <xtensor/xtensor.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>
#ifndef LEAN   // only what the statements need
#include <xtensor/xio.hpp>
#include <xtensor/xnpy.hpp>
#include <xtensor/xrandom.hpp>
#include <xtensor/xsort.hpp>
#endif

using Matrix = xt::xtensor<float, 2>;

void statements(Matrix& a, Matrix& b, xt::xtensor<float, 1>& v, Matrix& y, xt::xtensor<bool, 2>& m, float& s) {
  y = a + b;
  y = xt::sqrt(a * a + b * b) * 0.5f + 1.f;
  y = xt::exp(-a) / (1.f + xt::abs(b));
  y = xt::where(a > b, a, b);
  m = (a > 0.5f) & (b < 2.f);
  v = xt::sum(a, {0});
  v = xt::mean(a * b, {1});
  y = a - v;
  y = xt::transpose(a) + b;
  s = xt::amax(xt::view(a, xt::range(1, 5), xt::all()) - xt::view(b, xt::range(0, 4), xt::all()))();
}
