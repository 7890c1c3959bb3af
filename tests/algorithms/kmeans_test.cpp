// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// KMeans against scikit-learn, KMedians against NumPy, MiniBatchKMeans, on every backend and number of ranks: starts, empty clusters, bad data, and what is sent.
#include <tests/algorithms/fixtures/kmeans.hpp>
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>
#include <tests/support/shared_data.hpp>

#include <priel/algorithms/kmedians.hpp>
#include <priel/algorithms/minibatch_kmeans.hpp>

#include <boost/test/unit_test.hpp>

#include <set>

namespace {

using namespace priel;
using namespace priel::test;

template <class T, class P, class B = Tested>
using Samples = Array<T, 2, P, B>;
template <class T, class B = Tested>
using Table = Array<T, 2, Replicated, B>;

// The samples of make_kmeans_fixture.py.
double sample(const Index<2>& i) { return static_cast<double>((i[0] * 37 + i[1] * 101) * (i[0] + 3) % 97) / 8 + 15 * static_cast<double>((i[0] % 4 + i[1]) % 3); }

template <class A>
A samples(Size n = 90, Size d = 3) { return filled<A>({n, d}, sample); }

// Centroids, labels, inertia and iterations, and that predict gives the labels again.
template <class Model, class X>
void compare(const Model& model, const clusters::Answer& answer, const X& x, double tolerance, const std::string& what) {
  const auto centroids = shard_of(model.centroids);
  double apart = 0;
  for (std::size_t e = 0; e < centroids.size(); ++e) apart = std::max(apart, std::abs(static_cast<double>(centroids[e]) - answer.centroids[e]) / 40);
  expect(centroids.size() == answer.centroids.size() && apart <= tolerance, what + ": centroids");
  expect(holds(model.labels, [&](const Index<1>& i) { return answer.labels[static_cast<std::size_t>(i[0])]; }), what + ": labels");
  expect(std::abs(model.inertia - answer.inertia) <= tolerance * answer.inertia, what + ": inertia");
  expect(model.iterations == answer.iterations, what + ": iterations");
  expect(identical(shard_of(model.predict(x)), shard_of(model.labels)), what + ": predict");
}

template <class T, class P, class B>
void check() {
  const double tolerance = sizeof(T) == 4 ? 1e-6 : 1e-12;
  const std::string where = described<B, P>();
  const auto x = samples<Samples<T, P, B>>();
  const auto start = samples<Table<T, B>>(5);
  compare(KMeans{.clusters = 5}.fit_from(x, start), clusters::means, x, tolerance, "means on " + where);
  compare(KMeans{.clusters = 5, .iterations = 3, .tolerance = 0}.fit_from(x, start), clusters::means_of_few_iterations, x, tolerance, "few on " + where);
  const auto far = filled<Table<T, B>>({5, 3}, [](const Index<2>& i) { return i[0] < 3 ? sample(i) : i[0] == 3 ? 500 : i[1] == 0 ? 600 : 0; });
  compare(KMeans{.clusters = 5}.fit_from(x, far), clusters::means_of_empty_clusters, x, tolerance, "empty on " + where);
}

template <class T, class P, class B>
void check_medians() {
  const auto x = samples<Samples<T, P, B>>();
  const auto model = KMedians{.clusters = 5}.fit_from(x, samples<Table<T, B>>(5));
  compare(model, clusters::medians, x, 0, "medians on " + described<B, P>());   // exact
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kmeans)

BOOST_AUTO_TEST_CASE(as_scikit_learn) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check<double, Split<0>, Backend>();
      check<float, Split<0>, Backend>();
      check<double, Replicated, Backend>();
    });
  });
}

BOOST_AUTO_TEST_CASE(iris) {
  if (shared_data().empty() || io::hdf5_version().empty()) return;
  on_ranks([] {
    const Array<double, 2, Replicated, Host> read = io::load<double, 2>((shared_data() / "regression/iris.h5").string() + ":/data", replicated);
    const auto values = read.local();
    const auto x = filled<Samples<double, Split<0>>>(read.shape(), [&](const Index<2>& i) { return values(i[0], i[1]); });
    const auto start = filled<Table<double>>({3, 4}, [&](const Index<2>& i) { return values(50 * i[0], i[1]); });
    compare(KMeans{.clusters = 3}.fit_from(x, start), clusters::means_of_iris, x, 1e-12, "iris");
  });
}

