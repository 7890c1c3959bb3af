// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the operating system counts of this process.
#pragma once

#include <sys/resource.h>

inline rusage process_usage() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

// Of all threads, user and system.
inline double processor_seconds() {
  const rusage usage = process_usage();
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

inline double peak_mib() { return static_cast<double>(process_usage().ru_maxrss) / 1024; }
