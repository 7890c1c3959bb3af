// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Tables of numbers as text: one row a line, cells between commas, semicolons or tabs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace priel::io::detail {

struct Table {
  std::int64_t rows = 0, columns = 0;
  bool integers = true;                 // every cell is one; then `whole` has them all, exactly
  std::vector<std::int64_t> whole;
  std::vector<double> values;
};

// Lines that are empty or begin with # are none; the first other line may be a header. The separator is a tab, else a semicolon, if the
// first line has one, else a comma; between semicolons a comma may be the decimal point. Cells may be quoted, with separators in them; an empty
// one and `nan` are NaN.
// InputError "NAME: line L, column C: ..." for a cell that is no number, InputError for a line of another length.
Table parse_table(std::string_view text, const std::string& name);

// Whether a line is empty or begins with #.
bool is_no_row(std::string_view line);
// The cells of a header line; none if the line is one of numbers.
std::vector<std::string> header_names(std::string_view line);

// The same numbers as text, with as many digits as it takes to read them back (as float: `single`).
std::string table_text(const Table& table, bool single, char separator);

}  // namespace priel::io::detail
