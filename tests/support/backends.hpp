// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The typed lists that tests of expressions run over. A unit that defines PRIEL_TEST_DEVICE first runs its tests on Device instead.
#pragma once

#include <priel/priel.hpp>

#ifdef PRIEL_TEST_DEVICE
#include <priel/device.hpp>
#endif

#include <tuple>

namespace priel::test {

#ifdef PRIEL_TEST_DEVICE
using Backends = std::tuple<Device>;
#else
using Backends = std::tuple<Reference, Host>;
#endif

// The backend that the unit is about; what only repeats itself on Reference runs on this one alone.
using Tested = std::tuple_element_t<std::tuple_size_v<Backends> - 1, Backends>;

using Policies = std::tuple<Replicated, Split<0>, Split<1>, Split<2>>;

// f.template operator()<T>() for every T of the tuple: for_each_type<Backends>([]<class Backend>() { ... }).
template <class Tuple, class F>
void for_each_type(F&& f) {
  [&]<class... T>(std::type_identity<std::tuple<T...>>) { (f.template operator()<T>(), ...); }(std::type_identity<Tuple>{});
}

template <class P>
struct name_of_policy;
template <>
struct name_of_policy<Replicated> { static constexpr const char* value = "Replicated"; };
template <int K>
struct name_of_policy<Split<K>> { static constexpr const char value[] = {'S', 'p', 'l', 'i', 't', '<', '0' + K, '>', '\0'}; };

// What a failing check says about where it is.
template <class Backend, class... P>
std::string described() {
  std::string text = Backend::name;
  ((text += std::string(" ") + name_of_policy<P>::value), ...);
  return text;
}

}  // namespace priel::test
