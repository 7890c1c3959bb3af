// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// GaussianNB and KNeighborsClassifier: scikit-learn's answers on every backend, policy and number of ranks; what is sent; what is refused.
#include <tests/algorithms/labelled.hpp>
#include <tests/support/counting.hpp>

#include <priel/algorithms/gaussian_nb.hpp>
#include <priel/algorithms/k_neighbors_classifier.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using Classes = std::vector<int>;
using Numbers = std::vector<double>;


// Every stride-th row, whatever there was lost by rounding.
template <class A>
bool close(const A& found, const Numbers& expected, Size stride = 1) {
  const auto values = shard_of(found);
  const Size columns = found.shape()[1], lower = found.part().lower[0];
  for (Size i = 0; i < found.lshape().size(); ++i) {
    const Size row = lower + i / columns, at = row / stride * columns + i % columns;
    const double value = values[static_cast<std::size_t>(i)], right = row % stride == 0 ? expected.at(static_cast<std::size_t>(at)) : value;
    if (!(std::abs(value - right) <= 1e-9 * (1 + std::abs(right)))) return false;
  }
  return true;
}

struct Answers {
  const Numbers &mean, &variance, &log_proba, &votes_uniform, &votes_distance;
  const Classes &bayes, &nearest_uniform, &nearest_distance;
};
const Answers blobs{classes::blobs_mean, classes::blobs_variance, classes::blobs_log_proba, classes::blobs_votes_uniform, classes::blobs_votes_distance,
                    classes::blobs_bayes, classes::blobs_nearest_uniform, classes::blobs_nearest_distance};
const Answers iris{classes::iris_mean, classes::iris_variance, classes::iris_log_proba, classes::iris_votes_uniform, classes::iris_votes_distance,
                   classes::iris_bayes, classes::iris_nearest_uniform, classes::iris_nearest_distance};

