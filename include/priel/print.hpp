// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// print(x), to_text(x), std::cout << x: arrays as NumPy prints them; what is split is printed by all ranks together.
#pragma once

#include <priel/borrow.hpp>
#include <priel/redistribute.hpp>

#include <iosfwd>
#include <string>

namespace priel {

// How an array is written; the names and the values are those of NumPy's array2string.
struct PrintOptions {
  int precision = 8;              // digits behind the point at most
  bool suppress_small = false;    // no exponents because of small values
  Size threshold = 1000;          // of more elements than these only those at the edges are shown,
  Size edgeitems = 3;             // so many at each end of an axis
  Size max_line_width = 75;
  const char* separator = " ";
};

namespace detail {

enum class Printable { boolean, integer, natural, float32, float64, complex64, complex128 };

template <class T>
constexpr Printable printable_of() {
  if constexpr (kind_of<T> == Kind::boolean) return Printable::boolean;
  else if constexpr (kind_of<T> == Kind::integer) return std::is_signed_v<T> ? Printable::integer : Printable::natural;
  else if constexpr (kind_of<T> == Kind::floating) return sizeof(T) == 4 ? Printable::float32 : Printable::float64;
  else return sizeof(T) == 8 ? Printable::complex64 : Printable::complex128;
}
// What the compiled formatter reads: integers as 64 bits, long double as double.
template <class T>
using PrintedValue = std::conditional_t<kind_of<T> == Kind::integer, accumulate_type<T>,
                                        std::conditional_t<std::is_same_v<T, long double>, double, T>>;

// NumPy's str() of an array of these extents, of which the shown entries are given (C order).
std::string text_of(Printable type, std::span<const Size> extents, const void* shown, const PrintOptions& options);
void write(std::ostream& out, const std::string& text);
std::ostream& standard_output();

// The runs of indices of an axis that are shown.
struct Shown {
  Block runs[2];
  int count = 0;
  Size entries = 0;
};
inline Shown shown_of(Size extent, bool shortened, Size edge) {
  if (shortened && extent > 2 * edge) return {{{0, edge}, {extent - edge, edge}}, 2, 2 * edge};
  return {{{0, extent}, {}}, 1, extent};
}

// f(box, its lower corner among the shown entries) for every box of entries that are shown.
template <int Rank, class F>
void for_each_shown(const Shown (&axes)[Rank == 0 ? 1 : Rank], F&& f) {
  int boxes = 1;
  for (int a = 0; a < Rank; ++a) boxes *= axes[a].count;
  for (int b = 0; b < boxes; ++b) {
    Box<Rank> box;
    Index<Rank> at;
    for (int a = Rank - 1, rest = b; a >= 0; rest /= axes[a--].count) {
      const int run = rest % axes[a].count;
      box.lower[a] = axes[a].runs[run].lower;
      box.extent[a] = axes[a].runs[run].extent;
      at[a] = run == 0 ? 0 : axes[a].runs[0].extent;
    }
    f(box, at);
  }
}

// The shown entries of e, a settled expression, on every rank: each evaluates those it holds, one all_gather brings them together.
template <Expression E>
std::string text_of_settled(const E& e, const PrintOptions& options = {}) {
  constexpr int rank = rank_of<E>;
  using T = value_of<E>;
  using Policy = stored_policy<policy_of<E>>;
  using Backend = backend_or_default<backend_of<E>>;
  const auto shape = e.shape();
  const bool shortened = shape.size() > options.threshold;
  Shown axes[rank == 0 ? 1 : rank];
  Shape<rank> entries;
  for (int a = 0; a < rank; ++a) entries[a] = (axes[a] = shown_of(shape[a], shortened, options.edgeitems)).entries;

  e.prepare();
  constexpr bool everywhere = std::is_same_v<Policy, Replicated>;
  const Comm comm = everywhere ? self() : comm_or_world(e.comm());
  std::vector<Size> bytes(static_cast<std::size_t>(comm->size()));
  const auto for_each_piece = [&](int r, const auto& f) {   // what rank r has to show, in order
    for_each_shown<rank>(axes, [&](const Box<rank>& box, const Index<rank>& at) {
      const auto piece = intersect(box, Policy::part(shape, comm->size(), r));
      if (piece.size() > 0) f(piece, box, at);
    });
  };
  for (int r = 0; r < comm->size(); ++r)
    for_each_piece(r, [&](const auto& piece, const auto&, const auto&) {
      bytes[static_cast<std::size_t>(r)] += piece.size() * static_cast<Size>(sizeof(T));
    });
  const Bytes mine(bytes[static_cast<std::size_t>(comm->rank())]), all(entries.size() * static_cast<Size>(sizeof(T)));
  auto* out = reinterpret_cast<T*>(mine.data.get());
  for_each_piece(comm->rank(), [&](const auto& piece, const auto&, const auto&) {
    evaluate_to_host<Backend>(e, piece, out);
    out += piece.size();
  });
  comm->all_gather(mine.data.get(), all.data.get(), bytes);

  const Bytes memory(entries.size() * static_cast<Size>(sizeof(PrintedValue<T>)));
  auto* values = reinterpret_cast<PrintedValue<T>*>(memory.data.get());
  const auto* arrived = reinterpret_cast<const T*>(all.data.get());
  for (int r = 0; r < comm->size(); ++r)
    for_each_piece(r, [&](Box<rank> piece, const auto& box, const auto& at) {
      for (int a = 0; a < rank; ++a) piece.lower[a] += at[a] - box.lower[a];
      for_each_run(piece, whole(entries), [&](Size offset, Size from, Size n) {
        for (Size i = 0; i < n; ++i) values[offset + i] = static_cast<PrintedValue<T>>(arrived[from + i]);
      });
      arrived += piece.size();
    });
  return text_of(printable_of<T>(), {shape.begin(), static_cast<std::size_t>(rank)}, values, options);
}

// What one rank can print alone: every element is here, and nothing is sent to get it.
template <class E>
concept PrintableAlone = Expression<E> && (is_generated<policy_of<E>> || std::is_same_v<policy_of<E>, Replicated>) &&
    collectives_of_node<std::remove_cvref_t<E>>().empty();

}  // namespace detail

// x as NumPy's str(x) writes it: precision 8, at most 1000 elements, else three at each edge; or as the options say:
// to_text(x, {.precision = 3, .suppress_small = true}). A number (rank 0) is written with all its digits. Collective if x is split or
// pending: each rank sends the few elements shown that it holds. The text is the same on every rank.
template <Expression E>
std::string to_text(const E& x, const PrintOptions& options = {}) { return detail::text_of_settled(detail::settled(x), options); }

// Collective as to_text; rank 0 prints the text and a new line, to standard output or the stream that it names.
template <Expression E>
void print(const E& x, const PrintOptions& options, std::ostream& out = detail::standard_output()) {
  const std::string text = to_text(x, options);
  if (detail::comm_or_world(x.comm())->rank() == 0) detail::write(out, text + "\n");
}
template <Expression E>
void print(const E& x, std::ostream& out = detail::standard_output()) { print(x, PrintOptions{}, out); }

// What a stream refuses. The refusing operator returns an incomplete type and is not deleted: of a deleted one, some compilers name all
// hundred others in their error.
struct call_print_x_on_every_rank;
template <class Policy, class Write>
struct error_E12_one_rank_cannot_print_what_others_hold;

// Replicated arrays and expressions that send nothing, on the rank that prints.
template <class E>
  requires detail::PrintableAlone<E>
std::ostream& operator<<(std::ostream& out, const E& x) {
  detail::write(out, detail::text_of_settled(x));
  return out;
}
template <class P, int Rank, class Backend>
error_E12_one_rank_cannot_print_what_others_hold<P, call_print_x_on_every_rank> operator<<(std::ostream&, const operand_tag<P, Rank, Backend>&);

// A rank's own elements.
template <class T, int Rank>
std::ostream& operator<<(std::ostream& out, const Local<T, Rank>& view) {
  detail::write(out, detail::text_of_settled(borrow<Reference>(view)));
  return out;
}

}  // namespace priel
