// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The collectives against serial computations, over MPI, over threads and for one rank; errors end on every rank.

#include <priel/communicator.hpp>
#include <priel/environment.hpp>
#include <priel/simulate.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstring>
#include <functional>
#include <numeric>
#include <vector>

namespace {

using namespace priel;
using Sizes = std::vector<std::int64_t>;

// Boost.Test is for one thread; the ranks of a simulation throw instead.
void expect(bool truth, const std::string& what) {
  if (!truth) throw std::logic_error("not so on rank " + std::to_string(world()->rank()) + ": " + what);
}

// A number that tells who made it and for what place.
std::int32_t mark(int rank, std::int64_t place) { return static_cast<std::int32_t>(rank * 1000003 + place * 7 + 1); }

// x -> a x + b, modulo 2^64. One after the other is associative but not commutative.
struct Affine {
  std::uint64_t a, b;
  friend bool operator==(const Affine&, const Affine&) = default;
};
Affine affine(int rank, std::int64_t place) {
  return {static_cast<std::uint64_t>(2 * rank + 3), static_cast<std::uint64_t>(rank * 1000 + place)};
}
void compose(void* into, const void* from, std::int64_t count) {
  auto* const f = static_cast<Affine*>(into);
  const auto* const g = static_cast<const Affine*>(from);
  for (std::int64_t i = 0; i < count; ++i) f[i] = {f[i].a * g[i].a, f[i].a * g[i].b + f[i].b};
}
Affine composed(int ranks, std::int64_t place) {
  Affine all = affine(0, place);
  for (int q = 1; q < ranks; ++q) {
    const Affine next = affine(q, place);
    compose(&all, &next, 1);
  }
  return all;
}
void add(void* into, const void* from, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) static_cast<double*>(into)[i] += static_cast<const double*>(from)[i];
}

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

void check_broadcast(const Communicator& comm) {
  for (const std::int64_t n : {0, 1, 5000})
    for (int root = 0; root < comm.size(); ++root) {
      std::vector<std::int32_t> data(at(n));
      if (comm.rank() == root)
        for (std::int64_t i = 0; i < n; ++i) data[at(i)] = mark(root, i);
      comm.broadcast(data.data(), n * 4, root);
      for (std::int64_t i = 0; i < n; ++i) expect(data[at(i)] == mark(root, i), "broadcast");
    }
}

void check_all_gather(const Communicator& comm, const std::function<std::int64_t(int)>& count_of, bool in_place) {
  Sizes bytes;
  for (int q = 0; q < comm.size(); ++q) bytes.push_back(4 * count_of(q));
  std::vector<std::int32_t> all(at(std::accumulate(bytes.begin(), bytes.end(), std::int64_t{0}) / 4)), mine(at(count_of(comm.rank())));
  for (std::size_t i = 0; i < mine.size(); ++i) mine[i] = mark(comm.rank(), static_cast<std::int64_t>(i));
  const void* from = mine.data();
  if (in_place) {
    std::int32_t* const place = all.data() + std::accumulate(bytes.begin(), bytes.begin() + comm.rank(), std::int64_t{0}) / 4;
    std::copy(mine.begin(), mine.end(), place);
    from = place;
  }
  comm.all_gather(from, all.data(), bytes);
  std::size_t place = 0;
  for (int q = 0; q < comm.size(); ++q)
    for (std::int64_t i = 0; i < count_of(q); ++i) expect(all[place++] == mark(q, i), "all_gather");
}

