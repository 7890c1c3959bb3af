// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Exercises: matrices, distances, equations. Under each task NumPy's line; linear.txt is what NumPy prints for them.
#include <priel/priel.hpp>

using namespace priel;

int main(int argc, char** argv) {
  Environment env(argc, argv);

  // 29. The distances between all pairs of points, which are spread over the ranks; all of them are needed once by each.
  // >>> p = np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]); np.sqrt(((p[:, None] - p[None]) ** 2).sum(axis=2))
  const auto p = array<double>({{0, 0}, {3, 4}, {6, 8}}, split<0>);
  print(cdist(p, redistribute(p, replicated)));

  // 30. Three equations with three unknowns.
  // >>> a = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]]); np.linalg.solve(a, np.array([4.0, 10.0, 14.0]))
  const auto a = array<double>({{2, 1, 0}, {1, 3, 1}, {0, 1, 4}});
  print(round(linalg::solve(a, array({4.0, 10.0, 14.0})), 6));

  // 31. The diagonal of a product, without the product.
  // >>> b = np.arange(9.0).reshape(3, 3); np.sum(a * b.T, axis=1)
  const auto b = eval(reshape(arange(9.0), {3, 3}));
  print(sum(a * transpose(b), axis<1>));

  // 32. The straight line nearest to measured points: its slope and its height at 0.
  // >>> t = np.array([0.0, 1.0, 2.0, 3.0]); np.round(np.polyfit(t, np.array([1.0, 3.5, 4.5, 7.0]), 1), 6)
  const auto t = array({0.0, 1.0, 2.0, 3.0});
  print(round(polyfit(t, array({1.0, 3.5, 4.5, 7.0}), 1), 6));

  // 33. A number of Fibonacci's, from a power of a matrix.
  // >>> np.linalg.matrix_power(np.array([[1, 1], [1, 0]]), 30)[0, 1]
  print(linalg::matrix_power(array({{1, 1}, {1, 0}}), 30)(0, 1));

  // 34. How much two series vary together.
  // >>> np.cov(np.array([[1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.0]]))
  print(cov(array<double>({{1, 2, 3, 4}, {2, 1, 4, 3}})));
}
