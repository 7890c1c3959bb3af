// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// vmap(kernel, x): a kernel on every slice x(i, ...) of axis 0, R -> R, S<0> -> S<0>, a bounded number of slices at a time.
#pragma once

#include <priel/slice.hpp>
#include <priel/policies/redistributions.hpp>

#include <algorithm>
#include <mutex>

namespace priel {

// At most this many slices of x live on a rank at once: `vmap(kernel, x, chunk(64))`. 0: chosen, about 32 MiB.
struct Chunk {
  Size slices = 0;
};
inline Chunk chunk(Size slices) { return {slices}; }

template <class Policy, class Write>
struct error_E06_vmap_needs_all_of_a_slice_on_one_rank {};

namespace detail {

template <class Result>
struct kernel_result {   // a C++ number: rank 0
  using type = Result;
  static constexpr int rank = 0;
};
template <Expression Result>
struct kernel_result<Result> {
  using type = value_of<Result>;
  static constexpr int rank = rank_of<Result>;
};

template <class Kernel, class E>
struct Vmapped {
  using Backend = backend_or_default<backend_of<E>>;
  using Slice = Array<value_of<E>, rank_of<E> - 1, Replicated, Backend>;
  using Result = kernel_result<std::remove_cvref_t<decltype(std::declval<const Kernel&>()(std::declval<const Slice&>()))>>;
  // A kernel may offer a form for contiguous CPU memory: series(x, n, d, out) for slices (n, d) -> (n).
  static constexpr bool tuned = Backend::host_memory && !std::is_same_v<Backend, Reference> && rank_of<E> == 3 &&
      requires(const Kernel& kernel, const value_of<E>* x, value_of<E>* out) { kernel.series(x, Size{}, Size{}, out); };
};

// Where x may be a redistribution that has not happened yet: it is then moved panel by panel.
template <class E>
inline constexpr bool is_movable = false;
template <class E>
inline constexpr bool is_movable<Redistribute<E, Split<0>>> = true;

// The first exception of a parallel loop, by position.
class FirstError {
 public:
  template <class F>
  void guard(Size position, F&& f) {
    try { f(); } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_ || position < position_) { error_ = std::current_exception(); position_ = position; }
    }
  }
  std::exception_ptr error() const { return error_; }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
  Size position_ = 0;
};

}  // namespace detail

