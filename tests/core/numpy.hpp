// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's answers, read from fixtures/numpy.txt: numpy("x[1:4]"), numpy<float>("a + b"); and arrays compared with them.
#pragma once

#include <tests/support/arrays.hpp>
#include <tests/support/dtype.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace priel::test {

// An array of NumPy's. Values are kept as text, because a double does not hold every int64.
struct Answer {
  std::string key, type;
  std::vector<Size> shape;
  std::vector<std::string> values;

  template <class T>
  T at(std::size_t i) const {
    if constexpr (std::is_floating_point_v<T>) return static_cast<T>(std::strtod(values[i].c_str(), nullptr));
    else if constexpr (std::is_same_v<T, std::uint64_t>) return std::strtoull(values[i].c_str(), nullptr, 10);
    else return static_cast<T>(std::strtoll(values[i].c_str(), nullptr, 10));
  }
};

// By key. A fixture beside another test is read the same way.
inline std::map<std::string, Answer> read_answers(const std::filesystem::path& path) {
  std::map<std::string, Answer> result;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    Answer answer;
    std::string shape, values;
    std::istringstream fields(line);
    std::getline(std::getline(std::getline(std::getline(fields, answer.key, '\t'), answer.type, '\t'), shape, '\t'), values);
    std::istringstream extents(shape), words(values);
    for (Size n = 0; extents >> n;) answer.shape.push_back(n);
    for (std::string word; words >> word;) answer.values.push_back(word);
    result.emplace(answer.key, answer);
  }
  return result;
}

inline const std::map<std::string, Answer>& numpy_answers() {
  static const std::map<std::string, Answer> answers = read_answers(std::filesystem::path(__FILE__).parent_path() / "fixtures/numpy.txt");
  return answers;
}

inline const Answer& numpy(const std::string& key) {
  const auto found = numpy_answers().find(key);
  if (found == numpy_answers().end()) throw std::logic_error("NumPy was not asked: " + key + " (run fixtures/make_numpy_fixture.py)");
  return found->second;
}
template <class T>
const Answer& numpy(const std::string& key) { return numpy(std::string(numpy_name<T>) + ": " + key); }

// The answer as an array.
template <class A>
A array_of(const Answer& answer) {
  Shape<A::rank> shape;
  for (int a = 0; a < A::rank; ++a) shape[a] = answer.shape.at(static_cast<std::size_t>(a));
  const auto strides = strides_of(shape);
  return filled<A>(shape, [&](const Index<A::rank>& i) {
    Size at = 0;
    for (int a = 0; a < A::rank; ++a) at += strides[a] * i[a];
    return answer.at<value_of<A>>(static_cast<std::size_t>(at));
  });
}

// Whether two values are equal up to `ulps` units in the last place; NaN equals NaN; zeros of both signs are equal.
template <class T>
bool close(T a, T b, int ulps) {
  if (same(a, b)) return true;
  if constexpr (std::is_floating_point_v<T>)
    return ulps > 0 && std::abs(a - b) <= static_cast<T>(ulps) * std::numeric_limits<T>::epsilon() * std::max(std::abs(a), std::abs(b));
  else return false;
}

// Type, shape and this rank's values; throws where they differ.
template <class A>
void expect_equal(const A& array, const Answer& answer, int ulps, const std::string& where) {
  using T = value_of<A>;
  const std::string what = where + ": " + answer.key;
  expect(answer.type == numpy_name<T>, what + " is " + answer.type + " to NumPy, here " + numpy_name<T>);
  expect(answer.shape.size() == A::rank, what + " has another rank");
  for (int a = 0; a < A::rank; ++a)
    expect(array.shape()[a] == answer.shape[static_cast<std::size_t>(a)], what + " has shape " + to_string(array.shape()));
  const auto values = shard_of(array);
  const auto& part = array.part();
  const auto strides = strides_of(array.shape());
  Index<A::rank> i;
  for (const auto& value : values) {
    Size at = 0;
    for (int a = 0; a < A::rank; ++a) at += strides[a] * (part.lower[a] + i[a]);
    const auto expected = answer.at<T>(static_cast<std::size_t>(at));
    if (!close<T>(static_cast<T>(value), expected, ulps)) {
      std::ostringstream text;
      text.precision(17);
      text << what << " at " << at << ": " << +expected << " to NumPy, here " << +value;
      throw std::logic_error(text.str());
    }
    advance(part.extent, i);
  }
}

}  // namespace priel::test
