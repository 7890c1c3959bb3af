// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Eigen and xtensor both ways: the same (i, j) whatever the order of storage, the same memory where it is promised.
#include <priel/eigen.hpp>
#include <priel/from_local.hpp>
#include <priel/xtensor.hpp>

#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>

#include <boost/test/unit_test.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

namespace {

using namespace priel;
using namespace priel::test;

double value(const Index<2>& i) { return static_cast<double>(10 * i[0] + i[1]); }
const auto twice = [](const Index<2>& i) { return 2 * value(i); };

template <class Matrix>
Matrix eigen_of(Size rows, Size columns, Size first_row = 0) {
  Matrix m(rows, columns);
  for (Size i = 0; i < rows; ++i)
    for (Size j = 0; j < columns; ++j) m(i, j) = value({{i + first_row, j}});
  return m;
}
template <xt::layout_type Layout = xt::layout_type::row_major>
auto xtensor_of(Size rows, Size columns, Size first_row = 0) {
  xt::xtensor<double, 2, Layout> t({static_cast<std::size_t>(rows), static_cast<std::size_t>(columns)});
  for (Size i = 0; i < rows; ++i)
    for (Size j = 0; j < columns; ++j) t(i, j) = value({{i + first_row, j}});
  return t;
}

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ColumnMajor = Eigen::MatrixXd;

// An object in: borrowed, copied in as an lvalue, moved in as an rvalue.
template <class X>
void check_object(const std::string& what, X x, bool moves) {
  expect(holds(eval(borrow(x) * 2), twice), "borrowed " + what);
  const auto copied = from_local(x, replicated);
  static_assert(std::is_same_v<decltype(copied), const Array<double, 2>>);
  expect(holds(copied, value) && static_cast<const void*>(copied.local().data()) != x.data(), "copied " + what);
  const void* memory = x.data();
  auto moved = asarray(std::move(x));
  expect(holds(moved, value) && (moved.local().data() == memory) == moves, "moved " + what);
  moved = moved + moved;
  expect(holds(moved, twice), "written " + what);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interop)

BOOST_AUTO_TEST_CASE(objects_in) {
  on_ranks([] {
    check_object("row-major Eigen matrix", eigen_of<RowMajor>(40, 33), true);
    check_object("column-major Eigen matrix", eigen_of<ColumnMajor>(40, 33), false);
    check_object("Eigen array", eigen_of<Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(5, 4), true);
    check_object("small Eigen matrix", eigen_of<Eigen::Matrix<double, 5, 4, Eigen::RowMajor>>(5, 4), false);
    check_object("xtensor", xtensor_of(40, 33), true);
    check_object("column-major xtensor", xtensor_of<xt::layout_type::column_major>(40, 33), false);
  }, {1, 3});
}

BOOST_AUTO_TEST_CASE(views_in, *boost::unit_test::label("serial")) {
  const auto by_rows = eigen_of<RowMajor>(9, 8);
  const auto by_columns = eigen_of<ColumnMajor>(9, 8);
  const auto tensor = xtensor_of(9, 8);
  const auto part = [](const Index<2>& i) { return value({{i[0] + 2, i[1] + 3}}); };
  BOOST_TEST(holds(eval(borrow(by_rows.block(2, 3, 4, 5)) + 0), part));
  BOOST_TEST(holds(eval(borrow(by_columns.block(2, 3, 4, 5)) + 0), part));
  BOOST_TEST(holds(from_local(by_columns.block(2, 3, 4, 5), split<0>), part));
  BOOST_TEST(holds(from_local(xt::view(tensor, xt::range(2, 6), xt::range(3, 8)), split<1>), part));
  BOOST_TEST(holds(eval(borrow(by_rows.col(3)) + 0), [](const Index<1>& i) { return value({{i[0], 3}}); }));
  BOOST_TEST(holds(eval(borrow(by_columns.row(3)) + 0), [](const Index<1>& i) { return value({{3, i[0]}}); }));
  BOOST_TEST(holds(asarray((2 * by_columns).eval()), twice));
  BOOST_TEST(holds(eval(borrow(Eigen::Map<const Eigen::VectorXd>(by_rows.data(), 8)) + 0), [](const Index<1>& i) { return i[0]; }));
}

// The number of rows differs from rank to rank.
BOOST_AUTO_TEST_CASE(shards_in) {
  on_ranks([] {
    const Size r = world()->rank(), rows = 2 * r, before = r * (r - 1), all = Size{world()->size()} * (world()->size() - 1);
    const auto check = [&](const std::string& what, const auto& x) { expect(x.shape() == Shape<2>(all, 3) && holds(x, value), what); };
    check("row-major", from_local(eigen_of<RowMajor>(rows, 3, before), split<0>));
    check("column-major", from_local(eigen_of<ColumnMajor>(rows, 3, before), split<0>));
    check("xtensor", from_local(xtensor_of(rows, 3, before), split<0>));
    check("on another backend", from_local<Reference>(xtensor_of<xt::layout_type::column_major>(rows, 3, before), split<0>));
  });
}

BOOST_AUTO_TEST_CASE(shards_out_and_in) {
  on_ranks([] {
    auto x = filled<Array<double, 2, Split<0>>>({7, 5}, value);
    const auto view = x.local();
    expect(eigen(view).data() == view.data() && xtensor(view).data() == view.data(), "the same memory");
    expect(std::abs(eigen(view).sum() - xt::sum(xtensor(view))()) < 1e-9, "their sums");
    auto y = from_local(xt::xtensor<double, 2>(xtensor(view) * 2), split<0>);
    expect(holds(y, twice), "an xtensor expression of it, back");
    {
      const auto lease = y.local_mut();
      eigen(lease) *= 0.5;
      xtensor(lease) *= 2;
    }
    expect(holds(y, twice), "written through both");
  });
}

BOOST_AUTO_TEST_SUITE_END()
