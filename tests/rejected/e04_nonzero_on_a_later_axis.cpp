// expect: error_E04_the_global_order_is_not_the_local_one
// expect: write_redistribute_x_or_use_where
// expect: Split<1>
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// nonzero lists the places in C order, which a rank's columns are not in.
#include <priel/priel.hpp>

using namespace priel;

auto places(const Array<float, 2, Split<1>>& x) {
#ifdef PRIEL_MISTAKE
  return nonzero(x);
#else
  return nonzero(redistribute(x, split<0>));
#endif
}

template <class X>
concept listable = requires(const X& x) { nonzero(x); };
static_assert(listable<Array<float, 2, Split<0>>> && !listable<Array<float, 2, Split<1>>>);
