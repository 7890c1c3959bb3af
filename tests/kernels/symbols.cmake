# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Fails if a unit compiled for one instruction set defines a symbol outside the namespace of that set: the linker might take
# it for the same symbol of another unit, and a processor without the instructions would run it.

string(REPLACE "|" ";" objects "${OBJECTS}")
set(checked 0)
set(units "")
foreach(object IN LISTS objects)
  if(NOT object MATCHES "(series|dense|clusters|nearest|closed)_(baseline|avx2|avx512)\\.cpp")
    continue()
  endif()
  list(APPEND units ${CMAKE_MATCH_1})
  set(namespace "priel::detail::${CMAKE_MATCH_2}::")
  execute_process(COMMAND ${NM} -C --defined-only --extern-only ${object} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" lines "${symbols}")
  foreach(line IN LISTS lines)
    string(FIND "${line}" "${namespace}" found)
    if(found EQUAL -1)
      message(SEND_ERROR "${object} defines outside ${namespace}: ${line}")
    endif()
    math(EXPR checked "${checked} + 1")
  endforeach()
endforeach()
list(REMOVE_DUPLICATES units)
list(LENGTH units kinds)
if(checked LESS 4 OR kinds LESS 5)
  message(FATAL_ERROR "no symbols of the kernels were seen: the test looks in the wrong place")
endif()
