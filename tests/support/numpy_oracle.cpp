// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

#include "numpy_oracle.hpp"

#include "dtype.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <type_traits>

namespace priel::test {
namespace {

// The Python process, from the first question to the end of the program.
class Oracle {
 public:
  Oracle() {
    int to[2], from[2];
    if (pipe(to) != 0 || pipe(from) != 0) throw std::runtime_error("no pipe to Python");
    std::signal(SIGPIPE, SIG_IGN);
    const pid_t child = fork();
    if (child == 0) {
      dup2(to[0], STDIN_FILENO);
      dup2(from[1], STDOUT_FILENO);
      for (const int file : {to[0], to[1], from[0], from[1]}) close(file);
      const char* const python = std::getenv("PRIEL_NUMPY_PYTHON");
      execlp(python ? python : PRIEL_NUMPY_PYTHON, "python3", PRIEL_NUMPY_ORACLE, static_cast<char*>(nullptr));
      _exit(127);
    }
    close(to[0]);
    close(from[1]);
    questions_ = fdopen(to[1], "w");
    answers_ = fdopen(from[0], "r");
    process_ = child;
  }
  ~Oracle() {
    std::fclose(questions_);
    std::fclose(answers_);
    waitpid(process_, nullptr, 0);
  }

  std::vector<NumpyAnswer> ask(const std::string& question) {
    std::fputs((question + "\n").c_str(), questions_);
    std::fflush(questions_);
    std::vector<NumpyAnswer> answers(count());
    for (NumpyAnswer& answer : answers) {
      answer.raised = text();
      for (auto* const arrays : {&answer.operands, &answer.results}) {
        arrays->resize(count());
        for (NumpyArray& array : *arrays) array = read_array();
      }
    }
    return answers;
  }

 private:
  void read(void* data, std::size_t bytes) {
    if (std::fread(data, 1, bytes, answers_) != bytes)
      throw std::runtime_error("NumPy did not answer: does `python3 -c 'import numpy'` work? (PRIEL_NUMPY_PYTHON names another Python)");
  }
  Size number() {
    Size value = 0;
    read(&value, sizeof value);
    return value;
  }
  std::size_t count() { return static_cast<std::size_t>(number()); }
  std::string text() {
    std::string value(count(), ' ');
    read(value.data(), value.size());
    return value;
  }
  NumpyArray read_array() {
    NumpyArray array;
    array.type = text();
    array.shape.resize(count());
    for (Size& extent : array.shape) extent = number();
    array.bytes.resize(count());
    read(array.bytes.data(), array.bytes.size());
    return array;
  }

  std::FILE* questions_ = nullptr;
  std::FILE* answers_ = nullptr;
  pid_t process_ = 0;
};

std::string words(const std::vector<Size>& shape) {
  std::string text = "(";
  for (const Size n : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(n);
  return text + ")";
}

template <class T>
bool close_enough(T a, T b, const Tolerance& tolerance) {
  if (a == b || (a != a && b != b)) return true;
  if constexpr (std::is_integral_v<T>) return false;
  else {
    using Real = decltype(std::abs(a));
    const double size = std::max<double>(std::abs(a), std::abs(b)), apart = std::abs(a - b);
    if (!std::isfinite(size)) return false;
    return apart <= tolerance.ulps * static_cast<double>(std::numeric_limits<Real>::epsilon()) * size + tolerance.absolute;
  }
}

// Infinities and NaN of either part are compared part by part.
template <class R>
bool close_enough(std::complex<R> a, std::complex<R> b, const Tolerance& tolerance) {
  if (std::isfinite(std::abs(a)) && std::isfinite(std::abs(b))) {
    const double size = std::max<double>(std::abs(a), std::abs(b)), apart = std::abs(a - b);
    return apart <= tolerance.ulps * static_cast<double>(std::numeric_limits<R>::epsilon()) * size + tolerance.absolute;
  }
  return close_enough(a.real(), b.real(), tolerance) && close_enough(a.imag(), b.imag(), tolerance);
}

template <class T>
std::string differing(const NumpyArray& expected, const std::vector<Size>& lower, const std::vector<Size>& extent, const void* values,
                      const Tolerance& tolerance) {
  Size n = 1;
  for (const Size e : extent) n *= e;
  const std::size_t rank = extent.size();
  std::vector<Size> index(rank);
  for (Size i = 0; i < n; ++i) {
    Size at = 0;
    for (std::size_t a = 0; a < rank; ++a) at = at * expected.shape[a] + lower[a] + index[a];
    T mine, theirs;
    std::memcpy(&mine, static_cast<const char*>(values) + i * static_cast<Size>(sizeof(T)), sizeof(T));
    std::memcpy(&theirs, expected.bytes.data() + at * static_cast<Size>(sizeof(T)), sizeof(T));
    if (!close_enough(mine, theirs, tolerance)) {
      std::vector<Size> global = index;
      for (std::size_t a = 0; a < rank; ++a) global[a] += lower[a];
      std::ostringstream text;
      text.precision(17);
      text << "at " << words(global) << " of " << words(expected.shape) << " NumPy has " << +theirs << ", here is " << +mine;
      return text.str();
    }
    for (std::size_t a = rank; a-- > 0;) {
      if (++index[a] < extent[a]) break;
      index[a] = 0;
    }
  }
  return "";
}

}  // namespace

std::vector<NumpyAnswer> ask_numpy(const std::string& line, const std::string& type, const std::string& input, const std::vector<std::string>& cases) {
  static std::mutex mutex;
  static Oracle oracle;
  static std::map<std::string, std::vector<NumpyAnswer>> known;
  std::string question = line + "\t" + type + "\t" + input + "\t";
  for (std::size_t i = 0; i < cases.size(); ++i) question += (i > 0 ? "|" : "") + cases[i];
  const std::lock_guard lock(mutex);
  const auto found = known.find(question);
  return found != known.end() ? found->second : known.emplace(question, oracle.ask(question)).first->second;
}

std::string difference(const NumpyArray& expected, const std::string& type, const std::vector<Size>& shape, const std::vector<Size>& lower,
                       const std::vector<Size>& extent, const void* values, const Tolerance& tolerance) {
  if (expected.type != type) return "elements are " + expected.type + " to NumPy, here " + type;
  if (expected.shape != shape) return "the shape is " + words(expected.shape) + " to NumPy, here " + words(shape);
  const auto by = [&]<class T>(std::type_identity<T>) { return differing<T>(expected, lower, extent, values, tolerance); };
  if (type == "bool" || type == "uint8") return by(std::type_identity<std::uint8_t>{});
  if (type == "int8") return by(std::type_identity<std::int8_t>{});
  if (type == "int16") return by(std::type_identity<std::int16_t>{});
  if (type == "uint16") return by(std::type_identity<std::uint16_t>{});
  if (type == "int32") return by(std::type_identity<std::int32_t>{});
  if (type == "uint32") return by(std::type_identity<std::uint32_t>{});
  if (type == "int64") return by(std::type_identity<std::int64_t>{});
  if (type == "uint64") return by(std::type_identity<std::uint64_t>{});
  if (type == "float32") return by(std::type_identity<float>{});
  if (type == "float64") return by(std::type_identity<double>{});
  if (type == "complex64") return by(std::type_identity<std::complex<float>>{});
  if (type == "complex128") return by(std::type_identity<std::complex<double>>{});
  return "no comparison for elements of type " + type;
}

}  // namespace priel::test
