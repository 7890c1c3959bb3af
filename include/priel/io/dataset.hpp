// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// io::load, io::save and io::open: datasets of files as arrays, and as operands that are read when evaluated.
#pragma once

#include <priel/block_stage.hpp>
#include <priel/io/file.hpp>
#include <priel/slice.hpp>

#include <span>

namespace priel::io {

namespace detail {

template <int Rank>
Shape<Rank> shape_of(const Source& source) {
  Shape<Rank> shape;
  for (int a = 0; a < Rank; ++a) shape[a] = source.shape()[static_cast<std::size_t>(a)];
  return shape;
}

template <int Rank>
std::span<const Size> span_of(const Index<Rank>& index) { return {index.begin(), static_cast<std::size_t>(Rank)}; }

}  // namespace detail

// A dataset as an operand: each rank reads what it needs when the statement runs, independently, at most 1 GiB a transfer.
// Throws SystemError on the rank that cannot read.
template <class T, int Rank>
class Dataset : public Node<Dataset<T, Rank>, T, Rank, Generated, default_backend> {
 public:
  explicit Dataset(std::shared_ptr<const Source> source) : source_(std::move(source)) {}

  Shape<Rank> shape() const { return detail::shape_of<Rank>(*source_); }
  const Comm& comm() const { return priel::detail::no_comm; }
  void prepare() const {}
  int readers(const void*) const { return 0; }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope& scope) const {
    const Box<Rank> box = frame.box();
    if (auto* stage = priel::detail::block_stage) {
      const std::span<const Size> lower = detail::span_of(box.lower), extent(box.extent.begin(), lower.size());
      if (const auto* window = stage->find(source_, element_of<T>(), sizeof(T), lower, extent)) return of_window(*window, frame);
    }
    T* data = scope.template stage<T, default_backend>(box.size());
    if (box.size() > 0) source_->read(detail::span_of(box.lower), detail::span_of(Index<Rank>(box.extent)), element_of<T>(), data);
    return kernel::strided(static_cast<const T*>(data), box, frame);
  }

 private:
  // Of one that is planned only, a kernel that is not run.
  template <int Root>
  static auto of_window(const priel::detail::SourceWindow& window, const Frame<Root, Rank>& frame) {
    Box<Rank> held;
    for (int a = 0; a < Rank; ++a) {
      held.lower[a] = window.lower[static_cast<std::size_t>(a)];
      held.extent[a] = window.extent[static_cast<std::size_t>(a)];
    }
    if (!window.data) return kernel::strided(static_cast<const T*>(nullptr), Box<Rank>{}, frame);
    return kernel::strided(reinterpret_cast<const T*>(window.data), held, frame);
  }

  std::shared_ptr<const Source> source_;
};

// Collective. `where` is "file.h5:/dataset". InputError on every rank for a file or dataset that is not there or has another rank.
template <priel::Element T, int Rank>
auto open(const std::string& where, const Comm& comm = world()) { return Dataset<T, Rank>(open_source(where, Rank, comm)); }

// Collective: the dataset as an array of the asked policy; each rank reads its own part. Nothing is sent but the agreement on errors.
template <priel::Element T, int Rank, class Policy>
auto load(const std::string& where, Policy, const Comm& comm = world()) {
  const auto source = open_source(where, Rank, comm);
  Array<T, Rank, Policy> array(detail::shape_of<Rank>(*source), comm);
  const auto lease = array.local_mut();
  const auto& part = array.part();
  source->read_all(detail::span_of(part.lower), detail::span_of(Index<Rank>(part.extent)), element_of<T>(), lease.data());
  return array;
}

// Collective: e as a dataset of the file, which is made if it does not exist and keeps its other datasets if it does. Each rank
// writes its part (rank 0 what is replicated). SystemError on every rank if it cannot be written.
template <Expression E>
void save(const std::string& where, E&& e, const Layout& layout = {}) {
  const Where place = parse_where(where);
  const auto stored = eval(std::forward<E>(e));
  using A = decltype(stored);
  const Comm comm = stored.comm();
  const auto sink = create_sink(place.file, comm, true);
  const auto shape = stored.shape();
  sink->create(place.dataset, element_of<value_of<A>>(), detail::span_of(Index<rank_of<A>>(shape)), layout);
  Box<rank_of<A>> part = stored.part();
  if (std::is_same_v<policy_of<A>, Replicated> && comm->rank() != 0) for (Size& extent : part.extent) extent = 0;
  const Size bytes = part.size() * static_cast<Size>(sizeof(value_of<A>));
  const priel::detail::Bytes staged(bytes);
  backend_of<A>::download(staged.data.get(), stored.local().data(), bytes);
  sink->write_all(place.dataset, detail::span_of(part.lower), detail::span_of(Index<rank_of<A>>(part.extent)), element_of<value_of<A>>(),
                  staged.data.get());
  sink->close();
}

}  // namespace priel::io
