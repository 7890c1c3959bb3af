// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Figures of /proc and /sys; other systems than Linux tell nothing.
#include "machine.hpp"

#include <filesystem>
#include <fstream>

namespace priel::app {

namespace {

namespace fs = std::filesystem;

std::int64_t status_bytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name + ":")) return std::stoll(line.substr(name.size() + 1)) * 1024;
  return 0;
}

std::optional<double> number_in(const fs::path& path) {
  double value = 0;
  if (std::ifstream(path) >> value) return value;
  return {};
}

const fs::path counters = "/sys/class/powercap";

}  // namespace

std::int64_t resident_bytes() { return status_bytes("VmRSS"); }
std::int64_t peak_resident_bytes() { return status_bytes("VmHWM"); }

EnergyMeter::EnergyMeter() {
  std::error_code error;
  bool any = false;
  for (const auto& entry : fs::directory_iterator(counters, error)) {
    // "intel-rapl:0" is a package; its parts, "intel-rapl:0:1", are in it.
    const std::string name = entry.path().filename();
    if (!name.starts_with("intel-rapl:") || name.find(':', 11) != std::string::npos) continue;
    any = true;
    if (const auto value = number_in(entry.path() / "energy_uj")) start_[entry.path()] = *value;
  }
  if (!any) reason_ = "no RAPL counters in " + counters.string();
  else if (start_.empty()) reason_ = "the RAPL counters in " + counters.string() + " cannot be read by this user";
}

std::optional<double> EnergyMeter::joules() const {
  if (start_.empty()) return {};
  double sum = 0;
  for (const auto& [counter, before] : start_) {
    const auto value = number_in(fs::path(counter) / "energy_uj");
    if (!value) return {};
    const double range = number_in(fs::path(counter) / "max_energy_range_uj").value_or(0);
    sum += *value >= before ? *value - before : *value + range - before;   // counters begin anew at their range
  }
  return sum * 1e-6;
}

}  // namespace priel::app
