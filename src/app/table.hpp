// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Samples in and results out as HDF5, npy and CSV.
#pragma once

#include <priel/priel.hpp>

#include <functional>
#include <string>
#include <vector>

namespace priel::app {

// Collective: "file.h5:/dataset", "file.npy" or "file.csv" (a header line is recognised, an empty cell is NaN) as (samples, features).
// InputError for a file that is missing, is no table, or has a value that is no number. A header with numbers in it is told of.
Array<double, 2, Split<0>> read_samples(const std::string& input);

// Collective: one value a sample, (n) or (n, 1). InputError as above, and where there are not as many as `samples`, which `of` holds.
Array<double, 1, Split<0>> read_target(const std::string& input, Size samples, const std::string& of);

// Collective, one message: InputError where a value is NaN or infinite, with their number and the first sample that has one.
void require_complete(const Array<double, 2, Split<0>>& x, const std::string& input);
void require_complete(const Array<double, 1, Split<0>>& x, const std::string& input);

// Collective: the names of the columns in the header of a CSV file, else x0, x1, ...
std::vector<std::string> column_names(const std::string& input, Size columns);

// Collective, before anything is computed: InputError if `output` (empty: stdout) is no place for what `option` names or is an
// input, SystemError if nothing can be written there.
void check_output(const std::string& option, const std::string& output, const std::vector<std::string>& inputs);

// Collective: whether two names stand for the same array of the same file, be it there or not.
bool same_place(const std::string& a, const std::string& b);

// Collective; rank 0 makes and writes the text, a file complete or not at all. An empty path is stdout.
void write_text(const std::string& path, const std::function<std::string()>& text);

// Whether it is stdout or CSV.
inline bool is_text(const std::string& output) { return output.empty() || output.ends_with(".csv"); }

// Collective: to HDF5 or npy the array; to CSV and stdout the text, which rank 0 makes.
template <Expression E>
void write_result(const std::string& output, const E& array, const std::function<std::string()>& text) {
  if (is_text(output)) write_text(output, text);
  else io::save(output, array);
}

// "0.25", "nan" (without a sign), "inf": as many digits as it takes to read it back.
std::string number_text(double value);

// A text as a cell of CSV: quoted if it holds a comma or a quote.
std::string csv_cell(const std::string& text);

}  // namespace priel::app
