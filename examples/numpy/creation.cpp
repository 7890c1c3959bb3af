// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Exercises: making arrays. Under each task NumPy's line; creation.txt is what NumPy prints for them, and what this program prints.
#include <priel/priel.hpp>

using namespace priel;

int main(int argc, char** argv) {
  Environment env(argc, argv);

  // 1. Ten zeros, of which the fifth becomes a one.
  // >>> x = np.zeros(10); x[4] = 1; x
  auto x = zeros<double>({10}, replicated);
  x(4) = 1;
  print(x);

  // 2. The even numbers from 10 to 38, backwards.
  // >>> np.arange(10, 40, 2)[::-1]
  print(arange(10, 40, 2)(range({}, {}, -1)));

  // 3. The numbers 0 to 8 in three rows.
  // >>> np.arange(9).reshape(3, 3)
  print(reshape(arange(9), {3, 3}));

  // 4. A frame of ones round a field of zeros.
  // >>> np.pad(np.zeros((3, 4)), 1, constant_values=1)
  print(pad(zeros<double>({3, 4}), {{1, 1}, {1, 1}}, 1));

  // 5. A chessboard, from the sum of its indices.
  // >>> np.arange(8)[:, None] % 2 ^ np.arange(8) % 2
  print(arange(8)(all, newaxis) % 2 ^ arange(8) % 2);

  // 6. Five points that cut the interval from 0 to 1 into equal parts, without its ends.
  // >>> np.linspace(0, 1, 7)[1:-1]
  print(linspace(0, 1, 7)(range(1, -1)));

  // 7. The table of the products of 1 to 6.
  // >>> np.outer(np.arange(1, 7), np.arange(1, 7))
  print(outer(arange(1, 7), arange(1, 7)));

  // 8. A matrix with 1, 2, 3, 4 just below its diagonal.
  // >>> np.diag(np.array([1, 2, 3, 4]), k=-1)
  print(diag(array({1, 2, 3, 4}), -1));
}
