# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Judges one rejected program: cmake -DSOURCE=... -DCOMPILE=command -DMAX_LINES=n -P check.cmake
#
# The program must compile as it stands, and with -DPRIEL_MISTAKE must fail with exactly one error, print each sentence of
# its lines "// expect: SENTENCE", and take no more than MAX_LINES lines, or those of its "// max-lines: N".

file(READ ${SOURCE} text)
set(sentences 0)
while(text MATCHES "(^|\n)// expect: ([^\n]+)(.*)")
  math(EXPR sentences "${sentences} + 1")
  set(sentence_${sentences} "${CMAKE_MATCH_2}")
  set(text "${CMAKE_MATCH_3}")
endwhile()
if(sentences EQUAL 0)
  message(FATAL_ERROR "no line '// expect: SENTENCE' in ${SOURCE}")
endif()
file(STRINGS ${SOURCE} limit REGEX "^// max-lines: [0-9]+$")
if(limit)
  string(REGEX REPLACE "[^0-9]" "" MAX_LINES "${limit}")
endif()

# The C locale, for plain quotation marks.
set(ENV{LC_ALL} C)

execute_process(COMMAND ${COMPILE} ${SOURCE} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  message("${output}")
  message(FATAL_ERROR "does not compile with the mistake removed")
endif()

execute_process(COMMAND ${COMPILE} -DPRIEL_MISTAKE ${SOURCE} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(status EQUAL 0)
  message(FATAL_ERROR "compiles with the mistake")
endif()
foreach(number RANGE 1 ${sentences})
  string(FIND "${output}" "${sentence_${number}}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "the compiler does not say: ${sentence_${number}}")
  endif()
endforeach()

string(REGEX MATCHALL "error: " errors "${output}")
list(LENGTH errors errors)
if(NOT errors EQUAL 1)
  message(FATAL_ERROR "${errors} errors, one expected")
endif()
string(REGEX MATCHALL "\n" lines "${output}")
list(LENGTH lines lines)
if(lines GREATER MAX_LINES)
  message(FATAL_ERROR "${lines} lines, at most ${MAX_LINES} expected")
endif()
