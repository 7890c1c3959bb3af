// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The scores of one series against those of R's dbscan, ELKI and NumPy on published data sets.
#include <tests/support/shared_data.hpp>

#include <priel/algorithms/detail/series.hpp>
#include <priel/io/file.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace {

using namespace priel;

struct Table {
  Size rows = 0, columns = 1;
  std::vector<double> value;
};

Table read(const std::string& where) {
  const auto source = io::open_source(where, -1, self());
  Table table;
  table.rows = source->shape()[0];
  if (source->shape().size() > 1) table.columns = source->shape()[1];
  table.value.resize(static_cast<std::size_t>(table.rows * table.columns));
  const std::vector<std::int64_t> lower(source->shape().size(), 0);
  source->read(lower, source->shape(), io::Element::float64, table.value.data());
  return table;
}

double largest_difference(const std::vector<double>& scores, const Table& expected) {
  double result = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i] != expected.value[i]) {
      const double difference = std::abs(scores[i] - expected.value[i]);
      result = std::isnan(difference) ? INFINITY : std::max(result, difference);
    }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(series_references, *boost::unit_test::label("serial"))

BOOST_AUTO_TEST_CASE(dbscan_elki_and_numpy_agree) {
  if (test::shared_data().empty() || io::hdf5_version().empty()) return;
  for (const char* name : {"14_glass", "18_ionosphere", "40_vowels", "42_wbc", "6_cardio"}) {
    const std::string file = (test::shared_data() / "outliers" / (std::string(name) + ".h5")).string() + ":/";
    const Table x = read(file + "X");
    std::vector<double> scores(static_cast<std::size_t>(x.rows));
    const auto check = [&](const std::string& reference) {
      const double difference = largest_difference(scores, read(file + "reference/" + reference));
      BOOST_TEST_INFO(name << " " << reference << ", " << detail::instruction_set());
      BOOST_TEST(difference <= 1e-10);
    };
    for (const int k : {10, 20, 40}) {
      const std::string folder = "k" + std::to_string(k) + "/";
      const Sweep one{k, k};
      detail::lof_series(x.value.data(), x.rows, x.columns, one, scores.data());
      for (const char* reference : {"lof_incl", "lof_rdbscan1111", "lof_elki071"}) check(folder + reference);
      detail::loop_series(x.value.data(), x.rows, x.columns, one, 2, Norm::global, scores.data());
      check(folder + "loop_paper_lam2");
      detail::loop_series(x.value.data(), x.rows, x.columns, one, 3, Norm::global, scores.data());
      check(folder + "loop_paper_lam3");
      detail::loop_series(x.value.data(), x.rows, x.columns, one, 3, Norm::local, scores.data());
      check(folder + "loop_local_lam3");
    }
    detail::lof_series(x.value.data(), x.rows, x.columns, {20, 60}, scores.data());
    check("maxk20_60/lof_incl");
  }
}

BOOST_AUTO_TEST_SUITE_END()
