// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The guard of Environment::on_root, as the communicators ask it.
#pragma once

namespace priel::detail {

// The first line of every collective of more than this rank alone: throws std::logic_error inside on_root, where the other
// ranks will never come to `call`.
void forbid_on_root(const char* call);

}  // namespace priel::detail
