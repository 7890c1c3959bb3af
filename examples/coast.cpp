// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Anomaly maps and a hotspot map of a coast: the whole pipeline in the language. The types say who holds what.
//   mpirun -n 4 coast scene.h5 out.h5       (a scene as `priel coast synth` writes it)
#include <priel/priel.hpp>

#include <iostream>

using namespace priel;

int main(int argc, char** argv) {
  Environment env(argc, argv);                                        // MPI, threads; works without mpirun too
  if (argc != 3) {
    env.on_root([] { std::cerr << "usage: coast SCENE.h5 OUTPUT.h5\n"; });
    return 2;
  }
  const std::string scene = argv[1], output = argv[2];

  Array<float, 3, Split<0>> images = io::load<float, 3>(scene + ":/sigma0", split<0>);   // (T, H, W), by date
  auto pixels = nonzero(io::load<unsigned char, 2>(scene + ":/mask", replicated));       // (N, 2), replicated

  auto X = patches(10 * log10(maximum(images, 1e-6f)), pixels, 7);    // lazy (N, T, 49); its type is Split<1>
  Array<float, 2, Split<0>> S = vmap(lof(20, 60), redistribute(X, split<0>));            // (N, T)

  auto threshold = mean(S, axis<0>) + 3 * stddev(S, axis<0>);         // nothing runs yet
  Array<bool, 2, Split<0>> anomalous = S > threshold;
  Array<float, 1, Split<0>> hotspots = mean(astype<float>(anomalous), axis<1>);

  auto [T, H, W] = images.shape();
  Array<signed char, 3, Split<0>> maps = scatter(full<signed char>({T, H, W}, -1), pixels, where(anomalous, 1, -1));
  Array<float, 2> map = scatter(full<float>({H, W}, priel::nan), pixels, hotspots);             // replicated

  static_assert(std::is_same_v<policy_of<decltype(X)>, Split<1>>);    // patches N×T×p², by date as the images are
  io::save(output + ":/anomalies", maps);
  io::save(output + ":/hotspots", map);
  const double share = item(mean(hotspots));
  env.on_root([&] { std::cout << "anomalous: " << 100 * share << " % of all samples\n"; });
}
