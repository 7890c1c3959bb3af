// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// vmap(kernel, x): a kernel on every slice x(i, ...) of axis 0, R -> R, S<0> -> S<0>, a bounded number of slices at a time.
#pragma once

#include <priel/algorithms/detail/panels.hpp>
#include <priel/first_error.hpp>

#include <memory>
#include <optional>

namespace priel {

// At most this many slices of x live on a rank at once: `vmap(kernel, x, chunk(64))`. 0: chosen, about 32 MiB.
struct Chunk {
  Size slices = 0;
};
inline Chunk chunk(Size slices) { return {slices}; }

// Incomplete, and what returns it is not deleted: of a deleted function, some compilers name all others of that name.
template <class Policy, class Write>
struct error_E06_vmap_needs_all_of_a_slice_on_one_rank;

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

// What a kernel is called with.
template <class E>
struct KernelSlice {
  using Backend = backend_or_default<backend_of<E>>;
  // Of an abstract operand only the kernel's result type is wanted.
  using Computing = std::conditional_t<std::is_same_v<Backend, Nowhere>, default_backend, Backend>;
  using type = Array<value_of<E>, rank_of<E> - 1, Replicated, Computing>;
};

// Whether the kernel's result is a tuple or the like.
template <class Kernel, class E>
inline constexpr bool returns_several = [] {
  using Slice = typename KernelSlice<E>::type;
  if constexpr (std::is_invocable_v<const Kernel&, const Slice&>) {
    using Result = std::remove_cvref_t<std::invoke_result_t<const Kernel&, const Slice&>>;
    return requires { std::tuple_size<Result>::value; };
  } else return false;
}();

template <class Kernel, class E>
struct Vmapped : KernelSlice<E> {
  using typename KernelSlice<E>::Backend;
  using typename KernelSlice<E>::Computing;
  using Slice = typename KernelSlice<E>::type;
  using Result = kernel_result<std::remove_cvref_t<decltype(std::declval<const Kernel&>()(std::declval<const Slice&>()))>>;
  // A kernel may offer a form for contiguous CPU memory: series(x, n, d, out) for slices (n, d) -> (n).
  static constexpr bool tuned = Computing::host_memory && !std::is_same_v<Backend, Reference> && rank_of<E> == 3 &&
      requires(const Kernel& kernel, const value_of<E>* x, value_of<E>* out) { kernel.series(x, Size{}, Size{}, out); };
  // And one for many slices in memory that the CPU does not see: batch<Backend, X>(most, n, d) gives what is called with
  // (x, count, out) for count <= most slices, and tells its scratch() memory.
  static constexpr bool batched = !Computing::host_memory && rank_of<E> == 3 &&
      requires(const Kernel& kernel) { kernel.template batch<Computing, value_of<E>>(Size{}, Size{}, Size{}).scratch(); };
  // Either way the results are numbers of the slices' type, one for each row, and lie in place.
  static constexpr bool in_place = tuned || batched;
  static auto batch(const Kernel& kernel, Size most, Size n, Size d) {
    if constexpr (batched) return kernel.template batch<Computing, value_of<E>>(most, n, d);
    else return nullptr;
  }
};

// f(i) for i in [0, count): kernels on the CPU's own backend run in parallel.
template <class Backend, class F>
void for_each_slice(Size count, const F& f) {
  if constexpr (Backend::host_memory && !std::is_same_v<Backend, Reference>) Backend::for_each(count, f);
  else for (Size i = 0; i < count; ++i) f(i);
}

// The results of n slices, of which this rank has its share, as one array. Their extents are agreed, and that they are equal: ShapeError if not.
template <class Stored, class Values>
Stored joined_results(const Values& values, Size n, const Comm& comm) {
  constexpr int rank = Stored::rank;
  using Policy = policy_of<Stored>;
  Shape<rank> full;
  Index<(rank > 1 ? rank : 1)> extents;   // of a result, from any rank that has one
  if (!values.empty())
    for (int a = 1; a < rank; ++a) extents[a] = values.front()->shape()[a - 1];
  if (rank > 1 && !std::is_same_v<Policy, Replicated>)
    comm->all_reduce(extents.begin(), rank, sizeof(Size), [](void* into, const void* from, Size count) {
      for (Size i = 0; i < count; ++i)
        static_cast<Size*>(into)[i] = std::max(static_cast<Size*>(into)[i], static_cast<const Size*>(from)[i]);
    });
  full[0] = n;
  Size size = 1;
  for (int a = 1; a < rank; ++a) size *= full[a] = extents[a];
  Stored result(full, comm);
  std::exception_ptr ragged;
  const auto lease = result.local_mut();
  for (std::size_t i = 0; i < values.size() && !ragged; ++i) {
    const auto& value = *values[i];
    if (value.size() != size) ragged = std::make_exception_ptr(ShapeError("vmap: the kernel's results differ in extents"));
    else backend_of<Stored>::copy(lease.data() + static_cast<Size>(i) * size, value.local().data(), size * static_cast<Size>(sizeof(value_of<Stored>)));
  }
  if constexpr (std::is_same_v<Policy, Replicated>) { if (ragged) std::rethrow_exception(ragged); }
  else agree(*comm, ragged);
  return result;
}

// A kernel's slice, alone on its rank, made from memory of the backend.
template <class Slice>
Slice slice_from(const value_of<Slice>* memory, const Shape<Slice::rank>& extents) {
  Slice x(extents, self());
  backend_of<Slice>::copy(x.local_mut().data(), memory, x.size() * static_cast<Size>(sizeof(value_of<Slice>)));
  return x;
}

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
      : kernel_(std::move(kernel)), panels_(std::move(x), chunk.slices) {}

