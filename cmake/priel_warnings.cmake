# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# The warnings that our own units are compiled with; users' units are left alone.

set(PRIEL_WARNINGS -Wall -Wextra -Wconversion -Wshadow)
# Notes of what changed in old versions of g++, which nothing here links to.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND PRIEL_WARNINGS -Wno-psabi)
endif()
# g++ 12 sees overlaps and overflows inside its own std::string that are not there (its bugs 105329, 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND PRIEL_WARNINGS -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
endif()
# clang++ warns of what libstdc++ 12 itself uses in std::stable_sort.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  list(APPEND PRIEL_WARNINGS -Wno-deprecated-declarations)
endif()
if(PRIEL_WARNINGS_AS_ERRORS)
  list(APPEND PRIEL_WARNINGS -Werror)
endif()

function(priel_warnings target)
  target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${PRIEL_WARNINGS}>")
endfunction()
