// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// cumsum and cumprod: NumPy's values and element types on every policy; one scan of a slab along the split axis.
#include <tests/algorithms/shape_answers.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

template <class Backend, class P>
void check_policy() {
  const auto where = described<Backend, P>();
  const auto x = operand_x<P, Backend>();
  const auto f = operand_f<P, Backend>();
  expect_equal(eval(cumsum(x, axis<0>)), numpy_shape("np.cumsum(x, 0)"), 0, where);
  expect_equal(eval(cumsum(x, axis<1>)), numpy_shape("np.cumsum(x, 1)"), 0, where);
  expect_equal(eval(cumprod(x, axis<-1>)), numpy_shape("np.cumprod(x, -1)"), 0, where);
  expect_equal(eval(cumsum(f, axis<0>)), numpy_shape("np.cumsum(f, 0)"), 0, where);   // quarters: exact; NaN and infinity stay
  expect_equal(eval(cumprod(f, axis<0>)), numpy_shape("np.cumprod(f, 0)"), 0, where);
}

// Sums of (n, m) along axis 0 or of (m, n) along axis 1, against the definition.
template <class Backend, int K>
void check_across(Size n, Size m) {
  using A = Array<std::int64_t, 2, Split<K>, Backend>;
  const std::string where = described<Backend, Split<K>>() + " " + std::to_string(n);
  const auto comm = std::make_shared<const Counting>(world());
  const auto x = filled<A>(K == 0 ? Shape<2>{n, m} : Shape<2>{m, n}, [](const Index<2>& i) { return i[K] + 3 * i[1 - K]; }, comm);
  expect_sends(cumsum(x, axis<K>), comm, where);
  const auto is_sum = [](const Index<2>& i) { return i[K] * (i[K] + 1) / 2 + 3 * i[1 - K] * (i[K] + 1); };
  expect(holds(eval(cumsum(x, axis<K>)), is_sum), where + " across");
  comm->take();
  expect(holds(eval(cumsum(x + 0, axis<K>) - x), [&](const Index<2>& i) { return is_sum(i) - (i[K] + 3 * i[1 - K]); }), where + " in an expression");
  const auto sent = comm->take();
  const bool scans = world()->size() > 1 && m > 0;
  expect(sent.collectives() == (scans ? 1 : 0) && sent.bytes == (scans ? 8 * m : 0), where + " is one scan of a slab");
  const auto other = eval(cumsum(x, axis<1 - K>));
  expect(comm->take().collectives() == 0, where + " sends along the other axis");
  expect(holds(other, [](const Index<2>& i) { return i[K] * (i[1 - K] + 1) + 3 * i[1 - K] * (i[1 - K] + 1) / 2; }), where + " along the other axis");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scans)

BOOST_AUTO_TEST_CASE(as_numpy) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      check_policy<Backend, Split<0>>();
      check_policy<Backend, Split<1>>();
    });
  });
}

BOOST_AUTO_TEST_CASE(across) {
  on_ranks([] {
    for_each_type<Backends>([]<class Backend>() {
      for (const Size n : {0, 1, 2, 5, 13}) {
        check_across<Backend, 0>(n, 3);
        check_across<Backend, 1>(n, 70);
      }
      check_across<Backend, 0>(5, 0);
    });
  });
}

#ifndef PRIEL_TEST_DEVICE
BOOST_AUTO_TEST_CASE(other_types_and_all_elements) {
  on_ranks([] {
    expect_equal(eval(cumsum(array_of<Array<bool, 3, Split<0>>>(numpy_shape("b")), axis<0>)), numpy_shape("np.cumsum(b, 0)"), 0, "truth values");
    expect_equal(eval(cumprod(array_of<Array<std::uint8_t, 1, Split<0>>>(numpy_shape("u")) + 1, axis<0>)), numpy_shape("np.cumprod(u + np.uint8(1))"), 0, "bytes");
    expect_equal(eval(cumsum(operand_x<Split<0>>())), numpy_shape("np.cumsum(x)"), 0, "all elements");
    expect_equal(eval(cumsum(operand_x<Replicated>())), numpy_shape("np.cumsum(x)"), 0, "all elements of a replicated array");
    static_assert(std::is_same_v<policy_of<decltype(cumsum(operand_x<Split<1>>(), axis<0>))>, Split<1>>);
  });
}

// Long lines are cut for the threads; floats are accumulated in double, so a million tenths are a hundred thousand.
BOOST_AUTO_TEST_CASE(long_lines) {
  const int threads = omp_get_max_threads();
  omp_set_num_threads(4);
  const Size n = 1000003;
  const auto sums = shard_of(eval(cumsum(filled<Array<float, 1>>({n}, [](const Index<1>&) { return 0.1f; }, self()), axis<0>)));
  Size wrong = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double exact = 0.1f * static_cast<double>(i + 1);
    wrong += std::abs(sums[i] - exact) > 1e-7 * exact ? 1 : 0;
  }
  BOOST_TEST(wrong == 0);
  const auto columns = filled<Array<std::int64_t, 2>>({20000, 3}, [](const Index<2>& i) { return i[0] * i[1]; }, self());
  BOOST_TEST(holds(eval(cumsum(columns, axis<0>)), [](const Index<2>& i) { return i[0] * (i[0] + 1) / 2 * i[1]; }));
  const auto signs = filled<Array<std::int64_t, 1>>({70000}, [](const Index<1>& i) { return i[0] % 3 == 1 ? -1 : 1; }, self());
  BOOST_TEST(holds(eval(cumprod(signs, axis<0>)), [](const Index<1>& i) { return (i[0] + 2) / 3 % 2 == 0 ? 1 : -1; }));
  omp_set_num_threads(threads);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
