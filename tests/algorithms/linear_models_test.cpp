// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Linear models against scikit-learn and against the conditions of optimality, on any number of ranks; what is sent, what is refused.
#include <tests/algorithms/fixtures/linear_models.hpp>
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>
#include <tests/support/shared_data.hpp>

#include <priel/algorithms/lasso.hpp>
#include <priel/algorithms/linear_regression.hpp>
#include <priel/algorithms/ridge.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;
namespace expected = priel::test::linear_models;
using Values = std::vector<double>;

// As in make_linear_models_fixture.py.
struct Samples {
  Size n, d;
  const char* kind;
  bool is(const char* other) const { return std::string(kind) == other; }
  double x(Size i, Size j) const {
    if (is("collinear") && j == 5) return x(i, 2);
    if (is("collinear") && j == 4) return x(i, 0) + x(i, 1);
    if (is("constant") && j == 0) return 0.1;
    if (is("constant") && j == 3) return -7;
    const double a = static_cast<double>(i), b = static_cast<double>(j);
    return std::sin(1.7 * a + 2.3 * b * b + 0.9 * a * b) + 0.25 * std::cos(0.37 * a * a + b) + (is("far") ? 1e5 * (1 + b) : 0);
  }
  double y(Size i) const { return 3 * x(i, 0) - 2 * x(i, 1) + 0.5 * x(i, d - 1) + 0.3 * std::sin(2.9 * static_cast<double>(i)) + 4; }
  template <class T, class P, class Backend>
  auto features() const {
    return filled<Array<T, 2, P, Backend>>({n, d}, [this](const Index<2>& at) { return x(at[0], at[1]); });
  }
  template <class T, class P, class Backend>
  auto target() const { return filled<Array<T, 1, P, Backend>>({n}, [this](const Index<1>& at) { return y(at[0]); }); }
};
const Samples usual{40, 6, "usual"}, collinear{40, 6, "collinear"}, constant{23, 5, "constant"}, wide{10, 25, "wide"}, far{40, 6, "far"};

// Coefficients, and behind them the intercept.
template <class Model>
Values found(const Model& model) {
  const auto shard = shard_of(model.coefficients);
  Values values(shard.begin(), shard.end());
  values.push_back(model.intercept);
  return values;
}
void close(const Values& values, const Values& reference, const std::string& what, double tolerance = 1e-6) {
  expect(values.size() == reference.size(), what + ": number of coefficients");
  for (std::size_t i = 0; i < values.size(); ++i)
    expect(std::abs(values[i] - reference[i]) <= tolerance * (1 + std::abs(reference[i])),
           what + ", coefficient " + std::to_string(i) + ": " + std::to_string(values[i]) + " is not " + std::to_string(reference[i]));
}

Lasso exact(double lambda, Intercept intercept = Intercept::add, Size iterations = 1000000) {
  return {.lambda = lambda, .intercept = intercept, .iterations = iterations, .tolerance = 1e-13};
}

// What scikit-learn finds: Lasso at 0.1 and 0.01, Ridge and LinearRegression, each with an intercept and without; the score at 0.1.
struct Answers {
  Values tenth, tenth_none, hundredth, hundredth_none, ridge, ridge_none, ordinary, ordinary_none, score;
};

template <class Backend>
void as_scikit_learn(const Samples& s, const Answers& reference) {
  const auto x = s.features<double, Split<0>, Backend>();
  const auto y = s.target<double, Split<0>, Backend>();
  const std::string what = std::string(s.kind) + " " + Backend::name;
  const auto none = Intercept::none;
  const auto model = exact(0.1).fit(x, y);
  expect(model.converged && model.iterations >= 1, what + ": converged");
  close(found(model), reference.tenth, what + ", 0.1");
  close(found(exact(0.01).fit(x, y)), reference.hundredth, what + ", 0.01");
  if (!s.is("far")) {
    close(found(exact(0.1, none).fit(x, y)), reference.tenth_none, what + ", 0.1, none");
    close(found(exact(0.01, none).fit(x, y)), reference.hundredth_none, what + ", 0.01, none");
  }
  close({model.score(x, y)}, reference.score, what + ", score");
  close(found(Ridge{.alpha = 0.5}.fit(x, y)), reference.ridge, what + ", ridge");
  close(found(Ridge{.alpha = 0.5, .intercept = none}.fit(x, y)), reference.ridge_none, what + ", ridge, none");
  close(found(LinearRegression{}.fit(x, y)), reference.ordinary, what + ", ordinary");
  close(found(LinearRegression{.intercept = none}.fit(x, y)), reference.ordinary_none, what + ", ordinary, none");
  close(found(Ridge{.alpha = 0}.fit(x, y)), found(LinearRegression{.tolerance = 1e-12}.fit(x, y)), what + ", ridge without a penalty");
}

