// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// vmap of a kernel with several results: auto [scores, counts] = vmap(kernel, x), each R -> R, S<0> -> S<0>.
#pragma once

#include <priel/algorithms/vmap.hpp>

#include <tuple>

namespace priel {

namespace detail {

// What the outputs of one vmap share: whoever is evaluated first runs the kernel, once for all.
template <class Kernel, Expression E>
class SeveralResults {
  using Backend = backend_or_default<backend_of<E>>;
  using Slice = typename KernelSlice<E>::type;
  using Policy = stored_policy<policy_of<E>>;
  using Tuple = std::remove_cvref_t<std::invoke_result_t<const Kernel&, const Slice&>>;
  template <std::size_t I>
  using Result = kernel_result<std::remove_cvref_t<std::tuple_element_t<I, Tuple>>>;

 public:
  static constexpr std::size_t size = std::tuple_size_v<Tuple>;
  template <std::size_t I>
  using Stored = Array<typename Result<I>::type, 1 + Result<I>::rank, Policy, Backend>;

  template <class Indices>
  struct Buffers;
  template <std::size_t... I>
  struct Buffers<std::index_sequence<I...>> {
    using type = std::tuple<SharedBuffer<typename Result<I>::type, Backend>...>;
  };

  SeveralResults(Kernel kernel, E x, Chunk chunk) : kernel_(std::move(kernel)), panels_(std::move(x), chunk.slices) {}

  const Panels<E>& panels() const { return panels_; }
  bool filled() const { return arrays_ != nullptr; }
  template <std::size_t I>
  const Stored<I>& array() const { return std::get<I>(*arrays_); }

  void fill() const {
    const std::lock_guard lock(filling_);
    if (!arrays_) arrays_ = run(std::make_index_sequence<size>());
  }

  // The rows of a block, of every output: computed once for all of them.
  struct Rows : Counted {
    Block rows;
    typename Buffers<std::make_index_sequence<size>>::type memory;   // none while the block is planned
  };
  const Rows& rows_of_block(BlockStage& stage, Block wanted) const {
    if (const auto* kept = stage.kept<Rows>(this); kept && kept->rows.lower <= wanted.lower &&
                                                   wanted.lower + wanted.extent <= kept->rows.lower + kept->rows.extent) return *kept;
    Shared<Rows> rows(new Rows);
    rows->rows = wanted;
    {
      Scope scope;   // what x reads or stages is for all the rows
      panels_.x().lower(frame_of(panels_.box_of(wanted)), scope);
    }
    compute_block(stage, *rows, std::make_index_sequence<size>());
    return stage.keep(this, rows);
  }

  // The extents of output I, by its first slice here; the others have to be like it.
  template <std::size_t I>
  Shape<Stored<I>::rank> extents_for_blocks(BlockStage& stage) const {
    struct Extents : Counted {
      Shape<Stored<I>::rank> shape;
    };
    const void* key = &keys_[I];
    if (const auto* known = stage.lasting<Extents>(key)) return known->shape;
    Shared<Extents> extents(new Extents);
    extents->shape = sampled_extents<Stored<I>::rank>(panels_, [&] {
      const Block own = panels_.rows(panels_.comm()->rank());
      Buffer<value_of<E>, Backend> slice(panels_.slice_size());
      evaluate<Backend>(panels_.x(), panels_.box_of({own.lower, 1}), slice.data());
      Values values;
      resize(values, 1);
      FirstError failed;
      compute(1, slice.data(), values, 0, 0, failed, std::make_index_sequence<size>());
      failed.rethrow();
      return std::get<I>(values)[0]->shape();
    });
    return stage.keep_lasting(key, extents).shape;
  }

 private:
  template <class Indices>
  struct Arrays;
  template <std::size_t... I>
  struct Arrays<std::index_sequence<I...>> {
    using type = std::tuple<Stored<I>...>;
    // Of every slice of this rank.
    using values = std::tuple<std::vector<std::optional<Array<typename Result<I>::type, Result<I>::rank, Replicated, Backend>>>...>;
  };
  using Joined = typename Arrays<std::make_index_sequence<size>>::type;
  using Values = typename Arrays<std::make_index_sequence<size>>::values;

