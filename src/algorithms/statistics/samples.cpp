// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The sentences about samples that an estimator cannot use.
#include <priel/algorithms/detail/samples.hpp>

#include <cmath>
#include <limits>
#include <sstream>

namespace priel::detail {
namespace {

std::string text(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

std::string counted(Size n, const char* one) { return std::to_string(n) + " " + one + (n == 1 ? "" : "s"); }

struct Bad {
  Size place;
  double value;
};

template <class T>
[[noreturn]] void refuse(const char* name, const char* what, const Communicator* comm, Size first, Size columns, const T* values, Size count) {
  constexpr Size none = std::numeric_limits<Size>::max();
  Bad bad{none, 0};
  for (Size i = 0; i < count && bad.place == none; ++i)
    if (!std::isfinite(values[i])) bad = {first + i, static_cast<double>(values[i])};
  if (comm != nullptr)
    comm->all_reduce(&bad, 1, sizeof(Bad), [](void* into, const void* from, Size n) {
      for (Size i = 0; i < n; ++i)
        if (static_cast<const Bad*>(from)[i].place < static_cast<Bad*>(into)[i].place) static_cast<Bad*>(into)[i] = static_cast<const Bad*>(from)[i];
    });
  const std::string who = std::string(name) + ": " + what + " has ";
  if (bad.place == none) throw InputError(who + "values so large that their sums or squares overflow: scale them down");
  const Size row = columns > 0 ? bad.place / columns : bad.place;
  const std::string value = std::isnan(bad.value) ? "nan" : bad.value > 0 ? "inf" : "-inf";
  throw InputError(who + value + " in row " + std::to_string(row) + (columns > 0 ? ", column " + std::to_string(bad.place % columns) : "") +
                   ": all values must be finite; leave out such rows or fill in values");
}

}  // namespace

void check_samples(const char* name, const Shape<2>& x, Size at_least) {
  if (x[0] < at_least)
    throw InputError(std::string(name) + ": x " + to_string(x) + " has too few samples: at least " + std::to_string(at_least) + (at_least == 1 ? " is" : " are") + " needed");
  if (x[1] < 1) throw InputError(std::string(name) + ": x " + to_string(x) + " has no features: at least 1 is needed");
}

void check_rows(const char* name, Size rows_of_x, const char* other, Size rows) {
  if (rows_of_x != rows)
    throw ShapeError(std::string(name) + ": x has " + counted(rows_of_x, "row") + " and " + other + " has " + std::to_string(rows) +
                     ": they need one for each sample");
}

void check_fitted(const char* name, Size features, const Shape<2>& x) {
  if (x[1] != features)
    throw ShapeError(std::string(name) + ": x " + to_string(x) + " has " + counted(x[1], "feature") + ", the model was fitted to " + std::to_string(features));
}

void check_parameter(bool holds, const char* name, const char* parameter, double value, const char* must) {
  if (!holds) throw InputError(std::string(name) + ": " + parameter + " = " + text(value) + " is out of range: it must be " + must);
}

void refuse_values(const char* name, const char* what, const Communicator* comm, Size first, Size columns, const float* values, Size count) {
  refuse(name, what, comm, first, columns, values, count);
}
void refuse_values(const char* name, const char* what, const Communicator* comm, Size first, Size columns, const double* values, Size count) {
  refuse(name, what, comm, first, columns, values, count);
}

}  // namespace priel::detail