void check_all_to_all(const Communicator& comm, const std::function<std::int64_t(int, int)>& count_of) {
  Sizes send_bytes, receive_bytes;
  std::vector<std::int32_t> send;
  std::int64_t received = 0;
  for (int q = 0; q < comm.size(); ++q) {
    for (std::int64_t i = 0; i < count_of(comm.rank(), q); ++i) send.push_back(mark(comm.rank(), 100 * q + i));
    send_bytes.push_back(4 * count_of(comm.rank(), q));
    receive_bytes.push_back(4 * count_of(q, comm.rank()));
    received += count_of(q, comm.rank());
  }
  std::vector<std::int32_t> receive(at(received));
  comm.all_to_all(send.data(), send_bytes, receive.data(), receive_bytes);
  std::size_t place = 0;
  for (int q = 0; q < comm.size(); ++q)
    for (std::int64_t i = 0; i < count_of(q, comm.rank()); ++i)
      expect(receive[place++] == mark(q, 100 * comm.rank() + i), "all_to_all");

  // Two under way at once.
  std::vector<std::int32_t> first(receive.size()), second(receive.size());
  {
    const auto one = comm.begin_all_to_all(send.data(), send_bytes, first.data(), receive_bytes);
    const auto other = comm.begin_all_to_all(send.data(), send_bytes, second.data(), receive_bytes);
  }
  expect(first == receive && second == receive, "begin_all_to_all");

  // A piece for the rank itself that is not sent: its place stays as it is.
  const auto self = at(comm.rank());
  const auto own = std::next(send.begin(), std::accumulate(send_bytes.begin(), send_bytes.begin() + comm.rank(), std::int64_t{0}) / 4);
  send.erase(own, own + send_bytes[self] / 4);
  send_bytes[self] = 0;
  receive.assign(receive.size(), -1);
  comm.all_to_all(send.data(), send_bytes, receive.data(), receive_bytes);
  place = 0;
  for (int q = 0; q < comm.size(); ++q)
    for (std::int64_t i = 0; i < count_of(q, comm.rank()); ++i)
      expect(receive[place++] == (q == comm.rank() ? -1 : mark(q, 100 * comm.rank() + i)), "all_to_all of the others");
}

void check_reductions(const Communicator& comm) {
  for (const std::int64_t n : {0, 1, 2, 100, 20011}) {  // the last is too long to be gathered whole
    std::vector<Affine> data(at(n));
    for (std::int64_t i = 0; i < n; ++i) data[at(i)] = affine(comm.rank(), i);
    comm.all_reduce(data.data(), n, sizeof(Affine), compose);
    for (std::int64_t i = 0; i < n; ++i) expect(data[at(i)] == composed(comm.size(), i), "all_reduce in rank order");
  }
  for (const int more : {0, 3000}) {
    Sizes counts;
    std::int64_t total = 0, before = 0;
    for (int q = 0; q < comm.size(); ++q) {
      if (q == comm.rank()) before = total;
      counts.push_back(q % 3 == 1 ? 0 : q + 1 + more);
      total += counts.back();
    }
    std::vector<Affine> send(at(total)), mine(at(counts[at(comm.rank())]));
    for (std::int64_t i = 0; i < total; ++i) send[at(i)] = affine(comm.rank(), i);
    comm.reduce_scatter(send.data(), mine.data(), counts, sizeof(Affine), compose);
    for (std::size_t i = 0; i < mine.size(); ++i)
      expect(mine[i] == composed(comm.size(), before + static_cast<std::int64_t>(i)), "reduce_scatter in rank order");
  }
  // Sums that round give the same bits on every rank.
  for (const std::int64_t n : {3, 30000}) {
    std::vector<double> sums(at(n));
    for (std::int64_t i = 0; i < n; ++i) sums[at(i)] = 1.0 / (1 + comm.rank() + 3 * static_cast<double>(i));
    comm.all_reduce(sums.data(), n, sizeof(double), add);
    std::vector<double> first = sums;
    comm.broadcast(first.data(), n * 8, 0);
    expect(std::memcmp(first.data(), sums.data(), at(n) * 8) == 0, "equal bits");
  }
}