  Shape<rank> shape() const {
    if constexpr (Types::in_place) return {panels_.x().shape()[0], panels_.x().shape()[1]};
    else if constexpr (rank == 1) return {panels_.x().shape()[0]};
    else {
      prepare();   // the extents of a general kernel's result are known when it has run
      return cell_.value().shape();
    }
  }
  const Comm& comm() const { return panels_.comm(); }
  int readers(const void*) const { return 0; }
  const Stored& result() const { return cell_.value(); }
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const { return cell_.value().lower(frame, scope); }
  void prepare() const {
    cell_.fill([&] { return run(); });
  }

  // A general kernel's errors, and its results' extents where they have any, are agreed.
  static constexpr bool agrees = !std::is_same_v<Policy, Replicated> && !Types::in_place;
  static constexpr Collectives collectives = detail::collectives_of_node<E>() | (agrees ? Collectives{Collective::all_reduce} : Collectives{});
  void plan(Plan& plan) const {
    if (plan.known(cell_.address(), cell_.filled())) return;
    const std::string what = "vmap over " + described(panels_.x()), kernel = name_of_type<Kernel>();
    plan.loop(what, panels_.rows(0, plan.ranks()).extent * panels_.slice_size(), [&] {
      panels_.plan_fetch(plan);
      plan.fused(kernel);
    });
    plan.temporary("slices for " + kernel, [&](int) { return panels_.at_once(plan.ranks()) * panels_.slice_size() * static_cast<Size>(sizeof(X)); });
    if constexpr (Types::batched)
      plan.temporary("scratch of " + kernel, [&](int) { return make_batch(plan.ranks()).scratch(); });
    if constexpr (agrees) {
      const auto agree = [&](const char* on, Size bytes) { plan.message(Collective::all_reduce, std::string("agreement on ") + on, [&](int) { return bytes; }); };
      agree("errors", sizeof(std::int32_t));
      if constexpr (rank > 1) agree("extents", rank * static_cast<Size>(sizeof(Size)));
      agree("extents that differ", sizeof(std::int32_t));
    }
    detail::plan_result<T, Policy>(plan, shape());
  }
  bool same(const Vmap& other) const { return cell_.address() == other.cell_.address(); }

 private:
  using Batch = decltype(Types::batch(std::declval<const Kernel&>(), 0, 0, 0));
  Batch make_batch(int ranks) const {
    if constexpr (!Types::batched) return {};
    else {
      const auto [slices, n, d] = panels_.x().shape();
      return Types::batch(kernel_, panels_.at_once(ranks), n, d);
    }
  }

