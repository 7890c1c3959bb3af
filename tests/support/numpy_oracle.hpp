// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy, asked while the tests run: a line of Python and its random operands in, operands and results out.
#pragma once

#include <priel/shape.hpp>

#include <string>
#include <vector>

namespace priel::test {

// An array of NumPy's, C order.
struct NumpyArray {
  std::string type;
  std::vector<Size> shape;
  std::vector<char> bytes;
};

struct NumpyAnswer {
  std::string raised;   // what NumPy says if it raises
  std::vector<NumpyArray> operands, results;
};

// What numpy_oracle.py makes of a line for each case: the shapes of the operands a, b, c, as in "5,3;3"; "none" has no operand.
// `input` is the kind of random values. Throws std::runtime_error where Python or NumPy is missing.
std::vector<NumpyAnswer> ask_numpy(const std::string& line, const std::string& type, const std::string& input, const std::vector<std::string>& cases);

// How far from NumPy's an element may be: units in the last place of the larger, and an absolute distance.
struct Tolerance {
  double ulps = 0, absolute = 0;
};

// What differs between NumPy's array and the part of ours from `lower` on with `extent`; empty if nothing does. NaN equals NaN,
// zeros of both signs are equal; complex numbers are compared by their distance.
std::string difference(const NumpyArray& expected, const std::string& type, const std::vector<Size>& shape, const std::vector<Size>& lower,
                       const std::vector<Size>& extent, const void* values, const Tolerance& tolerance);

}  // namespace priel::test
