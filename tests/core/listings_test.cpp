// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The listings of the Heat paper (Götz et al., IEEE Big Data 2020, arXiv:2007.13552) in our spelling: 2, local shapes; 3, devices;
// 5, a file and its mean; and its running example.
#include <tests/core/file_fixture.hpp>
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <priel/dispatch.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using test::expect;
using test::on_ranks;

const Shape<3> shape{5, 4, 3};

// What a rank of `size` holds of zeros((5, 4, 3), split=axis).
template <int Axis>
Shape<3> share(int size, int rank) {
  Shape<3> extents = shape;
  extents[Axis] = shape[Axis] / size + (rank < shape[Axis] % size ? 1 : 0);
  return extents;
}

// The root of the squared deviations from the column means, by loops.
std::vector<double> deviations(Size rows, Size columns) {
  std::vector<double> a, result;
  for (Size i = 0; i < rows; ++i)
    for (Size j = 0; j < columns; ++j) a.push_back(test::mark(Index<2>{{i, j}}) % 97);
  result.resize(a.size());
  const auto at = [&](Size i, Size j) { return static_cast<std::size_t>(i * columns + j); };
  for (Size j = 0; j < columns; ++j) {
    double total = 0;
    for (Size i = 0; i < rows; ++i) total += a[at(i, j)];
    for (Size i = 0; i < rows; ++i) result[at(i, j)] = std::abs(a[at(i, j)] - total / static_cast<double>(rows));
  }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listings)

BOOST_AUTO_TEST_CASE(listing_2_local_shapes) {
  on_ranks([] {
    const auto whole = zeros<float>({5, 4, 3}, replicated);
    const auto rows = zeros<float>({5, 4, 3}, split<0>);
    const auto columns = zeros<float>({5, 4, 3}, split<1>);
    const int size = world()->size(), rank = world()->rank();
    expect(whole.shape() == shape && whole.lshape() == shape, "replicated");
    expect(rows.shape() == shape && rows.lshape() == share<0>(size, rank), "split<0>");
    expect(columns.shape() == shape && columns.lshape() == share<1>(size, rank), "split<1>");
    if (size == 3) expect(rows.lshape() == (rank < 2 ? Shape<3>{2, 4, 3} : Shape<3>{1, 4, 3}), "as printed in the paper");
  });
}

BOOST_AUTO_TEST_CASE(listing_3_devices) {
  on_ranks([] {
    const auto somewhere = zeros<float>({5, 4, 3}, split<0>);
    expect(std::string(somewhere.backend()) == default_backend::name, "the default backend");
    test::for_each_type<test::Backends>([]<class Backend>() {
      const Array<float, 3, Split<0>, Backend> here(zeros<float>({5, 4, 3}));
      expect(std::string(here.backend()) == Backend::name && here.lshape() == share<0>(world()->size(), world()->rank()), "a backend that is named");
      expect(item(sum(here + 1)) == 60, "computes there");
    });
  });
}

#ifdef PRIEL_TEST_DEVICE
BOOST_AUTO_TEST_CASE(a_place_chosen_at_run_time) {
  on_ranks([] {
    for (const Place place : {Place::host, Place::device}) {
      const auto computed = dispatch(place, [](auto backend) {
        const Array<float, 3, Split<0>, decltype(backend)> x(ones<float>({5, 4, 3}));
        return std::string(x.backend()) + " " + std::to_string(item(sum(x, axis<0, 1, 2>)));
      });
      expect(computed == (place == Place::host ? "Host 60.000000" : "Device 60.000000"), computed);
    }
  });
}
#endif

#ifdef PRIEL_HAS_HDF5
// Loads where there is a device, or on the host.
BOOST_AUTO_TEST_CASE(listing_5_load_and_mean) {
  const auto value = [](const Index<2>& i) { return 0.25 * static_cast<double>(test::mark(i) % 101); };
  const test::Folder folder;
  const auto where = folder.file("listing.h5") + ":/data";
  io::save(where, test::filled<Array<float, 2, Split<0>>>({7, 5}, value));
  double expected = 0;
  for (Size i = 0; i < 7; ++i)
    for (Size j = 0; j < 5; ++j) expected += value(Index<2>{{i, j}}) / 35;
  test::for_each_type<test::Backends>([&]<class Backend>() {
    const auto data = to_backend<Backend>(io::load<float, 2>(where, split<0>));
    BOOST_TEST(std::abs(item(mean(data)) - static_cast<float>(expected)) < 1e-5);
  });
}
#endif

BOOST_AUTO_TEST_CASE(running_example) {
  on_ranks([] {
    test::for_each_type<test::Backends>([]<class Backend>() {
      for (const Size rows : {1, 2, 5, 9}) {
        const auto comm = std::make_shared<test::Counting>(world());
        const auto a = test::filled<Array<double, 2, Split<0>, Backend>>({rows, 4}, [](const Index<2>& i) { return test::mark(i) % 97; }, comm);
        const Array<double, 2, Split<0>, Backend> result = sqrt(square(a - mean(a, axis<0>)));
        const auto sent = comm->take();
        expect(sent.all_reduces == 1 && sent.others == 0 && sent.bytes == 4 * 8, "one Allreduce of the means");
        const auto expected = deviations(rows, 4);
        const auto mine = test::shard_of(result);
        for (std::size_t i = 0; i < mine.size(); ++i)
          expect(std::abs(mine[i] - expected[i + static_cast<std::size_t>(result.part().lower[0] * 4)]) < 1e-12 * 97, "sqrt((a - mean(a, axis=0))**2)");
      }
    });
  });
}

BOOST_AUTO_TEST_SUITE_END()
