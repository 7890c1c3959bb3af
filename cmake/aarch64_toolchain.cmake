# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Debian's cross compiler for 64-bit ARM, and qemu to run what it makes: for scripts/aarch64_check.sh.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)
