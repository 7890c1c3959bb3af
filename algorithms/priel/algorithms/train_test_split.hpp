// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// train_test_split: the rows of several arrays drawn for training and for a test, the same ones on any number of ranks; S<k> -> S<k>, R -> R.
#pragma once

#include <priel/algorithms/detail/samples.hpp>
#include <priel/algorithms/random_choice.hpp>

#include <cmath>
#include <tuple>

namespace priel {

namespace detail {

// Of n rows, a fraction (rounded up) or a number: both parts must have some.
template <class Test>
Size rows_for_test(Size n, Test test) {
  check_parameter(test > 0 && (!std::is_floating_point_v<Test> || test < 1), "train_test_split", "the test's part", static_cast<double>(test),
                  "a number of rows or a fraction between 0 and 1");
  const Size rows = std::is_floating_point_v<Test> ? static_cast<Size>(std::ceil(static_cast<double>(test) * static_cast<double>(n))) : static_cast<Size>(test);
  if (rows >= n)
    throw InputError("train_test_split: of " + std::to_string(n) + " rows " + std::to_string(rows) + " for the test leave none for training; ask for fewer");
  return rows;
}

template <class X>
using StoredOf = Array<value_of<X>, rank_of<X>, stored_policy<policy_of<X>>, backend_or_default<backend_of<X>>>;

// The rows first, ..., last - 1 of x in random order.
template <Expression X>
StoredOf<X> drawn_rows(const X& x, Size first, Size last, std::uint64_t seed) {
  constexpr bool across = distributes<policy_of<X>, rank_of<X>>(0);
  using Order = Array<Size, 1, std::conditional_t<across, Split<0>, Replicated>, backend_or_default<backend_of<X>>>;
  Order order(Shape<1>{last - first}, comm_or_world(x.comm()));
  order = random::permutation(x.shape()[0], seed)(range(first, last));
  return StoredOf<X>(take<0>(x, order));
}

template <class Test, class Seed, Expression First, Expression... X>
  requires(std::is_arithmetic_v<Test> && std::integral<Seed>)
auto split_rows(Test test, Seed seed, const First& first, const X&... x) {
  const Size n = first.shape()[0], rows = rows_for_test(n, test);
  (check_rows("train_test_split", n, "another array", x.shape()[0]), ...);
  const auto parts = [&](const auto& one) {
    return std::tuple(drawn_rows(one, rows, n, static_cast<std::uint64_t>(seed)), drawn_rows(one, 0, rows, static_cast<std::uint64_t>(seed)));
  };
  return std::tuple_cat(parts(first), parts(x)...);
}

}  // namespace detail

// const auto [x_train, x_test, y_train, y_test] = train_test_split(x, y, 0.25, seed): of every array the rows for training, then those for the
// test, in random order, of its element type and policy; any number of arrays with as many rows. The test gets ceil(fraction n) rows, or the
// number that is given, training the others, as in scikit-learn; which ones depends on n and the seed alone. Of S<0> the indices go to the
// owners (after their number) and the rows come back, as for take; else nothing is sent. InputError if a part would be empty, ShapeError
// if the arrays have different numbers of rows, on every rank before a message.
template <class... Arguments>
  requires(sizeof...(Arguments) > 2)
auto train_test_split(const Arguments&... arguments) {
  constexpr std::size_t arrays = sizeof...(Arguments) - 2;
  const auto given = std::tie(arguments...);
  return [&]<std::size_t... A>(std::index_sequence<A...>) {
    return detail::split_rows(std::get<arrays>(given), std::get<arrays + 1>(given), std::get<A>(given)...);
  }(std::make_index_sequence<arrays>{});
}

}  // namespace priel
