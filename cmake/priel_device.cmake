# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# The targets of the Device backend, priel::device and priel::cuda; also used by the installed package.

# priel::device: Thrust on OpenMP, for units compiled by a C++ compiler. Absent where no Thrust is found.
function(priel_add_device_target)
  # Debian's Thrust by its place: the one in a CUDA toolkit is meant for nvcc and would be found first.
  find_package(Thrust QUIET CONFIG PATHS /usr/share/cmake NO_DEFAULT_PATH)
  if(NOT Thrust_FOUND)
    find_package(Thrust QUIET CONFIG)
  endif()
  if(NOT Thrust_FOUND)
    message(STATUS "No Thrust: priel::device is left out")
    return()
  endif()
  thrust_create_target(priel_thrust HOST CPP DEVICE OMP IGNORE_DEPRECATED_CPP_DIALECT)
  add_library(priel_device INTERFACE)
  add_library(priel::device ALIAS priel_device)
  target_link_libraries(priel_device INTERFACE priel::priel priel_thrust)
endfunction()

# priel::cuda: for .cu units. nvcc brings its own Thrust; mixed with another in one unit, both define the same names.
function(priel_add_cuda_target)
  add_library(priel_cuda INTERFACE)
  add_library(priel::cuda ALIAS priel_cuda)
  target_link_libraries(priel_cuda INTERFACE priel::priel)
  # CMake 3.25 knows no flag for C++20 in nvcc, so a target's cxx_std_20 does not reach it.
  target_compile_options(priel_cuda INTERFACE
    $<$<COMPILE_LANGUAGE:CUDA>:-std=c++20> $<$<COMPILE_LANGUAGE:CUDA>:--extended-lambda>
    $<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr>)
  # Eigen would otherwise mark everything for the device and nvcc warn about most of it.
  target_compile_definitions(priel_cuda INTERFACE EIGEN_NO_CUDA)
  # Matrix products; without cuBLAS they are made element by element.
  find_package(CUDAToolkit QUIET)
  if(TARGET CUDA::cublas)
    target_link_libraries(priel_cuda INTERFACE CUDA::cublas)
    target_compile_definitions(priel_cuda INTERFACE PRIEL_HAS_CUBLAS)
  endif()
endfunction()
