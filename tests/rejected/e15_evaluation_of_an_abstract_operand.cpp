// expect: error_E15_an_abstract_operand_has_no_elements_to_evaluate
// expect: write_explain_of_the_expression_or_use_an_array
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Neither can it be stored as what it would be.
#include <priel/priel.hpp>

#include <priel/abstract.hpp>
#include <priel/explain.hpp>

using namespace priel;

auto doubled() {
  const auto x = abstract<float>({300, 20}, split<0>);
#ifdef PRIEL_MISTAKE
  const Array<float, 2, Split<0>> y = 2 * x;
  return y.size();
#else
  return explain(2 * x).ranks;
#endif
}