// The conditions of optimality: x_j'r / n is lambda with the weight's sign, and not larger in magnitude where the weight is 0.
void optimal(const Samples& s, double lambda, const Values& model, const std::string& what) {
  Values residual;
  for (Size i = 0; i < s.n; ++i) {
    residual.push_back(s.y(i) - model.back());
    for (Size j = 0; j < s.d; ++j) residual.back() -= s.x(i, j) * model[static_cast<std::size_t>(j)];
  }
  double sum = 0;
  for (const double r : residual) sum += r;
  expect(std::abs(sum) < 1e-9 * static_cast<double>(s.n), what + ": residuals have mean 0");
  for (Size j = 0; j < s.d; ++j) {
    double slope = 0;
    for (Size i = 0; i < s.n; ++i) slope += s.x(i, j) * residual[static_cast<std::size_t>(i)] / static_cast<double>(s.n);
    const double w = model[static_cast<std::size_t>(j)];
    expect(w == 0 ? std::abs(slope) <= lambda + 1e-6 : std::abs(slope - std::copysign(lambda, w)) < 1e-6, what + ": slope of " + std::to_string(j));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(linear_models)

BOOST_AUTO_TEST_CASE(against_scikit_learn) {
  on_ranks([] {
    const auto check = [](const Samples& s, const Answers& reference) {
      for_each_type<Backends>([&]<class Backend>() { as_scikit_learn<Backend>(s, reference); });
    };
    using namespace expected;
    check(usual, {usual_lasso01, usual_lasso01_none, usual_lasso001, usual_lasso001_none, usual_ridge, usual_ridge_none, usual_ordinary,
                  usual_ordinary_none, usual_score});
    check(collinear, {collinear_lasso01, collinear_lasso01_none, collinear_lasso001, collinear_lasso001_none, collinear_ridge,
                      collinear_ridge_none, collinear_ordinary, collinear_ordinary_none, collinear_score});
    check(constant, {constant_lasso01, constant_lasso01_none, constant_lasso001, constant_lasso001_none, constant_ridge, constant_ridge_none,
                     constant_ordinary, constant_ordinary_none, constant_score});
    check(wide, {wide_lasso01, wide_lasso01_none, wide_lasso001, wide_lasso001_none, wide_ridge, wide_ridge_none, wide_ordinary,
                 wide_ordinary_none, wide_score});
    check(far, {far_lasso01, {}, far_lasso001, {}, far_ridge, far_ridge_none, far_ordinary, far_ordinary_none,
                far_score});
  });
}

// Column 0 holds 1.
BOOST_AUTO_TEST_CASE(diabetes) {
  if (shared_data().empty() || io::hdf5_version().empty()) return;
  const std::string file = (shared_data() / "regression/diabetes.h5").string();
  on_ranks([&] {
    const auto samples = shard_of(io::load<double, 2>(file + ":/x", replicated)), target = shard_of(io::load<double, 1>(file + ":/y", replicated));
    const Size n = static_cast<Size>(target.size()), d = 11;
    const auto x = filled<Array<double, 2, Split<0>, Tested>>({n, d}, [&](const Index<2>& i) {
      return samples[static_cast<std::size_t>(i[0] * d + i[1])];
    });
    const auto y = filled<Array<double, 1, Split<0>, Tested>>({n}, [&](const Index<1>& i) { return target[static_cast<std::size_t>(i[0])]; });
    const auto with_column = [](Values model) {
      model[0] = model.back();
      model.back() = 0;
      return model;
    };
    for (const auto& [lambda, reference] : {std::pair(1.0, expected::diabetes_lasso1), std::pair(0.1, expected::diabetes_lasso01)}) {
      close(found(exact(lambda).fit(x, y)), reference, "lasso");
      close(found(exact(lambda, Intercept::column0).fit(x, y)), with_column(reference), "lasso, column 0");
    }
    close(found(Ridge{.alpha = 0.5}.fit(x, y)), expected::diabetes_ridge, "ridge");
    close(found(Ridge{.alpha = 0.5, .intercept = Intercept::column0}.fit(x, y)), with_column(expected::diabetes_ridge), "ridge, column 0");
    const auto ordinary = LinearRegression{}.fit(x, y);
    expect(ordinary.rank == 10, "rank");
    close(found(ordinary), expected::diabetes_ordinary, "ordinary");
    close(found(LinearRegression{.intercept = Intercept::column0}.fit(x, y)), with_column(expected::diabetes_ordinary), "ordinary, column 0");
    close({ordinary.score(x, y)}, expected::diabetes_score, "score");
  }, {1, 3});
}

BOOST_AUTO_TEST_CASE(path) {
  on_ranks([] {
    const auto x = usual.features<double, Split<0>, Tested>();
    const auto y = usual.target<double, Split<0>, Tested>();
    const auto result = exact(0).path(x, y);
    const auto lambdas = shard_of(result.lambdas), coefficients = shard_of(result.coefficients), gaps = shard_of(result.gaps);
    expect(lambdas.size() == 100 && result.coefficients.shape() == Shape<2>(100, 6) && result.iterations.size() == 100, "extents");
    std::size_t k = 0;
    for (const std::size_t at : {0u, 1u, 50u, 99u}) {
      const auto row = [](const Values& values, std::size_t i) {
        const auto begin = values.begin() + static_cast<Size>(6 * i);
        return Values(begin, begin + 6);
      };
      close({lambdas[at]}, {expected::path_lambdas[k]}, "lambda");
      close(row(coefficients, at), row(expected::path_coefficients, k++), "coefficients " + std::to_string(at));
      expect(gaps[at] >= 0 && gaps[at] < 1e-12, "gap");
    }
    const auto wished = exact(0).path(x, y, {0.01, 0.1});
    close(shard_of(wished.lambdas), {0.1, 0.01}, "largest first");
    const auto both = shard_of(wished.coefficients);
    const auto early = Lasso{.iterations = 1, .tolerance = 0}.path(x, y, {1e9, 0.01});
    expect(wished.converged == std::vector<bool>{true, true} && early.converged == std::vector<bool>{true, false}, "converged");
    close(Values(both.begin() + 6, both.end()), Values(expected::usual_lasso001.begin(), expected::usual_lasso001.end() - 1), "0.01 after 0.1");
    close({shard_of(wished.intercepts)[0]}, {expected::usual_lasso01.back()}, "intercept");
  }, {1, 3});
}

BOOST_AUTO_TEST_CASE(laws) {
  on_ranks([] {
    for (const Samples& s : {usual, collinear, constant, wide, Samples{1, 3, "one"}, Samples{2, 2, "two"}, Samples{4500, 30, "long"}}) {
      const auto x = s.features<double, Split<0>, Tested>();
      const auto y = s.target<double, Split<0>, Tested>();
      for (const double lambda : {0.5, 0.02})
        optimal(s, lambda, found(exact(lambda).fit(x, y)), std::string(s.kind) + " " + std::to_string(lambda));
      std::vector<LassoStep> steps;
      const auto watch = [&](const LassoStep& step) { steps.push_back(step); };
      const auto model = Lasso{.lambda = 0.02, .iterations = 30, .tolerance = 1e-9}.fit(x, y, watch);
      const auto& last = steps.back();
      expect(static_cast<Size>(steps.size()) == model.iterations && last.iteration == model.iterations && last.gap == model.gap, "steps");
      const auto best = last.objective;
      for (std::size_t i = 0; i < steps.size(); ++i) {
        expect(steps[i].objective - best <= steps[i].gap + 1e-12, "the gap bounds the distance from the least objective");
        expect(i == 0 || steps[i].objective <= steps[i - 1].objective + 1e-12, "a sweep does not raise the objective");
      }
      const auto predicted = shard_of(model.predict(x));
      const auto shard = shard_of(y);
      expect(predicted.size() == shard.size(), "a prediction for each sample");
    }
  });
}

// What more features than have one Gram matrix are fitted by: the same sweeps, and the same models.
BOOST_AUTO_TEST_CASE(blocks_of_features) {
  const auto check = [](const Samples& s, Intercept intercept, const Values& tenth, const Values& hundredth) {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = s.features<double, Split<0>, Tested>();
    const auto y = s.target<double, Split<0>, Tested>();
    comm->take();
    detail::FeatureBlocks blocks("Lasso", x, y, intercept, 4);
    const int count = static_cast<int>((s.d + 3) / 4);
    expect(comm->take().collectives() == count, "one message for each block");
    for (const auto& [lambda, reference] : {std::pair(0.1, tenth), std::pair(0.01, hundredth)}) {
      if (reference.empty()) continue;
      detail::Descent descent;
      std::vector<LassoStep> steps;
      comm->take();
      blocks.descend({lambda, 1000000, 1e-13}, descent, [&](const LassoStep& step) { steps.push_back(step); });
      int measured = 0;
      for (const auto& step : steps) measured += std::isfinite(step.gap);
      const int sweeps = static_cast<int>(steps.size());
      expect(comm->take().collectives() == (sweeps + measured) * (count + 1), "one message for each block and sweep");
      expect(descent.converged, "converged");
      auto found = descent.weights;
      found.push_back(detail::completed(intercept, found, blocks.means(), blocks.offset()));
      close(found, reference, std::string(s.kind) + ", blocks");
    }
    detail::Descent once;
    detail::FeatureBlocks("Lasso", x, y, intercept, 4).descend({0.1, 1, 0}, once, {});
    const auto shard = shard_of(exact(0.1, intercept, 1).fit(x, y).coefficients);
    close(once.weights, Values(shard.begin(), shard.end()), "one sweep", 1e-9);
  };
  on_ranks([&] {
    using namespace expected;
    check(usual, Intercept::add, usual_lasso01, usual_lasso001);
    check(wide, Intercept::none, wide_lasso01_none, {});
    check(constant, Intercept::add, constant_lasso01, constant_lasso001);
    check(far, Intercept::add, far_lasso01, far_lasso001);
  }, {1, 3});
}

// Floats are summed in double, and integers converted.
BOOST_AUTO_TEST_CASE(element_types) {
  on_ranks([] {
    const auto model = exact(0.1).fit(usual.features<float, Split<0>, Tested>(), usual.target<float, Split<0>, Tested>());
    static_assert(std::is_same_v<value_of<decltype(model.coefficients)>, float>);
    close(found(model), expected::usual_lasso01, "float", 1e-5);
    const auto ordinary = LinearRegression{}.fit(usual.features<float, Split<0>, Tested>(), usual.target<double, Split<0>, Tested>());
    close(found(ordinary), expected::usual_ordinary, "float", 1e-5);
    const auto far = filled<Array<float, 2, Split<0>, Tested>>({40, 2}, [](const Index<2>& i) { return 3e6 + static_cast<double>(i[0] * (3 + 2 * i[1]) % 7) / 2; });
    const auto sloped = eval(2 * astype<double>(far(all, 0)) - 3 * astype<double>(far(all, 1)));
    close({shard_of(LinearRegression{}.fit(far, sloped).coefficients)[1]}, {-3}, "float, means that no float is", 1e-5);
    const auto whole = filled<Array<int, 2, Split<0>, Tested>>({9, 2}, [](const Index<2>& i) { return i[0] * i[0] % 7 - i[1] * i[0]; });
    const auto line = eval(2 * whole(all, 0) - 3 * whole(all, 1) + 5);
    close(found(Ridge{.alpha = 0}.fit(whole, line)), {2, -3, 5}, "integers");
    close(found(exact(0).fit(whole, line)), {2, -3, 5}, "integers, no penalty");
    close({exact(0).fit(whole, line).score(whole, line)}, {1}, "score");
  }, {1, 3});
}

BOOST_AUTO_TEST_CASE(messages) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = usual.features<double, Split<0>, Tested>();
    const auto y = usual.target<double, Split<0>, Tested>();
    const Size d = usual.d;
    comm->take();
    Lasso{.tolerance = 1e-12}.fit(x, y);
    auto sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0 && sent.bytes == 4 * d * d + 20 * d + 32, "the Gram matrix, one Allreduce for all sweeps");
    Lasso{}.path(x, y);
    sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0, "one Allreduce for a path");
    const auto model = Ridge{}.fit(x, y);
    sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0 && sent.bytes == 4 * d * d + 20 * d + 32, "one Allreduce for Ridge");
    model.predict(x);
    expect(comm->take().collectives() == 0, "nothing for a prediction");
    model.score(x, y);
    sent = comm->take();
    expect(sent.all_reduces == 1 && sent.others == 0, "one Allreduce for a score");
    LinearRegression{}.fit(x, y);
    sent = comm->take();
    expect(sent.all_reduces == 2 && sent.others == (comm->size() > 1 ? 1 : 0), "means, triangles, a product");
    const auto whole = usual.features<double, Replicated, Tested>();
    const auto all_y = usual.target<double, Replicated, Tested>();
    close(found(exact(0.1).fit(whole, all_y)), expected::usual_lasso01, "lasso of replicated samples");
    close(found(LinearRegression{}.fit(whole, all_y)), expected::usual_ordinary, "replicated samples");
    expect(comm->take().collectives() == 0, "nothing for replicated samples");
  });
}

