// expect: a_transform_needs_whole_lines_on_one_rank
// expect: write_redistribute_to
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Every column goes over all ranks.
#include <priel/algorithms/fft.hpp>
#include <priel/priel.hpp>

using namespace priel;

auto spectra(const Array<double, 2, Split<0>>& x) {
#ifdef PRIEL_MISTAKE
  return fft::fft(x, axis<0>);
#else
  return fft::fft(redistribute(x, split<1>), axis<0>);
#endif
}
