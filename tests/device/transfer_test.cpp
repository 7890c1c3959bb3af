// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arrays between backends, and a device's memory in messages: as it is where the communicator takes it, else through the CPU's.
#define PRIEL_TEST_DEVICE
#include <tests/support/arrays.hpp>
#include <tests/support/backends.hpp>
#include <tests/support/counting.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// What it is given is CPU memory here in any case, so it may say so.
class Direct : public Counting {
 public:
  using Counting::Counting;
  bool takes_device_memory() const override { return true; }
};

template <class From, class To>
void check_move(const Shape<2>& shape) {
  const auto direct = std::make_shared<Direct>(world());
  const auto plain = std::make_shared<Counting>(world());
  const std::string what = described<Device, From, To>() + " " + to_string(shape);
  const auto through = [&](const auto& comm) {
    const auto x = filled<Array<int, 2, From, Device>>(shape, [](const auto& i) { return mark(i); }, comm);
    expect(holds(eval(redistribute(2 * x, To{})), [](const auto& i) { return 2 * mark(i); }), what);
    return comm->take();
  };
  const auto a = through(direct), b = through(plain);
  expect(a.collectives() == b.collectives() && a.bytes == b.bytes, what + ": the same is sent either way");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transfers)

BOOST_AUTO_TEST_CASE(there_and_back) {
  on_ranks([] {
    for (const Size n : {0, 1, 5}) {
      const auto x = filled<Array<float, 2, Split<0>>>({n, 3}, [](const auto& i) { return mark(i); });
      const auto there = to_device(x + 1);
      static_assert(std::is_same_v<std::remove_cvref_t<decltype(there)>, Array<float, 2, Split<0>, Device>>);
      const auto back = to_host(2 * there);
      static_assert(std::is_same_v<std::remove_cvref_t<decltype(back)>, Array<float, 2, Split<0>>>);
      expect(holds(back, [](const auto& i) { return 2 * (mark(i) + 1); }), "to_host(2 * to_device(x + 1))");
    }
  });
}

BOOST_AUTO_TEST_CASE(messages_take_device_memory_or_not) {
  on_ranks([] {
    for (const Shape<2>& shape : {Shape<2>{7, 5}, Shape<2>{2, 9}, Shape<2>{0, 4}}) {
      check_move<Split<0>, Split<1>>(shape);
      check_move<Split<1>, Split<0>>(shape);
      check_move<Split<0>, Replicated>(shape);
      check_move<Split<1>, Replicated>(shape);
    }
  });
}

BOOST_AUTO_TEST_CASE(too_much_memory, *boost::unit_test::label("serial")) {
  BOOST_CHECK_THROW((Array<double, 1, Replicated, Device>(Shape<1>{Size{1} << 61})), std::bad_alloc);
}

// Several statistics, axes that merge and axes that do not, longer than a chunk of a pass.
BOOST_AUTO_TEST_CASE(passes_in_chunks, *boost::unit_test::label("serial")) {
  const auto f = [](const Index<3>& i) { return mark(i) % 101; };
  const Shape<3> shape{41, 30, 70};
  const auto x = filled<Array<float, 3, Replicated, Device>>(shape, f);
  const auto y = filled<Array<float, 3, Replicated, Reference>>(shape, f);
  const auto check = [&](const auto& a, const auto& b) { BOOST_CHECK(identical(shard_of(to_host(a)), shard_of(to_host(b)))); };
  const auto over = [&](auto... axes) {
    check(sum(x, axes...) + min(x, axes...), sum(y, axes...) + min(y, axes...));
    check(max(x(priel::all, range(0, 30, 7)), axes...), max(y(priel::all, range(0, 30, 7)), axes...));
  };
  over();
  over(axis<0>);
  over(axis<1>);
  over(axis<2>);
  over(axis<0, 2>);
}

BOOST_AUTO_TEST_SUITE_END()
