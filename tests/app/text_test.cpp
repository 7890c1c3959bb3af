// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Texts: the options of the program, dates and time units, the progress line.
#include "app/calendar.hpp"
#include "app/options.hpp"
#include "app/progress.hpp"

#include <priel/communicator.hpp>

#include <boost/test/unit_test.hpp>

namespace priel::app {

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(sweeps) {
  for (const std::string good : {"20", "20:60", "20:60:5", "1"}) {
    Sweep k;
    read_sweep(good, k);
    BOOST_TEST(to_text(k) == good);
  }
  Sweep k;
  read_sweep("20:60:7", k);
  BOOST_TEST(k.count() == 6);
  BOOST_TEST(k.largest() == 55);
  for (const std::string bad : {"", "0", "-3", "20:", ":60", "60:20", "20:60:0", "20:60:5:1", "2.5", "x", "20 ", "99999999999"})
    BOOST_CHECK_THROW(read_sweep(bad, k), InputError);
}

BOOST_AUTO_TEST_CASE(aggregates) {
  for (const std::string good : {"max", "mean", "median", "trimmed:0.1", "trimmed:0.25"}) {
    Sweep k;
    read_aggregate(good, k);
    BOOST_TEST(aggregate_text(k) == good);
  }
  Sweep k;
  read_aggregate("trimmed", k);
  BOOST_TEST(aggregate_text(k) == "trimmed:0.1");
  for (const std::string bad : {"", "min", "trimmed:", "trimmed:0.5", "trimmed:-0.1", "trimmed:nan"}) BOOST_CHECK_THROW(read_aggregate(bad, k), InputError);
}

BOOST_AUTO_TEST_CASE(thresholds) {
  for (const std::string good : {"1.5", "0.9", "p99.7", "p100", "3sigma", "3sigma-all"}) BOOST_TEST(to_text(read_threshold(good)) == good);
  BOOST_TEST((read_threshold("p99.7").kind == Threshold::Kind::percentile));
  for (const std::string bad : {"", "p", "p101", "p-1", "sigma", "2sigma", "1.5x", "inf", "nan"}) BOOST_CHECK_THROW(read_threshold(bad), InputError);
}

BOOST_AUTO_TEST_CASE(sizes) {
  BOOST_TEST(read_bytes("1000") == 1000);
  BOOST_TEST(read_bytes("64K") == 65536);
  BOOST_TEST(read_bytes("1.5M") == 1572864);
  BOOST_TEST(read_bytes("8g") == std::int64_t{8} << 30);
  for (const std::string text : {"1000", "64K", "1536K", "512M", "8G", "1T", "1025K"}) BOOST_TEST(size_text(read_bytes(text)) == text);
  for (const std::string bad : {"", "G", "0", "-1", "8GB", "1e30", "8 G"}) BOOST_CHECK_THROW(read_bytes(bad), InputError);
}

BOOST_AUTO_TEST_CASE(lambdas) {
  BOOST_TEST(read_lambdas("0.1") == std::vector<double>{0.1});
  BOOST_TEST(read_lambdas("1,0.1,0") == (std::vector<double>{1, 0.1, 0}));
  for (const std::string bad : {"", ",", "1,", "-1", "1;2", "nan", "inf", "1, 2"}) BOOST_CHECK_THROW(read_lambdas(bad), InputError);
}

BOOST_AUTO_TEST_CASE(dates) {
  BOOST_TEST(parse_date("1970-01-01").value() == 0);
  BOOST_TEST(parse_date("2017-10-29").value() == 17468);
  for (const std::int64_t day : {-1, 0, 11016, 17468, 47482}) BOOST_TEST(parse_date(format_date(day)).value() == day);
  BOOST_TEST(format_date(11016) == "2000-02-29");
  for (const std::string bad : {"", "2017-02-29", "2017-13-01", "2017-1-1", "20171029", "2017-10-29 "}) BOOST_TEST(!parse_date(bad));
  const auto range = read_date_range("2017-01-01..2018-12-31");
  BOOST_TEST(format_date(range.first) == "2017-01-01");
  BOOST_TEST(format_date(range.second) == "2018-12-31");
  BOOST_TEST(read_date_range("..2018-12-31").second == range.second);
  BOOST_TEST(read_date_range("2017-01-01..").first == range.first);
  for (const std::string bad : {"", "..", "2017-01-01", "2018-01-01..2017-01-01", "2017-01-01..x"}) BOOST_CHECK_THROW(read_date_range(bad), InputError);
}

BOOST_AUTO_TEST_CASE(time_units) {
  auto date_of = [](const char* units, double time) { return format_date(parse_time_units(units).value().day(time)); };
  BOOST_TEST(date_of("days since 1970-01-01", 17468) == "2017-10-29");
  BOOST_TEST(date_of("days since 2016-10-05 00:00:00", 6.75) == "2016-10-11");
  BOOST_TEST(date_of("seconds since 1970-01-01T00:00:00Z", 86399) == "1970-01-01");
  BOOST_TEST(date_of("seconds since 1970-01-01T00:00:00Z", 86400) == "1970-01-02");
  BOOST_TEST(date_of("hours since 2000-02-28 18:00:00.0 UTC", 6) == "2000-02-29");
  BOOST_TEST(date_of("minutes since 1970-01-01 00:00", -1) == "1969-12-31");
  for (const char* bad : {"", "days", "days since", "weeks since 1970-01-01", "days since 1970-02-30", "days since 1970-01-01 25:00", "days since 1970-01-01x"})
    BOOST_TEST(!parse_time_units(bad));
}

BOOST_AUTO_TEST_CASE(progress_lines) {
  BOOST_TEST(progress_text(420, 1000, 2.0, "pixels") == " 42 %  210 pixels/s  0:03 left");
  BOOST_TEST(progress_text(1, 1000, 10.0, "dates") == "  0 %  0.1 dates/s  2:46:30 left");
  BOOST_TEST(progress_text(0, 10, 0.0, "dates") == "  0 %  0.0 dates/s  ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace priel::app
