// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// dispatch: a backend chosen at run time, for programs that are compiled for several.
#pragma once

#include <priel/backend.hpp>

#include <type_traits>
#include <utility>

namespace priel {

// Where to compute, as a value: from a command line, say.
enum class Place { host, device };

// Calls f(Host{}) or f(Device{}): f is instantiated for both, so both give the same type, and the unit includes <priel/device.hpp>.
//   dispatch(place, [&](auto backend) { Array<float, 2, Split<0>, decltype(backend)> x(...); ... });
// Every rank has to pass the same place. Sends nothing.
template <class F>
decltype(auto) dispatch(Place place, F&& f) {
  const auto call = [&]<class B>(std::type_identity<B>) -> decltype(auto) { return std::forward<F>(f)(B{}); };
  if (place == Place::device) return call(std::type_identity<Device>{});
  return call(std::type_identity<Host>{});
}

}  // namespace priel
