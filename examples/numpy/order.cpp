// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Exercises: sorting, counting, neighbours on a line. Under each task NumPy's line; order.txt is what NumPy prints for them.
#include <priel/priel.hpp>

using namespace priel;

int main(int argc, char** argv) {
  Environment env(argc, argv);

  // 22. The rows of a table in the order of its second column. The table is spread over the ranks, and so is the result.
  // >>> t = np.array([[1, 30], [2, 10], [3, 20], [4, 0]]); t[np.argsort(t[:, 1], kind="stable")]
  const auto t = array({{1, 30}, {2, 10}, {3, 20}, {4, 0}}, split<0>);
  print(take<0>(t, argsort(t(all, 1), axis<0>)));

  // 23. The three largest numbers, in increasing order.
  // >>> v = np.array([4, 1, 9, 7, 2, 7, 0]); np.sort(v)[-3:]
  const auto v = array({4, 1, 9, 7, 2, 7, 0});
  print(sort(v, axis<0>)(range(-3, {})));

  // 24. The place of each element in the sorted array.
  // >>> np.argsort(np.argsort(v, kind="stable"), kind="stable")
  print(argsort(argsort(v, axis<0>), axis<0>));

  // 25. The most frequent number.
  // >>> np.bincount(v).argmax()
  print(argmax(bincount(v, 10)));

  // 26. The mean of every three neighbours.
  // >>> np.convolve(np.arange(8.0) ** 2, np.ones(3) / 3, mode="valid")
  print(convolve(square(arange(8.0)), full<double>({3}, 1 / 3.0), Mode::valid));

  // 27. Where a line of heights has its peaks.
  // >>> h = np.array([1, 3, 2, 2, 5, 4, 6, 0]); np.flatnonzero((h[1:-1] > h[:-2]) & (h[1:-1] > h[2:])) + 1
  const auto h = array({1, 3, 2, 2, 5, 4, 6, 0});
  print(flatnonzero((h(range(1, -1)) > h(range(-2))) & (h(range(1, -1)) > h(range(2, {})))) + 1);

  // 28. How many of the exam's marks are in each class.
  // >>> np.histogram(np.array([12.0, 55.5, 99.0, 71.0, 64.0, 100.0, 0.0]), bins=4, range=(0, 100))[0]
  print(histogram(array({12.0, 55.5, 99.0, 71.0, 64.0, 100.0, 0.0}), 4, 0, 100));
}
