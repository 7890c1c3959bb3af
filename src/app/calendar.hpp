// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Dates as days since 1970-01-01, as ISO texts, and as the time units of the CF conventions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace priel::app {

// Days since 1970-01-01 of "2017-10-29"; nothing if the text is not a date of the (proleptic) Gregorian calendar.
std::optional<std::int64_t> parse_date(std::string_view text);

// "2017-10-29".
std::string format_date(std::int64_t day);

// The units of a CF time variable: a step and an origin, "days since 2016-10-05" or "seconds since 1970-01-01 00:00:00".
struct TimeUnits {
  std::int64_t origin = 0;     // seconds since 1970-01-01 00:00
  double seconds = 86400;      // of one unit

  // The day (UTC, since 1970-01-01) that holds this time.
  std::int64_t day(double time) const;
};

// Reads "<days|hours|minutes|seconds> since YYYY-MM-DD[( |T)hh:mm[:ss[.s]]][Z|UTC]"; nothing if the text is of another form.
std::optional<TimeUnits> parse_time_units(std::string_view text);

}  // namespace priel::app
