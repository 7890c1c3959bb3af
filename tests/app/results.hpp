// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What tests of the program read of its results and references, and how they call it.
#pragma once

#include "tests/support/program.hpp"

#include <priel/io/file.hpp>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

namespace priel::test {

using Arguments = std::vector<std::string>;

inline Arguments operator+(Arguments left, const Arguments& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

template <class T>
struct Dataset {
  std::vector<std::int64_t> shape;
  std::vector<T> values;
};

// "file.h5:/dataset", whole.
template <class T>
Dataset<T> read_dataset(const std::string& where) {
  const auto source = io::open_source(where, -1, self());
  Dataset<T> data{source->shape(), {}};
  data.values.resize(static_cast<std::size_t>(std::accumulate(data.shape.begin(), data.shape.end(), std::int64_t{1}, std::multiplies<>())));
  source->read(std::vector<std::int64_t>(data.shape.size(), 0), data.shape, io::element_of<T>(), data.values.data());
  return data;
}

template <class T>
void write_dataset(io::Sink& sink, const std::string& name, const std::vector<std::int64_t>& shape, const std::vector<T>& values) {
  sink.create(name, io::element_of<T>(), shape, {});
  sink.write_all(name, std::vector<std::int64_t>(shape.size(), 0), shape, io::element_of<T>(), values.data());
}

inline std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

// A column of a CSV text, without its header.
inline std::vector<double> column(const std::string& text, int which = 0) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  std::vector<double> values;
  while (std::getline(lines, line)) {
    std::size_t begin = 0;
    for (int skipped = 0; skipped < which; ++skipped) begin = line.find(',', begin) + 1;
    values.push_back(std::stod(line.substr(begin)));
  }
  return values;
}

inline nlohmann::json read_json(const std::string& path) { return nlohmann::json::parse(read_text(path)); }

// The largest |a - b|; infinite where only one of them is NaN, or the numbers of values differ.
template <class A, class B>
double largest_difference(const std::vector<A>& a, const std::vector<B>& b) {
  if (a.size() != b.size()) return INFINITY;
  double result = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    const double difference = std::abs(x - y);
    result = std::isnan(difference) ? INFINITY : std::max(result, difference);
  }
  return result;
}

// Speckle that is the same on every machine.
inline std::vector<float> noise(std::size_t count) {
  std::vector<float> values(count);
  std::uint32_t state = 1;
  for (float& value : values) {
    state = state * 1664525u + 1013904223u;
    value = 1 + static_cast<float>(state >> 8) / (1 << 24);
  }
  return values;
}

// Runs the program, which has to succeed.
inline Outcome require_success(const Arguments& arguments, int ranks = 0) {
  Outcome outcome = run_priel(arguments, ranks);
  BOOST_REQUIRE_MESSAGE(outcome.status == 0, "priel " << arguments[0] << ' ' << arguments[1] << " ended with " << outcome.status << ": " << outcome.errors);
  return outcome;
}

// The same for several calls, each with its number of ranks, some at a time: starting a program is mostly waiting.
inline std::vector<Outcome> require_success(const std::vector<std::pair<Arguments, int>>& calls) {
  std::vector<std::future<Outcome>> running;
  for (const auto& [arguments, ranks] : calls)
    running.push_back(std::async(std::launch::async, [&arguments = arguments, ranks = ranks] { return run_priel(arguments, ranks); }));
  std::vector<Outcome> outcomes;
  for (auto& each : running) outcomes.push_back(each.get());
  for (std::size_t i = 0; i < calls.size(); ++i)
    BOOST_REQUIRE_MESSAGE(outcomes[i].status == 0, "call " << i << " of priel " << calls[i].first[0] << " ended with " << outcomes[i].status << ": "
                                                           << outcomes[i].errors);
  return outcomes;
}

// Command lines that the program has to refuse, alone and (unless a few of the kind do) on three ranks: with one line on stderr, nothing on stdout, the status,
// within ten seconds. They are run at the end, some at a time: what fails on ranks takes mpirun a second or two to clear away.
class Refusals {
 public:
  void add(Arguments arguments, std::string said, int status = 2) { refusals_.push_back({std::move(arguments), std::move(said), status, true}); }
  void add_alone(Arguments arguments, std::string said, int status = 2) { refusals_.push_back({std::move(arguments), std::move(said), status, false}); }

  void check() const {
    constexpr std::size_t at_once = 5;
    for (std::size_t first = 0; first < refusals_.size(); first += at_once) {
      std::vector<std::future<std::pair<Outcome, Outcome>>> outcomes;
      for (std::size_t i = first; i < std::min(first + at_once, refusals_.size()); ++i)
        outcomes.push_back(std::async(std::launch::async, [&refusal = refusals_[i]] {
          return std::pair(run_priel(refusal.arguments, 0, 10), refusal.on_ranks ? run_priel(refusal.arguments, 3, 10) : Outcome());
        }));
      for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const auto [alone, together] = outcomes[i].get();
        judge(refusals_[first + i], alone, "alone");
        if (refusals_[first + i].on_ranks) judge(refusals_[first + i], together, "on three ranks");
      }
    }
  }

 private:
  struct Refusal {
    Arguments arguments;
    std::string said;
    int status;
    bool on_ranks;
  };

  static void judge(const Refusal& refusal, const Outcome& outcome, const std::string& how) {
    std::string line = how + ": priel";
    for (const std::string& argument : refusal.arguments) line += " " + argument;
    BOOST_TEST_CONTEXT(line << '\n' << outcome.errors) {
      BOOST_TEST(outcome.status == refusal.status);
      BOOST_TEST(outcome.output.empty());
      BOOST_TEST(outcome.errors.starts_with("priel: "));
      BOOST_TEST(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
      BOOST_TEST(outcome.errors.find(refusal.said) != std::string::npos, "it does not say '" << refusal.said << "'");
    }
  }

  std::vector<Refusal> refusals_;
};

inline void check_refused(const Arguments& arguments, const std::string& said, int status = 2) {
  Refusals refusals;
  refusals.add(arguments, said, status);
  refusals.check();
}

}  // namespace priel::test
