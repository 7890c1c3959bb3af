# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# The programs of scripts/gpu_check.sh: what is tested and timed where there is a GPU, in the folder gpu/.

add_custom_target(gpu_check)

function(priel_gpu_program name)
  add_executable(${name} ${ARGN})
  set_source_files_properties(${ARGN} PROPERTIES LANGUAGE CUDA)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE priel::cuda)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/gpu)
  add_dependencies(gpu_check ${name})
endfunction()

file(GLOB sources ${PROJECT_SOURCE_DIR}/tests/device/cuda_*.cu)
priel_gpu_program(cuda_compiles ${sources})
priel_gpu_program(cuda_bandwidth ${PROJECT_SOURCE_DIR}/benchmarks/cuda_bandwidth.cu)
priel_gpu_program(cuda_series ${PROJECT_SOURCE_DIR}/benchmarks/device_series.cpp)
