// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Exercises: arithmetic, element by element and along axes. Under each task NumPy's line; arithmetic.txt is what NumPy prints for them.
#include <priel/priel.hpp>

using namespace priel;

int main(int argc, char** argv) {
  Environment env(argc, argv);

  // 9. Temperatures in degrees Fahrenheit, to one decimal.
  // >>> np.round(np.array([-40.0, -3.5, 0.0, 21.7, 100.0]) * 9 / 5 + 32, 1)
  print(round(array({-40.0, -3.5, 0.0, 21.7, 100.0}) * 9 / 5 + 32, 1));

  // 10. Points of the plane in polar coordinates: a row of radii, a row of angles in degrees.
  // >>> p = np.array([[3.0, 4.0], [0.0, 2.0], [-1.0, 1.0], [1.0, -1.0]])
  // >>> np.stack([np.hypot(p[:, 0], p[:, 1]), np.rad2deg(np.arctan2(p[:, 1], p[:, 0]))])
  const auto p = array<double>({{3, 4}, {0, 2}, {-1, 1}, {1, -1}});
  print(stack(axis<0>, hypot(p(all, 0), p(all, 1)), rad2deg(arctan2(p(all, 1), p(all, 0)))));

  // 11. Every column of a matrix brought to mean 0 and deviation 1.
  // >>> a = np.arange(12.0).reshape(4, 3) ** 2
  // >>> (a - a.mean(axis=0)) / a.std(axis=0)
  const auto a = eval(square(reshape(arange(12.0), {4, 3})));
  print((a - mean(a, axis<0>)) / stddev(a, axis<0>));

  // 12. Which of the numbers 1 to 20 are powers of two.
  // >>> n = np.arange(1, 21); n[(n & (n - 1)) == 0]
  const auto n = arange(1, 21, replicated);
  print(n((n & (n - 1)) == 0));

  // 13. The fraction of each row in its sum.
  // >>> b = np.array([[1.0, 1.0, 2.0], [3.0, 5.0, 8.0]]); b / b.sum(axis=1, keepdims=True)
  const auto b = array<double>({{1, 1, 2}, {3, 5, 8}});
  print(b / sum(b, axis<1>, keepdims));

  // 14. What a sum of a tenth, taken ten times, lacks of one: not 0, but close to it.
  // >>> c = np.cumsum(np.full(10, 0.1)); np.stack([c[-1] == 1, np.isclose(c[-1], 1)])
  const auto c = cumsum(full<double>({10}, 0.1, replicated), axis<0>);
  print(stack(axis<0>, c(-1) == 1, isclose(c(-1), 1)));
}
