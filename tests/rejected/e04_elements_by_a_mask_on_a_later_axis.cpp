// expect: error_E04_the_global_order_is_not_the_local_one
// max-lines: 26
// expect: write_redistribute_x_or_use_where
// expect: Split<1>
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The elements of columns, rank after rank, are not in C order.
#include <priel/priel.hpp>

#include <priel/algorithms/select.hpp>

using namespace priel;

auto positive(const Array<float, 2, Split<1>>& x) {
#ifdef PRIEL_MISTAKE
  return select(x, x > 0);
#else
  const auto rows = redistribute(x, split<0>);
  return select(rows, rows > 0);
#endif
}

template <class X>
concept selectable = requires(const X& x) { select(x, x > 0); };
static_assert(selectable<Array<float, 2, Split<0>>> && !selectable<Array<float, 2, Split<1>>>);
