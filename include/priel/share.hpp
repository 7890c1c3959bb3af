// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Statements with several reductions: those of one operand share one pass over it, all share one Allreduce.
#pragma once

#include <priel/reduction.hpp>

#include <cstddef>
#include <cstring>
#include <optional>

namespace priel::detail {

// Larger results are reduced one by one: packing them would cost more than the message it saves.
inline constexpr Size joined_at_most = Size{1} << 20;

// A reduction on its way through the passes of a statement.
template <class Node>
struct Sharing {
  using node_type = Node;
  const Node* node;
  std::optional<typename Node::Local> states;
  bool in_this_pass = false, repeated = false;

  bool wanted() const { return !states && !repeated && !node->is_finished() && !node->has_states(); }
};

// Whether slot B may go along in a pass over A's operand: the compiler's part of the answer.
template <class A, class B>
inline constexpr bool may_share = std::is_same_v<typename A::node_type::operand_type, typename B::node_type::operand_type>;

template <class E, class Slot>
void claim(const E& operand, const Box<rank_of<E>>& part, Slot& slot, const void* leader) {
  slot.in_this_pass = slot.wanted() && (static_cast<const void*>(slot.node) == leader || same(operand, slot.node->operand()));
  if (slot.in_this_pass) slot.states.emplace(slot.node->kept_extents(part).size());
}

// A reduction that stands in the statement twice is made once: its later places have what the first one has.
template <class... Slot>
void skip_repeated(Slot&... slots) {
  std::vector<const void*> seen;
  [[maybe_unused]] const auto one = [&](auto& slot) {
    for (const void* pass : seen) slot.repeated = slot.repeated || pass == slot.node->pass();
    seen.push_back(slot.node->pass());
  };
  (one(slots), ...);
}

template <class Slot, int Rank>
auto job_of(Slot& slot, const Box<Rank>& part) {
  if (slot.in_this_pass) return slot.node->job(part, *slot.states);
  return ReduceJob<typename Slot::node_type::statistic, Rank>{};
}

// One pass over the leader's operand for all slots that it fits.
template <class E, class... Slot>
void pass_over(const E& operand, const Comm& comm, const void* leader, Slot&... slots) {
  prepare_statement(operand);
  const Comm where = comm_or_world(comm);
  const auto part = held_box(operand, where->size(), where->rank());
  (claim(operand, part, slots, leader), ...);
  Scope scope;
  using Backend = backend_or_default<backend_of<E>>;
  if (part.size() > 0) Backend::reduce(operand.lower(frame_of(part), scope), part.extent, job_of(slots, part)...);
}

// The slots of `all` that may share with Leader, as references.
template <class Leader, class... Slot>
auto partners(Slot&... all) {
  return std::tuple_cat([](auto& slot) {
    using S = std::remove_reference_t<decltype(slot)>;
    if constexpr (may_share<Leader, S>) return std::tuple<S&>(slot);
    else return std::tuple<>();
  }(all)...);
}

template <class Leader, class... Slot>
void lead(Leader& leader, Slot&... all) {
  if constexpr ((0 + ... + (may_share<Leader, Slot> ? 1 : 0)) > 1) {
    if (leader.wanted())
      with_all([&](auto&... slots) { pass_over(leader.node->operand(), leader.node->comm(), leader.node, slots...); }, partners<Leader>(all...));
  }
}

template <class... Node>
void share_passes(const std::tuple<const Node*...>& nodes) {
  with_all([](const Node*... node) {
    [](auto... slots) {
      skip_repeated(slots...);
      (lead(slots, slots...), ...);
      ((slots.states ? slots.node->keep(std::move(*slots.states)) : void()), ...);
    }(Sharing<Node>{node, std::nullopt, false, false}...);
  }, nodes);
}

// One Allreduce of what several pending nodes carry.
class JoinedMessage {
 public:
  void add(void* data, Size bytes, Size count, Combine combine) {
    parts_.push_back({data, offset_, bytes, count, combine});
    offset_ += padded(bytes);
  }
  static Size padded(Size bytes) { return (bytes + 15) / 16 * 16; }
  Size bytes() const { return offset_; }
  std::size_t size() const { return parts_.size(); }

  void run(const Communicator& comm) const {
    std::vector<std::byte> packed(static_cast<std::size_t>(offset_));
    for (const Part& part : parts_) std::memcpy(packed.data() + part.offset, part.data, static_cast<std::size_t>(part.bytes));
    const JoinedMessage* const outer = std::exchange(current, this);
    comm.all_reduce(packed.data(), 1, offset_, &merge);
    current = outer;
    for (const Part& part : parts_) std::memcpy(part.data, packed.data() + part.offset, static_cast<std::size_t>(part.bytes));
  }

