// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// StandardScaler, MinMaxScaler and train_test_split: what scikit-learn makes of samples, on any number of ranks; one message; bad samples.
#include <tests/algorithms/fixtures/components.hpp>
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <priel/algorithms/minmax_scaler.hpp>
#include <priel/algorithms/standard_scaler.hpp>
#include <priel/algorithms/train_test_split.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class P = Split<0>, class T = double>
using Samples = Array<T, 2, P, Tested>;

template <class A>
A given(Size n, Size d, const std::vector<double>& values) {
  return filled<A>({n, d}, [&](const Index<2>& i) { return values[static_cast<std::size_t>(i[0] * d + i[1])]; });
}

template <class A>
bool close_to(const A& array, const std::vector<double>& whole, double tolerance = 1e-14) {
  const auto mine = shard_of(array);
  if (array.shape().size() != static_cast<Size>(whole.size())) return false;
  const auto first = static_cast<std::size_t>(array.part().lower[0]) * (mine.empty() ? 0 : mine.size() / static_cast<std::size_t>(array.lshape()[0]));
  for (std::size_t i = 0; i < mine.size(); ++i)
    if (!(std::abs(static_cast<double>(mine[i]) - whole[first + i]) <= tolerance * (1 + std::abs(whole[first + i])))) return false;
  return true;
}

template <class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

double number(const Index<2>& i) { return static_cast<double>(i[0] * 10 + i[1]); }

}  // namespace

BOOST_AUTO_TEST_SUITE(scalers)

// The middle feature is constant.
BOOST_AUTO_TEST_CASE(as_scikit_learn) {
  namespace c = components;
  on_ranks([] {
    for_each_type<std::tuple<Replicated, Split<0>>>([]<class P>() {
      const auto x = given<Samples<P>>(9, 3, c::constant);
      const auto model = StandardScaler{}.fit(x);
      expect(close_to(model.scale, c::scale) && close_to(model.variance, c::variance), "StandardScaler: statistics");
      const auto scaled = eval(model.transform(x));
      static_assert(std::is_same_v<policy_of<decltype(scaled)>, P>);
      expect(close_to(scaled, c::standard), "StandardScaler: transform");
      expect(close_to(eval(model.inverse_transform(scaled)), c::constant), "StandardScaler: inverse_transform");
    });
    const auto x = given<Samples<>>(9, 3, c::constant);
    const auto model = MinMaxScaler{.low = -1, .high = 2}.fit(x);
    const auto scaled = eval(model.transform(x));
    expect(close_to(model.scale, c::minmax_scale) && close_to(scaled, c::minmax), "MinMaxScaler: transform");
    expect(close_to(eval(model.inverse_transform(scaled)), c::constant), "MinMaxScaler: inverse_transform");
  });
}

BOOST_AUTO_TEST_CASE(options_and_elements) {
  on_ranks([] {
    const auto x = filled<Samples<>>({5, 2}, number);
    const auto centred = StandardScaler{.scale = false}.fit(x), same = StandardScaler{.center = false, .scale = false}.fit(x);
    expect(holds(eval(centred.transform(x)), [](const Index<2>& i) { return 10 * i[0] - 20; }), "without scale");
    expect(holds(eval(same.transform(x)), number), "without anything");
    const auto wider = filled<Samples<>>({5, 2}, [](const Index<2>& i) { return 2 * number(i) - 10; });
    expect(holds(eval(clip(MinMaxScaler{}.fit(x).transform(wider), 0, 1)),
                 [](const Index<2>& i) { return std::clamp((2 * number(i) - 10 - static_cast<double>(i[1])) / 40, 0.0, 1.0); }), "clipped");
    // Integers become double; floats, of which an offset takes nearly all digits, are scaled by statistics in double.
    static_assert(std::is_same_v<value_of<decltype(centred.transform(Samples<Split<0>, int>()))>, double>);
    const auto far = filled<Samples<Split<0>, float>>({6, 2}, [](const Index<2>& i) {
      return i[0] == 5 ? priel::nan : 8388608.0 + static_cast<double>(i[0] % 2);
    });
    const auto model = StandardScaler{}.fit(eval(far(range(4), all)));
    const auto scaled = eval(model.transform(far));
    static_assert(std::is_same_v<value_of<decltype(scaled)>, float>);
    expect(holds(scaled, [](const Index<2>& i) { return i[0] == 5 ? priel::nan : i[0] % 2 == 0 ? -1 : 1; }), "far from zero, and NaN passes");
  }, {1, 2, 4});
}

BOOST_AUTO_TEST_CASE(one_message_each) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Samples<>>({20, 3}, number);
    comm->take();
    const auto standard = StandardScaler{}.fit(x);
    expect(comm->take().collectives() == 1, "StandardScaler: one message");
    const auto minmax = MinMaxScaler{}.fit(x);
    expect(comm->take().collectives() == 1, "MinMaxScaler: one message");
    static_assert(communication_free<decltype(standard.transform(x))> && communication_free<decltype(minmax.transform(x))>);
  }, {3, 7});
}

