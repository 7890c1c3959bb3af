// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// PCA and TruncatedSVD: what scikit-learn finds, on any number of ranks and rows of each; large offsets; what is sent; bad samples.
#include <tests/algorithms/fixtures/components.hpp>
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>
#include <tests/support/shared_data.hpp>

#include <priel/algorithms/pca.hpp>
#include <priel/algorithms/qr.hpp>
#include <priel/algorithms/truncated_svd.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class P = Split<0>, class T = double, class Backend = Tested>
using Samples = Array<T, 2, P, Backend>;

template <class A>
A given(Size n, Size d, const std::vector<double>& values) {
  return filled<A>({n, d}, [&](const Index<2>& i) { return values[static_cast<std::size_t>(i[0] * d + i[1])]; });
}

// That the elements this rank has are those of the whole in C order, to a part of the largest.
template <class A>
void close_to(const A& array, const std::vector<double>& whole, const std::string& what, double tolerance = 1e-12) {
  expect(array.shape().size() == static_cast<Size>(whole.size()), what + ": the shape");
  double largest = 0;
  for (const double value : whole) largest = std::max(largest, std::abs(value));
  const auto mine = shard_of(array);
  const std::size_t row = mine.empty() ? 0 : mine.size() / static_cast<std::size_t>(array.lshape()[0]);
  const auto first = static_cast<std::size_t>(array.part().lower[0]) * row;
  for (std::size_t i = 0; i < mine.size(); ++i)
    expect(std::abs(static_cast<double>(mine[i]) - whole[first + i]) <= tolerance * largest, what + ", element " + std::to_string(first + i));
}
template <class A>
std::vector<double> doubles(const A& array) {
  const auto values = shard_of(array);
  return {values.begin(), values.end()};
}

double value(const Index<2>& i) {
  return std::sin(static_cast<double>(3 * i[0] * i[0] + 5 * i[1] + i[0] * i[1]) + 0.3) * static_cast<double>(i[1] % 7 + 1);
}

const std::string infinite_message = "PCA: x has inf in row 3, column 1: all values must be finite; leave out such rows or fill in values";

template <class E, class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const E& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pca)

BOOST_AUTO_TEST_CASE(as_scikit_learn) {
  namespace c = components;
  on_ranks([] {
    for_each_type<std::tuple<Replicated, Split<0>>>([]<class P>() {
      const auto tall = given<Samples<P>>(23, 4, c::tall), wide = given<Samples<P>>(5, 7, c::wide);
      const auto model = PCA{.components = 3, .whiten = true}.fit(tall);
      close_to(model.components, c::tall_components, "components");
      close_to(model.explained_variance, c::tall_variance, "explained_variance");
      close_to(model.explained_variance_ratio, c::tall_ratio, "explained_variance_ratio");
      close_to(model.singular_values, c::tall_values, "singular_values");
      expect(std::abs(model.noise_variance - c::tall_noise[0]) < 1e-12, "noise_variance");
      const auto coordinates = eval(model.transform(tall));
      static_assert(std::is_same_v<policy_of<decltype(coordinates)>, P>);
      close_to(coordinates, c::tall_transformed, "transform");
      const auto again = eval(PCA{.components = 3}.fit(model.inverse_transform(coordinates)).transform(tall));
      expect(again.shape() == Shape<2>(23, 3), "there and back");

      const auto few = PCA{.components = 4}.fit(wide);
      close_to(few.components, c::wide_components, "components of 5 samples");
      close_to(few.singular_values, c::wide_values, "singular_values of 5 samples");
      close_to(eval(few.transform(wide)), c::wide_transformed, "transform of 5 samples");
      close_to(eval(few.inverse_transform(few.transform(wide))), c::wide, "4 components span 5 samples");

      const auto svd = TruncatedSVD{.components = 3}.fit(tall);
      close_to(svd.components, c::tall_svd_components, "TruncatedSVD: components");
      close_to(svd.explained_variance, c::tall_svd_variance, "TruncatedSVD: explained_variance");
      close_to(svd.explained_variance_ratio, c::tall_svd_ratio, "TruncatedSVD: explained_variance_ratio");
      close_to(svd.singular_values, c::tall_svd_values, "TruncatedSVD: singular_values");
      close_to(TruncatedSVD{.components = 4}.fit(wide).components, c::wide_svd_components, "TruncatedSVD: components of 5 samples");
      const auto all_four = TruncatedSVD{.components = 0}.fit(tall);
      close_to(eval(all_four.inverse_transform(all_four.transform(tall))), c::tall, "TruncatedSVD: there and back");
    });
  });
}

// Diabetes has a constant column.
BOOST_AUTO_TEST_CASE(iris_and_diabetes) {
  namespace c = components;
  if (shared_data().empty() || io::hdf5_version().empty()) return;
  const std::string folder = (shared_data() / "regression/").string();
  on_ranks([&] {
    const auto loaded = [&](const char* dataset) {
      const auto table = io::load<double, 2>(folder + dataset, replicated);
      return given<Samples<>>(table.shape()[0], table.shape()[1], shard_of(table));
    };
    const auto iris = PCA{}.fit(loaded("iris.h5:/data"));
    close_to(eval(iris.components(range(3), all)), c::iris_components, "iris: components", 1e-10);
    close_to(iris.explained_variance, c::iris_variance, "iris: explained_variance");
    const auto diabetes = PCA{.components = 10}.fit(loaded("diabetes.h5:/x"));
    close_to(eval(diabetes.components(range(3), all)), c::diabetes_components, "diabetes: components", 1e-10);
    close_to(diabetes.explained_variance, c::diabetes_variance, "diabetes: explained_variance");
  }, {1, 4});
}