void check_scan(const Communicator& comm) {
  for (const std::int64_t n : {0, 1, 2, 100, 20011}) {
    std::vector<Affine> data(at(n));
    for (std::int64_t i = 0; i < n; ++i) data[at(i)] = affine(comm.rank(), i);
    comm.exclusive_scan(data.data(), n, sizeof(Affine), compose);
    for (std::int64_t i = 0; i < n; ++i)
      expect(data[at(i)] == (comm.rank() == 0 ? affine(0, i) : composed(comm.rank(), i)), "exclusive_scan in rank order");
  }
}

void check_collectives(const Communicator& comm) {
  comm.barrier();
  check_broadcast(comm);
  for (const bool in_place : {false, true}) {
    check_all_gather(comm, [](int) { return 0; }, in_place);
    check_all_gather(comm, [](int q) { return q % 2 == 0 ? 5 * q : 0; }, in_place);
    check_all_gather(comm, [](int q) { return 1000 + q; }, in_place);
  }
  check_all_to_all(comm, [](int, int) { return 0; });
  check_all_to_all(comm, [](int from, int to) { return (from + 2 * to) % 4; });
  check_all_to_all(comm, [](int from, int to) { return from == 0 ? 4000 + to : 0; });
  check_reductions(comm);
  check_scan(comm);
}

void check_split(const Communicator& comm) {
  const Comm half = comm.split(comm.rank() % 2 == 0 ? -7 : 1 << 30);
  expect(half->size() == (comm.size() + (comm.rank() % 2 == 0 ? 1 : 0)) / 2, "size of a part");
  expect(half->rank() == comm.rank() / 2, "order in a part");
  check_collectives(*half);
  const Comm alone = half->split(half->rank());
  expect(alone->size() == 1, "size of a part of a part");
  check_collectives(*alone);
  check_collectives(comm);
}

