// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The scratch memory of one series: where its panels, distances, neighbours and tables over k lie.
#pragma once

#include "series_task.hpp"
#include "vectors.hpp"

namespace priel::detail::PRIEL_ISA {

// A panel is one vector's worth of samples side by side: element (feature f, lane l) of panel p is the feature f of the
// sample p * lanes + l. The tables have a row for each sample and `stride` columns, one for each k; the columns past `count`
// repeat the last k, so that every lane holds a valid value.
template <class T>
struct Workspace {
  SeriesTask task;
  std::int64_t n;       // samples that take part
  int last;             // the largest k
  int block;            // the length of the sorted lists of the network; 0: too many neighbours for it
  std::int64_t stride;
  const T* x;           // the samples as given
  bool exact;           // no squared distance was rounded
  bool halves;          // the network may leave out half of every 32 samples: few have more than 16 neighbours among them
  T near;               // squared distances whose ratio is below this may be equal but for their rounding

  std::int32_t* sample;   // [n] the row of x
  T* panels;              // [panels][d][lanes]
  T* squared;             // [panels][n][lanes] squared distances: sample j to the samples of the panel
  T* keys;                // [2 * block][lanes]
  BitsOf<T>* number;      // [n] 0, 1, 2, ...
  std::int64_t* begin;    // [n] where the neighbours of a sample begin in the pool
  std::int32_t* length;   // [n] how many there are
  const std::int32_t** from_row;   // [n] for each neighbour the first column to which it counts
  std::int32_t* from_rank;         // [last] the same where no distances tie
  std::int32_t* neighbour;         // the pool: nearest first
  T* distance;
  std::int32_t* from;
  double* order;       // [n] one row's distances as they are compared for ties
  double* sums;        // [n] of one row's squared distances
  double* per_size;    // [count] 1 / k, in double
  T* plain_inverse;    // [stride] 1 / k
  T* inverse;          // [n][stride] 1 / size of the neighbourhood
  T* table[4];         // [n][stride]
  T* factor;           // [stride]

  std::int64_t panel_count() const { return (n + lanes<T> - 1) / lanes<T>; }
  const T* column(std::int64_t i) const {
    return squared + i / lanes<T> * round_up(n, lanes<T>) * lanes<T> + i % lanes<T>;
  }
};

class Arena {
 public:
  explicit Arena(void* base) : base_(static_cast<char*>(base)) {}
  template <class Element>
  Element* take(std::int64_t count) {
    char* here = base_ == nullptr ? nullptr : base_ + used_;
    used_ += static_cast<std::size_t>(round_up(count * static_cast<std::int64_t>(sizeof(Element)), 64));
    return reinterpret_cast<Element*>(here);
  }
  std::size_t used() const { return used_; }

 private:
  char* base_;
  std::size_t used_ = 0;
};

// Lays the workspace out in `arena`; one without memory measures. Sized for all n samples: which of them take part is found
// out later.
template <class T>
Workspace<T> make_workspace(const SeriesTask& task, Arena& arena) {
  Workspace<T> w{};
  w.task = task;
  w.n = task.n;
  w.last = task.first + (task.count - 1) * task.step;
  // The list's last element tells how far it is complete, so it must be longer than k.
  w.block = w.last < 16 ? 16 : w.last < 32 ? 32 : w.last < 64 ? 64 : w.last < 128 ? 128 : 0;
  w.stride = round_up(task.count, lanes<T>);
  const std::int64_t n = round_up(task.n, lanes<T>), row = round_up(task.n > w.block ? task.n : w.block, lanes<T>) + lanes<T>;
  const std::int64_t pool = n * row;
  w.sample = arena.take<std::int32_t>(n);
  w.panels = arena.take<T>(n * task.d);
  w.squared = arena.take<T>(n * n);
  w.keys = arena.take<T>(2 * w.block * lanes<T>);
  w.number = arena.take<BitsOf<T>>(n);
  w.begin = arena.take<std::int64_t>(n);
  w.length = arena.take<std::int32_t>(n);
  w.from_row = arena.take<const std::int32_t*>(n);
  w.from_rank = arena.take<std::int32_t>(w.last);
  w.order = arena.take<double>(row);
  w.sums = arena.take<double>(row);
  w.per_size = arena.take<double>(task.count);
  w.plain_inverse = arena.take<T>(w.stride);
  w.inverse = arena.take<T>(n * w.stride);
  for (T*& table : w.table) table = arena.take<T>(n * w.stride);
  w.factor = arena.take<T>(w.stride);
  // Last, because in most series only their beginnings are touched.
  w.neighbour = arena.take<std::int32_t>(pool);
  w.distance = arena.take<T>(pool);
  w.from = arena.take<std::int32_t>(pool);
  return w;
}

}  // namespace priel::detail::PRIEL_ISA
