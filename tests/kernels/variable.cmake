# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Runs `priel info` with PRIEL_ISA=WORD: baseline is in use then; any other word here is unknown, which one line says.

string(REPLACE "|" ";" command "${COMMAND}")
set(ENV{PRIEL_ISA} ${WORD})
execute_process(COMMAND ${command} OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE status)
if(WORD STREQUAL "baseline")
  if(NOT status EQUAL 0 OR NOT output MATCHES "instruction set  baseline ")
    message(FATAL_ERROR "PRIEL_ISA=baseline, status ${status}: ${output}${errors}")
  endif()
else()
  string(REGEX MATCHALL "priel: PRIEL_ISA is '${WORD}', but must be [^\n]*\n" lines "${errors}")
  list(LENGTH lines count)
  if(status EQUAL 0 OR NOT count EQUAL 1 OR output MATCHES "instruction set")
    message(FATAL_ERROR "PRIEL_ISA=${WORD}, status ${status}, said ${count} times: ${output}${errors}")
  endif()
endif()
