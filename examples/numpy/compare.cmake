# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Runs RUN (a list) and fails unless it prints what the file EXPECTED holds: cmake -DRUN=... -DEXPECTED=... -P compare.cmake

execute_process(COMMAND ${RUN} RESULT_VARIABLE status OUTPUT_VARIABLE output)
file(READ ${EXPECTED} expected)
if(NOT status EQUAL 0 OR NOT output STREQUAL expected)
  message(FATAL_ERROR "status ${status}, the output\n${output}\nis to be that of ${EXPECTED}\n${expected}")
endif()
