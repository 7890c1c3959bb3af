# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Runs RUN (a list) and fails unless it ends with STATUS and prints what each regular expression of PRINTS matches and
# none of SILENT: cmake -DRUN=... -DSTATUS=... -DPRINTS=... -DSILENT=... -P expect.cmake

execute_process(COMMAND ${RUN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE errors TIMEOUT 60)
message("${output}${errors}")
if(NOT status EQUAL STATUS)
  message(FATAL_ERROR "status ${status}, expected ${STATUS}")
endif()
foreach(line IN LISTS PRINTS)
  if(NOT "${output}${errors}" MATCHES "${line}")
    message(FATAL_ERROR "expected in the output: ${line}")
  endif()
endforeach()
foreach(line IN LISTS SILENT)
  if("${output}${errors}" MATCHES "${line}")
    message(FATAL_ERROR "not expected in the output: ${line}")
  endif()
endforeach()
