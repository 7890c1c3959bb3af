// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Split<0> -> Split<1> of 8192 x 8192 floats beside packing and MPI_Alltoallv by hand: mpirun -n 2 redistribute [rounds]. Prints a
// line of JSON; exits with 1 where the result or the bytes that `explain` says are wrong.
#include <priel/priel.hpp>

#include <mpi.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

using namespace priel;

constexpr Size n = 8192;

// The slowest rank's seconds.
template <class F>
double seconds(F&& f) {
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = MPI_Wtime();
  f();
  double mine = MPI_Wtime() - start, slowest = 0;
  MPI_Allreduce(&mine, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return slowest;
}

// n rows and columns divide by the ranks: a block of each rank's rows and each rank's columns, all of one size.
class ByHand {
 public:
  explicit ByHand(int ranks) : ranks_(ranks), rows_(n / ranks), send_(static_cast<std::size_t>(rows_ * n)) {
    for (int r = 0; r < ranks; ++r) {
      counts_.push_back(static_cast<int>(rows_ * rows_));
      starts_.push_back(static_cast<int>(r * rows_ * rows_));
    }
  }
  // What arrives from a rank are consecutive rows of the target: nothing to unpack.
  void operator()(const float* from, float* to) {
    for (int r = 0; r < ranks_; ++r)
      for (Size i = 0; i < rows_; ++i)
        std::copy_n(from + i * n + r * rows_, rows_, send_.data() + starts_[static_cast<std::size_t>(r)] + i * rows_);
    MPI_Alltoallv(send_.data(), counts_.data(), starts_.data(), MPI_FLOAT, to, counts_.data(), starts_.data(), MPI_FLOAT, MPI_COMM_WORLD);
  }
  // What a rank sends to the others.
  Size bytes() const { return 4 * rows_ * rows_ * (ranks_ - 1); }

 private:
  int ranks_;
  Size rows_;
  std::vector<float> send_;
  std::vector<int> counts_, starts_;
};

void print(const char* who, int ranks, const std::vector<double>& times) {
  char version[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(version, &length);
  const char* mpi = std::strstr(version, "MPICH") ? "MPICH" : "Open MPI";
  std::printf(R"({"name": "redistribute/%s/%d/%s", "seconds": [)", mpi, ranks, who);
  for (std::size_t i = 0; i < times.size(); ++i) std::printf("%s%.6f", i == 0 ? "" : ", ", times[i]);
  std::printf("]}\n");
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 11;
  const Array<float, 2, Split<0>> x(random::uniform<float>({n, n}, split<0>, 1));
  Array<float, 2, Split<1>> y({n, n}), by_hand({n, n});
  ByHand hand(env.size());
  std::vector<double> ours, rival;
  for (int round = -2; round < rounds; ++round) {   // the first two touch memory for the first time
    const double a = seconds([&] { y = x; });
    const double b = seconds([&] { hand(x.local().data(), by_hand.local_mut().data()); });
    if (round < 0) continue;
    ours.push_back(a);
    rival.push_back(b);
  }
  const bool same = item(all(y == by_hand));
  Size said = 0;
  for (const Message& message : explain(into(y), x).messages) said += message.bytes[static_cast<std::size_t>(env.rank())];
  if (env.rank() == 0) {
    print("priel", env.size(), ours);
    print("Alltoallv", env.size(), rival);
    if (!same || said != hand.bytes()) std::fprintf(stderr, "redistribute: the result or the bytes that explain says are wrong\n");
  }
  return same && said == hand.bytes() ? 0 : 1;
}
