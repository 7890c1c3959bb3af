// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The memory of arrays: aligned, recycled, released from any thread; room for a packet behind the last element.
#include <priel/priel.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <thread>
#include <vector>

using namespace priel;

namespace {

const void* where(Size n) {
  const Array<float, 1> x = full<float>({n}, 1.0f);
  return x.local().data();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(memory, *boost::unit_test::label("serial"))

BOOST_AUTO_TEST_CASE(what_is_released_is_taken_again) {
  for (const Size n : {Size{1}, Size{1000}, Size{3} << 20}) {
    const void* first = where(n);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(first) % 64 == 0U);
    BOOST_TEST(where(n) == first, n << " elements");
  }
  const Array<float, 1> holds = full<float>({Size{3} << 20}, 1.0f);
  BOOST_TEST(where(Size{3} << 20) != static_cast<const void*>(holds.local().data()));
  release_memory();
  BOOST_TEST(item(sum(holds)) == static_cast<float>(Size{3} << 20));
}

BOOST_AUTO_TEST_CASE(threads_release_what_others_made) {
  for (int round = 0; round < 3; ++round) {
    std::vector<Array<int, 1>> made;
    for (Size n = 1; n < 3000000; n *= 7) made.push_back(Array<int, 1>(arange<int>(n)));
    std::thread([taken = std::move(made)]() mutable {
      for (const auto& x : taken) BOOST_TEST(x.local()(x.size() - 1) == static_cast<int>(x.size() - 1));
      taken.clear();
      const Array<int, 1> own = arange<int>(343);
      BOOST_TEST(own.local()(342) == 342);
    }).join();
  }
}

BOOST_AUTO_TEST_CASE(huge_requests_are_refused) {
  BOOST_CHECK_THROW((Array<double, 1>(Shape<1>(Size{1} << 61))), std::bad_alloc);
  BOOST_CHECK_THROW((Array<double, 1>(Shape<1>(Size{1} << 45))), std::bad_alloc);
}

BOOST_AUTO_TEST_SUITE_END()
