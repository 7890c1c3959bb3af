// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Dates as days since 1970-01-01, by the standard library's calendar.
#include "calendar.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

namespace priel::app {

namespace {

// Digits only, all of the text.
std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.front() == '-' || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Seconds into the day of "hh:mm" or "hh:mm:ss", a fraction ignored.
std::optional<std::int64_t> parse_clock(std::string_view text) {
  text = text.substr(0, text.find('.'));
  if (text.size() != 5 && text.size() != 8) return std::nullopt;
  const auto hour = digits(text.substr(0, 2)), minute = digits(text.substr(3, 2));
  const auto second = text.size() == 8 ? digits(text.substr(6, 2)) : std::optional<int>(0);
  if (text[2] != ':' || (text.size() == 8 && text[5] != ':') || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return (*hour * 60 + *minute) * 60 + *second;
}

std::optional<double> unit_seconds(std::string_view word) {
  if (word == "days" || word == "day" || word == "d") return 86400;
  if (word == "hours" || word == "hour" || word == "h" || word == "hr") return 3600;
  if (word == "minutes" || word == "minute" || word == "min") return 60;
  if (word == "seconds" || word == "second" || word == "sec" || word == "s") return 1;
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)), day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::string format_date(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::int64_t TimeUnits::day(double time) const {
  return static_cast<std::int64_t>(std::floor((static_cast<double>(origin) + time * seconds) / 86400));
}

std::optional<TimeUnits> parse_time_units(std::string_view text) {
  const auto since = text.find(" since ");
  if (since == std::string_view::npos) return std::nullopt;
  const auto seconds = unit_seconds(text.substr(0, since));
  std::string_view rest = text.substr(since + 7);
  const auto date = parse_date(rest.substr(0, 10));
  if (!seconds || !date) return std::nullopt;
  rest.remove_prefix(10);
  for (const std::string_view zone : {" UTC", "UTC", "Z", " +00:00", "+00:00", " +0:00"})
    if (rest.ends_with(zone)) {
      rest.remove_suffix(zone.size());
      break;
    }
  std::int64_t clock = 0;
  if (!rest.empty()) {
    const auto parsed = rest[0] == ' ' || rest[0] == 'T' ? parse_clock(rest.substr(1)) : std::nullopt;
    if (!parsed) return std::nullopt;
    clock = *parsed;
  }
  return TimeUnits{*date * 86400 + clock, *seconds};
}

}  // namespace priel::app