template <class B, class P, class Q, class L>
void check(const Array<double, 2, P, B>& x, const Array<int, 1, L, B>& labels, const Array<double, 2, Q, B>& asked, const Answers& answers) {
  const std::string where = described<B, P, Q>() + " " + to_string(x.shape());
  const auto bayes = GaussianNB{}.fit(x, labels);
  expect(close(bayes.mean, answers.mean) && close(bayes.variance, answers.variance), "moments on " + where);
  expect(equal(bayes.predict(asked), answers.bayes), "bayes on " + where);
  expect(close(bayes.predict_log_proba(asked), answers.log_proba, 7), "probabilities on " + where);
  for (const Weights weights : {Weights::uniform, Weights::distance}) {
    const bool uniform = weights == Weights::uniform;
    const auto nearest = KNeighborsClassifier{.neighbors = 7, .weights = weights}.fit(x, labels);
    expect(equal(nearest.predict(asked), uniform ? answers.nearest_uniform : answers.nearest_distance), "nearest on " + where);
    expect(close(nearest.predict_proba(asked), uniform ? answers.votes_uniform : answers.votes_distance, 7), "votes on " + where);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(classifiers)

BOOST_AUTO_TEST_CASE(scikit_learn) {
  on_ranks([] {
    for_each_type<Backends>([]<class B>() {
      check(table<Split<0>, B>(classes::blobs, 3), line<Split<0>, B>(classes::blob), table<Split<0>, B>(classes::asked, 3), blobs);
    });
    check(table<Split<0>>(classes::blobs, 3), line<Replicated>(classes::blob), table<Replicated>(classes::asked, 3), blobs);
    check(table<Replicated>(classes::blobs, 3), line<Replicated>(classes::blob), table<Split<0>>(classes::asked, 3), blobs);
  });
}

BOOST_AUTO_TEST_CASE(iris_of_scikit_learn) {
  const Numbers values = iris_samples();
  if (values.empty()) return;
  on_ranks([&] {
    Classes species;
    for (int i = 0; i < 150; ++i) species.push_back(i < 50 ? -3 : i < 100 ? 10 : 400);
    const auto x = table<Split<0>>(values, 4);   // ranks have some of the classes only
    check(x, line<Split<0>>(species), x, iris);
  }, {1, 3});
}

// One of each class and less samples than ranks; one class; nothing asked; more classes than a message has room for.
BOOST_AUTO_TEST_CASE(few_and_many) {
  on_ranks([] {
    const auto x = filled<Array<double, 2, Split<0>, Tested>>({3, 2}, [](const Index<2>& i) { return static_cast<double>(i[0] * i[0] + i[1]); });
    const auto three = line<Split<0>>({9, 7, 9});
    expect(equal(KNeighborsClassifier{.neighbors = 3}.fit(x, three).predict(x), {9, 9, 9}), "three vote");
    expect(equal(KNeighborsClassifier{.neighbors = 2}.fit(x, three).predict(x), {7, 7, 7}), "of equals the first class");
    expect(equal(KNeighborsClassifier{.neighbors = 3, .weights = Weights::distance}.fit(x, three).predict(x), {9, 7, 9}), "a coinciding sample alone");
    expect(equal(GaussianNB{}.fit(x, three).predict(x), {9, 7, 9}), "one sample of a class");
    expect(GaussianNB{}.fit(x, line<Split<0>>({5, 5, 5})).score(x, line<Split<0>>({5, 5, 4})) == 2.0 / 3, "one class");
    const Array<double, 2, Split<0>, Tested> none(Shape<2>{0, 2});
    expect(GaussianNB{}.fit(x, three).predict(none).shape()[0] == 0 && KNeighborsClassifier{.neighbors = 1}.fit(x, three).predict(none).shape()[0] == 0,
           "nothing asked");

    const auto many = filled<Array<double, 2, Split<0>, Tested>>(
        {200, 1}, [](const Index<2>& i) { return static_cast<double>(i[0] / 2) + 0.1 * static_cast<double>(i[0] % 2); });
    Classes hundred;
    for (int i = 0; i < 200; ++i) hundred.push_back(1000 - i / 2);
    const auto bayes = GaussianNB{}.fit(many, line<Split<0>>(hundred));
    expect(bayes.classes.shape()[0] == 100 && bayes.score(many, line<Split<0>>(hundred)) == 1, "a hundred classes");
    expect(KNeighborsClassifier{.neighbors = 2}.fit(many, line<Split<0>>(hundred)).score(many, line<Replicated>(hundred)) == 1, "their nearest");
    const auto labels = filled<Array<std::uint64_t, 1, Replicated, Tested>>({200}, [](const Index<1>& i) { return i[0] % 2 == 0 ? ~std::uint64_t{0} : 3; });
    expect(shard_of(GaussianNB{.priors = {0.25, 0.75}}.fit(many, labels).classes) == std::vector<std::uint64_t>{3, ~std::uint64_t{0}}, "unsigned labels");
  });
}

// Whether asked together, in cells of near ones, or a few at a time.
BOOST_AUTO_TEST_CASE(many_asked) {
  on_ranks([] {
    const auto sample = [](Size n) {
      return filled<Array<float, 2, Split<0>, Tested>>({n, 2}, [](const Index<2>& i) {
        return std::floor(40 * std::sin(12.9898 * static_cast<double>(i[0] * (3 + i[1]))));
      });
    };
    const auto x = sample(4100), asked = sample(4200);
    const auto labels = filled<Array<short, 1, Split<0>, Tested>>({4100}, [](const Index<1>& i) { return i[0] * i[0] % 7 - 3; });
    const auto nearest = KNeighborsClassifier{.weights = Weights::distance}.fit(x, labels);
    const Array<short, 1, Replicated, Tested> together(redistribute(nearest.predict(asked), replicated));
    for (const Size first : {0, 2000, 4190}) {
      const auto some = shard_of(nearest.predict(eval(redistribute(asked, replicated)(range(first, first + 10, 1), priel::all))));
      const auto these = shard_of(together);
      expect(std::equal(some.begin(), some.end(), these.begin() + first), "from " + std::to_string(first));
    }
  }, {1, 3});
}

// One message to fit; of samples that every rank has none to ask.
BOOST_AUTO_TEST_CASE(messages) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = table<Split<0>>(classes::blobs, 3), asked = table<Split<0>>(classes::asked, 3);
    const auto labels = line<Split<0>>(classes::blob);
    comm->take();
    const auto bayes = GaussianNB{}.fit(x, labels);
    auto sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0 && sent.bytes == 8 * (4 + 16 * (2 + 2 * 3)), "counts and moments");
    bayes.predict(asked);
    bayes.predict_log_proba(asked);
    expect(comm->take().collectives() == 0, "a replicated model");
    const auto nearest = KNeighborsClassifier{}.fit(x, labels);
    sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0 && sent.bytes == 8 * (4 + 16 * 2), "classes");
    nearest.predict(asked);
    sent = comm->take();
    expect(sent.all_reduces == 0 && sent.others == comm->size() - 1 + 3, "blocks, and the classes of what is found");
    const auto whole = KNeighborsClassifier{}.fit(table<Replicated>(classes::blobs, 3), line<Replicated>(classes::blob));
    whole.predict(asked);
    expect(comm->take().collectives() == 0, "replicated samples");
  });
}

