// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Ten statements in priel, with all of its headers; xtensor.cpp has the same ones.
#include <priel/priel.hpp>

using namespace priel;
using Matrix = Array<float, 2>;

void statements(Matrix& a, Matrix& b, Array<float, 1>& v, Matrix& y, Array<bool, 2>& m, float& s) {
  y = a + b;
  y = sqrt(a * a + b * b) * 0.5f + 1.f;
  y = exp(-a) / (1.f + abs(b));
  y = where(a > b, a, b);
  m = (a > 0.5f) & (b < 2.f);
  v = sum(a, axis<0>);
  v = mean(a * b, axis<1>);
  y = a - v;
  y = transpose(a) + b;
  s = item(max(a(range(1, 5), all) - b(range(0, 4), all)));
}
