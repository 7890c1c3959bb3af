// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The node of element-wise functions that read tables which every rank has: S<k> -> S<k>, nothing is sent.
#pragma once

#include <priel/array.hpp>
#include <priel/operators.hpp>
#include <priel/plan.hpp>
#include <priel/redistribute.hpp>
#include <priel/staging.hpp>

namespace priel {

namespace kernel {

template <class Function, class Source>
struct LookedUp {
  using value_type = typename Function::value_type;
  Function function;
  Source source;

  template <int Root>
  PRIEL_DEVICE constexpr value_type at(const Index<Root>& i) const { return function(source.at(i)); }
};

}  // namespace kernel

// `Function` is trivially copyable, has `value_type`, a call operator of an element of E, `read(const T*... tables)`, which tells it where the
// tables lie in the backend's memory, and `check(const T*... tables)` of them in CPU memory, which may throw. An operator has no such place for
// a table: its operands are read at one index each.
template <class Function, Expression E, class T, class... Table>
class LookUp : public Node<LookUp<Function, E, T, Table...>, typename Function::value_type, rank_of<E>, policy_of<E>,
                           typename detail::joined_backend<backend_of<E>, detail::joined_backend_of<Table...>>::type> {
  using Backend = detail::backend_or_default<typename detail::joined_backend<backend_of<E>, detail::joined_backend_of<Table...>>::type>;
  using Stored = Array<T, 1, Replicated, Backend>;

 public:
  static constexpr int rank = rank_of<E>;
  static constexpr Collectives collectives = (detail::collectives_of_node<E>() | ... | detail::collectives_of_node<Table>());

  LookUp(const char* name, Function function, E operand, Table... tables)
      : name_(name), function_(function), operand_(std::move(operand)), tables_(std::move(tables)...), comm_(operand_.comm()) {
    detail::with_all([&](const auto&... table) { ((comm_ = detail::joined_comm(comm_, table.comm())), ...); }, tables_);
  }

  Shape<rank> shape() const { return operand_.shape(); }
  const Comm& comm() const { return comm_; }
  int readers(const void*) const { return 0; }
  void prepare() const {
    operand_.prepare();
    fill(std::index_sequence_for<Table...>{});
  }
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    return make(bound(std::index_sequence_for<Table...>{}), operand_.lower(frame, scope));
  }
  void plan(Plan& plan) const {
    detail::plan_node(operand_, plan);
    detail::with_all([&](const auto&... table) { (detail::plan_node(table, plan), ...); }, tables_);
    plan.fused(name_);
  }

 private:
  template <class Source>
  static auto make(const Function& function, const Source& source) { return kernel::LookedUp<Function, Source>{function, source}; }
  template <std::size_t... I>
  Function bound(std::index_sequence<I...>) const {
    Function function = function_;
    function.read(cells_[I].value().local().data()...);
    return function;
  }
  template <std::size_t... I>
  void fill(std::index_sequence<I...> each) const {
    const bool filled = cells_[sizeof...(I) - 1].filled();
    ((cells_[I].fill([&] { return Stored(std::get<I>(tables_)); })), ...);
    if (!filled) check(each);
  }
  template <std::size_t... I>
  void check(std::index_sequence<I...>) const {
    const detail::Bytes memory[] = {detail::Bytes(cells_[I].value().size() * static_cast<Size>(sizeof(T)))...};
    (Backend::download(memory[I].data.get(), cells_[I].value().local().data(), cells_[I].value().size() * static_cast<Size>(sizeof(T))), ...);
    function_.check(reinterpret_cast<const T*>(memory[I].data.get())...);
  }

  const char* name_;
  Function function_;
  E operand_;
  std::tuple<Table...> tables_;
  Comm comm_;
  detail::ResultCell<T, 1, Replicated, Backend> cells_[sizeof...(Table)];
};

namespace detail {

template <class X>
inline constexpr bool is_table = rank_of<X> == 1 && std::is_same_v<stored_policy<finished_policy<policy_of<X>>>, Replicated>;

// The node, on operands as they come; tables are converted to T.
template <class T, class Function, class E, class... Table>
auto look_up(const char* name, Function function, E&& e, Table&&... tables) {
  using Operand = settled_t<E>;
  return LookUp<Function, Operand, T, settled_t<decltype(astype<T>(tables))>...>(name, function, Operand(settled(std::forward<E>(e))),
                                                                               settled(astype<T>(tables))...);
}

}  // namespace detail
}  // namespace priel
