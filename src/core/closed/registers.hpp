// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How wide the vectors are of the instruction set that a unit of closed kernels is compiled for.
#pragma once

#if defined(__AVX512F__)
#define PRIEL_VECTOR_BYTES 64
#elif defined(__AVX2__)
#define PRIEL_VECTOR_BYTES 32
#else
#define PRIEL_VECTOR_BYTES 16
#endif
#define PRIEL_INLINE [[gnu::always_inline]] inline
