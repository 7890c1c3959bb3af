// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays as text beside NumPy's: the rows of docs/numpy.md about printing.
#include <tests/numpy/rows.hpp>

#include <cstring>

namespace {

using namespace priel;
using namespace priel::test;

// A text of NumPy's, whose characters have four bytes.
std::string text_in(const NumpyArray& array) {
  std::string text;
  for (std::size_t i = 0; i + 4 <= array.bytes.size(); i += 4) text += array.bytes[i];
  return text;
}

// NumPy's line and ours, a function of the operand that returns the text: replicated, and split on three ranks.
template <class List, int Rank, class F>
void text_row(const char* line, const F& f, const std::vector<std::string>& shapes, const char* input = "any") {
  const auto check = [&]<class T>(std::type_identity<T>) {
    const auto answers = ask_numpy(line, numpy_name<T>, input, shapes);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const std::string expected = text_in(answers[i].results.at(0));
      const auto compare = [&](const std::string& text, const char* where) {
        expect(text == expected, std::string(line) + " of " + numpy_name<T> + " [" + shapes[i] + "]" + where + " is\n" + text + "\nto NumPy\n" + expected);
      };
      on_ranks([&] { compare(f(priel::test::detail::operand_of<Array<T, Rank, Replicated>>(answers[i].operands[0])), ""); }, {1});
      if constexpr (Rank > 0 && std::is_same_v<T, double>)
        on_ranks([&] { compare(f(priel::test::detail::operand_of<Array<T, Rank, Split<0>>>(answers[i].operands[0])), ", split,"); }, {3});
    }
  };
  [&]<class... T>(std::type_identity<Types<T...>>) { (check(std::type_identity<T>{}), ...); }(std::type_identity<List>{});
}

// NumPy 1 prints float32 from 1e6 on as it prints doubles from 1e8 on; we do as NumPy 2, so none so large is here.
using Printed = Types<bool, std::uint8_t, std::int64_t, float, double, std::complex<float>, std::complex<double>>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_print)

BOOST_AUTO_TEST_CASE(texts) {
  const auto as_it_is = [](const auto& a) { return to_text(a); };
  for (const char* const input : {"any", "finite", "unit", "small"}) {
    text_row<Printed, 1>("str(a)", as_it_is, {"0", "1", "2", "3", "9", "40", "999", "1000", "1001"}, input);
    text_row<Printed, 2>("str(a)", as_it_is, {"0,3", "3,0", "1,1", "4,5", "7,30", "40,40", "500,3", "3,500"}, input);
  }
  text_row<Printed, 0>("str(a)", as_it_is, {"", "", ""});
  text_row<Printed, 3>("str(a)", as_it_is, {"2,3,4", "0,1,2", "2,0,2", "2,2,30", "11,11,11"});
  text_row<Types<double>, 4>("str(a)", as_it_is, {"2,1,3,2", "7,8,7,8"}, "finite");
}

BOOST_AUTO_TEST_CASE(sizes) {
  text_row<Types<double, std::complex<double>>, 1>("str(a * 1e9)", [](const auto& a) { return to_text(a * 1e9); }, {"1", "4", "30"});
  text_row<Types<float, double>, 1>("str(a * 1e-7)", [](const auto& a) { return to_text(a * 1e-7); }, {"1", "4", "30"}, "finite");
  text_row<Types<double>, 1>("str(a**25)", [](const auto& a) { return to_text(pow(a, 25)); }, {"1", "4", "30"}, "small");
  text_row<Types<float, double>, 2>("str(a / 7)", [](const auto& a) { return to_text(a / 7); }, {"4,5", "3,30"}, "small");
}

BOOST_AUTO_TEST_CASE(options) {
  text_row<Types<float, double>, 2>("np.array2string(a, precision=3)", [](const auto& a) { return to_text(a, {.precision = 3}); }, {"3,4", "40,40"});
  text_row<Types<double>, 1>("np.array2string(a, precision=0)", [](const auto& a) { return to_text(a, {.precision = 0}); }, {"9"});
  text_row<Types<double>, 1>("np.array2string(a / 1e5, suppress_small=True)", [](const auto& a) { return to_text(a / 1e5, {.suppress_small = true}); }, {"9", "40"});
  text_row<Types<double, std::int64_t>, 2>("np.array2string(a, threshold=20, edgeitems=2)",
                                           [](const auto& a) { return to_text(a, {.threshold = 20, .edgeitems = 2}); }, {"4,5", "7,30", "9,3"});
  text_row<Types<double, bool>, 2>("np.array2string(a, separator=', ')", [](const auto& a) { return to_text(a, {.separator = ", "}); }, {"3,4", "2,30", "40,40"});
  text_row<Types<double>, 1>("np.array2string(a, max_line_width=40)", [](const auto& a) { return to_text(a, {.max_line_width = 40}); }, {"9", "40"});
}

BOOST_AUTO_TEST_SUITE_END()
