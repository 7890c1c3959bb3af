// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays joined, and entries put into them and taken out, against NumPy.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using Some = Types<std::int32_t, double>;
using Main = Types<double>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_joining)

BOOST_AUTO_TEST_CASE(joins) {
  row<Some, 2, 2>("np.concatenate([a, b], axis=0)", [](const auto& a, const auto& b) { return concatenate(axis<0>, a, b); }, {.shapes = {"5,3;2,3", "0,3;1,3", "2,3;2,4"}});
  row<Main, 2, 2>("np.concatenate([a, b], axis=1)", [](const auto& a, const auto& b) { return concatenate(axis<1>, a, b); }, {.shapes = {"5,3;5,1", "2,0;2,3"}});
  row<Main, 2, 2>("np.stack([a, b], axis=1)", [](const auto& a, const auto& b) { return stack(axis<1>, a, b); });
  row<Main, 1, 1>("np.vstack([a, b])", [](const auto& a, const auto& b) { return vstack(a, b); });
  row<Main, 1, 1>("np.hstack([a, b])", [](const auto& a, const auto& b) { return hstack(a, b); });
  row<Main, 2, 2>("np.dstack([a, b])", [](const auto& a, const auto& b) { return dstack(a, b); });
  row<Main, 2, 2>("np.column_stack([a, b])", [](const auto& a, const auto& b) { return column_stack(a, b); }, {.shapes = {"4,2;4,3", "0,2;0,1"}});
  row<Main, 1, 1>("np.column_stack([a, b, a])", [](const auto& a, const auto& b) { return column_stack(a, b, a); });
  row<Main, 2, 2>("np.append(a, b, axis=0)", [](const auto& a, const auto& b) { return append(a, b, axis<0>); });
  row<Main, 1, 1>("np.append(a, b)", [](const auto& a, const auto& b) { return append(a, b); }, {.shapes = {"4;9", "0;2"}});
}

BOOST_AUTO_TEST_CASE(entries) {
  row<Some, 2>("np.insert(a, 1, 5, axis=0)", [](const auto& a) { return insert(a, 1, 5, axis<0>); });
  row<Main, 2, 1>("np.insert(a, -1, b, axis=0)", [](const auto& a, const auto& b) { return insert(a, -1, redistribute(b, replicated), axis<0>); },
                  {.shapes = {"5,3;3", "1,2;2", "0,3;3"}});
  row<Main, 2>("np.delete(a, 1, axis=1)", [](const auto& a) { return erase(a, 1, axis<1>); });
  row<Main, 2>("np.delete(a, slice(1, 4), axis=0)", [](const auto& a) { return erase(a, range(1, 4), axis<0>); });
  row<Main, 1>("np.trim_zeros(a)", [](const auto& a) { return trim_zeros(a); }, {.input = "small", .shapes = {"0", "1", "6", "40"}});
  row<Main, 1>("np.trim_zeros(a * 0)", [](const auto& a) { return trim_zeros(a * 0); }, {.input = "small", .shapes = {"5"}});
}

BOOST_AUTO_TEST_SUITE_END()
