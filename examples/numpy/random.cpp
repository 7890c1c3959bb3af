// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Exercises: random numbers, the same on any number of ranks. Under each task NumPy's line; the numbers are others, what is printed of
// them is the same: random.txt.
#include <priel/priel.hpp>

using namespace priel;

int main(int argc, char** argv) {
  Environment env(argc, argv);
  constexpr Size n = 1000000;

  // 35. Pi, to two digits, from a million points in a square. No point is stored anywhere.
  // >>> rng = np.random.default_rng(1); n = 1000000; x, y = rng.random(n), rng.random(n); np.round(4 * np.mean(x**2 + y**2 < 1), 2)
  print(round(4 * mean(square(random::uniform<double>({n}, 1)) + square(random::uniform<double>({n}, 2)) < 1), 2));

  // 36. A pack of 52 cards is shuffled; sorted again, no card is missing.
  // >>> cards = rng.permutation(52); np.all(np.sort(cards) == np.arange(52))
  const auto cards = random::permutation(52, split<0>, 7);
  print(all(sort(cards, axis<0>) == arange(52)));

  // 37. Six numbers out of 49, all different.
  // >>> np.all(np.diff(np.sort(rng.choice(np.arange(1, 50), 6, replace=False))) > 0)
  const auto lottery = eval(random::choice(arange(1, 50), {6}, random::without_replacement, 3));
  print(all(diff(sort(lottery, axis<0>), axis<0>) > 0));

  // 38. A loaded coin, thrown a million times: how often it shows heads, to two digits.
  // >>> np.round(np.mean(rng.choice(2, n, p=[0.3, 0.7])), 2)
  print(round(mean(random::choice(arange(2), array({0.3, 0.7}), {n}, 5)), 2));

  // 39. Rolling two dice: the most frequent sum.
  // >>> np.bincount(rng.integers(1, 7, n) + rng.integers(1, 7, n)).argmax()
  print(argmax(bincount(random::integers<int>(1, 7, {n}, 8) + random::integers<int>(1, 7, {n}, 9), 13)));
}
