// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The agreement on errors: one integer says whether and where, then the lowest failing rank's kind and text go to all.

#include <priel/communicator.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

namespace priel {
namespace {

enum Kind : std::int64_t { other, input, system, shape };

struct Report {
  Kind kind = other;
  std::string text;
};

Report report(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const ShapeError& e) {
    return {shape, e.what()};
  } catch (const InputError& e) {
    return {input, e.what()};
  } catch (const SystemError& e) {
    return {system, e.what()};
  } catch (const std::bad_alloc& e) {   // of the device says how much
    return {other, std::strcmp(e.what(), std::bad_alloc().what()) == 0 ? "out of memory" : e.what()};
  } catch (const std::exception& e) {
    return {other, e.what()};
  } catch (...) {
    return {other, "an exception of unknown type"};
  }
}

[[noreturn]] void raise(const Report& report) {
  switch (report.kind) {
    case shape: throw ShapeError(report.text);
    case input: throw InputError(report.text);
    case system: throw SystemError(report.text);
    case other: break;
  }
  throw AgreedError(report.text);
}

void lowest(void* into, const void* from, std::int64_t count) {
  auto* const a = static_cast<std::int32_t*>(into);
  const auto* const b = static_cast<const std::int32_t*>(from);
  for (std::int64_t i = 0; i < count; ++i) a[i] = std::min(a[i], b[i]);
}

}  // namespace

void agree(const Communicator& comm, std::exception_ptr mine) {
  std::int32_t failing = mine ? comm.rank() : comm.size();
  comm.all_reduce(&failing, 1, sizeof failing, lowest);
  if (failing == comm.size()) return;

  Report agreed;
  if (failing == comm.rank()) agreed = report(mine);
  std::int64_t head[2] = {agreed.kind, static_cast<std::int64_t>(agreed.text.size())};
  comm.broadcast(head, sizeof head, failing);
  agreed.kind = static_cast<Kind>(head[0]);
  agreed.text.resize(static_cast<std::size_t>(head[1]));
  comm.broadcast(agreed.text.data(), head[1], failing);
  raise(agreed);
}

}  // namespace priel
