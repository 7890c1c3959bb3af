// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The part of tests/numpy/rows.hpp that no type changes.
#include <tests/numpy/rows.hpp>

namespace priel::test::detail {

std::vector<std::string> cases_of(const std::vector<int>& ranks) {
  static const std::vector<std::vector<std::string>> whole = {{""}, {"0", "1", "7", "70"}, {"5,3", "0,3", "1,1", "3,0", "7,10"}, {"2,3,4", "0,2,2", "5,1,3"}, {"2,1,3,2", "1,2,0,2"}};
  if (ranks.empty()) return {"none"};
  const int most = *std::max_element(ranks.begin(), ranks.end());
  std::vector<std::string> cases = whole.at(static_cast<std::size_t>(most));
  for (std::string& text : cases) {   // operands of lower rank have the last extents
    std::string all;
    for (const int rank : ranks) {
      std::string shape = text;
      for (int drop = most - rank; drop > 0; --drop) shape = shape.find(',') == std::string::npos ? "" : shape.substr(shape.find(',') + 1);
      all += ";" + shape;
    }
    text = all.substr(1);
  }
  return cases;
}

void compare(const NumpyAnswer& answer, std::size_t number, const std::string& type, const Size* shape, const Size* lower, const Size* extent, int rank,
             const void* values, const Tolerance& tolerance) {
  if (!answer.raised.empty()) return;   // told by the caller
  if (number >= answer.results.size()) throw Difference("NumPy has " + std::to_string(answer.results.size()) + " results");
  const std::string what = difference(answer.results[number], type, {shape, shape + rank}, {lower, lower + rank}, {extent, extent + rank}, values, tolerance);
  if (!what.empty()) throw Difference((answer.results.size() > 1 ? "result " + std::to_string(number) + ": " : "") + what);
}

void run_row(const std::string& line, const std::string& type, const std::string& where, const std::vector<int>& ranks, const RowOptions& options,
             void (*run)(const void*, const NumpyAnswer&, const Tolerance&), const void* function, bool several) {
  if (world()->size() > 1) return;   // ranks are simulated here
  const auto cases = options.shapes.empty() ? cases_of(ranks) : options.shapes;
  const auto answers = ask_numpy(line, type, options.input, cases);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::string what = line + " of " + type + " [" + cases[i] + "], " + where;
    for (const int p : {1, 2, 3, 4}) {
      if (p == 1 ? several : !several && p != 3) continue;   // one rank tells nothing of a split, every number the same of a replicated array
      std::mutex mutex;
      std::string difference;
      bool finished = false;
      try {
        simulate(p, [&] {
          try {
            run(function, answers[i], {options.ulps, options.absolute});
            const std::lock_guard lock(mutex);
            finished = true;
          } catch (const Difference& error) {
            const std::lock_guard lock(mutex);
            difference = error.what();
          }
        });
        if (finished && !answers[i].raised.empty()) BOOST_ERROR(what << ", p = " << p << ": NumPy raises " << answers[i].raised << ", here is a result");
        else if (!difference.empty()) BOOST_ERROR(what << ", p = " << p << ": " << difference);
      } catch (const std::exception& error) {
        if (answers[i].raised.empty()) BOOST_ERROR(what << ", p = " << p << ": " << error.what());
      }
    }
  }
}

}  // namespace priel::test::detail
