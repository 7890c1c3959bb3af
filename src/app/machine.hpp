// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the machine tells of a run: memory held, energy used.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace priel::app {

// Bytes of this process that are in memory now, and at most so far (VmRSS, VmHWM); 0 where the system does not tell.
std::int64_t resident_bytes();
std::int64_t peak_resident_bytes();

// The energy of this machine's processors between construction and a call of `joules`, by RAPL.
class EnergyMeter {
 public:
  EnergyMeter();
  // Nothing if it cannot be read; `reason` says why.
  std::optional<double> joules() const;
  const std::string& reason() const { return reason_; }

 private:
  std::map<std::string, double> start_;   // microjoules by counter
  std::string reason_;
};

}  // namespace priel::app