template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

BOOST_AUTO_TEST_CASE(bad_input) {
  on_ranks([] {
    auto x = usual.features<double, Split<0>, Tested>();
    const auto y = usual.target<double, Split<0>, Tested>();
    const auto refused = [](const std::string& part, auto&& f) {
      const std::string text = refusal(f);
      expect(text.find(part) != std::string::npos && text.find('\n') == std::string::npos, "'" + text + "' says: " + part);
    };
    refused("Lasso: lambda = -1 ", [&] { Lasso{.lambda = -1}.fit(x, y); });
    refused("Lasso: iterations = 0 ", [&] { Lasso{.iterations = 0}.fit(x, y); });
    refused("Lasso: tolerance = nan ", [&] { Lasso{.tolerance = std::nan("")}.path(x, y); });
    refused("Ridge: alpha = -2 ", [&] { Ridge{.alpha = -2}.fit(x, y); });
    refused("Lasso: x has 40 rows and y has 39", [&] { Lasso{}.fit(x, y(range(1, 40))); });
    refused("LinearRegression: x has 40 rows and y has 39", [&] { LinearRegression{}.fit(x, y(range(1, 40))); });
    refused("Lasso: x (0, 6) has too few samples", [&] { Lasso{}.fit(x(range(0, 0), all), y(range(0, 0))); });
    refused("predict: x (40, 5) has 5 features", [&] { Lasso{}.fit(x, y).predict(x(all, range(0, 5))); });
    refused("Lasso: column 0 of x is not constant", [&] { Lasso{.intercept = Intercept::column0}.fit(x, y); });
    refused("LinearRegression: column 0 of x is 0", [&] { LinearRegression{.intercept = Intercept::column0}.fit(0 * x, y); });
    const auto broken = eval(where(x == item(x(33, 4)), priel::nan, x));
    refused("Lasso: x has nan in row 33, column 4", [&] { Lasso{}.fit(broken, y); });
    refused("Ridge: x has nan in row 33, column 4", [&] { Ridge{}.fit(broken, y); });
    refused("LinearRegression: x has nan in row 33, column 4", [&] { LinearRegression{}.fit(broken, y); });
    refused("Lasso: x has values so large", [&] { Lasso{}.fit(1e200 * x, y); });
    refused("LinearRegression: x has values so large", [&] { LinearRegression{}.fit(1e200 * x, y); });
    const auto endless = eval(where(y == item(y(7)), 1 / priel::zeros<double>({1}), y));
    refused("Lasso: y has inf in row 7", [&] { Lasso{}.fit(x, endless); });
    refused("LinearRegression: y has inf in row 7", [&] { LinearRegression{}.fit(x, endless); });
  }, {1, 3, 7});
}

BOOST_AUTO_TEST_SUITE_END()
