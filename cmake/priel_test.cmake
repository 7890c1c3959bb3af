# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# How test programs are built and registered per number of ranks.

# What a rank needs to be started here: by root, more ranks than cores, not bound to one core, over shared memory only.
set(PRIEL_TEST_ENVIRONMENT
  OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
  OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_pml=ob1 OMPI_MCA_btl=self,vader
  OMPI_MCA_btl_vader_single_copy_mechanism=none OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive)

# The command that starts `program` on `ranks` ranks. -q leaves out mpirun's own account of a failure.
function(priel_on_ranks result ranks)
  if(PRIEL_MPI)
    set(${result} ${MPIEXEC_EXECUTABLE} -q ${MPIEXEC_NUMPROC_FLAG} ${ranks} ${ARGN} PARENT_SCOPE)
  else()
    set(${result} ${ARGN} PARENT_SCOPE)
  endif()
endfunction()

# priel_register(NAME name COMMAND ... [RANKS n] [TIMEOUT s] [LABELS ...])
function(priel_register)
  cmake_parse_arguments(PARSE_ARGV 0 test "" "NAME;RANKS;TIMEOUT" "COMMAND;LABELS")
  if(NOT test_RANKS)
    set(test_RANKS 1)
  endif()
  if(NOT test_TIMEOUT)
    set(test_TIMEOUT 300)
  endif()
  add_test(NAME ${test_NAME} COMMAND ${test_COMMAND})
  set_tests_properties(${test_NAME} PROPERTIES ENVIRONMENT "${PRIEL_TEST_ENVIRONMENT}"
    PROCESSORS ${test_RANKS} TIMEOUT ${test_TIMEOUT} LABELS "${test_LABELS}")
endfunction()

# priel_test(NAME folder [SOURCES ...] [RANKS 1 2 3 4 7] [LINK target ...] [LABELS ...] [TIMEOUT s] [PRECOMPILE header ...])
# One program, NAME_test, from tests/NAME/*.cpp, run once for each number of ranks; nothing if there is no source yet.
# What no rank can change is labelled boost::unit_test::label("serial") and runs on one rank only.
function(priel_test)
  cmake_parse_arguments(PARSE_ARGV 0 test "" "NAME;TIMEOUT" "SOURCES;RANKS;LINK;LABELS;PRECOMPILE")
  if(NOT test_SOURCES)
    file(GLOB test_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${test_NAME}/*.cpp)
  endif()
  if(NOT test_SOURCES)
    return()
  endif()
  set(program ${test_NAME}_test)
  add_executable(${program} ${test_SOURCES})
  target_link_libraries(${program} PRIVATE priel_test_ranks ${test_LINK})
  if(test_PRECOMPILE)
    target_precompile_headers(${program} PRIVATE ${test_PRECOMPILE})
  else()
    target_precompile_headers(${program} REUSE_FROM priel_test_ranks)
  endif()
  priel_warnings(${program})
  # Expressions over many types: optimising them takes twice as long as compiling them, and most run once on a few elements.
  target_compile_options(${program} PRIVATE $<$<CONFIG:Release>:-O0>)
  if(NOT PRIEL_MPI OR NOT test_RANKS)
    set(test_RANKS 1)
  endif()
  foreach(ranks IN LISTS test_RANKS)
    set(filter "")
    if(ranks GREATER 1)
      set(filter --run_test=!@serial)
    endif()
    priel_on_ranks(command ${ranks} $<TARGET_FILE:${program}> --color_output=no ${filter})
    priel_register(NAME ${test_NAME}.${ranks} RANKS ${ranks} COMMAND ${command} TIMEOUT ${test_TIMEOUT}
      LABELS ${test_NAME} ${test_LABELS})
  endforeach()
endfunction()

# Arguments with which any C++ compiler checks a unit that sees what a user of `target` sees: -fsyntax-only and a file of the others (@FILE).
function(priel_arguments_of target result)
  set(${result} -fsyntax-only @${PROJECT_BINARY_DIR}/arguments/${target} PARENT_SCOPE)
  get_property(made GLOBAL PROPERTY priel_arguments_of_${target})
  if(made)
    return()
  endif()
  set_property(GLOBAL PROPERTY priel_arguments_of_${target} TRUE)
  # Our own folders are checked for warnings, others are not; /usr/include is there anyway, and may not be moved forward.
  string(REGEX REPLACE "([][+.*()^$])" "\\\\\\1" here "${PROJECT_SOURCE_DIR}")
  set(roots $<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>)
  set(ours $<FILTER:${roots},INCLUDE,^${here}/>)
  set(others $<FILTER:${roots},EXCLUDE,^${here}/|^/usr/include$>)
  set(definitions $<TARGET_PROPERTY:${target},INTERFACE_COMPILE_DEFINITIONS>)
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/arguments/${target} CONTENT
    "-std=c++20\n-fopenmp\n-I\"$<JOIN:${ours},\"\n-I\">\"
$<$<BOOL:${others}>:-isystem\"$<JOIN:${others},\"\n-isystem\">\">
$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},\n-D>>\n")
endfunction()