BOOST_AUTO_TEST_CASE(medians) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_medians<double, Split<0>, Backend>();
      check_medians<float, Replicated, Backend>();
    });
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = samples<Samples<double, Split<0>>>();
    const auto start = samples<Table<double>>(5);
    comm->take();
    Size steps = 0;
    const auto model = KMedians{.clusters = 5}.fit_from(x, start, [&](const KMeansStep& step) { steps = step.iteration; });
    const auto sent = comm->take();
    expect(steps == model.iterations && sent.others == 0 && sent.all_reduces <= 1 + 9 * (steps - 1) + 1, "messages");
    // So many medians that digits have fewer bits.
    const auto wide = samples<Samples<float, Split<0>>>(60, 500);
    KMediansModel<float, Replicated, Tested> from;
    from.centroids = samples<Table<float>>(9, 500);
    const auto labels = shard_of(eval(redistribute(from.predict(wide), replicated)));
    const auto centroids = shard_of(KMedians{.clusters = 9, .iterations = 1}.fit_from(wide, from.centroids).centroids);
    bool exact = detail::ClusterMedians<float>::digit_bits(9 * 500) == 4;
    for (Size median = 0; median < 9 * 500; ++median) {
      std::vector<float> values;
      for (Size i = 0; i < 60; ++i)
        if (labels[static_cast<std::size_t>(i)] == median / 500) values.push_back(static_cast<float>(sample({{i, median % 500}})));
      std::sort(values.begin(), values.end());
      exact = exact && (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2 == centroids[static_cast<std::size_t>(median)];
    }
    expect(exact, "many medians");
  });
}

// Blobs are found; the batches are the same on all ranks.
BOOST_AUTO_TEST_CASE(mini_batches) {
  on_ranks([] {
    const auto blobs = [](const Index<2>& i) { return 10 * static_cast<double>((i[0] * 7) % 5 * (i[1] + 1)) + std::sin(static_cast<double>(i[0] * 3 + i[1])); };
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = filled<Samples<double, Split<0>>>({2000, 3}, blobs);
    const MiniBatchKMeans means{.clusters = 5, .batch = 100, .seed = 3};
    comm->take();
    const auto model = means.fit(x);
    const auto sent = comm->take();
    expect(sent.all_reduces == model.iterations + 1 && sent.others <= 2, "one message for each batch");
    const auto alone = means.fit(eval(redistribute(x, replicated)));
    expect(model.iterations == alone.iterations && item(all(abs(model.centroids - alone.centroids) < 1e-9)), "the same on any number of ranks");
    const auto full = KMeans{.clusters = 5, .seed = 3}.fit(x);
    expect(model.inertia < 1.02 * full.inertia && identical(shard_of(model.predict(x)), shard_of(model.labels)), "nearly as good");
    const auto few = filled<Samples<double, Split<0>>>({20, 3}, blobs);
    expect(MiniBatchKMeans{.clusters = 5}.fit(few).iterations >= 10, "no batch is larger than all samples");
    const auto odd = filled<Samples<float, Split<0>>>({300, 2}, [](const Index<2>& i) {
      return i[0] == 200 && i[1] == 1 ? priel::nan : static_cast<double>(i[0] % 7);
    });
    expect(throws<InputError>([&] { MiniBatchKMeans{.clusters = 2, .batch = 10}.fit(odd); }), "a value that is not finite");
  });
}

