// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a program computes on Device beside what it computes on Reference.
#pragma once

#include <priel/device.hpp>

#include <cmath>
#include <cstdio>
#include <vector>

namespace priel::test {

// Some numbers that a program found; the values of an expression of any shape.
class Found {
 public:
  template <Expression E>
  Found& operator<<(const E& e) {
    const auto all = to_backend<Reference>(Array<value_of<E>, rank_of<E>, Replicated, detail::backend_or_default<backend_of<E>>>(e));
    for (const auto& value : all.local()) values_.push_back(number(value));
    return *this;
  }
  const std::vector<double>& values() const { return values_; }

 private:
  template <class T>
  static double number(const T& x) {
    if constexpr (kind_of<T> == Kind::complex) return static_cast<double>(x.real()) + 10 * static_cast<double>(x.imag());
    else return static_cast<double>(x);
  }
  std::vector<double> values_;
};

// Prints how far they are apart; 1 if that is more than rounding.
template <class F>
int differs(const char* what, const F& program) {
  Found device, expected;
  program.template operator()<Device>(device);
  program.template operator()<Reference>(expected);
  const auto& a = device.values();
  const auto& b = expected.values();
  double most = 0;
  bool wrong = a.size() != b.size() || a.empty();
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (std::isnan(a[i]) && std::isnan(b[i])) continue;
    const double apart = std::abs(a[i] - b[i]) / (1 + std::abs(b[i]));
    wrong = wrong || !(apart <= 1e-4);
    most = apart > most ? apart : most;
  }
  std::printf("%-32s %6zu values, at most %.1e apart%s\n", what, a.size(), most, wrong ? ": WRONG" : "");
  return wrong ? 1 : 0;
}

// In a unit of its own: how many of its programs differ.
int algorithms();

}  // namespace priel::test
