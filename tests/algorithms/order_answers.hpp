// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's answers about order, read from fixtures/order.txt: numpy_order("m", "np.sort(x, 0)"); and whether plans are what is sent.
#pragma once

#include <tests/core/numpy.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

namespace priel::test {

inline const Answer& numpy_order(const std::string& operand, const std::string& question) {
  static const std::map<std::string, Answer> answers = read_answers(std::filesystem::path(__FILE__).parent_path() / "fixtures/order.txt");
  const auto found = answers.find(operand + ": " + question);
  if (found == answers.end()) throw std::logic_error("NumPy was not asked: " + operand + ": " + question + " (run fixtures/make_order_fixture.py)");
  return found->second;
}

// The operand of that name.
template <class A>
A operand(const std::string& name) { return array_of<A>(numpy_order(name, "x")); }

struct PlannedAndSent {
  std::int64_t planned = 0, sent = 0;
  int messages = 0, collectives = 0;
};

// What evaluating e sends from this rank, and what its plan says. e's operands live on `comm`.
template <class E>
PlannedAndSent sent_by(const E& e, const std::shared_ptr<const Counting>& comm) {
  Plan plan(comm->size());
  e.plan(plan);
  PlannedAndSent result;
  for (const Message& message : plan.messages()) result.planned += message.bytes.at(static_cast<std::size_t>(comm->rank()));
  result.messages = static_cast<int>(plan.messages().size());
  comm->take();
  const auto stored = eval(e);
  const auto sent = comm->take();
  result.sent = sent.bytes;
  result.collectives = sent.collectives();
  return result;
}

}  // namespace priel::test
