// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays as text, laid out as NumPy 2's array2string does.

#include <priel/print.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <complex>
#include <functional>
#include <iostream>
#include <limits>
#include <optional>

namespace priel::detail {
namespace {

std::string padded(const std::string& text, std::size_t width) { return std::string(width > text.size() ? width - text.size() : 0, ' ') + text; }

template <class T>
std::string in_format(T value, std::chars_format format, std::optional<int> digits) {
  std::array<char, 800> text;   // the largest double has 309 digits before the point
  const auto end = digits ? std::to_chars(text.data(), text.data() + text.size(), value, format, *digits)
                          : std::to_chars(text.data(), text.data() + text.size(), value, format);
  return {text.data(), end.ptr};
}

// "12.5", "3.": the fewest digits that tell the value from its neighbours, at most `most` behind the point.
template <class T>
std::string positional(T value, int most) {
  std::string text = in_format(value, std::chars_format::fixed, std::nullopt);
  auto point = text.find('.');
  if (point == std::string::npos) return text + ".";
  if (text.size() - point - 1 > static_cast<std::size_t>(most)) text = in_format(value, std::chars_format::fixed, most) + (most == 0 ? "." : "");
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

// The parts of 1.25e-07: "1", "25", "-07".
struct Scientific {
  std::string whole, fraction, exponent;
};
Scientific split(const std::string& text) {
  const auto e = text.find('e'), point = std::min(text.find('.'), e);
  return {text.substr(0, point), point == e ? "" : text.substr(point + 1, e - point - 1), text.substr(e + 1)};
}
// With the fewest digits that tell the value from its neighbours.
template <class T>
Scientific scientific(T value, int most) {
  Scientific parts = split(in_format(value, std::chars_format::scientific, std::nullopt));
  if (parts.fraction.size() > static_cast<std::size_t>(most)) parts = split(in_format(value, std::chars_format::scientific, most));
  parts.fraction.erase(parts.fraction.find_last_not_of('0') + 1);
  return parts;
}

// The common format of the values that are shown.
template <class T>
class FloatFormat {
 public:
  FloatFormat(const std::vector<T>& values, bool plus, const PrintOptions& options) : plus_(plus), precision_(options.precision) {
    T largest = 0, smallest = std::numeric_limits<T>::infinity();
    bool any_finite = false, all_finite = true, minus_infinity = plus;
    for (const T value : values) {
      const T size = std::abs(value);
      minus_infinity = minus_infinity || (std::isinf(value) && value < 0);
      all_finite = all_finite && std::isfinite(value);
      any_finite = any_finite || std::isfinite(value);
      if (!std::isfinite(value) || size == 0) continue;
      largest = std::max(largest, size);
      smallest = std::min(smallest, size);
    }
    constexpr T cutoff = std::is_same_v<T, float> ? T(1e6) : T(1e8);
    exponents_ = largest > 0 && (largest >= cutoff || (!options.suppress_small && (smallest < T(0.0001) || largest / smallest > T(1000))));
    for (const T value : values)
      if (std::isfinite(value)) measure(value);
    if (exponents_ && any_finite) right_ = exponent_ + 2 + fraction_;
    const std::size_t behind = right_ + 1, widest = minus_infinity ? 4 : 3;   // "-inf"; "nan" and "inf"
    if (!all_finite && widest > behind) left_ = std::max(left_, widest - behind);
  }

  std::string operator()(T value) const {
    if (!std::isfinite(value)) {
      const std::string text = std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
      return padded(signed_text(text), left_ + right_ + 1);
    }
    if (!exponents_) {
      const std::string text = signed_text(positional(value, precision_));
      const auto point = text.find('.');
      return padded(text.substr(0, point), left_) + text.substr(point) + std::string(right_ - (text.size() - point - 1), ' ');
    }
    const Scientific parts = split(in_format(value, std::chars_format::scientific, static_cast<int>(fraction_)));   // more digits than needed, not zeros
    return padded(signed_text(parts.whole), left_) + "." + parts.fraction + "e" +
           parts.exponent[0] + std::string(exponent_ - (parts.exponent.size() - 1), '0') + parts.exponent.substr(1);
  }

 private:
  std::string signed_text(const std::string& text) const { return plus_ && text[0] != '-' ? "+" + text : text; }

  void measure(T value) {
    if (exponents_) {
      const Scientific parts = scientific(value, precision_);
      left_ = std::max(left_, signed_text(parts.whole).size());
      fraction_ = std::max(fraction_, parts.fraction.size());
      exponent_ = std::max(exponent_, parts.exponent.size() - 1);
    } else {
      const std::string text = signed_text(positional(value, precision_));
      const auto point = text.find('.');
      left_ = std::max(left_, point);
      right_ = std::max(right_, text.size() - point - 1);
    }
  }

  bool plus_, exponents_ = false;
  int precision_;
  std::size_t left_ = 0, right_ = 0, fraction_ = 0, exponent_ = 0;
};

// Rank 0 is printed as a number: all digits.
template <class T>
std::string number(T value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  const T size = std::abs(value);
  if (size != 0 && (size < T(1e-4) || size >= T(1e16))) {
    const Scientific parts = scientific(value, 1000);
    return parts.whole + (parts.fraction.empty() ? "" : "." + parts.fraction) + "e" + parts.exponent;
  }
  const std::string text = positional(value, 1000);
  return text.back() == '.' ? text + "0" : text;
}
template <class T>
std::string number(const std::complex<T>& value) {
  const auto part = [](T x) {
    std::string text = number(x);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
  };
  const std::string imaginary = part(value.imag());
  const std::string real = part(value.real());
  if (value.real() == 0 && !std::signbit(value.real())) return imaginary + "j";
  return "(" + real + (imaginary[0] == '-' ? "" : "+") + imaginary + "j)";
}

using Words = std::vector<std::string>;

template <class T>
Words words_of(std::span<const T> values, bool alone, const PrintOptions& options) {
  Words words;
  if constexpr (kind_of<T> == Kind::boolean) {
    for (const T value : values) words.push_back(value ? (alone ? "True" : " True") : "False");
  } else if constexpr (kind_of<T> == Kind::integer) {
    for (const T value : values) words.push_back(std::to_string(value));
    std::size_t width = 0;
    for (const auto& word : words) width = std::max(width, word.size());
    for (auto& word : words) word = padded(word, width);
  } else if (alone) {
    words.push_back(number(values[0]));
  } else if constexpr (kind_of<T> == Kind::floating) {
    const FloatFormat<T> format({values.begin(), values.end()}, false, options);
    for (const T value : values) words.push_back(format(value));
  } else {
    using Part = typename T::value_type;
    std::vector<Part> real, imaginary;
    for (const T& value : values) real.push_back(value.real()), imaginary.push_back(value.imag());
    const FloatFormat<Part> first(real, false, options), second(imaginary, true, options);
    for (const T& value : values) {
      std::string text = second(value.imag());
      text.insert(text.find_last_not_of(' ') + 1, "j");
      words.push_back(first(value.real()) + text);
    }
  }
  return words;
}

// Brackets and line breaks round the words, axis by axis.
class Layout {
 public:
  Layout(std::span<const Size> extents, bool shortened, const PrintOptions& options, Words words)
      : extents_(extents), shortened_(shortened), edge_(options.edgeitems), between_(options.separator), words_(std::move(words)) {
    end_of_line_ = between_.substr(0, between_.find_last_not_of(' ') + 1);
  }

  std::string axis(std::size_t a, const std::string& indent, std::size_t width) {
    const Shown shown = shown_of(extents_[a], shortened_, edge_);
    const bool gap = shown.count == 2, last = a + 1 == extents_.size();
    std::string text, line = indent;
    const std::string between = end_of_line_ + std::string(extents_.size() - a - 1, '\n');
    const std::size_t room = width - std::min(width, std::max<std::size_t>(1, end_of_line_.size()));
    for (Size i = 0; i < shown.entries; ++i) {
      if (gap && i == shown.runs[0].extent) {
        if (last) extend(text, line, "...", room, indent), line += between_;
        else text += indent + "..." + between;
      }
      if (last) {
        extend(text, line, words_[next_++], room, indent);
        if (i + 1 < shown.entries) line += between_;
      } else text += indent + axis(a + 1, indent + " ", width - 1) + (i + 1 < shown.entries ? between : "");
    }
    if (last) text += line;
    return "[" + text.substr(indent.size()) + "]";
  }

 private:
  static void extend(std::string& text, std::string& line, const std::string& word, std::size_t width, const std::string& indent) {
    if (line.size() + word.size() > width && line.size() > indent.size()) {
      text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
      line = indent;
    }
    line += word;
  }

  std::span<const Size> extents_;
  bool shortened_;
  Size edge_;
  std::string between_, end_of_line_;
  Words words_;
  std::size_t next_ = 0;
};

template <class T>
std::string text_as(std::span<const Size> extents, const void* shown, const PrintOptions& options) {
  Size size = 1, entries = 1;
  for (const Size n : extents) size *= n;
  if (size == 0) return "[]";
  const bool shortened = size > options.threshold;
  for (const Size n : extents) entries *= shown_of(n, shortened, options.edgeitems).entries;
  Words words = words_of(std::span(static_cast<const T*>(shown), static_cast<std::size_t>(entries)), extents.empty(), options);
  if (extents.empty()) return words.front();
  return Layout(extents, shortened, options, std::move(words)).axis(0, " ", static_cast<std::size_t>(options.max_line_width));
}

}  // namespace

std::string text_of(Printable type, std::span<const Size> extents, const void* shown, const PrintOptions& options) {
  switch (type) {
    case Printable::boolean: return text_as<bool>(extents, shown, options);
    case Printable::integer: return text_as<std::int64_t>(extents, shown, options);
    case Printable::natural: return text_as<std::uint64_t>(extents, shown, options);
    case Printable::float32: return text_as<float>(extents, shown, options);
    case Printable::float64: return text_as<double>(extents, shown, options);
    case Printable::complex64: return text_as<std::complex<float>>(extents, shown, options);
    case Printable::complex128: return text_as<std::complex<double>>(extents, shown, options);
  }
  return {};
}

void write(std::ostream& out, const std::string& text) { out << text << std::flush; }
std::ostream& standard_output() { return std::cout; }

}  // namespace priel::detail
