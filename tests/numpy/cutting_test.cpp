// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays cut, repeated and with borders, against NumPy.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using Some = Types<std::int32_t, double>;
using Main = Types<double>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_cutting)

BOOST_AUTO_TEST_CASE(cuts) {
  row<Main, 2>("np.array_split(a, 3, axis=0)", [](const auto& a) {
    const auto parts = array_split(a, 3, axis<0>);
    return std::tuple(parts[0], parts[1], parts[2]);
  });
  row<Main, 1>("np.split(a, [2, 5])", [](const auto& a) {
    const auto parts = array_split(a, {2, 5}, axis<0>);
    return std::tuple(parts[0], parts[1], parts[2]);
  });
  row<Main, 2>("np.hsplit(a, 2)", [](const auto& a) {
    const auto parts = hsplit(a, 2);
    return std::tuple(parts[0], parts[1]);
  }, {.shapes = {"3,4", "2,3", "0,2"}});
  row<Main, 2>("np.vsplit(a, 2)", [](const auto& a) {
    const auto parts = vsplit(a, 2);
    return std::tuple(parts[0], parts[1]);
  }, {.shapes = {"4,3", "3,4"}});
  row<Main, 3>("np.dsplit(a, 2)", [](const auto& a) {
    const auto parts = dsplit(a, 2);
    return std::tuple(parts[0], parts[1]);
  }, {.shapes = {"4,3,2", "3,4,1"}});
}

BOOST_AUTO_TEST_CASE(repeats) {
  row<Some, 2>("np.repeat(a, 3, axis=0)", [](const auto& a) { return repeat(a, 3, axis<0>); });
  row<Main, 2>("np.repeat(a, [2, 0, 1], axis=1)", [](const auto& a) { return repeat(a, {2, 0, 1}, axis<1>); }, {.shapes = {"5,3", "0,3", "4,2"}});
  row<Main, 2>("np.tile(a, (2, 3))", [](const auto& a) { return tile(a, {2, 3}); });
  row<Main, 1>("np.tile(a, (2, 1, 2))", [](const auto& a) { return tile(a, {2, 1, 2}); });
  row_on<On<Replicated>, On<Split<0>>>::run<Main, 2>("np.resize(a, (4, 5))", [](const auto& a) { return resize(a, {4, 5}); });
}

BOOST_AUTO_TEST_CASE(borders) {
  row<Some, 2>("np.pad(a, ((1, 2), (0, 3)), constant_values=7)", [](const auto& a) { return pad(a, {{1, 2}, {0, 3}}, 7); });
  row<Main, 2>("np.pad(a, ((1, 2), (0, 3)), mode='edge')", [](const auto& a) { return pad(a, {{1, 2}, {0, 3}}, Padding::edge); });
  row<Main, 2>("np.pad(a, ((1, 2), (0, 3)), mode='reflect')", [](const auto& a) { return pad(a, {{1, 2}, {0, 3}}, Padding::reflect); });
  row<Main, 2>("np.pad(a, ((1, 2), (0, 3)), mode='symmetric')", [](const auto& a) { return pad(a, {{1, 2}, {0, 3}}, Padding::symmetric); });
  row<Main, 2>("np.pad(a, ((1, 2), (0, 3)), mode='wrap')", [](const auto& a) { return pad(a, {{1, 2}, {0, 3}}, Padding::wrap); });
}

BOOST_AUTO_TEST_SUITE_END()