// Many features and many clusters: whatever tiles there are, labels are those of the smallest differences, also far from 0.
BOOST_AUTO_TEST_CASE(nearest_by_definition) {
  for (const auto& [n, d, k] : std::vector<std::array<Size, 3>>{{40, 1, 1}, {67, 2, 3}, {50, 18, 8}, {33, 37, 17}, {41, 16, 40}, {25, 300, 70}}) {
    const auto check_of = [&]<class T>(T shift) {
      const auto value = [&](const Index<2>& i) { return static_cast<double>(shift) + static_cast<double>((i[0] * 7919 + i[1] * 104729) % 1009) / 512; };
      const auto x = filled<Samples<T, Replicated>>({n, d}, value);
      const auto centroids = filled<Table<T>>({k, d}, [&](const Index<2>& i) { return value({{3 * i[0] + 1, i[1] + 5}}); });
      KMeansModel<T, Replicated, Tested> model;
      model.centroids = centroids;
      const auto labels = shard_of(model.predict(x));
      const auto distances = shard_of(eval(cdist(astype<double>(x), astype<double>(centroids), metric::squared_euclidean)));
      bool nearest = true;
      for (Size i = 0; i < n; ++i) {
        const double* row = distances.data() + i * k;
        const double least = *std::min_element(row, row + k);
        const Size label = labels[static_cast<std::size_t>(i)];
        nearest = nearest && label >= 0 && row[label] <= least * (1 + 1e-5);
      }
      BOOST_TEST(nearest, to_string(Shape<2>{n, d}) << " to " << k << " in " << sizeof(T) << " bytes from " << shift);
    };
    check_of(0.0F);
    check_of(4096.0F);
    check_of(0.0);
    check_of(1e9);
  }
}

// The same sums on all ranks and by all threads to rounding, and the same start exactly.
BOOST_AUTO_TEST_CASE(same_on_any_number_of_ranks) {
  on_ranks([] {
    const auto x = filled<Samples<float, Split<0>>>({3000, 6}, [](const Index<2>& i) { return std::sin(12.9898 * static_cast<double>(i[0] * 6 + i[1])); });
    const auto all = eval(redistribute(x, replicated));
    for (const Start start : {Start::plus_plus, Start::random}) {
      const KMeans means{.clusters = 9, .start = start, .iterations = 20, .tolerance = 0, .seed = 5};
      const auto here = means.fit(x);
      const auto alone = means.fit(all);
      expect(item(priel::all(abs(here.centroids - alone.centroids) < 1e-5F)) && std::abs(here.inertia - alone.inertia) < 1e-6 * alone.inertia, "centroids");
    }
    expect(identical(shard_of(detail::plus_plus(x, 9, 5)), shard_of(detail::plus_plus(all, 9, 5))), "k-means++");
    expect(identical(shard_of(detail::random_start(x, 9, 5)), shard_of(detail::random_start(all, 9, 5))), "random start");
  });
}

// Starts are different samples, far ones more often by k-means++.
BOOST_AUTO_TEST_CASE(starts) {
  const auto x = filled<Samples<double, Replicated>>({100, 1}, [](const Index<2>& i) {
    return i[0] < 90 ? 1e-3 * static_cast<double>(i[0]) : 1000 * static_cast<double>(i[0] - 80);
  });
  int found = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto drawn = shard_of(detail::plus_plus(x, 11, seed));
    std::set<double> far;
    for (const double value : drawn) far.insert(value < 1 ? 0 : value);
    found += far.size() == 11 ? 1 : 0;   // each far sample, and one of the others
    const auto random = shard_of(detail::random_start(x, 11, seed));
    BOOST_TEST(std::set<double>(random.begin(), random.end()).size() == 11U);
  }
  BOOST_TEST(found >= 18);
}

BOOST_AUTO_TEST_CASE(messages) {
  on_ranks([] {
    const auto comm = std::make_shared<Counting>(world());
    const ScopedWorld here(comm);
    const auto x = samples<Samples<double, Split<0>>>();
    const auto start = samples<Table<double>>(5);
    comm->take();
    std::vector<KMeansStep> steps;
    const auto model = KMeans{.clusters = 5, .tolerance = 0}.fit_from(x, start, [&](const KMeansStep& step) { steps.push_back(step); });
    const auto sent = comm->take();
    expect(model.converged && static_cast<Size>(steps.size()) == model.iterations && steps.back().shift <= 1e-20 && steps.back().inertia == model.inertia, "steps");
    expect(sent.all_reduces == 1 + model.iterations && sent.others == 0, "one message for each iteration and one for the variances");
    expect(sent.bytes == 24 * 3 + 8 * (5 * (3 + 1) + 2) * model.iterations, "bytes");
    for (std::size_t i = 1; i < steps.size(); ++i) expect(steps[i].inertia <= steps[i - 1].inertia * (1 + 1e-12), "inertia falls");
    detail::plus_plus(x, 4, 1);
    const auto drawn = comm->take();
    expect(drawn.all_reduces == 4 && drawn.others == 4, "k-means++");
    model.predict(x);
    eval(model.transform(x));
    expect(comm->take().collectives() == 0, "predict and transform send nothing");
  });
}

