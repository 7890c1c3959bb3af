// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Slices as values and as places to assign to, against NumPy.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using Some = Types<std::int32_t, double>;
using Main = Types<double>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_slices)

BOOST_AUTO_TEST_CASE(values) {
  row<Types<std::int64_t, double>, 2>("a[0, 0].item()", [](const auto& a) { return item(a(0, 0)); }, {.shapes = {"5,3", "1,1", "0,3"}});
  row<Some, 2>("a[2:9]", [](const auto& a) { return a(range(2, 9)); });
  row<Main, 2>("a[::-1]", [](const auto& a) { return a(range({}, {}, -1)); });
  row<Main, 2>("a[1::2, ::-2]", [](const auto& a) { return a(range(1, {}, 2), range({}, {}, -2)); });
  row<Main, 2>("a[-2:, :-1]", [](const auto& a) { return a(range(-2, {}), range({}, -1)); });
  row<Main, 2>("a[:, None]", [](const auto& a) { return a(all, newaxis); });
  row<Main, 2>("a[..., 0]", [](const auto& a) { return a(ellipsis, 0); });
  row<Main, 2>("a[-1]", [](const auto& a) { return a(-1); });
  row<Main, 3>("a[1, ..., ::2]", [](const auto& a) { return a(1, ellipsis, range({}, {}, 2)); });
  row<Main, 2>("a[1, 2]", [](const auto& a) { return a(1, 2); }, {.shapes = {"5,3", "2,3", "1,3"}});
  row<Main, 2>("a[1:] - a[:-1]", [](const auto& a) { return a(from<1>) - a(until<-1>); }, {.shapes = {"5,3", "1,1", "7,10"}});
}

BOOST_AUTO_TEST_CASE(places) {
  row<Some, 2>("a[2:5] = 0", [](auto a) {
    a(range(2, 5)) = 0;
    return a;
  });
  row<Main, 2>("a[:, 0] += 2", [](auto a) {
    a(all, 0) += 2;
    return a;
  });
  row<Main, 2>("a[::2] = a[1::2] * 2", [](auto a) {
    a(range({}, {}, 2)) = a(range(1, {}, 2)) * 2;
    return a;
  }, {.shapes = {"6,3", "2,2", "0,3"}});
  row<Main, 2>("a[0, 1] = 7", [](auto a) {
    a(0, 1) = 7;
    return a;
  }, {.shapes = {"5,3", "1,2", "0,3", "2,1"}});
  row<Main, 2, 2>("a += b", [](auto a, const auto& b) {
    a += b;
    return a;
  });
  row<Main, 2, 1>("a[:, :] = b + a", [](auto a, const auto& b) {
    a(all, all) = redistribute(b, replicated) + a;
    return a;
  });
}

BOOST_AUTO_TEST_SUITE_END()
