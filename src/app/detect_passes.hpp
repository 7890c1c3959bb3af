// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Passes over scores that lie in a file: by rows in groups, and dates of them by columns.
#pragma once

#include <priel/communicator.hpp>
#include <priel/io/rows.hpp>
#include <priel/shape.hpp>

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <span>
#include <type_traits>
#include <vector>

namespace priel::app {

// Rows are taken in groups that depend on nothing, so that sums made by group do not depend on ranks and threads.
constexpr Size rows_of_group = 1024;
inline Size groups_of(Size rows) { return (rows + rows_of_group - 1) / rows_of_group; }

// The groups of this rank: runs of about equal length in rank order.
Block own_groups(Size rows);
// Their rows.
Block own_rows(Size rows);

// Rows of scores held at once by a thread: about 1 MiB.
Size rows_at_once(Size dates);

// Runs f(i) for 0 <= i < count on this rank's threads, at most so many of them; throws what one of them throws.
template <class F>
void on_threads(Size count, F f, int threads = omp_get_max_threads()) {
  std::exception_ptr failed;
  std::atomic<bool> ended = false;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (Size i = 0; i < count; ++i) {
    if (ended) continue;
    try {
      f(i);
    } catch (...) {
#pragma omp critical(priel_app_failed)
      if (!failed) failed = std::current_exception();
      ended = true;
    }
  }
  if (failed) std::rethrow_exception(failed);
}

// Rank-local: f(group, first, rows, scores) for the rows of each group given, in pieces of rows_at_once, in order within a group; several groups at a
// time on this rank's threads.
template <class F>
void for_each_group(const io::Rows& scores, Size dates, const Block& groups, F f) {
  on_threads(groups.extent, [&](Size g) {
    const Size group = groups.lower + g, end = std::min((group + 1) * rows_of_group, scores.count()), step = rows_at_once(dates);
    std::vector<float> piece(static_cast<std::size_t>(step * dates));
    for (Size first = group * rows_of_group; first < end; first += step) {
      const Size rows = std::min(step, end - first);
      scores.read(first, rows, piece.data());
      f(group, first, rows, static_cast<const float*>(piece.data()));
    }
  });
}

// Rank-local: value(score, date) of each pixel, in the order of the pixels, for each of the dates chosen: (chosen, pixels), which
// is all that is held beside rows_at_once a thread.
template <class T, class F>
void gather_columns(const io::Rows& scores, Size dates, std::span<const Size> chosen, T* to, F value) {
  const Size rows = scores.count();
  for_each_group(scores, dates, {0, groups_of(rows)}, [&](Size, Size first, Size count, const float* from) {
    for (std::size_t c = 0; c < chosen.size(); ++c) {
      T* column = to + static_cast<Size>(c) * rows + first;
      for (Size i = 0; i < count; ++i) column[i] = value(from[i * dates + chosen[c]], chosen[c]);
    }
  });
}

// Collective: what each rank has of its own groups, `per_group` elements each, put together on all.
template <class T>
void gather_groups(std::vector<T>& all, Size rows, Size per_row, Size per_group) {
  static_assert(std::is_trivially_copyable_v<T>);
  const Comm comm = world();
  std::vector<std::int64_t> bytes;
  Size before = 0;
  for (int r = 0; r < comm->size(); ++r) {
    const Block groups = block_of(groups_of(rows), comm->size(), r);
    const Size low = std::min(groups.lower * rows_of_group, rows), high = std::min((groups.lower + groups.extent) * rows_of_group, rows);
    const Size elements = per_row > 0 ? (high - low) * per_row : groups.extent * per_group;
    if (r < comm->rank()) before += elements;
    bytes.push_back(elements * static_cast<Size>(sizeof(T)));
  }
  comm->all_gather(all.data() + before, all.data(), bytes);
}

// Collective: sums of whole numbers.
void sum_over_ranks(std::vector<Size>& counts);

}  // namespace priel::app