// One line, on every rank alike.
BOOST_AUTO_TEST_CASE(bad_input) {
  on_ranks([] {
    const auto says = [](const std::string& words, auto&& f) {
      try {
        f();
      } catch (const InputError& error) {
        return std::string(error.what()).find(words) != std::string::npos;
      }
      return false;
    };
    const auto x = samples<Samples<double, Split<0>>>();
    for (const double bad : {priel::nan, static_cast<double>(INFINITY)}) {
      const auto with = filled<Samples<double, Split<0>>>({90, 3}, [&](const Index<2>& i) { return i[0] == 71 && i[1] == 2 ? bad : sample(i); });
      expect(says("row 71, column 2", [&] { KMeans{.clusters = 3}.fit(with); }), "a value that is not finite");
    }
    expect(says("too few samples", [&] { KMeans{.clusters = 91}.fit(x); }), "more clusters than samples");
    expect(says("too few samples", [&] { KMeans{}.fit(samples<Samples<double, Split<0>>>(0)); }), "no samples");
    expect(says("no features", [&] { KMeans{}.fit(samples<Samples<double, Split<0>>>(9, 0)); }), "no features");
    expect(says("clusters = 0", [&] { KMeans{.clusters = 0}.fit(x); }) && says("iterations = 0", [&] { KMeans{.iterations = 0}.fit(x); }) &&
           says("tolerance = -1", [&] { KMeans{.tolerance = -1}.fit(x); }), "parameters");
    expect(throws<ShapeError>([&] { KMeans{.clusters = 4}.fit_from(x, samples<Table<double>>(5)); }), "extents of the start");
    const auto model = KMeans{.clusters = 2}.fit(x);
    expect(throws<ShapeError>([&] { model.predict(samples<Samples<double, Split<0>>>(5, 2)); }), "other features");
  }, {1, 3});
}

// Fewer samples than ranks, samples that coincide, integers, and a value that is not finite in predict.
BOOST_AUTO_TEST_CASE(small_and_odd) {
  on_ranks([] {
    const auto few = KMeans{.clusters = 2}.fit(samples<Samples<float, Split<0>>>(2));
    expect(few.inertia == 0 && few.converged, "as many clusters as samples");
    const auto same = KMeans{.clusters = 3}.fit(filled<Samples<double, Split<0>>>({5, 2}, [](const Index<2>&) { return 7; }));
    expect(same.inertia == 0 && item(all(same.centroids == 7)), "samples that coincide");
    const auto whole = KMeans{.clusters = 3, .seed = 2}.fit(filled<Samples<std::int32_t, Split<0>>>({50, 2}, [](const Index<2>& i) { return i[0] % 3 * 100; }));
    static_assert(std::is_same_v<decltype(whole), const KMeansModel<double, Split<0>, Tested>>);
    expect(whole.inertia == 0, "integers");
    const auto outlier = [](const Index<2>& i) { return i[0] == 20 ? 1e6 : static_cast<double>(i[0] % 2) / 1000; };
    const auto apart = KMeans{.clusters = 3}.fit_from(filled<Samples<float, Split<0>>>({21, 1}, outlier), filled<Table<float>>({3, 1}, [&](const Index<2>& i) {
      return outlier({{i[0] + 18, 0}});
    }));
    expect(holds(apart.labels, [](const Index<1>& i) { return i[0] == 20 ? 2 : i[0] % 2; }), "beside an outlier that is far away");
    const auto odd = filled<Samples<double, Split<0>>>({20, 2}, [](const Index<2>& i) {
      return i[0] == 13 ? priel::nan : i[0] == 14 ? static_cast<double>(INFINITY) : 100 * static_cast<double>(i[0] % 3);
    });
    const auto labels = whole.predict(odd);
    expect(holds(eval(labels < 0), [](const Index<1>& i) { return i[0] == 13 || i[0] == 14; }), "samples that are not finite");
  });
}

BOOST_AUTO_TEST_SUITE_END()