  template <std::size_t... I>
  std::unique_ptr<Joined> run(std::index_sequence<I...>) const {
    const ScopedStage outside(nullptr);
    const auto shape = panels_.x().shape();
    const Comm& comm = panels_.comm();
    Values values;
    resize(values, panels_.rows(comm->rank()).extent);
    FirstError failed;
    Buffer<value_of<E>, Backend> slices(panels_.at_once(comm->size()) * panels_.slice_size());
    panels_.for_each([&](Size begin, const auto& boxes) {
      panels_.fetch(boxes, slices.data());
      if (!failed.error()) compute(boxes(comm->rank()).extent[0], slices.data(), values, begin, begin, failed, std::index_sequence<I...>());
    });
    if constexpr (!std::is_same_v<Policy, Replicated>) agree(*comm, failed.error());
    else if (failed.error()) std::rethrow_exception(failed.error());
    return std::unique_ptr<Joined>(new Joined{joined_results<Stored<I>>(std::get<I>(values), shape[0], comm)...});
  }

  static void resize(Values& values, Size n) {
    std::apply([&](auto&... of_output) { (of_output.resize(static_cast<std::size_t>(n)), ...); }, values);
  }

  // Slices in memory, whose results belong at `at` and following; the first error by position, which is number `begin` for the first of them.
  template <std::size_t... I>
  void compute(Size count, const value_of<E>* slices, Values& values, Size at, Size begin, FirstError& failed, std::index_sequence<I...>) const {
    const auto shape = panels_.x().shape();
    Shape<rank_of<E> - 1> extents;
    for (int a = 1; a < rank_of<E>; ++a) extents[a - 1] = shape[a];
    for_each_slice<Backend>(count, [&](Size i) {
      failed.guard(begin + i, [&] {
        const ScopedWorld alone(self());
        const ScopedStage outside(nullptr);
        const auto results = kernel_(slice_from<Slice>(slices + i * extents.size(), extents));
        (std::get<I>(values)[static_cast<std::size_t>(at + i)].emplace(as_node(std::get<I>(results))), ...);
      });
    });
  }

  template <std::size_t... I>
  void compute_block(BlockStage& stage, Rows& rows, std::index_sequence<I...>) const {
    const Size at_once = panels_.at_once_in_block(rows.rows.extent), slice = panels_.slice_size();
    const Size sizes[] = {size_in_block<I>(stage)...};
    if (stage.planning) {
      stage.allocated += at_once * slice * static_cast<Size>(sizeof(value_of<E>));
      ((stage.allocated += rows.rows.extent * sizes[I] * static_cast<Size>(sizeof(typename Result<I>::type))), ...);
      return;
    }
    ((std::get<I>(rows.memory) = make_buffer<typename Result<I>::type, Backend>(rows.rows.extent * sizes[I])), ...);
    FirstError failed;
    Buffer<value_of<E>, Backend> slices(at_once * slice);
    Values values;
    for (Size begin = 0; begin < rows.rows.extent; begin += at_once) {
      const Size count = std::min(at_once, rows.rows.extent - begin);
      evaluate<Backend>(panels_.x(), panels_.box_of({rows.rows.lower + begin, count}), slices.data());
      resize(values, count);
      compute(count, slices.data(), values, 0, begin, failed, std::index_sequence<I...>());
      failed.rethrow();
      (place_results<Backend>(std::get<I>(values), sizes[I], std::get<I>(rows.memory)->data() + begin * sizes[I]), ...);
    }
  }
  // Elements of a slice's output I.
  template <std::size_t I>
  Size size_in_block(BlockStage& stage) const {
    if constexpr (Stored<I>::rank == 1) return 1;
    else {
      auto shape = extents_for_blocks<I>(stage);
      shape[0] = 1;
      return shape.size();
    }
  }

