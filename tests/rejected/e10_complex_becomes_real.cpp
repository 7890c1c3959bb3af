// expect: error_E10_complex_elements_do_not_become_real_ones__write_real_or_imag_or_abs_of_x
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A part of the number would be lost, and it is not said which.
#include <priel/priel.hpp>

using namespace priel;

void converted(const Array<std::complex<double>, 1>& z) {
#ifdef PRIEL_MISTAKE
  astype<double>(z);
#else
  (void)real(z);
#endif
}
