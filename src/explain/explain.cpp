// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Explanations as text, and what can be added up in them.

#include <priel/explain.hpp>

#include <algorithm>
#include <cstdio>
#include <ostream>

namespace priel {
namespace {

using Row = std::vector<std::string>;

// "160 B", "1.5 KiB", "12.3 MiB".
std::string in_units(Size bytes) {
  constexpr const char* units[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1024;
  int unit = 0;
  for (; value >= 1023.95 && unit < 4; ++unit) value /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", value < 99.95 ? 1 : 0, value);
  std::string number = text;
  if (number.ends_with(".0")) number.resize(number.size() - 2);
  return number + " " + units[unit];
}

// Columns of equal width, two spaces apart and indented by two.
std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line = " ";
    for (std::size_t c = 0; c < row.size(); ++c) line += " " + row[c] + std::string(widths[c] - row[c].size() + 1, ' ');
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

bool is_payload(Collective kind) { return kind == Collective::all_reduce || kind == Collective::scan || kind == Collective::broadcast; }

// The rank with most, unless all are alike.
std::string on_rank(const PerRank& values) {
  const bool alike = std::all_of(values.bytes.begin(), values.bytes.end(), [&](Size n) { return n == values.bytes.front(); });
  return alike ? "each rank" : "rank " + std::to_string(values.rank_with_most());
}

std::string loops_of(const Explanation& e) {
  std::vector<Row> rows;
  for (const FusedLoop& loop : e.loops) {
    std::string fused;
    for (const std::string& name : loop.operators) fused += (fused.empty() ? "" : ", ") + name;
    rows.push_back({loop.what, std::to_string(loop.elements) + (loop.elements == 1 ? " element" : " elements"), fused});
  }
  return "loops, on the rank with most, and what is fused in them\n" + table(rows);
}

// Messages of one kind and purpose that follow each other are one line.
std::string messages_of(const Explanation& e) {
  if (e.messages.empty()) return "messages: none, nothing is sent\n";
  std::vector<Row> rows;
  for (std::size_t i = 0, times = 1; i < e.messages.size(); ++i, ++times) {
    const Message& message = e.messages[i];
    const auto is_same = [&](const Message& other) {
      return other.collective == message.collective && other.what == message.what && other.bytes == message.bytes;
    };
    if (i + 1 < e.messages.size() && is_same(e.messages[i + 1])) continue;
    Row row{name_of(message.collective), message.what, (message.at_most ? "at most " : "") + in_units(message.most())};
    std::string more;
    if (times > 1) more = std::to_string(times) + " times";
    if (!is_payload(message.collective))
      more += (more.empty() ? "from " : ", from ") + on_rank(message) + ", " + in_units(message.total() * static_cast<Size>(times)) + " in all";
    rows.push_back(row);
    rows.back().push_back(more);
    times = 0;
  }
  return "messages\n" + table(rows);
}

std::string memory_of(const Explanation& e) {
  const PerRank all = e.memory();
  const auto most = static_cast<std::size_t>(all.rank_with_most());
  std::vector<Row> rows;
  const auto add = [&](const char* kind, const std::string& what, const PerRank& memory) {
    rows.push_back({kind, what, in_units(memory.bytes[most])});
  };
  for (const OperandMemory& operand : e.operands) add("operand", operand.what, operand);
  for (const Temporary& temporary : e.temporaries) add("temporary", temporary.what, temporary);
  add("target", e.statement, e.target);
  add("all", "", all);
  return "memory of " + on_rank(all) + "\n" + table(rows);
}

void add(PerRank& sum, const PerRank& more) {
  for (std::size_t r = 0; r < sum.bytes.size(); ++r) sum.bytes[r] += more.bytes[r];
}

PerRank zeros(int ranks) { return {std::vector<Size>(static_cast<std::size_t>(ranks))}; }

}  // namespace

PerRank Explanation::bytes(Collectives kinds) const {
  PerRank sum = zeros(ranks);
  for (const Message& message : messages)
    if (kinds.contains(message.collective)) add(sum, message);
  return sum;
}

Collectives Explanation::collectives() const {
  Collectives kinds;
  for (const Message& message : messages) kinds = kinds | message.collective;
  return kinds;
}

PerRank Explanation::memory() const {
  PerRank sum = target;
  for (const OperandMemory& operand : operands) add(sum, operand);
  for (const Temporary& temporary : temporaries) add(sum, temporary);
  return sum;
}

std::string to_string(const Explanation& e) {
  std::string text = e.statement + ", on " + std::to_string(e.ranks) + (e.ranks == 1 ? " rank\n" : " ranks\n");
  text += loops_of(e) + messages_of(e);
  if (e.already_computed > 0)
    text += "already computed by earlier statements: " + std::to_string(e.already_computed) + (e.already_computed == 1 ? " result\n" : " results\n");
  return text + memory_of(e);
}

std::ostream& operator<<(std::ostream& out, const Explanation& explanation) { return out << to_string(explanation); }

}  // namespace priel
