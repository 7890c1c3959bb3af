// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The slab at one index of a split axis on every rank: Split<k> -> Replicated by a broadcast.
#pragma once

#include <priel/redistribute.hpp>

namespace priel {

// The slab at one index of a distributed axis, on every rank: its owners send it to all.
template <Expression E, int Axis>
class Slab : public Node<Slab<E, Axis>, value_of<E>, rank_of<E>, Replicated, detail::backend_or_default<backend_of<E>>> {
  using Backend = detail::backend_or_default<backend_of<E>>;
  using Result = Array<value_of<E>, rank_of<E>, Replicated, Backend>;

 public:
  Slab(E operand, Size index) : operand_(std::move(operand)), index_(index), shape_(operand_.shape()) { shape_[Axis] = 1; }

  Shape<rank_of<E>> shape() const { return shape_; }
  const Comm& comm() const { return operand_.comm(); }
  int readers(const void*) const { return 0; }
  void prepare() const {
    cell_.fill([&] {
      detail::prepare_statement(operand_);
      Result result(shape_, comm());
      const auto lease = result.local_mut();
      if (const int root = owner(comm()->size()); root >= 0) broadcast(root, lease.data());
      else exchange_boxes<Backend>(operand_, *comm(), [&](int r) { return share(comm()->size(), r); }, [&](int) { return box(); }, lease.data());
      return result;
    });
  }

  static constexpr Collectives collectives = detail::collectives_of_node<E>() | Collective::broadcast | Collective::exchange;
  void plan(Plan& plan) const {
    if (plan.known(cell_.address(), cell_.filled())) return;
    detail::plan_statement(operand_, plan);
    const std::string what = "index " + std::to_string(index_) + " of axis " + std::to_string(Axis) + " of " + described(operand_);
    if (owner(plan.ranks()) >= 0) plan.message(Collective::broadcast, what, [&](int) { return bytes(); });
    else plan_exchange(plan, what, [&](int r) { return share(plan.ranks(), r); }, [&](int) { return box(); }, sizeof(value_of<E>));
  }
  bool same(const Slab& other) const { return cell_.address() == other.cell_.address(); }
  template <int Root>
  auto lower(const Frame<Root, rank_of<E>>& frame, Scope& scope) const { return cell_.value().lower(frame, scope); }

 private:
  Box<rank_of<E>> box() const {
    auto slab = whole(operand_.shape());
    slab.lower[Axis] = index_;
    slab.extent[Axis] = 1;
    return slab;
  }
  Box<rank_of<E>> share(int size, int r) const { return intersect(detail::held_box(operand_, size, r), box()); }
  // The one rank that holds all of the slab; -1 if several hold parts of it.
  int owner(int size) const {
    for (int r = 0; r < size; ++r)
      if (share(size, r) == box()) return r;
    return -1;
  }
  Size bytes() const { return shape_.size() * static_cast<Size>(sizeof(value_of<E>)); }
  void broadcast(int root, value_of<E>* out) const {
    const detail::Bytes staged(Backend::host_memory ? 0 : bytes());
    auto* data = Backend::host_memory ? out : reinterpret_cast<value_of<E>*>(staged.data.get());
    if (comm()->rank() == root) detail::evaluate_to_host<Backend>(operand_, box(), data);
    comm()->broadcast(data, bytes(), root);
    if constexpr (!Backend::host_memory) Backend::upload(out, data, bytes());
  }

  E operand_;
  Size index_;
  Shape<rank_of<E>> shape_;
  detail::ResultCell<value_of<E>, rank_of<E>, Replicated, Backend> cell_;
};

}  // namespace priel
