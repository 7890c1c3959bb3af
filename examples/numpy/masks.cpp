// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Exercises: choosing elements by their values. Under each task NumPy's line; masks.txt is what NumPy prints for them.
#include <priel/priel.hpp>

using namespace priel;

int main(int argc, char** argv) {
  Environment env(argc, argv);

  // 15. What lies between 3 and 8 changes its sign, in place.
  // >>> x = np.arange(11); x[(x > 3) & (x < 8)] *= -1; x
  auto x = arange(11, replicated);
  x((x > 3) & (x < 8)) *= -1;
  print(x);

  // 16. Missing values become the mean of the others.
  // >>> y = np.array([2.0, np.nan, 4.0, 9.0, np.nan]); np.where(np.isnan(y), np.nanmean(y), y)
  const auto y = array({2.0, priel::nan, 4.0, 9.0, priel::nan});
  print(where(isnan(y), nanmean(y), y));

  // 17. The rows in which anything is not zero.
  // >>> m = np.array([[0, 0, 0], [0, 5, 0], [0, 0, 0], [7, 0, 1]]); m[m.any(axis=1)]
  const auto m = array({{0, 0, 0}, {0, 5, 0}, {0, 0, 0}, {7, 0, 1}});
  print(m(any(m, axis<1>)));

  // 18. Where they are.
  // >>> np.argwhere(m)
  print(nonzero(m));

  // 19. Which of the words of one list stand in another.
  // >>> np.isin(np.array([2, 7, 1, 8, 2, 8]), np.array([8, 2]))
  print(isin(array({2, 7, 1, 8, 2, 8}), array({8, 2})));

  // 20. The element nearest to a number.
  // >>> z = np.array([0.3, 2.9, 1.7, 8.1]); z[np.abs(z - 2.2).argmin()]
  const auto z = array({0.3, 2.9, 1.7, 8.1});
  print(take<0>(z, argmin(abs(z - 2.2))));

  // 21. Values cut to an interval, and how many were outside.
  // >>> np.clip(z, 1, 5)
  // >>> np.count_nonzero((z < 1) | (z > 5))
  print(clip(z, 1, 5));
  print(count_nonzero((z < 1) | (z > 5)));
}
