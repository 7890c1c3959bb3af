// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Kinds of options, as CLI11 is told of them; each says what is wrong with a text in one line.
#pragma once

#include <priel/communicator.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace priel::app {

// Whole numbers of at least `least`, and positive numbers: a text that is none is said in one line.
inline CLI::Validator at_least(std::int64_t least) {
  return CLI::Validator([least](const std::string& text) {
    constexpr std::int64_t most = std::int64_t{1} << 40;
    std::int64_t value = 0;
    const bool good = CLI::detail::lexical_cast(text, value) && value >= least && value <= most;
    if (value > most) return fmt::format("{}: expected a whole number of at most {}", text, most);
    return good ? std::string() : fmt::format("{}: expected a whole number of at least {}", text, least);
  }, "");
}

inline CLI::Validator positive(bool or_zero = false) {
  return CLI::Validator([or_zero](const std::string& text) {
    double value = 0;
    const bool good = CLI::detail::lexical_cast(text, value) && (value > 0 || (or_zero && value == 0)) && std::isfinite(value);
    return good ? std::string() : text + (or_zero ? ": expected a number of at least 0" : ": expected a number above 0");
  }, "");
}

// An option whose text one of the readers of options.hpp takes apart.
inline CLI::Option* add_read(CLI::App& app, const std::string& name, const std::string& shape, const std::string& help, std::function<void(const std::string&)> read) {
  return app.add_option_function<std::string>(name, read, help)->type_name(shape);
}

inline void add_at_least(CLI::App& app, const std::string& name, std::int64_t& into, std::int64_t least, const std::string& help) {
  app.add_option(name, into, help)->type_name("N")->check(at_least(least))->capture_default_str();
}

template <class Choice, class Into>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Into& into, const std::map<std::string, Choice>& choices, const std::string& help) {
  std::string shape;
  for (const auto& choice : choices) shape += (shape.empty() ? "" : "|") + choice.first;
  auto read = [&into, choices, name, shape](const std::string& text) {
    const auto found = choices.find(text);
    if (found == choices.end()) throw InputError(fmt::format("{} {}: expected {}", name, text, shape));
    into = found->second;
  };
  return add_read(app, name, shape, help, read);
}

}  // namespace priel::app