// What simulate throws, as text.
std::string end_of(int p, const std::function<void()>& program) {
  try {
    simulate(p, program);
  } catch (const std::exception& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(communicator)

BOOST_AUTO_TEST_CASE(collectives_of_the_world) {
  BOOST_CHECK_NO_THROW(check_collectives(*world()));
  BOOST_CHECK_NO_THROW(check_split(*world()));
}

BOOST_AUTO_TEST_CASE(collectives_of_one_rank) {
  BOOST_TEST(self()->size() == 1);
  BOOST_CHECK_NO_THROW(check_collectives(*self()));
  BOOST_CHECK_NO_THROW(check_split(*self()));
}

BOOST_AUTO_TEST_CASE(collectives_of_threads) {
  for (const int p : {1, 2, 3, 4, 7})
    BOOST_TEST(end_of(p, [p] {
      expect(world()->size() == p, "size of the world");
      check_collectives(*world());
      check_split(*world());
    }) == "no error");
}

BOOST_AUTO_TEST_CASE(scoped_world) {
  const int size = world()->size();
  {
    const ScopedWorld scope(self());
    BOOST_TEST(world()->size() == 1);
  }
  BOOST_TEST(world()->size() == size);
}

BOOST_AUTO_TEST_CASE(one_rank_throws) {
  BOOST_TEST(end_of(4, [] {
    if (world()->rank() == 2) throw std::runtime_error("rank 2 had enough");
    world()->barrier();
  }) == "rank 2 had enough");
  // In a part of the world, while the other part is busy with itself.
  BOOST_TEST(end_of(4, [] {
    const Comm half = world()->split(world()->rank() / 2);
    if (world()->rank() == 1) throw std::runtime_error("rank 1 had enough");
    for (int i = 0; i < 100; ++i) half->barrier();
    world()->barrier();
  }) == "rank 1 had enough");
  BOOST_CHECK_THROW(simulate(3, [] { throw InputError("all"); }), InputError);
}

BOOST_AUTO_TEST_CASE(one_rank_leaves_early) {
  BOOST_TEST(end_of(3, [] {
    if (world()->rank() == 2) return;
    double x = 1;
    world()->all_reduce(&x, 1, sizeof x, add);
  }) == "rank 2 ended while others wait in all_reduce");
}

BOOST_AUTO_TEST_CASE(ranks_wait_for_each_other) {
  const std::string text = end_of(2, [] {
    const Comm a = world()->split(0), b = world()->split(0);
    (world()->rank() == 0 ? a : b)->barrier();
  });
  BOOST_TEST(text == "the ranks wait for each other in different groups: rank 0 in barrier, rank 1 in barrier");
}

BOOST_AUTO_TEST_CASE(ranks_diverge) {
  const std::string text = end_of(2, [] {
    std::int64_t bytes = 0;
    if (world()->rank() == 0) world()->broadcast(&bytes, 8, 0);
    else world()->barrier();
  });
  BOOST_TEST((text.find("broadcast") != std::string::npos && text.find("barrier") != std::string::npos));
  BOOST_TEST(end_of(2, [] {
    std::int64_t data[2] = {};
    world()->broadcast(data, world()->rank() == 0 ? 8 : 16, 0);
  }).find("with another size or root") != std::string::npos);
  const Sizes one(2, 8), two(2, 16);
  BOOST_TEST(end_of(2, [&] {
    std::int64_t from[4] = {}, to[4] = {};
    world()->all_to_all(from, one, to, world()->rank() == 0 ? one : two);
  }) == "all_to_all: rank 0 sends 8 bytes to rank 1, which expects 16");
}

BOOST_AUTO_TEST_CASE(agreement_on_errors) {
  const auto check = [](const Communicator& comm) {
    agree(comm, nullptr);
    const int last = comm.size() - 1;
    const auto text_of = [&](int rank, auto error) {
      try {
        agreed(comm, [&] {
          if (comm.rank() >= rank) throw error;
        });
      } catch (const AgreedError& e) {
        return std::string(dynamic_cast<const ShapeError*>(&e)    ? "shape: "
                           : dynamic_cast<const InputError*>(&e)  ? "input: "
                           : dynamic_cast<const SystemError*>(&e) ? "system: "
                                                                  : "other: ") + e.what();
      }
      return std::string("no error");
    };
    const std::string who = std::to_string(comm.rank());
    expect(text_of(0, InputError("of rank " + who)) == "input: of rank 0", "lowest rank");
    expect(text_of(last, InputError("of rank " + who)) == "input: of rank " + std::to_string(last), "last rank");
    expect(text_of(last, SystemError("")) == "system: ", "empty text");
    expect(text_of(last, ShapeError("s")) == "shape: s", "shape");
    expect(text_of(last, AgreedError("a")) == "other: a", "agreed");
    expect(text_of(last, std::runtime_error("r")) == "other: r", "any exception");
    expect(text_of(last, 17) == "other: an exception of unknown type", "not an exception");
    expect(text_of(last + 1, 17) == "no error", "no error");
  };
  BOOST_CHECK_NO_THROW(check(*world()));
  BOOST_CHECK_NO_THROW(check(*self()));
  BOOST_TEST(end_of(3, [&] { check(*world()); }) == "no error");
}

BOOST_AUTO_TEST_CASE(many_meetings) {
  std::atomic<int> visits = 0;
  BOOST_TEST(end_of(5, [&] {
    for (int i = 0; i < 200; ++i) {
      double x = world()->rank();
      world()->all_reduce(&x, 1, sizeof x, add);
      expect(x == 10, "sum of the ranks");
      ++visits;
    }
  }) == "no error");
  BOOST_TEST(visits == 1000);
}

BOOST_AUTO_TEST_CASE(facts) {
  BOOST_TEST(ranks_on_this_node() >= 1);
  BOOST_TEST(ranks_on_this_node() <= world()->size());
  if (world()->size() > 1) BOOST_TEST(!mpi_version().empty());
  BOOST_CHECK_THROW(simulate(0, [] {}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