  Stored run() const {
    const Size slice = panels_.slice_size();
    detail::FirstError failed;
    Results results(*this);
    detail::Buffer<X, Backend> slices(panels_.at_once(comm()->size()) * slice);
    panels_.for_each([&](Size begin, const auto& boxes) {
      panels_.fetch(boxes, slices.data());
      if (!failed.error()) results.compute(begin, boxes(comm()->rank()).extent[0], slices.data(), slice, failed);
    });
    if constexpr (agrees) agree(*comm(), failed.error());
    else if (failed.error()) std::rethrow_exception(failed.error());
    return results.finish();
  }

  // A tuned or batched kernel writes its scores into place; a general one returns arrays that are put together at the end.
  struct Results {
    explicit Results(const Vmap& v) : vmap(v), shape(v.panels_.x().shape()), batch(v.make_batch(v.comm()->size())) {
      if constexpr (Types::in_place) scores = std::make_unique<Stored>(Shape<2>{shape[0], shape[1]}, vmap.comm());
      else values.resize(static_cast<std::size_t>(vmap.panels_.rows(vmap.comm()->rank()).extent));
    }

    void compute(Size begin, Size count, const X* slices, Size slice, detail::FirstError& failed) {
      if constexpr (Types::tuned) {
        const auto lease = scores->local_mut();
        T* out = lease.data() + begin * shape[1];
        detail::for_each_slice<Backend>(count, [&](Size i) { failed.guard(begin + i, [&] { vmap.kernel_.series(slices + i * slice, shape[1], shape[2], out + i * shape[1]); }); });
      } else if constexpr (Types::batched) {
        const auto lease = scores->local_mut();
        failed.guard(begin, [&] { batch(slices, count, lease.data() + begin * shape[1]); });
      } else {
        Shape<rank_of<E> - 1> extents;
        for (int a = 1; a < rank_of<E>; ++a) extents[a - 1] = shape[a];
        detail::for_each_slice<Backend>(count, [&](Size i) {
          failed.guard(begin + i, [&] {
            const ScopedWorld alone(self());
            const auto x = detail::slice_from<Slice>(slices + i * slice, extents);
            values[static_cast<std::size_t>(begin + i)].emplace(detail::as_node(vmap.kernel_(x)));
          });
        });
      }
    }

    Stored finish() {
      if constexpr (Types::in_place) return *scores;
      else return detail::joined_results<Stored>(values, shape[0], vmap.comm());
    }

    const Vmap& vmap;
    Shape<rank_of<E>> shape;
    Batch batch;
    std::unique_ptr<Stored> scores;
    std::vector<std::optional<Array<T, rank - 1, Replicated, Backend>>> values;
  };

  Kernel kernel_;
  detail::Panels<E> panels_;
  detail::ResultCell<T, rank, Policy, Backend> cell_;
};

// kernel(x(i, ...)) for every i of axis 0. The kernel is any callable from a replicated array of one rank less to an array or an
// expression; it is called by several threads. x is R or S<0>; the result has the same policy; nothing is sent (unless x is a
// pending redistribution, which is then moved panel by panel; a general kernel's extents and errors take one small message).
template <class Kernel, Expression E>
  requires(rank_of<E> >= 1 && (std::is_same_v<detail::stored_policy<policy_of<E>>, Replicated> || std::is_same_v<policy_of<E>, Split<0>>) &&
           !detail::returns_several<Kernel, E>)   // vmap_several.hpp
auto vmap(Kernel kernel, E&& x, Chunk size = {}) {
  using Operand = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<E>>()))>;
  return Vmap<Kernel, Operand>(std::move(kernel), Operand(finished(std::forward<E>(x))), size);
}
template <class Kernel, class P, int Rank, class Backend>
  requires(!std::is_same_v<detail::stored_policy<P>, Replicated> && !std::is_same_v<P, Split<0>>)
error_E06_vmap_needs_all_of_a_slice_on_one_rank<P, write_redistribute_to<Split<0>>> vmap(Kernel, const operand_tag<P, Rank, Backend>&, Chunk = {});

}  // namespace priel
