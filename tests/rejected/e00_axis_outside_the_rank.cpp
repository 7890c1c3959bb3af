// expect: error E00
// expect: the axis does not exist
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// An array split along an axis that it has not.
#include <priel/priel.hpp>

using namespace priel;

#ifdef PRIEL_MISTAKE
using Images = Array<float, 2, Split<2>>;
#else
using Images = Array<float, 2, Split<1>>;
#endif

auto extents_of(const Images& x) { return x.shape(); }
