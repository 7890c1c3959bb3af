// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel info`: what this build has, and what this run has got.
#include "commands.hpp"

#include <priel/backend/closed.hpp>
#include <priel/communicator.hpp>
#include <priel/environment.hpp>
#include <priel/io/file.hpp>
#include <priel/io/raster.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <thread>
#if defined(_OPENMP)
#include <omp.h>
#endif

namespace priel::app {

namespace {

int threads() {
#if defined(_OPENMP)
  return omp_get_max_threads();
#else
  return 1;
#endif
}

std::string compiler() {
#if defined(__clang__)
  return __VERSION__;
#else
  return "g++ " __VERSION__;
#endif
}

}  // namespace

std::string program_version() { return PRIEL_VERSION; }

int run_info(const InfoOptions& options) {
  const Comm comm = world();
  const int here = ranks_on_this_node();
  if (comm->rank() != 0) return 0;
  const std::string mpi = mpi_version(), hdf5 = io::hdf5_version(), gdal = io::gdal_version();
  const unsigned cores = std::thread::hardware_concurrency();
  if (options.json) {
    const nlohmann::ordered_json info = {{"version", program_version()},
                                         {"compiler", compiler()},
                                         {"mpi", mpi},
                                         {"ranks", comm->size()},
                                         {"ranks_on_this_node", here},
                                         {"threads_per_rank", threads()},
                                         {"cores", cores},
                                         {"instruction_set", detail::instruction_set()},
                                         {"instruction_sets_compiled", detail::compiled_instruction_sets()},
                                         {"instruction_set_of_expressions", detail::name_of(detail::unit_instruction_set)},
                                         {"mpi_takes_device_memory", detail::mpi_takes_device_memory()},
                                         {"hdf5", hdf5},
                                         {"gdal", gdal},
                                         {"cuda", ""}};
    fmt::print("{}\n", info.dump(2));
    return 0;
  }
  auto or_no = [](const std::string& text) { return text.empty() ? "no" : text.c_str(); };
  fmt::print("priel            {}\n", program_version());
  fmt::print("compiler         {}\n", compiler());
  fmt::print("MPI              {}{}\n", or_no(mpi), detail::mpi_takes_device_memory() ? ", takes device memory" : "");
  fmt::print("ranks            {} ({} on this machine)\n", comm->size(), here);
  fmt::print("threads          {} per rank; {} cores here\n", threads(), cores);
  fmt::print("instruction set  {} (of {}; expressions are compiled for {})\n", detail::instruction_set(), detail::compiled_instruction_sets(),
             detail::name_of(detail::unit_instruction_set));
  fmt::print("HDF5             {}\n", or_no(hdf5));
  fmt::print("GDAL             {}\n", or_no(gdal));
  fmt::print("CUDA             no\n");
  return 0;
}

}  // namespace priel::app
