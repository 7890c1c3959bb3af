// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md as tests: NumPy's line and ours on the same random operands; the page quotes NumPy's line as it stands here.
#pragma once

#include <tests/support/backends.hpp>
#include <tests/support/dtype.hpp>
#include <tests/support/numpy_oracle.hpp>
#include <tests/support/ranks.hpp>

#include <algorithm>
#include <mutex>

namespace priel::test {

template <class... T>
struct Types {};
using Every = Types<bool, std::uint8_t, std::int32_t, std::int64_t, float, double, std::complex<double>>;
using Numbers = Types<std::uint8_t, std::int32_t, std::int64_t, float, double, std::complex<double>>;
using WithBool = Types<bool, std::uint8_t, std::int32_t, std::int64_t, float, double>;
using Real = Types<std::uint8_t, std::int32_t, std::int64_t, float, double>;
using Integers = Types<std::uint8_t, std::int32_t, std::int64_t>;
using Floats = Types<float, double>;
using Inexact = Types<float, double, std::complex<double>>;
using Complexes = Types<std::complex<float>, std::complex<double>>;
using Bool = Types<bool>;

// Policies of the operands, in their order.
template <class... P>
struct On {};

struct RowOptions {
  double ulps = 0, absolute = 0;
  const char* input = "any";                 // the kind of random values, numpy_oracle.py
  std::vector<std::string> shapes = {};      // of the operands: "5,3;3"; by default some of each rank, empty ones too
};

namespace detail {

// Elements that are the row's main type run on every backend and policy.
template <class... T>
struct main_type { using type = std::tuple_element_t<0, std::tuple<T...>>; };
template <class... T>
  requires(std::is_same_v<T, double> || ...)
struct main_type<T...> { using type = double; };

template <class P, int Rank>
struct on_rank { using type = P; };
template <int K, int Rank>
  requires(K >= Rank)
struct on_rank<Split<K>, Rank> { using type = Replicated; };

// The shapes of a row that names none.
std::vector<std::string> cases_of(const std::vector<int>& ranks);
// NumPy's line on ranks; what differs becomes a failed check.
void run_row(const std::string& line, const std::string& type, const std::string& where, const std::vector<int>& ranks, const RowOptions& options,
             void (*run)(const void* function, const NumpyAnswer& answer, const Tolerance& tolerance), const void* function, bool several);
// Compares a result's part with the answer's result of that number; throws Difference with what differs.
struct Difference : std::runtime_error {
  using std::runtime_error::runtime_error;
};
void compare(const NumpyAnswer& answer, std::size_t number, const std::string& type, const Size* shape, const Size* lower, const Size* extent, int rank,
             const void* values, const Tolerance& tolerance);

template <class A>
A operand_of(const NumpyArray& given) {
  Shape<A::rank> shape;
  for (int a = 0; a < A::rank; ++a) shape[a] = given.shape[static_cast<std::size_t>(a)];
  A array(shape, world());
  const auto& part = array.part();
  std::vector<char> bytes(static_cast<std::size_t>(part.size()) * sizeof(value_of<A>));
  Index<A::rank> i;
  for (Size n = 0; n < part.size(); ++n, advance(part.extent, i)) {
    Size at = 0;
    for (int a = 0; a < A::rank; ++a) at = at * shape[a] + part.lower[a] + i[a];
    std::copy_n(given.bytes.data() + at * static_cast<Size>(sizeof(value_of<A>)), sizeof(value_of<A>), bytes.data() + n * static_cast<Size>(sizeof(value_of<A>)));
  }
  const auto lease = array.local_mut();
  backend_of<A>::upload(lease.data(), bytes.data(), static_cast<Size>(bytes.size()));
  return array;
}

template <class E>
void compare_result(const NumpyAnswer& answer, std::size_t number, const E& e, const Tolerance& tolerance) {
  const auto y = eval(e);
  const auto shape = y.shape();
  const auto& part = y.part();
  std::vector<char> bytes(static_cast<std::size_t>(part.size()) * sizeof(value_of<E>));
  backend_of<decltype(y)>::download(bytes.data(), y.local().data(), static_cast<Size>(bytes.size()));
  compare(answer, number, numpy_name<value_of<E>>, shape.begin(), part.lower.begin(), part.extent.begin(), rank_of<E>, bytes.data(), tolerance);
}

template <class Result>
void compare_results(const NumpyAnswer& answer, const Result& result, const Tolerance& tolerance) {
  if constexpr (Expression<Result>) compare_result(answer, 0, result, tolerance);
  else if constexpr (Element<Result>) compare(answer, 0, numpy_name<Result>, nullptr, nullptr, nullptr, 0, &result, tolerance);
  else
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (compare_result(answer, I, std::get<I>(result), tolerance), ...);
    }(std::make_index_sequence<std::tuple_size_v<Result>>{});
}

template <class T, class Backend, class F, int... Ranks, class... P>
void check_row(const char* line, const F& f, const RowOptions& options, std::type_identity<On<P...>>) {
  const auto run = [](const void* function, const NumpyAnswer& answer, const Tolerance& tolerance) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      compare_results(answer, (*static_cast<const F*>(function))(operand_of<Array<T, Ranks, typename on_rank<P, Ranks>::type, Backend>>(answer.operands[I])...), tolerance);
    }(std::make_index_sequence<sizeof...(Ranks)>{});
  };
  run_row(line, numpy_name<T>, described<Backend, P...>(), {Ranks...}, options, run, &f, !(std::is_same_v<P, Replicated> && ...));
}

