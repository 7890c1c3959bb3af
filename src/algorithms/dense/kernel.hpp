// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The entry points of one instruction set: a unit defines PRIEL_ISA, the namespace, and includes this.
#pragma once

#include "householder.hpp"
#include "jacobi.hpp"
#include "pairs.hpp"
#include "products.hpp"

namespace priel::detail::PRIEL_ISA {

std::int64_t scratch_of(const ProductTask<float>& task) { return scratch_for(task); }
std::int64_t scratch_of(const ProductTask<double>& task) { return scratch_for(task); }
std::int64_t scratch_of(const DistanceTask<float>& task) { return pair_block(task) * task.d; }
std::int64_t scratch_of(const DistanceTask<double>& task) { return pair_block(task) * task.d; }
std::int64_t scratch_of(const QrTask<float>& task) { return scratch_for(task); }
std::int64_t scratch_of(const QrTask<double>& task) { return scratch_for(task); }
std::int64_t scratch_of(const SvdTask<float>& task) { return scratch_for(task); }
std::int64_t scratch_of(const SvdTask<double>& task) { return scratch_for(task); }
void run(const ProductTask<float>& task, float* scratch) { multiply(task, scratch); }
void run(const ProductTask<double>& task, double* scratch) { multiply(task, scratch); }
void run(const DistanceTask<float>& task, float* scratch) { distances(task, scratch); }
void run(const DistanceTask<double>& task, double* scratch) { distances(task, scratch); }

void run(const QrTask<float>& task, float* scratch) { factor(task, scratch); }
void run(const QrTask<double>& task, double* scratch) { factor(task, scratch); }
void run(const SvdTask<float>& task, float* scratch) { singular_values(task, scratch); }
void run(const SvdTask<double>& task, double* scratch) { singular_values(task, scratch); }

}  // namespace priel::detail::PRIEL_ISA
