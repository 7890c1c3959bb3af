// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a statement would do, collected from its nodes without doing it: kernels, messages, temporaries, per rank.
#pragma once

#include <priel/element.hpp>
#include <priel/policy.hpp>
#include <priel/shape.hpp>

#include <algorithm>
#include <memory>
#include <numeric>
#include <set>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace priel {

// The kinds of messages.
enum class Collective { broadcast, all_reduce, reduce_scatter, all_gather, exchange, scan };

constexpr const char* name_of(Collective kind) {
  constexpr const char* names[] = {"Broadcast", "Allreduce", "Reduce_scatter", "Allgather", "Exchange", "Exscan"};
  return names[static_cast<int>(kind)];
}

// "add" of op::Add, "mean" of statistic::Mean<float>: a type's own name, without namespaces and arguments, in lower case.
template <class T>
std::string name_of_type() {
  std::string_view text = std::source_location::current().function_name();
  text.remove_prefix(text.rfind("T = ") + 4);
  text = text.substr(0, text.find_first_of("<;],"));
  if (const auto colon = text.rfind(':'); colon != text.npos) text.remove_prefix(colon + 1);
  std::string name(text);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

// "int64", "float", "complex<double>".
template <class T>
std::string name_of_element() {
  if constexpr (kind_of<T> == Kind::complex) return "complex<" + name_of_element<typename detail::real_part<T>::type>() + ">";
  else if constexpr (kind_of<T> == Kind::integer) return (std::is_signed_v<T> ? "int" : "uint") + std::to_string(8 * sizeof(T));
  else return std::is_same_v<T, bool> ? "bool" : std::is_same_v<T, float> ? "float" : "double";
}

// "Split<0>": a policy's own name(), or "a policy" without one.
template <class P>
std::string policy_name() {
  if constexpr (requires { std::string(P::name()); }) return P::name();
  else if constexpr (std::is_same_v<P, Generated>) return "Generated";
  else if constexpr (detail::is_partial<P>::value) return "Partial";
  else return "a policy";
}

// "(300, 20) float".
template <class E>
std::string described(const E& e) { return to_string(e.shape()) + " " + name_of_element<typename E::value_type>(); }

// The kinds of messages that evaluating a type of expression may send; known to the compiler.
struct Collectives {
  unsigned bits = 0;
  constexpr Collectives() = default;
  constexpr Collectives(Collective kind) : bits(1u << static_cast<int>(kind)) {}  // NOLINT: a set of one
  constexpr bool empty() const { return bits == 0; }
  constexpr bool contains(Collective kind) const { return (bits >> static_cast<int>(kind)) & 1u; }
  friend constexpr Collectives operator|(Collectives a, Collectives b) {
    Collectives both;
    both.bits = a.bits | b.bits;
    return both;
  }
  friend constexpr bool operator==(Collectives, Collectives) = default;
};

// Bytes on each rank.
struct PerRank {
  std::vector<Size> bytes;

  Size most() const { return bytes.empty() ? 0 : *std::max_element(bytes.begin(), bytes.end()); }
  Size total() const { return std::accumulate(bytes.begin(), bytes.end(), Size{0}); }
  int rank_with_most() const { return static_cast<int>(std::max_element(bytes.begin(), bytes.end()) - bytes.begin()); }
};

// One collective. Bytes: for exchanges, gathers and Reduce_scatter what a rank sends to the others; for Allreduce, Exscan and
// Broadcast the payload, once.
struct Message : PerRank {
  Collective collective;
  std::string what;
  bool at_most = false;   // the values decide how much of it
};

// Memory beside operands and target, while the statement runs.
struct Temporary : PerRank {
  std::string what;
};

// Memory of an array that is read.
struct OperandMemory : PerRank {
  std::string what;
};

// One loop over a rank's part and the operators that are fused in it.
struct FusedLoop {
  std::string what;
  std::vector<std::string> operators;
  Size elements = 0;   // of the rank with most
};

// Filled by the nodes: `plan(Plan&)` of a node says what its `prepare()` and its part of the loop would do.
class Plan {
 public:
  explicit Plan(int ranks) : ranks_(ranks) { loops_.push_back({}); }

  int ranks() const { return ranks_; }

  // For nodes that keep their result: whether this result (an address that its copies share) is there or planned already.
  bool known(const void* cell, bool filled) {
    const bool is_new = cells_.insert(cell).second;
    if (is_new && filled) ++already_computed_;
    return filled || !is_new;
  }

  // Expressions that are made while planning live as long as the plan, since cells are known by their addresses.
  template <class E>
  const E& keep(E e) {
    const auto kept = std::make_shared<const E>(std::move(e));
    kept_.push_back(kept);
    return *kept;
  }

  // bytes(r): what rank r sends, or the payload. Nothing is listed where nothing goes to another rank.
  template <class Bytes>
  void message(Collective kind, std::string what, Bytes&& bytes) {
    if (ranks_ == 1) return;
    PerRank sent = per_rank(bytes);
    if (sent.most() > 0) messages_.push_back({std::move(sent), kind, std::move(what)});
  }
  // The same for bytes that only the values decide, with the most that they can be.
  template <class Bytes>
  void message_at_most(Collective kind, std::string what, Bytes&& bytes) {
    const std::size_t before = messages_.size();
    message(kind, std::move(what), bytes);
    if (messages_.size() > before) messages_.back().at_most = true;
  }
  template <class Bytes>
  void temporary(std::string what, Bytes&& bytes) {
    PerRank memory = per_rank(bytes);
    if (memory.most() > 0) temporaries_.push_back({std::move(memory), std::move(what)});
  }

  // Forgets the last temporary of this name: it becomes the target.
  void drop_temporary(const std::string& what) {
    const auto is = [&](const Temporary& temporary) { return temporary.what == what; };
    const auto last = std::find_if(temporaries_.rbegin(), temporaries_.rend(), is);
    if (last != temporaries_.rend()) temporaries_.erase(std::next(last).base());
  }

  // An array that is read, known by the address of its memory.
  template <class Bytes>
  void operand(const void* memory, std::string what, Bytes&& bytes) {
    if (cells_.insert(memory).second) operands_.push_back({per_rank(bytes), std::move(what)});
  }

  // An operator in the loop that is being described.
  void fused(std::string name) { loops_[open_.empty() ? 0 : open_.back()].operators.push_back(std::move(name)); }

  // A loop of its own: what `body` plans is fused in it. Loops appear in the order in which they begin to run.
  template <class Body>
  void loop(std::string what, Size elements, Body&& body) {
    loops_.push_back({std::move(what), {}, elements});
    open_.push_back(loops_.size() - 1);
    body();
    finished_.push_back(open_.back());
    open_.pop_back();
  }

  // The statement's own loop, into its target; without it, the target is some node's result.
  void target(std::string what, Size elements) {
    loops_[0].what = std::move(what);
    loops_[0].elements = elements;
  }

  const std::vector<Message>& messages() const { return messages_; }
  const std::vector<Temporary>& temporaries() const { return temporaries_; }
  const std::vector<OperandMemory>& operands() const { return operands_; }
  // Results that earlier statements left in their nodes.
  int already_computed() const { return already_computed_; }
  std::vector<FusedLoop> loops() const {
    std::vector<FusedLoop> all;
    for (const std::size_t i : finished_) all.push_back(loops_[i]);
    if (!loops_[0].what.empty()) all.push_back(loops_[0]);
    return all;
  }

 private:
  template <class Bytes>
  PerRank per_rank(Bytes&& bytes) const {
    PerRank result;
    for (int r = 0; r < ranks_; ++r) result.bytes.push_back(bytes(r));
    return result;
  }

  int ranks_;
  std::vector<FusedLoop> loops_;
  std::vector<std::size_t> open_, finished_;
  std::vector<Message> messages_;
  std::vector<Temporary> temporaries_;
  std::vector<OperandMemory> operands_;
  int already_computed_ = 0;
  std::set<const void*> cells_;
  std::vector<std::shared_ptr<const void>> kept_;
};

namespace detail {

// A node's part of the plan; a node without one does nothing but be read.
template <class E>
void plan_node(const E& e, Plan& plan) {
  if constexpr (requires { e.plan(plan); }) e.plan(plan);
}

// What evaluating a node may send.
template <class E>
constexpr Collectives collectives_of_node() {
  if constexpr (requires { E::collectives; }) return E::collectives;
  else return {};
}

// Elements of the largest part.
template <class Policy, int Rank>
Size largest_part(const Shape<Rank>& shape, int ranks) {
  Size largest = 0;
  for (int r = 0; r < ranks; ++r) largest = std::max(largest, Policy::part(shape, ranks, r).size());
  return largest;
}

}  // namespace detail
}  // namespace priel
