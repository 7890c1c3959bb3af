// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The classes that integer labels name: which there are, and what the samples of each add up to, on every rank by one Allreduce.
#pragma once

#include <priel/algorithms/contraction.hpp>
#include <priel/algorithms/detail/samples.hpp>
#include <priel/create.hpp>
#include <priel/reduce.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <vector>

namespace priel::detail {

template <class E>
concept ClassLabels = Expression<E> && rank_of<E> == 1 && kind_of<value_of<E>> == Kind::integer;

// The labels of these samples, one for each, where the samples are. ShapeError if there are more or less.
template <class T, class Policy, class Backend, ClassLabels L>
Array<value_of<L>, 1, Policy, Backend> labels_of(const char* name, const Array<T, 2, Policy, Backend>& x, const L& labels) {
  constexpr bool here = std::is_same_v<stored_policy<policy_of<L>>, Replicated> || std::is_same_v<stored_policy<policy_of<L>>, Policy>;
  constexpr bool one_backend = joined_backend<Backend, backend_of<L>>::ok;
  static_assert(here, "error E17: the labels live on other ranks than the samples: write redistribute(labels, policy of the samples)");
  static_assert(one_backend, "error E11: the labels and the samples live on different backends: write to_host or to_device of one");
  check_rows(name, x.shape()[0], "labels", labels.shape()[0]);
  if constexpr (here && one_backend) return operand_part<value_of<L>, Policy, Backend>(labels, comm_or_world(joined_comm(x.comm(), labels.comm())));
  else return Array<value_of<L>, 1, Policy, Backend>(Shape<1>{0}, x.comm());
}

// Count, means and sums of squared deviations of some samples, one behind the other; of no features the count alone. Merged pairwise (Chan,
// Golub, LeVeque 1983, eq. 2.1).
using CountedMoments = std::vector<double>;
inline void merge_moments(CountedMoments& into, const CountedMoments& from) {
  const std::size_t d = into.size() / 2;
  const double n = into[0] + from[0];
  for (std::size_t f = 1; f <= d && n > 0; ++f) {
    const double delta = from[f] - into[f];
    into[f + d] += from[f + d] + delta * delta * (into[0] * (from[0] / n));
    into[f] += delta * (from[0] / n);
  }
  into[0] = n;
}

template <class Label>
using ClassMoments = std::map<Label, CountedMoments>;

template <class Label>
void merge_classes(ClassMoments<Label>& into, const ClassMoments<Label>& from) {
  for (const auto& [label, moments] : from)
    if (const auto [place, is_new] = into.try_emplace(label, moments); !is_new) merge_moments(place->second, moments);
}

// The classes as a message with room for some of them.
template <class Label>
class ClassMessage {
 public:
  ClassMessage(Size room, Size numbers) : words_(static_cast<std::size_t>(4 + room * (1 + numbers))) {
    words_[0] = room;
    words_[1] = numbers;
  }
  void write(const ClassMoments<Label>& classes, Size wanted) { write(words_.data(), classes, wanted); }
  ClassMoments<Label> read() const { return read(words_.data()); }
  // How many classes there are, or more than there is room for.
  Size wanted() const { return words_[2]; }
  void all_reduce(const Communicator& comm) {
    comm.all_reduce(words_.data(), 1, static_cast<Size>(words_.size() * sizeof(Size)), [](void* into, const void* from, Size count) {
      for (Size i = 0; i < count; ++i) {
        const Size each = 4 + static_cast<Size*>(into)[0] * (1 + static_cast<Size*>(into)[1]);
        merge(static_cast<Size*>(into) + i * each, static_cast<const Size*>(from) + i * each);
      }
    });
  }

 private:
  static void merge(Size* into, const Size* from) {
    ClassMoments<Label> classes = read(into);
    merge_classes(classes, read(from));
    write(into, classes, std::max({static_cast<Size>(classes.size()), into[2], from[2]}));
  }
  static void write(Size* words, const ClassMoments<Label>& classes, Size wanted) {
    words[2] = wanted;
    words[3] = std::min(words[0], static_cast<Size>(classes.size()));
    Size* to = words + 4;
    for (auto it = classes.begin(); to < words + 4 + words[3] * (1 + words[1]); ++it) {
      *to++ = static_cast<Size>(it->first);
      for (const double number : it->second) *to++ = std::bit_cast<Size>(number);
    }
  }
  static ClassMoments<Label> read(const Size* words) {
    ClassMoments<Label> classes;
    const Size* from = words + 4;
    for (Size c = 0; c < words[3]; ++c) {
      CountedMoments& moments = classes[static_cast<Label>(*from++)];
      for (Size i = 0; i < words[1]; ++i) moments.push_back(std::bit_cast<double>(*from++));
    }
    return classes;
  }