template <class T, class Backend, class Policy, class F>
void check_creator(const char* line, const F& f, const RowOptions& options) {
  const auto run = [](const void* function, const NumpyAnswer& answer, const Tolerance& tolerance) {
    const auto made = static_cast<const F*>(function)->template operator()<T>();
    if constexpr (!Expression<decltype(made)>) compare_results(answer, made, tolerance);
    else if constexpr (std::is_void_v<backend_of<decltype(made)>> && rank_of<decltype(made)> > 0)
      compare_result(answer, 0, Array<value_of<decltype(made)>, rank_of<decltype(made)>, typename on_rank<Policy, rank_of<decltype(made)>>::type, Backend>(made), tolerance);
    else compare_result(answer, 0, made, tolerance);
  };
  run_row(line, numpy_name<T>, described<Backend, Policy>(), {}, options, run, &f, !std::is_same_v<Policy, Replicated>);
}

template <class... Placed>
struct Rows {
  template <class List, int... Ranks, class F>
  static void run(const char* line, const F& f, const RowOptions& options = {}) {
    [&]<class... T>(std::type_identity<Types<T...>>) {
      using Main = typename main_type<T...>::type;
#ifndef PRIEL_TEST_DEVICE
      using First = std::tuple_element_t<0, std::tuple<Placed...>>;
      (check_row<T, Tested, F, Ranks...>(line, f, options, std::type_identity<First>{}), ...);
      check_row<Main, Reference, F, Ranks...>(line, f, options, std::type_identity<First>{});
      [&]<class... Other>(std::type_identity<std::tuple<First, Other...>>) {
        (check_row<Main, Tested, F, Ranks...>(line, f, options, std::type_identity<Other>{}), ...);
      }(std::type_identity<std::tuple<Placed...>>{});
#else   // once, distributed where the row allows it: the loops are the same, and each costs a compilation
      using Chosen = std::tuple_element_t<(sizeof...(Placed) > 1 ? 1 : 0), std::tuple<Placed...>>;
      check_row<Main, Tested, F, Ranks...>(line, f, options, std::type_identity<Chosen>{});
#endif
    }(std::type_identity<List>{});
  }
};

template <int... Ranks>
inline constexpr int largest_rank = std::max({Ranks...});
// Operands of lower rank meet the others on every rank.
template <class P, int... Ranks>
using Alike = On<std::conditional_t<(Ranks == largest_rank<Ranks...>), P, Replicated>...>;

}  // namespace detail

// NumPy's line, ours, and what they are run on: every type of the list, replicated, on Host; double, or the first of the list, also on
// Reference and split along each axis, on 1, 2, 3, 4 simulated ranks; Device: double, split along axis 0. `f` takes one array of each rank and returns an expression or a tuple. Of
// operands of several ranks those of the largest are split.
template <class List, int... Ranks, class F>
void row(const char* line, const F& f, const RowOptions& options = {}) {
  using namespace detail;
  if constexpr (largest_rank<Ranks...> == 0) Rows<Alike<Replicated, Ranks...>>::template run<List, Ranks...>(line, f, options);
  else if constexpr (largest_rank<Ranks...> == 1)
    Rows<Alike<Replicated, Ranks...>, Alike<Split<0>, Ranks...>>::template run<List, Ranks...>(line, f, options);
  else
    Rows<Alike<Replicated, Ranks...>, Alike<Split<0>, Ranks...>, Alike<Split<1>, Ranks...>>::template run<List, Ranks...>(line, f, options);
}

// The same where the operands' policies are said: row_on<On<Replicated>, On<Split<0>>>::run<Floats, 2>("...", f). The first is for all types.
template <class... Placed>
using row_on = detail::Rows<Placed...>;

// A row without operands: f.operator()<T>() returns an expression; Generated ones are stored replicated and split.
template <class List, class F>
void creator(const char* line, const F& f, const RowOptions& options = {}) {
  [&]<class... T>(std::type_identity<Types<T...>>) {
    using namespace detail;
    using Main = typename main_type<T...>::type;
#ifndef PRIEL_TEST_DEVICE
    (check_creator<T, Tested, Replicated>(line, f, options), ...);
    check_creator<Main, Reference, Split<0>>(line, f, options);
    check_creator<Main, Tested, Split<1>>(line, f, options);
#else
    check_creator<Main, Tested, Split<0>>(line, f, options);
#endif
  }(std::type_identity<List>{});
}

}  // namespace priel::test
