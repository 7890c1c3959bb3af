// expect: error_E15_an_abstract_operand_has_no_elements_to_evaluate
// expect: write_explain_of_the_expression_or_use_an_array
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What has a shape and no elements can be explained and not evaluated.
#include <priel/priel.hpp>

#include <priel/abstract.hpp>
#include <priel/explain.hpp>

using namespace priel;

Size centred(Array<float, 2, Split<0>>& y) {
  const auto x = abstract<float>({300, 20}, split<0>);
#ifdef PRIEL_MISTAKE
  y = x - mean(x, axis<0>);
  return y.size();
#else
  return explain(into(y), x - mean(x, axis<0>), ranks(4)).memory().most();
#endif
}
