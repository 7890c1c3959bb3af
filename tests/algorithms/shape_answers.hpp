// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's answers about shapes and scans, read from fixtures/shape.txt: numpy_shape("np.roll(x, 2, 0)"); and what a node sends.
#pragma once

#include <tests/core/numpy.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

namespace priel::test {

inline const Answer& numpy_shape(const std::string& key) {
  static const std::map<std::string, Answer> answers = read_answers(std::filesystem::path(__FILE__).parent_path() / "fixtures/shape.txt");
  const auto found = answers.find(key);
  if (found == answers.end()) throw std::logic_error("NumPy was not asked: " + key + " (run fixtures/make_shape_fixture.py)");
  return found->second;
}

// The operands of the same names there.
template <class P, class B = default_backend>
auto operand_x() { return array_of<Array<std::int32_t, 3, P, B>>(numpy_shape("x")); }
template <class P, class B = default_backend>
auto operand_f() { return array_of<Array<float, 3, P, B>>(numpy_shape("f")); }

// The bytes that this rank sends by evaluating a node whose operands live on `comm`, as planned and as sent.
template <class E>
void expect_sends(const E& e, const std::shared_ptr<const Counting>& comm, const std::string& what) {
  Plan plan(comm->size());
  e.plan(plan);
  std::int64_t planned = 0;
  for (const Message& message : plan.messages()) planned += message.bytes.at(static_cast<std::size_t>(comm->rank()));
  comm->take();
  const auto stored = eval(e);
  const auto sent = comm->take();
  expect(sent.bytes == planned, what + ": " + std::to_string(planned) + " bytes planned, " + std::to_string(sent.bytes) + " sent");
}

}  // namespace priel::test