  std::vector<Size> words_;   // room, numbers of each class, wanted, held; then of each its label and numbers
};

// Collective: every rank's classes become those of all, merged in the order of the ranks. One Allreduce with room for 16 classes; where there
// are more, others with more room (each at least twice as much).
template <class Label>
void merge_over(const Communicator& comm, ClassMoments<Label>& classes, Size numbers) {
  for (Size room = 16;;) {
    ClassMessage<Label> message(room, numbers);
    message.write(classes, static_cast<Size>(classes.size()));
    message.all_reduce(comm);
    if (message.wanted() <= room) {
      classes = message.read();
      return;
    }
    room = static_cast<Size>(std::bit_ceil(static_cast<std::size_t>(message.wanted())));
  }
}

// The labels that occur, in order; and for each one its place among them.
template <class Label>
std::vector<Label> distinct(const Label* labels, Size n) {
  std::set<Label> found;
  for (Size i = 0; i < n; ++i)
    if (i == 0 || labels[i] != labels[i - 1]) found.insert(labels[i]);
  return {found.begin(), found.end()};
}
template <class Label>
std::vector<Size> places_among(const std::vector<Label>& classes, const Label* labels, Size n) {
  std::vector<Size> places(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < places.size(); ++i)
    places[i] = i > 0 && labels[i] == labels[i - 1] ? places[i - 1] : std::lower_bound(classes.begin(), classes.end(), labels[i]) - classes.begin();
  return places;
}

// Numbers that every rank has, as an array.
template <class Backend, class T, int Rank>
Array<T, Rank, Replicated, Backend> replicated_array(const Shape<Rank>& shape, const Comm& comm, const std::vector<T>& values) {
  Array<T, Rank, Replicated, Backend> array(shape, comm);
  fill_on_cpu(array, [&](T* to) { std::copy(values.begin(), values.end(), to); });
  return array;
}
template <class Backend, class Label>
Array<Label, 1, Replicated, Backend> labels_in_order(const Comm& comm, const ClassMoments<Label>& classes) {
  std::vector<Label> labels;
  for (const auto& [label, moments] : classes) labels.push_back(label);
  return replicated_array<Backend>(Shape<1>{static_cast<Size>(labels.size())}, comm, labels);
}

// Where this rank has found a value of x that is not finite and sends nothing: throws InputError here, as refuse_not_finite would.
template <class T, class Policy, class Backend>
[[noreturn]] void refuse_here(const char* name, const char* what, const Array<T, 2, Policy, Backend>& x) {
  const OnCpu<Backend, T> shard(x.local().data(), x.lshape().size());
  refuse_values(name, what, nullptr, x.part().lower[0] * x.shape()[1], x.shape()[1], shard.data(), x.lshape().size());
}

// The fraction of the samples x that predict(x) puts in the class that `labels` says: one Allreduce where x is S<0>. There a rank whose samples
// predict refuses says so by NaN, and all throw.
template <class T, class Policy, class Backend, ClassLabels L, class Predict>
double fraction_matched(const char* name, const Array<T, 2, Policy, Backend>& x, const L& labels, Predict&& predict) {
  if constexpr (std::is_same_v<Policy, Replicated>) return item(mean(astype<double>(predict(x) == labels)));
  else {
    Array<double, 1, Policy, Backend> matches(Shape<1>{x.shape()[0]}, x.comm());
    try {
      matches = astype<double>(predict(x) == labels);
    } catch (const ShapeError&) {   // every rank has it
      throw;
    } catch (const InputError&) {
      matches = full<double>({x.shape()[0]}, std::numeric_limits<double>::quiet_NaN());
    }
    const double part = item(mean(matches));
    if (part != part && x.shape()[0] > 0) refuse_not_finite(name, "x", x);
    return part;
  }
}

}  // namespace priel::detail