 private:
  struct Part {
    void* data;
    Size offset, bytes, count;
    Combine combine;
  };
  // Of this rank: a Combine has no other way to know the parts.
  static inline thread_local const JoinedMessage* current = nullptr;

  static void merge(void* into, const void* from, Size) {
    for (const Part& part : current->parts_)
      part.combine(static_cast<std::byte*>(into) + part.offset, static_cast<const std::byte*>(from) + part.offset, part.count);
  }

  std::vector<Part> parts_;
  Size offset_ = 0;
};

// What a node adds to a joint message.
template <class Node>
auto summary(const Node& node) {
  if constexpr (requires { node.local_states(); }) return node.local_states();
  else return node.local_values();
}

// Whether nodes[i] sends something that no earlier one does.
template <class... Node>
std::vector<bool> senders(const Node*... nodes) {
  std::vector<const void*> seen;
  std::vector<bool> result;
  const auto one = [&](const auto* node) {
    bool sends = !node->is_finished();
    if constexpr (!std::remove_pointer_t<decltype(node)>::across) sends = false;
    for (const void* cell : seen) sends = sends && cell != node->address();
    seen.push_back(node->address());
    result.push_back(sends);
  };
  (one(nodes), ...);
  return result;
}

// Whether they go into one message, which global shapes decide: more than one, and not large.
template <class... Node>
bool joins(const std::vector<bool>& sends, const Node*... nodes) {
  std::size_t at = 0;
  int count = 0;
  Size bytes = 0;
  ((count += sends[at] ? 1 : 0, bytes += sends[at] ? JoinedMessage::padded(nodes->message_bytes()) : 0, ++at), ...);
  return count > 1 && bytes <= joined_at_most;
}

template <class... Node>
void join_messages(const Node*... nodes) {
  const auto sends = senders(nodes...);
  if (!joins(sends, nodes...)) return;
  JoinedMessage message;
  std::size_t at = 0;
  const auto add = [&](const auto* node, auto& local) {
    if (!sends[at++]) return;
    using Value = std::remove_pointer_t<decltype(local->data())>;
    local.emplace(summary(*node));
    const Size count = static_cast<Size>(local->size());
    message.add(local->data(), count * static_cast<Size>(sizeof(Value)), count, &std::remove_pointer_t<decltype(node)>::merge);
  };
  [&](auto... locals) {
    (add(nodes, locals), ...);
    message.run(*[](const auto*... node) {
      Comm found;
      ((found = joined_comm(found, node->comm())), ...);
      return comm_or_world(found);
    }(nodes...));
    ((locals ? nodes->finish_with(*locals) : void()), ...);
  }(std::optional<typename Node::Local>()...);
}

template <class... Node>
void share(const std::tuple<const Node*...>& nodes) {
  with_all([](const Node*... node) {
    share_passes(std::tuple_cat(node->summands()...));
    join_messages(node...);
  }, nodes);
}

// The same as a plan. Loops first, then the message; the nodes then find themselves known.
template <class... Node>
void plan_passes(const std::tuple<const Node*...>& nodes, Plan& plan) {
  const auto lead_one = [&](const auto* leader) {
    using Leader = std::remove_cvref_t<decltype(*leader)>;
    if (leader->is_finished() || plan.known(leader->pass(), leader->has_states())) return;
    std::string what = leader->described();
    const auto follow = [&](const auto* node) {
      using Other = std::remove_cvref_t<decltype(*node)>;
      if constexpr (std::is_same_v<typename Other::operand_type, typename Leader::operand_type>)
        if (node->pass() != leader->pass() && !node->is_finished() && same(leader->operand(), node->operand()) &&
            !plan.known(node->pass(), node->has_states()))
          what = name_of_type<typename Other::statistic>() + ", " + what;
    };
    with_all([&](const Node*... node) { (follow(node), ...); }, nodes);
    plan.loop(what, held_box(leader->operand(), plan.ranks(), 0).size(), [&] { plan_statement(leader->operand(), plan); });
  };
  with_all([&](const Node*... node) { (lead_one(node), ...); }, nodes);
}

template <class... Node>
void plan_share(const std::tuple<const Node*...>& nodes, Plan& plan) {
  with_all([&](const Node*... node) {
    plan_passes(std::tuple_cat(node->summands()...), plan);
    const auto sends = senders(node...);
    if (!joins(sends, node...)) return;
    std::string what;
    Size bytes = 0;
    std::size_t at = 0;
    const auto add = [&](const auto* n) {
      if (!sends[at++] || plan.known(n->address(), false)) return;
      if constexpr (!requires { n->local_states(); }) n->plan_local(plan);
      what += (what.empty() ? "" : ", ") + n->described();
      bytes += JoinedMessage::padded(n->message_bytes());
    };
    (add(node), ...);
    plan.message(Collective::all_reduce, what, [&](int) { return bytes; });
  }, nodes);
}

}  // namespace priel::detail
