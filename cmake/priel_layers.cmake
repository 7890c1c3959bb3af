# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# The layers as include roots: a target sees its own headers and those of the layers above it, so a wrong include fails.

function(priel_layer name folder)
  add_library(priel_${name} INTERFACE)
  add_library(priel::${name} ALIAS priel_${name})
  set_target_properties(priel_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(priel_${name} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/${folder}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(priel_${name} INTERFACE ${ARGN})
endfunction()

priel_layer(core include Eigen3::Eigen xtensor OpenMP::OpenMP_CXX)
target_compile_features(priel_core INTERFACE cxx_std_20)
# With errno to be set, a square root stays scalar. OpenMP's own target gives nvcc's host compiler no flag.
target_compile_options(priel_core INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-math-errno>
  "$<$<COMPILE_LANGUAGE:CUDA>:SHELL:-Xcompiler=-fno-math-errno,-fopenmp>")
# Eigen's fast square root differs from the exact one in the last bit; scores must not depend on a block's alignment.
target_compile_definitions(priel_core INTERFACE EIGEN_FAST_MATH=0)

priel_layer(policies policies priel::core)
priel_layer(algorithms algorithms priel::policies)

# The compiled half and all layers: what a user links. Its sources are in src/.
add_library(priel STATIC)
add_library(priel::priel ALIAS priel)
target_link_libraries(priel PUBLIC priel::algorithms)
set_target_properties(priel PROPERTIES
  OUTPUT_NAME priel_runtime  # the program beside it is called priel
  POSITION_INDEPENDENT_CODE ON
  CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON)

# The same for programs that run on the machine they are compiled on.
add_library(priel_tuned INTERFACE)
add_library(priel::tuned ALIAS priel_tuned)
set_target_properties(priel_tuned PROPERTIES EXPORT_NAME tuned)
target_link_libraries(priel_tuned INTERFACE priel::priel)
target_compile_options(priel_tuned INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-O3> $<$<COMPILE_LANGUAGE:CXX>:-march=native>
  "$<$<COMPILE_LANGUAGE:CUDA>:SHELL:-Xcompiler=-O3,-march=native>")

include(priel_device)
priel_add_device_target()
if(PRIEL_HAS_CUDA)
  priel_add_cuda_target()
endif()
