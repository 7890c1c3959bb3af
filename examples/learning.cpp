// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a tide gauge tells of the weather: its samples clustered, scaled, and a sparse model of the water level. Every rank has its rows.
//   mpirun -n 3 learning examples/gauge/weather.csv examples/gauge/level.csv
#include <priel/algorithms/kmeans.hpp>
#include <priel/algorithms/lasso.hpp>
#include <priel/algorithms/standard_scaler.hpp>
#include <priel/priel.hpp>

#include <iostream>

using namespace priel;

int main(int argc, char** argv) {
  Environment env(argc, argv);
  if (argc != 3) {
    env.on_root([] { std::cerr << "usage: learning WEATHER.csv LEVEL.csv\n"; });
    return 2;
  }
  const auto weather = io::load<double, 2>(argv[1], split<0>);        // (n, 5): wind, pressure, tide, temperature, salinity
  const auto level = io::load<double, 1>(argv[2], split<0>);          // (n)

  const auto kinds = KMeans{.clusters = 3, .seed = 1}.fit(weather(all, range(0, 2)));   // by wind and pressure
  env.on_root([] { std::cout << "Wind and pressure of three kinds of weather:\n"; });
  print(round(kinds.centroids));                                      // on every rank; the labels are by rows, as weather is

  const auto scaler = StandardScaler{}.fit(weather);                  // means and variances, on every rank
  const Array<double, 2, Split<0>> x = scaler.transform(weather);
  const auto model = Lasso{.lambda = 0.02}.fit(x, level);
  env.on_root([&] { std::cout << "The mean level is " << model.intercept << " m; a standard deviation of each quantity adds\n"; });
  print(round(model.coefficients, 3));
  const double explained = model.score(x, level);
  env.on_root([&] { std::cout << "which explains " << explained << " of the variance\n"; });
}
