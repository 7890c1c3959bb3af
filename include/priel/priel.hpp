// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// All of priel but the device (<priel/device.hpp>).
#pragma once

#include <priel/backend/host.hpp>
#include <priel/backend/reference.hpp>

#include <priel/expression.hpp>
#include <priel/operators.hpp>

#include <priel/abstract.hpp>
#include <priel/borrow.hpp>
#include <priel/closeness.hpp>
#include <priel/create.hpp>
#include <priel/environment.hpp>
#include <priel/explain.hpp>
#include <priel/from_local.hpp>
#include <priel/io/dataset.hpp>
#include <priel/literal.hpp>
#include <priel/matrices.hpp>
#include <priel/print.hpp>
#include <priel/reproducible.hpp>
#include <priel/sequences.hpp>
#include <priel/simulate.hpp>
#include <priel/place.hpp>
#include <priel/slice.hpp>
#include <priel/transfer.hpp>

#include <priel/policies/redistributions.hpp>
#include <priel/policies/window.hpp>

#include <priel/algorithms/argextreme.hpp>
#include <priel/algorithms/array_split.hpp>
#include <priel/algorithms/average.hpp>
#include <priel/algorithms/axes.hpp>
#include <priel/algorithms/blocks.hpp>
#include <priel/algorithms/broadcasting.hpp>
#include <priel/algorithms/cdist.hpp>
#include <priel/algorithms/concatenate.hpp>
#include <priel/algorithms/convolve.hpp>
#include <priel/algorithms/covariance.hpp>
#include <priel/algorithms/cross.hpp>
#include <priel/algorithms/detector.hpp>
#include <priel/algorithms/diagonal.hpp>
#include <priel/algorithms/diff.hpp>
#include <priel/algorithms/fft.hpp>
#include <priel/algorithms/gather.hpp>
#include <priel/algorithms/gradient.hpp>
#include <priel/algorithms/histogram.hpp>
#include <priel/algorithms/joining.hpp>
#include <priel/algorithms/least_squares.hpp>
#include <priel/algorithms/linalg.hpp>
#include <priel/algorithms/loop.hpp>
#include <priel/algorithms/masked_place.hpp>
#include <priel/algorithms/matmul.hpp>
#include <priel/algorithms/nan.hpp>
#include <priel/algorithms/nonzero.hpp>
#include <priel/algorithms/norm.hpp>
#include <priel/algorithms/outer.hpp>
#include <priel/algorithms/pad.hpp>
#include <priel/algorithms/partition.hpp>
#include <priel/algorithms/patches.hpp>
#include <priel/algorithms/percentile.hpp>
#include <priel/algorithms/polynomial.hpp>
#include <priel/algorithms/products.hpp>
#include <priel/algorithms/put.hpp>
#include <priel/algorithms/qr.hpp>
#include <priel/algorithms/random.hpp>
#include <priel/algorithms/random_choice.hpp>
#include <priel/algorithms/random_counts.hpp>
#include <priel/algorithms/random_distributions.hpp>
#include <priel/algorithms/random_each.hpp>
#include <priel/algorithms/random_rare.hpp>
#include <priel/algorithms/repeat.hpp>
#include <priel/algorithms/reshape.hpp>
#include <priel/algorithms/ring.hpp>
#include <priel/algorithms/roll.hpp>
#include <priel/algorithms/scan.hpp>
#include <priel/algorithms/scatter.hpp>
#include <priel/algorithms/searchsorted.hpp>
#include <priel/algorithms/select.hpp>
#include <priel/algorithms/sets.hpp>
#include <priel/algorithms/solve.hpp>
#include <priel/algorithms/sort.hpp>
#include <priel/algorithms/take.hpp>
#include <priel/algorithms/topk.hpp>
#include <priel/algorithms/unique.hpp>
#include <priel/algorithms/vmap.hpp>
#include <priel/algorithms/vmap_several.hpp>
#include <priel/algorithms/windows.hpp>
