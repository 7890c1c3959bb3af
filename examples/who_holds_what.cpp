// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A lesson: which rank holds which elements under each policy, and what a redistribution sends. Three ranks, as threads of this process.
//   who_holds_what
#include <priel/priel.hpp>

#include <iostream>
#include <sstream>

using namespace priel;

namespace {

// One rank after the other says what it has; rank 0 prints.
void say(const std::string& what) {
  const Comm comm = world();
  for (int speaker = 0; speaker < comm->size(); ++speaker) {
    std::int64_t length = static_cast<std::int64_t>(what.size());
    comm->broadcast(&length, sizeof length, speaker);
    std::string text = comm->rank() == speaker ? what : std::string(static_cast<std::size_t>(length), ' ');
    comm->broadcast(text.data(), length, speaker);
    if (comm->rank() == 0) std::cout << text;
  }
}

template <class A>
void show(const std::string& title, const A& x) {
  std::ostringstream mine;
  if (world()->rank() == 0) mine << "\n" << title << "\n";
  mine << "rank " << world()->rank() << " holds " << to_string(x.lshape()) << ":\n" << x.local() << "\n";
  say(mine.str());
}

void lesson() {
  // Row i, column j: 10 i + j. Generated: every rank can compute every element, nobody stores any.
  const auto rows = arange<int>(5), columns = arange<int>(4);
  const auto table = 10 * rows(all, newaxis) + columns;
  if (world()->rank() == 0) std::cout << "An array of 5 rows and 4 columns:\n";
  print(table);

  const Array<int, 2> everywhere = table;
  show("Replicated: every rank holds all of it.", everywhere);
  const Array<int, 2, Split<0>> by_rows = table;
  show("Split<0>: rows in blocks; 5 rows on 3 ranks are 2, 2 and 1.", by_rows);
  const Array<int, 2, Split<1>> by_columns = table;
  show("Split<1>: columns in blocks.", by_columns);

  // What has the same policy is combined without a message; else the compiler asks for the line below.
  const Array<int, 2, Split<0>> difference = by_rows - redistribute(by_columns, split<0>);
  show("by_rows - redistribute(by_columns, split<0>), after the columns were sent:", difference);

  const auto moves = explain(redistribute(by_columns, split<0>)), gathers = explain(redistribute(by_rows, replicated)), sums = explain(sum(by_rows, axis<0>));
  if (world()->rank() == 0)
    std::cout << "\nWhat a redistribution from columns to rows sends:\n" << moves << "\nfrom rows to all ranks:\n" << gathers << "\nand the sum of each column:\n" << sums;
}

}  // namespace

int main() {
  simulate(3, lesson);
}
