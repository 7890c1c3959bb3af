// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a core header must not do: name a concrete policy. Compiled with the core's include roots, and with the policies'.
#include <priel/policies/split.hpp>