BOOST_AUTO_TEST_CASE(refused) {
  on_ranks([] {
    const auto x = table<Split<0>>(classes::blobs, 3);
    const auto labels = line<Split<0>>(classes::blob);
    const auto bad = filled<Array<double, 2, Split<0>, Tested>>(
        {60, 3}, [](const Index<2>& i) { return i[0] == 50 && i[1] == 2 ? priel::nan : static_cast<double>(i[0]); });
    refuses("nan in row 50, column 2", [&] { GaussianNB{}.fit(bad, labels); });
    refuses("nan in row 50, column 2", [&] { KNeighborsClassifier{}.fit(bad, labels); });
    refuses("nan in row 50, column 2", [&] { KNeighborsClassifier{}.fit(x, labels).predict(bad); });
    refuses("nan in row 50, column 2", [&] { GaussianNB{}.fit(x, labels).predict(redistribute(bad, replicated)); });
    const auto endless = filled<Array<double, 2, Replicated, Tested>>({1, 3}, [](const Index<2>& i) { return i[1] == 2 ? HUGE_VAL : 0; });
    refuses("inf in row 0, column 2", [&] { GaussianNB{}.fit(x, labels).predict(endless); });
    refuses("nan in row 50, column 2", [&] { GaussianNB{}.fit(x, labels).score(bad, labels); });   // one rank has it, all throw
    refuses("nan in row 50, column 2", [&] {
      KNeighborsClassifier{}.fit(table<Replicated>(classes::blobs, 3), line<Replicated>(classes::blob)).score(bad, labels);
    });
    refuses("x has 60 rows and labels has 2", [&] { GaussianNB{}.fit(x, line<Split<0>>({1, 2})); });
    const auto huge = [](auto value) { return filled<Array<decltype(value), 2, Split<0>, Tested>>({60, 2}, [=](const Index<2>& i) { return i[0] == 50 ? value : 0; }); };
    refuses("so large that", [&] { KNeighborsClassifier{}.fit(huge(1e200), labels); });
    refuses("so large that", [&] { KNeighborsClassifier{}.fit(huge(0.0), labels).predict(huge(1e200)); });
    refuses("so large that", [&] { KNeighborsClassifier{}.fit(huge(1e30f), labels); });
    expect(KNeighborsClassifier{.neighbors = 1}.fit(huge(1e200), labels, metric::manhattan).predict(huge(1e200)).shape()[0] == 60, "no squares");
    refuses("3 features, the model was fitted to 1", [&] { GaussianNB{}.fit(eval(x(all, range(0, 1, 1))), labels).predict(x); });
    refuses("at least 61 are needed", [&] { KNeighborsClassifier{.neighbors = 61}.fit(x, labels); });
    refuses("neighbors = 0 is out of range", [&] { KNeighborsClassifier{.neighbors = 0}.fit(x, labels); });
    refuses("is constant", [&] { GaussianNB{}.fit(filled<Array<double, 2, Split<0>, Tested>>({60, 2}, [](const Index<2>&) { return 3; }), labels); });
    refuses("2 priors for 4 classes", [&] { GaussianNB{.priors = {0.5, 0.5}}.fit(x, labels); });
    refuses("too few samples", [&] { GaussianNB{}.fit(Array<double, 2, Split<0>, Tested>(Shape<2>{0, 2}), Array<int, 1, Split<0>, Tested>(Shape<1>{0})); });
  }, {1, 3});
}

BOOST_AUTO_TEST_SUITE_END()