// Against the singular values of the deviations themselves, the smallest too, whose squares doubles do not tell from 0; and the same on one rank and
// on many: blocks of rows, panels of columns.
BOOST_AUTO_TEST_CASE(many_rows_and_columns) {
  const auto graded = [](const Index<2>& i) { return value(i) * (i[1] == 1 ? 1e-9 : 1) + 10; };
  for (const Shape<2> shape : {Shape<2>{40000, 2}, Shape<2>{700, 71}, Shape<2>{40, 71}}) {
    const auto alone = filled<Samples<Replicated>>(shape, graded, self());
    const auto expected = doubles(eval(svd(alone - mean(alone, axis<0>)).S));
    const auto vectors = doubles(PCA{.components = 1}.fit(alone).components);   // by the Gram matrix, if there are samples enough
    on_ranks([&] {
      const auto model = PCA{}.fit(filled<Samples<>>(shape, graded));
      close_to(model.singular_values, expected, to_string(shape), 1e-13 * std::sqrt(static_cast<double>(shape[0])));
      close_to(eval(model.components(range(1), all)), vectors, to_string(shape), 1e-10);
      if (shape[0] > shape[1]) {
        const double smallest = shard_of(model.singular_values).back();
        expect(std::abs(smallest / expected.back() - 1) < 1e-5, "the smallest of " + to_string(shape) + ": " + std::to_string(1e9 * smallest));
      }
    }, {1, 3});
  }
}

// Values that float has with and without the offset.
BOOST_AUTO_TEST_CASE(floats_far_from_zero) {
  const auto eighths = [](const Index<2>& i) { return std::round(8 * value(i)) / 8; };
  on_ranks([&] {
    const auto x = filled<Samples<Split<0>, float>>({300, 4}, eighths);
    const auto near = PCA{}.fit(x), far = PCA{}.fit(x + 65536.0F);
    static_assert(std::is_same_v<value_of<decltype(far.components)>, float>);
    close_to(far.components, doubles(near.components), "components", 1e-6);
    close_to(far.singular_values, doubles(near.singular_values), "singular values", 1e-6);
    const auto there = eval(near.transform(x)), displaced = eval(far.transform(x + 65536.0F));
    expect(item(max(abs(there - displaced))) < 1e-4, "coordinates");
  }, {1, 2});
}

// Two, where the Gram matrix of doubles is not enough.
BOOST_AUTO_TEST_CASE(one_message) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Samples<>>({20, 3}, value);
    comm->take();
    const auto model = PCA{}.fit(x);
    const auto sent = comm->take();
    expect(sent.collectives() == 1 && sent.all_reduces == 1 && sent.bytes == (2 + 4 + 4 * 5 / 2) * 8, "one Allreduce");
    const auto small = PCA{}.fit(x * Array<double, 1, Replicated, Tested>(where(arange<int>(3) == 1, 1e-3, 1.0)));
    expect(comm->take().collectives() == 2, "one more for a small singular value");
    const auto wide = PCA{}.fit(filled<Samples<>>({3, 20}, value));
    expect(comm->take().collectives() == 1, "one Allreduce of the triangle");
    const auto coordinates = eval(model.transform(x));
    expect(comm->take().collectives() == 0 && coordinates.shape() == x.shape(), "transform sends nothing");
  }, {1, 3, 7});
}

BOOST_AUTO_TEST_CASE(bad_samples) {
  on_ranks([] {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto x = filled<Samples<>>({9, 2}, [](const Index<2>& i) { return i[0] >= 3 && i[1] == 1 ? infinity : value(i); });
    expect(message_of<InputError>([&] { PCA{}.fit(x); }) == infinite_message, "inf");
    expect(message_of<InputError>([&] { TruncatedSVD{.components = 1}.fit(x); }).starts_with("TruncatedSVD: x has inf in row 3, column 1"), "inf");
    const auto fine = filled<Samples<>>({9, 2}, value);
    expect(message_of<InputError>([&] { PCA{.components = 3}.fit(fine); }) ==
               "PCA: components = 3 is out of range: x (9, 2) has between 1 and 2, 0 stands for all", "too many components");
    expect(message_of<InputError>([&] { PCA{}.fit(filled<Samples<>>({1, 2}, value)); }) ==
               "PCA: x (1, 2) has too few samples: at least 2 are needed", "one sample");
    expect(throws<InputError>([&] { TruncatedSVD{}.fit(filled<Samples<>>({0, 2}, value)); }), "no samples");
    expect(message_of<ShapeError>([&] { PCA{}.fit(fine).transform(filled<Samples<>>({9, 4}, value)); }) ==
               "PCA: x (9, 4) has 4 features, the model was fitted to 2", "features");
    const auto constant = PCA{}.fit(filled<Samples<>>({9, 2}, [](const Index<2>&) { return 0.1; }));
    expect(item(max(constant.explained_variance)) < 1e-30, "constant features have no variance");
  }, {1, 4});
}

BOOST_AUTO_TEST_SUITE_END()
