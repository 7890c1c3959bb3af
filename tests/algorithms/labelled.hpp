// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Samples with labels for tests: made of numbers in rows, compared with what others found.
#pragma once

#include <tests/algorithms/fixtures/classes.hpp>
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/shared_data.hpp>

namespace priel::test {

template <class P, class B = Tested>
Array<double, 2, P, B> table(const std::vector<double>& values, Size d) {
  return filled<Array<double, 2, P, B>>({static_cast<Size>(values.size()) / d, d},
                                        [&](const Index<2>& i) { return values[static_cast<std::size_t>(i[0] * d + i[1])]; });
}
template <class P, class B = Tested>
Array<int, 1, P, B> line(const std::vector<int>& labels) {
  return filled<Array<int, 1, P, B>>({static_cast<Size>(labels.size())}, [&](const Index<1>& i) { return labels[static_cast<std::size_t>(i[0])]; });
}

// The samples of iris, or nothing where they are not.
inline std::vector<double> iris_samples() {
  if (shared_data().empty() || io::hdf5_version().empty()) return {};
  return shard_of(io::load<double, 2>((shared_data() / "regression/iris.h5").string() + ":/data", replicated, self()));
}

template <class A>
bool equal(const A& found, const std::vector<int>& expected) {
  return found.shape()[0] == static_cast<Size>(expected.size()) && holds(found, [&](const Index<1>& i) { return expected[static_cast<std::size_t>(i[0])]; });
}

// That f throws InputError with these words, on this rank.
template <class F>
void refuses(const std::string& words, F&& f) {
  try {
    f();
  } catch (const InputError& error) {
    return expect(std::string(error.what()).find(words) != std::string::npos, words + ", not " + error.what());
  }
  expect(false, words);
}

}  // namespace priel::test
