// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The CUDA kernel of a reduction: a block's threads read neighbouring elements and merge their states in shared memory.
#pragma once

#include <cuda_runtime.h>

namespace priel::device {

// How a block's threads are divided: `rows` states, `lanes` threads for each of them. Powers of two.
template <class Pass>
struct ReduceBlocks {
  using Values = typename Pass::States::Values;
  // As many as have room for their states in 44 KiB.
  static constexpr int fitting() {
    int number = 256;
    while (number > 1 && sizeof(Values) * static_cast<std::size_t>(number) > 45056) number /= 2;
    return number;
  }
  static constexpr int threads = fitting();
  static constexpr Size blocks_wanted = 2048, elements_per_thread = 16;
  int rows, lanes;
  Size groups;

  // Where neighbours in memory belong to one state, so do neighbouring threads; else they have neighbouring states.
  static ReduceBlocks cut(Pass& pass) {
    int lanes = 1;
    if (pass.inner) while (lanes < threads && lanes < pass.elements) lanes *= 2;
    else while (lanes < threads && (threads / lanes > 32 || threads / lanes / 2 >= pass.count)) lanes *= 2;
    const int rows = threads / lanes;
    const Size groups = (pass.count + rows - 1) / rows;
    pass.chunks = std::clamp<Size>(blocks_wanted / groups, 1, 1 + pass.elements / (lanes * elements_per_thread));
    return {rows, lanes, groups};
  }
  void launch(const Pass& pass) const;
};

template <class Pass>
__global__ void __launch_bounds__(ReduceBlocks<Pass>::threads) reduce_blocks(Pass pass, ReduceBlocks<Pass> blocks) {
  using Values = typename Pass::States::Values;
  __shared__ alignas(16) unsigned char memory[sizeof(Values) * ReduceBlocks<Pass>::threads];
  Values* const shared = reinterpret_cast<Values*>(memory);   // by lane, then by row
  const int t = static_cast<int>(threadIdx.x);
  const int lane = pass.inner ? t % blocks.lanes : t / blocks.rows, row = pass.inner ? t / blocks.lanes : t % blocks.rows;
  const Size state = static_cast<Size>(blockIdx.x) / pass.chunks * blocks.rows + row, chunk = static_cast<Size>(blockIdx.x) % pass.chunks;
  const bool used = state < pass.count;

  Values mine = Pass::States::identity();
  if (used) {
    const auto place = pass.kept.at(state);
    const Size end = pass.chunk_begin(chunk + 1), step = blocks.lanes;
    constexpr int ahead = 4;   // elements that are read before one is added
    Size i = pass.chunk_begin(chunk) + lane;
    for (; i + (ahead - 1) * step < end; i += ahead * step) {
      decltype(pass.value(place, i)) values[ahead];
      for (int j = 0; j < ahead; ++j) values[j] = pass.value(place, i + j * step);
      for (int j = 0; j < ahead; ++j) pass.states.add(mine, values[j]);
    }
    for (; i < end; i += step) pass.states.add(mine, pass.value(place, i));
  }
  shared[lane * blocks.rows + row] = mine;
  for (int half = blocks.lanes / 2; half > 0; half /= 2) {
    __syncthreads();
    if (lane < half) pass.states.merge(shared[lane * blocks.rows + row], shared[(lane + half) * blocks.rows + row]);
  }
  if (used && lane == 0) pass.states.store(shared[row], pass.parts, state * pass.chunks + chunk);
}

template <class Pass>
void ReduceBlocks<Pass>::launch(const Pass& pass) const {
  reduce_blocks<<<static_cast<unsigned>(groups * pass.chunks), threads>>>(pass, *this);
  check(cudaGetLastError(), "reduction on the CUDA device");
}

}  // namespace priel::device