  Kernel kernel_;
  Panels<E> panels_;
  mutable std::mutex filling_;
  mutable std::unique_ptr<const Joined> arrays_;
  char keys_[size] = {};   // their addresses are the outputs'
};

}  // namespace detail

// One of the results.
template <std::size_t I, class Kernel, Expression E>
class VmapOutput : public Node<VmapOutput<I, Kernel, E>, value_of<typename detail::SeveralResults<Kernel, E>::template Stored<I>>,
                               detail::SeveralResults<Kernel, E>::template Stored<I>::rank, detail::stored_policy<policy_of<E>>,
                               detail::backend_or_default<backend_of<E>>> {
  using Shared = detail::SeveralResults<Kernel, E>;
  using Stored = typename Shared::template Stored<I>;

 public:
  explicit VmapOutput(std::shared_ptr<const Shared> shared) : shared_(std::move(shared)) {}

  Shape<Stored::rank> shape() const {
    if constexpr (Stored::rank == 1) return {shared_->panels().x().shape()[0]};
    else if (detail::block_stage && !shared_->filled()) return shared_->template extents_for_blocks<I>(*detail::block_stage);
    else {
      prepare();   // the extents of a result are known when the kernel has run
      return result().shape();
    }
  }
  const Comm& comm() const { return shared_->panels().comm(); }
  void prepare() const { shared_->fill(); }
  void prepare_rows() const {
    if (!shared_->filled()) detail::prepare_rows(shared_->panels().x());
  }
  int readers(const void*) const { return 0; }
  const Stored& result() const { return shared_->template array<I>(); }
  template <int Root>
  auto lower(const Frame<Root, Stored::rank>& frame, Scope& scope) const {
    if (detail::block_stage && !shared_->filled()) {
      Box<Stored::rank> box = frame.box();
      const auto& rows = shared_->rows_of_block(*detail::block_stage, {box.lower[0], box.extent[0]});
      const auto& memory = std::get<I>(rows.memory);
      if (!memory) return kernel::strided(static_cast<const value_of<Stored>*>(nullptr), Box<Stored::rank>{}, frame);
      box = whole(shape());
      box.lower[0] = rows.rows.lower;
      box.extent[0] = rows.rows.extent;
      return kernel::strided(scope.template hold<value_of<Stored>, backend_of<Stored>>(memory), box, frame);
    }
    return result().lower(frame, scope);
  }
  bool same(const VmapOutput& other) const { return shared_ == other.shared_; }

  static constexpr Collectives collectives = detail::collectives_of_node<E>() |
      (std::is_same_v<policy_of<Stored>, Replicated> ? Collectives{} : Collectives{Collective::all_reduce});
  void plan(Plan& plan) const {
    if (plan.known(shared_.get(), shared_->filled())) return;
    const auto& panels = shared_->panels();
    plan.loop("vmap with " + std::to_string(Shared::size) + " results", panels.rows(0, plan.ranks()).extent * panels.slice_size(),
              [&] { panels.plan_fetch(plan); });
    plan.temporary("slices for a kernel", [&](int) {
      return panels.at_once(plan.ranks()) * panels.slice_size() * static_cast<Size>(sizeof(value_of<E>));
    });
    if constexpr (!std::is_same_v<policy_of<Stored>, Replicated>) {
      const auto agree = [&](const char* on, Size bytes) {
        plan.message(Collective::all_reduce, std::string("agreement on ") + on, [&](int) { return bytes; });
      };
      agree("errors", sizeof(std::int32_t));
      [&]<std::size_t... J>(std::index_sequence<J...>) {
        const auto joined = [&](int rank) {
          if (rank > 1) agree("extents", rank * static_cast<Size>(sizeof(Size)));
          agree("extents that differ", sizeof(std::int32_t));
        };
        (joined(Shared::template Stored<J>::rank), ...);
      }(std::make_index_sequence<Shared::size>());
    }
  }

 private:
  std::shared_ptr<const Shared> shared_;
};

// As vmap, of a kernel that returns a std::tuple or the like (pair, array) of arrays, expressions and numbers: a tuple of as many lazy
// results. The kernel runs once for each slice, when the first of them is evaluated; nothing but extents and errors is sent.
template <class Kernel, Expression E>
  requires(rank_of<E> >= 1 && (std::is_same_v<detail::stored_policy<policy_of<E>>, Replicated> || std::is_same_v<policy_of<E>, Split<0>>) &&
           detail::returns_several<Kernel, E>)
auto vmap(Kernel kernel, E&& x, Chunk size = {}) {
  using Operand = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<E>>()))>;
  using Shared = detail::SeveralResults<Kernel, Operand>;
  const auto shared = std::make_shared<const Shared>(std::move(kernel), Operand(finished(std::forward<E>(x))), size);
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::tuple(VmapOutput<I, Kernel, Operand>(shared)...);
  }(std::make_index_sequence<Shared::size>());
}

}  // namespace priel
