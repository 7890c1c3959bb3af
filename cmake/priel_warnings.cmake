# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# The warnings that our own units are compiled with; users' units are left alone.

set(PRIEL_WARNINGS -Wall -Wextra -Wconversion -Wshadow)
if(PRIEL_WARNINGS_AS_ERRORS)
  list(APPEND PRIEL_WARNINGS -Werror)
endif()

function(priel_warnings target)
  target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${PRIEL_WARNINGS}>")
endfunction()