BOOST_AUTO_TEST_CASE(bad_samples) {
  on_ranks([] {
    const auto x = filled<Samples<>>({9, 2}, [](const Index<2>& i) { return i[0] >= 3 && i[1] == 1 ? priel::nan : number(i); });
    const std::string sentence = ": x has nan in row 3, column 1: all values must be finite; leave out such rows or fill in values";
    expect(message_of([&] { StandardScaler{}.fit(x); }) == "StandardScaler" + sentence, "StandardScaler: nan");
    expect(message_of([&] { MinMaxScaler{}.fit(x); }) == "MinMaxScaler" + sentence, "MinMaxScaler: nan");
    const auto huge = filled<Samples<>>({9, 2}, [](const Index<2>& i) { return 1e200 * number(i); });
    expect(message_of([&] { StandardScaler{}.fit(huge); }) ==
               "StandardScaler: x has values so large that their sums or squares overflow: scale them down", "overflow");
    expect(message_of([&] { StandardScaler{}.fit(filled<Samples<>>({0, 2}, number)); }) ==
               "StandardScaler: x (0, 2) has too few samples: at least 1 is needed", "no samples");
    expect(message_of([&] { MinMaxScaler{.low = 2}.fit(x); }) ==
               "MinMaxScaler: low = 2 is out of range: it must be less than high", "an empty interval");
    expect(throws<ShapeError>([&] { MinMaxScaler{}.fit(huge).transform(filled<Samples<>>({9, 3}, number)); }), "features");
  }, {1, 4});
}

BOOST_AUTO_TEST_CASE(rows_for_training_and_for_a_test) {
  for (const Size n : {2, 11, 40}) {
    const auto alone = train_test_split(filled<Samples<Replicated>>({n, 2}, number, self()), 0.25, 3);
    const auto train = shard_of(std::get<0>(alone)), test = shard_of(std::get<1>(alone));
    BOOST_TEST(test.size() == 2 * static_cast<std::size_t>((n + 3) / 4));   // rounded up
    std::vector<double> rows(train);
    rows.insert(rows.end(), test.begin(), test.end());
    std::sort(rows.begin(), rows.end());
    const auto all_rows = shard_of(filled<Samples<Replicated>>({n, 2}, number, self()));
    BOOST_TEST(rows == all_rows, "each row once");
    on_ranks([&] {
      const auto x = filled<Samples<>>({n, 2}, number);
      const auto labels = filled<Array<int, 1, Split<0>, Tested>>({n}, [](const Index<1>& i) { return 10 * i[0]; });
      const auto ids = filled<Array<int, 1, Replicated, Tested>>({n}, [](const Index<1>& i) { return 10 * i[0]; });
      const auto [x_train, x_test, labels_train, labels_test, ids_train, ids_test] = train_test_split(x, labels, ids, 0.25, 3);
      static_assert(std::is_same_v<policy_of<decltype(x_test)>, Split<0>> && std::is_same_v<policy_of<decltype(ids_test)>, Replicated>);
      expect(holds(x_train, [&](const Index<2>& i) { return train[static_cast<std::size_t>(2 * i[0] + i[1])]; }), "training samples");
      expect(holds(x_test, [&](const Index<2>& i) { return test[static_cast<std::size_t>(2 * i[0] + i[1])]; }), "test samples");
      expect(holds(labels_train, [&](const Index<1>& i) { return train[static_cast<std::size_t>(2 * i[0])]; }), "training labels");
      expect(holds(ids_test, [&](const Index<1>& i) { return test[static_cast<std::size_t>(2 * i[0])]; }), "test labels");
      expect(holds(labels_test, [&](const Index<1>& i) { return test[static_cast<std::size_t>(2 * i[0])]; }), "test labels");
    });
  }
  on_ranks([] {
    const auto x = filled<Samples<>>({10, 2}, number);
    expect(std::get<1>(train_test_split(x, 4, 1)).shape()[0] == 4, "a number of rows");
    expect(message_of([&] { train_test_split(x, 1.5, 1); }) ==
               "train_test_split: the test's part = 1.5 is out of range: it must be a number of rows or a fraction between 0 and 1", "too much");
    expect(message_of([&] { train_test_split(x, 0.95, 1); }) ==
               "train_test_split: of 10 rows 10 for the test leave none for training; ask for fewer", "nothing left");
    expect(throws<ShapeError>([&] { train_test_split(x, filled<Samples<>>({9, 2}, number), 0.5, 1); }), "rows");
  }, {1, 3});
}

BOOST_AUTO_TEST_SUITE_END()
