// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Laws on ranks: programs run on the job's ranks, or on 1, 2, 3, 4 and 7 simulated ones where the job has one.
#pragma once

#include <priel/simulate.hpp>

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace priel::test {

// Boost.Test is for one thread; the ranks of a simulation throw instead.
inline void expect(bool truth, const std::string& what) {
  if (!truth) throw std::logic_error("not so on rank " + std::to_string(world()->rank()) + ": " + what);
}

// The program sees its ranks as world(); its checks are `expect`.
template <std::invocable F>
void on_ranks(F&& program, std::initializer_list<int> simulated = {1, 2, 3, 4, 7}) {
  if (world()->size() > 1) {
    program();
    return;
  }
  for (const int p : simulated) {
    try {
      simulate(p, program);
    } catch (const std::exception& error) {
      BOOST_ERROR("p = " << p << ": " << error.what());
    }
  }
}

// Whether f() throws E, on this rank.
template <class E, class F>
bool throws(F&& f) {
  try {
    f();
  } catch (const E&) {
    return true;
  }
  return false;
}

}  // namespace priel::test