template <class Kernel, Expression E>
class Vmap : public Node<Vmap<Kernel, E>, typename detail::Vmapped<Kernel, E>::Result::type, 1 + detail::Vmapped<Kernel, E>::Result::rank,
                         detail::stored_policy<policy_of<E>>, typename detail::Vmapped<Kernel, E>::Backend> {
  using Types = detail::Vmapped<Kernel, E>;
  using Backend = typename Types::Backend;
  using Slice = typename Types::Slice;
  using X = value_of<E>;
  using Policy = detail::stored_policy<policy_of<E>>;

 public:
  using T = typename Types::Result::type;
  static constexpr int rank = 1 + Types::Result::rank;
  using Stored = Array<T, rank, Policy, Backend>;

  Vmap(Kernel kernel, E x, Chunk chunk)
      : kernel_(std::move(kernel)), x_(std::move(x)), chunk_(chunk), comm_(detail::comm_or_world(x_.comm())) {}

  Shape<rank> shape() const {
    if constexpr (Types::tuned) return {x_.shape()[0], x_.shape()[1]};
    else {
      prepare();   // the extents of a general kernel's result are known when it has run
      return cell_.value().shape();
    }
  }
  const Comm& comm() const { return comm_; }
  int readers(const void*) const { return 0; }
  const Stored& result() const { return cell_.value(); }
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const { return cell_.value().lower(frame, scope); }
  void prepare() const {
    cell_.fill([&] { return run(); });
  }

 private:
  Stored run() const {
    const auto shape = x_.shape();
    const Block own = rows(comm_->rank());
    Size slice = 1;
    for (int a = 1; a < rank_of<E>; ++a) slice *= shape[a];
    // The same panels on every rank: from global extents and the largest share.
    const Size share = rows(0).extent;
    Size panel = chunk_.slices > 0 ? chunk_.slices : std::max<Size>(16, (Size{32} << 20) / static_cast<Size>(sizeof(X)) / std::max<Size>(slice, 1));
    panel = std::min(panel, std::max<Size>(share, 1));
    if constexpr (!detail::is_movable<E>) x_.prepare();
    else if (!x_.filled()) x_.operand().prepare();

    detail::FirstError failed;
    Results results(*this, own, shape);
    detail::Buffer<X, Backend> slices(panel * slice);
    for (Size begin = 0; begin < share; begin += panel) {
      const auto clipped = [&](int r) {
        const Block block = rows(r);
        Box<rank_of<E>> box = whole(shape);
        box.lower[0] = block.lower + std::min(begin, block.extent);
        box.extent[0] = std::clamp<Size>(block.extent - begin, 0, panel);
        return box;
      };
      fetch(clipped, slices.data());
      const Size count = clipped(comm_->rank()).extent[0];
      if (!failed.error()) results.compute(begin, count, slices.data(), slice, failed);
    }
    if constexpr (!std::is_same_v<Policy, Replicated> && !Types::tuned) agree(*comm_, failed.error());
    else if (failed.error()) std::rethrow_exception(failed.error());
    return results.finish();
  }

  Block rows(int r) const {
    const auto part = Policy::part(x_.shape(), comm_->size(), r);
    return {part.lower[0], part.extent[0]};
  }

  template <class Boxes>
  void fetch(const Boxes& boxes, X* to) const {
    if constexpr (detail::is_movable<E>) {
      if (!x_.filled()) {
        using From = policy_of<decltype(x_.operand())>;
        if constexpr (!std::is_same_v<From, Replicated> && !detail::is_generated<From>) {
          const auto shape = x_.shape();
          exchange_boxes<Backend>(x_.operand(), *comm_, [&](int r) { return From::part(shape, comm_->size(), r); }, boxes, to);
        } else detail::evaluate<Backend>(x_.operand(), boxes(comm_->rank()), to);
        return;
      }
    }
    detail::evaluate<Backend>(x_, boxes(comm_->rank()), to);
  }

  // A tuned kernel writes its scores into place; a general one returns arrays that are put together at the end.
  struct Results {
    Results(const Vmap& v, Block o, const Shape<rank_of<E>>& s) : vmap(v), own(o), shape(s) {
      if constexpr (Types::tuned) scores.emplace(Shape<2>{shape[0], shape[1]}, vmap.comm_);
      else values.resize(static_cast<std::size_t>(own.extent));
    }

    void compute(Size begin, Size count, const X* slices, Size slice, detail::FirstError& failed) {
      if constexpr (Types::tuned) {
        const auto lease = scores->local_mut();
        T* out = lease.data() + begin * shape[1];
        each(count, [&](Size i) { failed.guard(begin + i, [&] { vmap.kernel_.series(slices + i * slice, shape[1], shape[2], out + i * shape[1]); }); });
      } else {
        Shape<rank_of<E> - 1> extents;
        for (int a = 1; a < rank_of<E>; ++a) extents[a - 1] = shape[a];
        each(count, [&](Size i) {
          failed.guard(begin + i, [&] {
            const ScopedWorld alone(self());
            Slice x(extents, self());
            Backend::copy(x.local_mut().data(), slices + i * slice, slice * static_cast<Size>(sizeof(X)));
            values[static_cast<std::size_t>(begin + i)].emplace(detail::as_node(vmap.kernel_(std::as_const(x))));
          });
        });
      }
    }

    template <class F>
    static void each(Size count, const F& f) {
      if constexpr (Backend::host_memory && !std::is_same_v<Backend, Reference>) Backend::for_each(count, f);
      else for (Size i = 0; i < count; ++i) f(i);
    }

    Stored finish() {
      if constexpr (Types::tuned) return *scores;
      else {
        // Extents of a result, from any rank that has one.
        Shape<rank> full;
        full[0] = shape[0];
        Index<(rank > 1 ? rank : 1)> extents;
        if (!values.empty())
          for (int a = 1; a < rank; ++a) extents[a] = values.front()->shape()[a - 1];
        if (rank > 1 && !std::is_same_v<Policy, Replicated>)
          vmap.comm_->all_reduce(extents.begin(), rank, sizeof(Size), [](void* into, const void* from, Size n) {
            for (Size i = 0; i < n; ++i)
              static_cast<Size*>(into)[i] = std::max(static_cast<Size*>(into)[i], static_cast<const Size*>(from)[i]);
          });
        for (int a = 1; a < rank; ++a) full[a] = extents[a];
        Stored result(full, vmap.comm_);
        Size size = 1;
        for (int a = 1; a < rank; ++a) size *= full[a];
        std::exception_ptr ragged;
        const auto lease = result.local_mut();
        for (std::size_t i = 0; i < values.size() && !ragged; ++i) {
          const auto& value = *values[i];
          if (value.size() != size) ragged = std::make_exception_ptr(ShapeError("vmap: the kernel's results differ in extents"));
          else Backend::copy(lease.data() + static_cast<Size>(i) * size, value.local().data(), size * static_cast<Size>(sizeof(T)));
        }
        if constexpr (std::is_same_v<Policy, Replicated>) { if (ragged) std::rethrow_exception(ragged); }
        else agree(*vmap.comm_, ragged);
        return result;
      }
    }

    const Vmap& vmap;
    Block own;
    Shape<rank_of<E>> shape;
    std::optional<Stored> scores;
    std::vector<std::optional<Array<T, rank - 1, Replicated, Backend>>> values;
  };

  Kernel kernel_;
  E x_;
  Chunk chunk_;
  Comm comm_;
  detail::ResultCell<T, rank, Policy, Backend> cell_;
};

// kernel(x(i, ...)) for every i of axis 0. The kernel is any callable from a replicated array of one rank less to an array or an
// expression; it is called by several threads. x is R or S<0>; the result has the same policy; nothing is sent (unless x is a
// pending redistribution, which is then moved panel by panel; a general kernel's extents and errors take one small message).
template <class Kernel, Expression E>
  requires(rank_of<E> >= 1 && (std::is_same_v<detail::stored_policy<policy_of<E>>, Replicated> || std::is_same_v<policy_of<E>, Split<0>>))
auto vmap(Kernel kernel, E&& x, Chunk size = {}) {
  using Operand = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<E>>()))>;
  return Vmap<Kernel, Operand>(std::move(kernel), Operand(finished(std::forward<E>(x))), size);
}
template <class Kernel, class P, int Rank, class Backend>
  requires(!std::is_same_v<detail::stored_policy<P>, Replicated> && !std::is_same_v<P, Split<0>>)
error_E06_vmap_needs_all_of_a_slice_on_one_rank<P, write_redistribute_to<Split<0>>> vmap(Kernel, const operand_tag<P, Rank, Backend>&, Chunk = {}) = delete;

}  // namespace priel
