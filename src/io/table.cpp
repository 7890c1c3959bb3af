// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Tables of numbers, parsed and printed.

#include "table.hpp"

#include <priel/communicator.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace priel::io::detail {
namespace {

struct Cell {
  bool valid = true, is_whole = false;
  std::int64_t whole = 0;
  double value = std::numeric_limits<double>::quiet_NaN();
};

template <class T>
bool parse(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::string_view trimmed(std::string_view text, std::string_view around = " \t\r\"") {
  const auto first = text.find_first_not_of(around);
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(around) - first + 1);
}

// A cell's text: between quotes two of them stand for one.
std::string name_of(std::string_view text) {
  text = trimmed(text, " \t\r");
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::string(trimmed(text));
  std::string name;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    name += text[i];
    if (text[i] == '"' && text[i + 1] == '"' && i + 2 < text.size()) ++i;
  }
  return std::string(trimmed(name, " \t\r"));
}

// For a line of an error: not all of a long text, and nothing that a terminal would obey.
std::string shown(std::string_view text) {
  constexpr std::size_t most = 40;
  std::string line(text.substr(0, most));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  return text.size() > most ? line + "..." : line;
}

Cell cell_of(std::string_view text, char separator) {
  Cell cell;
  text = trimmed(text);
  if (text.empty()) return cell;
  if (text.starts_with('+')) text.remove_prefix(1);
  cell.is_whole = parse(text, cell.whole);
  if (cell.is_whole) {
    cell.value = static_cast<double>(cell.whole);
    return cell;
  }
  cell.valid = parse(text, cell.value);
  if (!cell.valid && separator == ';' && std::count(text.begin(), text.end(), ',') == 1) {
    std::string point(text);
    point[point.find(',')] = '.';
    cell.valid = parse(std::string_view(point), cell.value);
  }
  return cell;
}

// A separator between quotes is none.
std::size_t end_of_quoted(std::string_view line, char separator) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    else if (line[i] == separator && !quoted) return i;
  }
  return std::string_view::npos;
}

void cells_of(std::string_view line, char separator, std::vector<std::string_view>& cells) {
  cells.clear();
  const bool quotes = line.find('"') != std::string_view::npos;
  for (;;) {
    const auto end = quotes ? end_of_quoted(line, separator) : line.find(separator);
    cells.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

// Without the byte order mark of some spreadsheets.
std::string_view without_mark(std::string_view text) { return text.substr(text.starts_with("\xef\xbb\xbf") ? 3 : 0); }

char separator_of(std::string_view line) {
  return line.find('\t') != std::string_view::npos ? '\t' : line.find(';') != std::string_view::npos ? ';' : ',';
}

}  // namespace

bool is_no_row(std::string_view line) {
  line = without_mark(line);
  const auto begin = line.find_first_not_of(" \r\t");
  return begin == std::string_view::npos || line[begin] == '#';
}

std::vector<std::string> header_names(std::string_view line) {
  line = without_mark(line);
  const char separator = separator_of(line);
  std::vector<std::string_view> texts;
  cells_of(line, separator, texts);
  if (std::all_of(texts.begin(), texts.end(), [&](std::string_view text) { return cell_of(text, separator).valid; })) return {};
  std::vector<std::string> names;
  for (const auto text : texts) names.push_back(name_of(text));
  return names;
}

Table parse_table(std::string_view text, const std::string& name) {
  text = without_mark(text);
  Table table;
  char separator = 0;
  std::vector<std::string_view> texts;
  std::vector<Cell> cells;
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (is_no_row(line)) continue;
    const bool may_be_header = separator == 0;
    if (may_be_header) separator = separator_of(line);
    cells_of(line, separator, texts);
    cells.clear();
    for (const auto cell : texts) cells.push_back(cell_of(cell, separator));
    const auto bad = std::find_if(cells.begin(), cells.end(), [](const Cell& cell) { return !cell.valid; });
    const auto columns = static_cast<std::int64_t>(cells.size());
    if (bad != cells.end()) {
      if (may_be_header) continue;
      const auto column = bad - cells.begin();
      throw InputError(name + ": line " + std::to_string(number) + ", column " + std::to_string(column + 1) + ": `" +
                       shown(trimmed(texts[static_cast<std::size_t>(column)])) + "` is no number");
    }
    if (table.rows > 0 && columns != table.columns)
      throw InputError(name + ": line " + std::to_string(number) + " has a different number of columns, " + std::to_string(columns) +
                       ", than the lines before it, " + std::to_string(table.columns));
    table.columns = columns;
    ++table.rows;
    for (const Cell& cell : cells) {
      table.values.push_back(cell.value);
      table.integers = table.integers && cell.is_whole;
      if (table.integers) table.whole.push_back(cell.whole);
    }
  }
  if (table.rows == 0) table.integers = false;
  return table;
}

std::string table_text(const Table& table, bool single, char separator) {
  std::string text;
  std::array<char, 64> number;
  const auto add = [&](auto value) { text.append(number.data(), std::to_chars(number.data(), number.data() + number.size(), value).ptr); };
  for (std::int64_t i = 0; i < table.rows; ++i)
    for (std::int64_t j = 0; j < table.columns; ++j) {
      const auto at = static_cast<std::size_t>(i * table.columns + j);
      if (table.integers) add(table.whole[at]);
      else if (std::isnan(table.values[at])) text += "nan";   // without a sign
      else if (single) add(static_cast<float>(table.values[at]));
      else add(table.values[at]);
      text += j + 1 < table.columns ? separator : '\n';
    }
  return text;
}

}  // namespace priel::io::detail
