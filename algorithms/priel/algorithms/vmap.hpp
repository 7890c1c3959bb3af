// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// vmap(kernel, x): a kernel on every slice x(i, ...) of axis 0, R -> R, S<0> -> S<0>, a bounded number of slices at a time.
#pragma once

#include <priel/algorithms/detail/vmapped.hpp>

namespace priel {

// At most this many slices of x live on a rank at once: `vmap(kernel, x, chunk(64))`. 0: chosen, about 32 MiB.
struct Chunk {
  Size slices = 0;
};
inline Chunk chunk(Size slices) { return {slices}; }

// Incomplete, and what returns it is not deleted: of a deleted function, some compilers name all others of that name.
template <class Policy, class Write>
struct error_E06_vmap_needs_all_of_a_slice_on_one_rank;

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
    else if (detail::block_stage && !cell_.filled()) return extents_for_blocks(*detail::block_stage);
    else {
      prepare();   // the extents of a general kernel's result are known when it has run
      return cell_.value().shape();
    }
  }
  const Comm& comm() const { return panels_.comm(); }
  int readers(const void*) const { return 0; }
  const Stored& result() const { return cell_.value(); }
  // In a block whose rows are not there yet, they are computed: these only.
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    if (detail::block_stage && !cell_.filled()) {
      const Rows& rows = rows_of_block(*detail::block_stage, frame.box());
      if (!rows.memory) return kernel::strided(static_cast<const T*>(nullptr), Box<rank>{}, frame);
      return kernel::strided(scope.template hold<T, Backend>(rows.memory), rows.box, frame);
    }
    return cell_.value().lower(frame, scope);
  }
  void prepare() const {
    cell_.fill([&] { return run(); });
  }
  void prepare_rows() const {
    if (!cell_.filled()) detail::prepare_rows(panels_.x());
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
  Batch make_batch(int ranks) const { return make_batch_of(panels_.at_once(ranks)); }
  Batch make_batch_of(Size at_once) const {
    if constexpr (!Types::batched) return {};
    else {
      const auto [slices, n, d] = panels_.x().shape();
      return Types::batch(kernel_, at_once, n, d);
    }
  }

  Stored run() const {
    const detail::ScopedStage outside(nullptr);
    const Size slice = panels_.slice_size();
    detail::FirstError failed;
    Results results(*this, panels_.at_once(comm()->size()));
    Values values;
    std::unique_ptr<Stored> scores;
    if constexpr (Types::in_place) scores = std::make_unique<Stored>(Shape<2>{results.shape[0], results.shape[1]}, comm());
    else values.resize(static_cast<std::size_t>(panels_.rows(comm()->rank()).extent));
    detail::Buffer<X, Backend> slices(panels_.at_once(comm()->size()) * slice);
    panels_.for_each([&](Size begin, const auto& boxes) {
      panels_.fetch(boxes, slices.data());
      if (failed.error()) return;
      const Size count = boxes(comm()->rank()).extent[0];
      if constexpr (Types::in_place) {
        results.compute(begin, count, slices.data(), slice, scores->local_mut().data() + begin * results.shape[1], failed);
      } else results.compute(begin, count, slices.data(), slice, values.data() + begin, failed);
    });
    if constexpr (agrees) agree(*comm(), failed.error());
    else if (failed.error()) std::rethrow_exception(failed.error());
    if constexpr (Types::in_place) return *scores;
    else return detail::joined_results<Stored>(values, results.shape[0], comm());
  }

  using Value = std::optional<Array<T, rank - 1, Replicated, Backend>>;   // of one slice, of a general kernel
  using Values = std::vector<Value>;

  // A tuned or batched kernel writes its scores into place; a general one returns arrays that are put together afterwards.
  struct Results {
    Results(const Vmap& v, Size at_once) : vmap(v), shape(v.panels_.x().shape()), batch(v.make_batch_of(at_once)) {}

    // `count` slices, the first of which is number `begin` to whoever asks for the first error.
    template <class Out>
    void compute(Size begin, Size count, const X* slices, Size slice, Out* out, detail::FirstError& failed) {
      if constexpr (Types::tuned) {
        detail::for_each_slice<Backend>(count, [&](Size i) {
          failed.guard(begin + i, [&] { vmap.kernel_.series(slices + i * slice, shape[1], shape[2], out + i * shape[1]); });
        });
      } else if constexpr (Types::batched) {
        failed.guard(begin, [&] { batch(slices, count, out); });
      } else {
        Shape<rank_of<E> - 1> extents;
        for (int a = 1; a < rank_of<E>; ++a) extents[a - 1] = shape[a];
        detail::for_each_slice<Backend>(count, [&](Size i) {
          failed.guard(begin + i, [&] {
            const ScopedWorld alone(self());
            const detail::ScopedStage outside(nullptr);
            const auto x = detail::slice_from<Slice>(slices + i * slice, extents);
            out[i].emplace(detail::as_node(vmap.kernel_(x)));
          });
        });
      }
    }

    const Vmap& vmap;
    Shape<rank_of<E>> shape;
    Batch batch;
  };

  // The rows of a block.
  struct Rows : detail::Counted {
    Box<rank> box;
    detail::SharedBuffer<T, Backend> memory;   // none while the block is planned
  };
  const Rows& rows_of_block(detail::BlockStage& stage, const Box<rank>& wanted) const {
    Box<rank> box = whole(shape());
    box.lower[0] = wanted.lower[0];
    box.extent[0] = wanted.extent[0];
    if (const auto* kept = stage.kept<Rows>(cell_.address()); kept && intersect(kept->box, box) == box) return *kept;
    detail::Shared<Rows> rows(new Rows);
    rows->box = box;
    const Size at_once = panels_.at_once_in_block(box.extent[0]);
    {
      Scope scope;   // what x reads or stages is for all the rows
      panels_.x().lower(frame_of(panels_.box_of({box.lower[0], box.extent[0]})), scope);
    }
    if (stage.planning) stage.allocated += at_once * panels_.slice_size() * static_cast<Size>(sizeof(X)) + box.size() * static_cast<Size>(sizeof(T));
    else {
      rows->memory = detail::make_buffer<T, Backend>(box.size());
      compute_block(at_once, {box.lower[0], box.extent[0]}, box.size() / std::max<Size>(box.extent[0], 1), rows->memory->data());
    }
    return stage.keep(cell_.address(), rows);
  }

  void compute_block(Size at_once, Block rows, Size result_size, T* out) const {
    const Size slice = panels_.slice_size();
    detail::FirstError failed;
    Results results(*this, at_once);
    detail::Buffer<X, Backend> slices(at_once * slice);
    for (Size begin = 0; begin < rows.extent && !failed.error(); begin += at_once) {
      const Size count = std::min(at_once, rows.extent - begin);
      detail::evaluate<Backend>(panels_.x(), panels_.box_of({rows.lower + begin, count}), slices.data());
      if constexpr (Types::in_place) results.compute(begin, count, slices.data(), slice, out + begin * result_size, failed);
      else {
        Values values(static_cast<std::size_t>(count));
        results.compute(begin, count, slices.data(), slice, values.data(), failed);
        if (!failed.error()) detail::place_results<Backend>(values, result_size, out + begin * result_size);
      }
    }
    failed.rethrow();
  }

  // Of a general kernel, by its first slice here; the others have to be like it.
  struct Extents : detail::Counted {
    Shape<rank> shape;
  };
  Shape<rank> extents_for_blocks(detail::BlockStage& stage) const {
    if (const auto* known = stage.lasting<Extents>(cell_.address())) return known->shape;
    detail::Shared<Extents> extents(new Extents);
    extents->shape = detail::sampled_extents<rank>(panels_, [&] {
      const Block own = panels_.rows(comm()->rank());
      detail::Buffer<X, Backend> slice(panels_.slice_size());
      detail::evaluate<Backend>(panels_.x(), panels_.box_of({own.lower, 1}), slice.data());
      detail::FirstError failed;
      Value value;
      Results(*this, 1).compute(0, 1, slice.data(), panels_.slice_size(), &value, failed);
      failed.rethrow();
      return value->shape();
    });
    return stage.keep_lasting(cell_.address(), extents).shape;
  }

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
