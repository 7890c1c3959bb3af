// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The scores of one series against those of R's dbscan, ELKI and NumPy on published data sets.
#include <tests/support/shared_data.hpp>

#include <priel/algorithms/detail/series.hpp>
#include <priel/io/file.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
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

// Vegetation under clouds: a sample with an invalid pixel in its 7x7 window is left out; in float, as images are.
BOOST_AUTO_TEST_CASE(clouds_are_left_out) {
  if (test::shared_data().empty() || io::hdf5_version().empty()) return;
  const std::string file = (test::shared_data() / "ndvi/stack.h5").string() + ":/";
  const auto images = io::open_source(file + "ndvi", -1, self());
  const Size dates = images->shape()[0], height = images->shape()[1], width = images->shape()[2], rows = height - 6, columns = width - 6;
  const auto read_all = [&](const std::string& dataset, const std::vector<std::int64_t>& extent) {
    std::vector<double> values(static_cast<std::size_t>(std::accumulate(extent.begin(), extent.end(), Size{1}, std::multiplies<>())));
    io::open_source(file + dataset, -1, self())->read(std::vector<std::int64_t>(extent.size()), extent, io::Element::float64, values.data());
    return values;
  };
  const auto values = read_all("ndvi", {dates, height, width}), valid = read_all("valid", {dates, height, width});
  const auto expected = read_all("reference/valid/lof_max", {dates, rows, columns});
  const auto counts = read_all("reference/valid/n_valid", {rows, columns});
  std::vector<float> x(static_cast<std::size_t>(dates * 49)), scores(static_cast<std::size_t>(dates));
  double largest = 0;
  Size wrong = 0;
  for (Size pixel = 0; pixel < rows * columns; pixel += 3) {
    for (Size e = 0; e < dates * 49; ++e) {
      const auto from = static_cast<std::size_t>((e / 49 * height + pixel / columns + e % 49 / 7) * width + pixel % columns + e % 7);
      x[static_cast<std::size_t>(e)] = valid[from] != 0 ? static_cast<float>(values[from]) : NAN;
    }
    const Size used = detail::lof_series(x.data(), dates, 49, {5, 15}, scores.data());
    wrong += used != static_cast<Size>(counts[static_cast<std::size_t>(pixel)]);
    for (Size t = 0; t < dates; ++t) {
      const double one = expected[static_cast<std::size_t>(t * rows * columns + pixel)], own = scores[static_cast<std::size_t>(t)];
      if (std::isnan(one) || std::isnan(own)) wrong += std::isnan(one) != std::isnan(own);
      else if (one != own) largest = std::max(largest, std::abs(own - one));
    }
  }
  BOOST_TEST(wrong == 0);
  BOOST_TEST(largest <= 1e-4);
}

BOOST_AUTO_TEST_SUITE_END()
