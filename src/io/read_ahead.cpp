// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The next block's windows, read while the present block is computed.

#include <priel/algorithms/detail/block_plan.hpp>
#include <priel/backend/memory.hpp>

#include <omp.h>

#include <algorithm>
#include <future>

namespace priel::detail {
namespace {

constexpr Size line = 64;
Size padded(Size bytes) { return (bytes + line - 1) / line * line; }

// Memory that is exchanged only for larger one. Not of what is recycled: nobody else asks for such sizes.
struct Place {
  std::byte* data = nullptr;
  Size bytes = 0;

  void need(Size wanted) {
    if (wanted <= bytes) return;
    release();
    data = static_cast<std::byte*>(::operator new(static_cast<std::size_t>(wanted), std::align_val_t{line}));
    bytes = wanted;
  }
  void release() {
    ::operator delete(data, std::align_val_t{line});
    data = nullptr;
    bytes = 0;
  }
};

double read(std::vector<SourceWindow>& windows) {
  Laps laps;
  for (SourceWindow& window : windows)
    if (window.bytes() > 0 && window.parts.empty()) window.source->read(window.lower, window.extent, window.as, const_cast<std::byte*>(window.data));
    else if (window.bytes() > 0)
      window.source->read_parts(window.lower, window.extent, window.parts, window.as, const_cast<std::byte*>(window.data));
  return laps.lap();
}

}  // namespace

struct ReadAhead::State {
  ~State() {
    if (reading.valid()) reading.wait();
    for (Place& place : places) place.release();
  }
  Place places[2];
  int next = 0;
  std::vector<SourceWindow> windows;
  std::future<double> reading;
  double seconds = 0;
};

ReadAhead::ReadAhead() : state_(new State) {}
ReadAhead::~ReadAhead() = default;

void ReadAhead::begin(std::vector<SourceWindow> windows) {
  State& state = *state_;
  Place& place = state.places[state.next];
  Size total = 0, at = 0;
  for (const SourceWindow& window : windows) total += padded(window.bytes());
  place.need(total);
  state.next = 1 - state.next;
  for (SourceWindow& window : windows) {
    window.data = place.data + at;
    at += padded(window.bytes());
  }
  state.windows = std::move(windows);
  if (total == 0) return;
  state.reading = std::async(std::launch::async, [&state, threads = omp_get_max_threads()] {
    omp_set_num_threads(threads);   // a new thread has the environment's
    return read(state.windows);
  });
}

std::vector<SourceWindow> ReadAhead::finish() {
  State& state = *state_;
  if (state.reading.valid()) state.seconds += state.reading.get();
  return std::move(state.windows);
}

double ReadAhead::seconds() const { return state_->seconds; }

}  // namespace priel::detail
