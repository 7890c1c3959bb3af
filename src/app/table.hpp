// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Samples in and scores out as HDF5, npy and CSV.
#pragma once

#include <priel/priel.hpp>

#include <optional>
#include <span>
#include <string>

namespace priel::app {

// Collective: "file.h5:/dataset", "file.npy" or "file.csv" (a header line is recognised, an empty cell is NaN) as (samples, features).
// InputError for a file that is missing, is no table, or has a value that is no number.
Array<double, 2, Split<0>> read_samples(const std::string& input);

// Collective, before anything is computed: InputError if `output` (empty: stdout) is no place for scores or is the input itself,
// SystemError if nothing can be written there.
void check_output(const std::string& output, const std::string& input);

// Collective; rank 0 writes, a file complete or not at all. An empty path is stdout. With a threshold a second column says 1 where
// the score is above it.
void write_table(const std::string& path, const std::string& name, std::span<const double> scores, std::optional<double> threshold);
void write_npy(const std::string& path, std::span<const double> scores);

}  // namespace priel::app
