// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Chooses the instruction set of all closed kernels, once: what the processor has, what PRIEL_ISA allows, what all ranks have.

#include "tables.hpp"

#include <priel/communicator.hpp>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

namespace priel::detail {
namespace {

constexpr int undecided = -1;
std::atomic<int> chosen = undecided;
std::atomic<const ClosedKernels*> table = nullptr;

InstructionSet best_here() {
#if defined(PRIEL_X86_KERNELS)
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return InstructionSet::avx512;
  if (has_avx2) return InstructionSet::avx2;
#endif
  return InstructionSet::baseline;
}

// Throws InputError on a word that is none.
InstructionSet allowed() {
  const char* variable = std::getenv("PRIEL_ISA");
  const std::string_view wish = variable != nullptr ? variable : "";
  const InstructionSet best = best_here();
  if (wish == "" || wish == "avx512") return best;
  if (wish == "avx2") return best < InstructionSet::avx2 ? best : InstructionSet::avx2;
  if (wish == "baseline") return InstructionSet::baseline;
  throw InputError("PRIEL_ISA is '" + std::string(wish) + "', but must be baseline, avx2 or avx512: the highest instruction set to use");
}

const ClosedKernels& table_of(InstructionSet set) {
#if defined(PRIEL_X86_KERNELS)
  if (set == InstructionSet::avx512) return avx512::kernels;
  if (set == InstructionSet::avx2) return avx2::kernels;
#endif
  (void)set;
  return baseline::kernels;
}

void use(InstructionSet set) {
  table = &table_of(set);
  chosen = static_cast<int>(set);
}

// Of a program that computes before its Environment starts, or has none.
void use_without_others() {
  InstructionSet set = best_here();
  try {
    set = allowed();
  } catch (const InputError&) {   // the Environment says so
  }
  use(set);
}

}  // namespace

InstructionSet instruction_set_in_use() {
  if (chosen == undecided) use_without_others();
  return static_cast<InstructionSet>(chosen.load());
}

const ClosedKernels& closed_kernels() {
  const ClosedKernels* kernels = table.load(std::memory_order_acquire);
  if (kernels == nullptr) {
    use_without_others();
    kernels = table;
  }
  return *kernels;
}

const char* instruction_set() { return closed_kernels().name; }

const char* compiled_instruction_sets() {
#if defined(PRIEL_X86_KERNELS)
  return "baseline, AVX2, AVX-512";
#else
  return "baseline";
#endif
}

void agree_on_instruction_set(const Communicator& world) {
  InstructionSet mine = InstructionSet::baseline;
  std::exception_ptr error;
  try {
    mine = allowed();
  } catch (...) {
    error = std::current_exception();
  }
  int lowest = error ? undecided : static_cast<int>(mine);
  if (world.size() > 1)
    world.all_reduce(&lowest, 1, sizeof(lowest), [](void* into, const void* from, std::int64_t) {
      int& a = *static_cast<int*>(into);
      const int b = *static_cast<const int*>(from);
      if (b < a) a = b;
    });
  if (lowest == undecided) agree(world, error);
  use(static_cast<InstructionSet>(lowest));
}

}  // namespace priel::detail
