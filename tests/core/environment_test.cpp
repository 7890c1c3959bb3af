// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// on_root: what rank 0 does alone, and that a collective there throws instead of waiting for ranks that never come.
#include <tests/support/ranks.hpp>

#include <priel/environment.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <vector>

namespace {

using namespace priel;
using namespace priel::test;

// Every collective of a communicator, by its name.
std::map<std::string, std::function<void(const Communicator&)>> collectives() {
  const Combine keep = [](void*, const void*, std::int64_t) {};
  const auto sizes = [](const Communicator& comm) { return std::vector<std::int64_t>(static_cast<std::size_t>(comm.size()), 1); };
  return {
      {"barrier", [](const Communicator& comm) { comm.barrier(); }},
      {"broadcast", [](const Communicator& comm) {
         char byte = 0;
         comm.broadcast(&byte, 1, 0);
       }},
      {"all_gather", [=](const Communicator& comm) {
         std::vector<char> all(static_cast<std::size_t>(comm.size()));
         comm.all_gather("x", all.data(), sizes(comm));
       }},
      {"all_to_all", [=](const Communicator& comm) {
         const std::vector<char> from(static_cast<std::size_t>(comm.size()));
         auto to = from;
         comm.all_to_all(from.data(), sizes(comm), to.data(), sizes(comm));
       }},
      {"all_reduce", [=](const Communicator& comm) {
         char byte = 0;
         comm.all_reduce(&byte, 1, 1, keep);
       }},
      {"reduce_scatter", [=](const Communicator& comm) {
         const std::vector<char> from(static_cast<std::size_t>(comm.size()));
         char byte = 0;
         comm.reduce_scatter(from.data(), &byte, sizes(comm), 1, keep);
       }},
      {"exclusive_scan", [=](const Communicator& comm) {
         char byte = 0;
         comm.exclusive_scan(&byte, 1, 1, keep);
       }},
      {"split", [](const Communicator& comm) { (void)comm.split(0); }},
  };
}

// What on_root(f) throws on this rank; empty if nothing.
std::string said_by(const Environment& env, const std::function<void()>& f) {
  try {
    env.on_root(f);
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(environment)

BOOST_AUTO_TEST_CASE(on_root_runs_on_rank_0_only) {
  const Environment env;
  on_ranks([&] {
    int calls = 0;
    env.on_root([&] { ++calls; });
    expect(calls == (world()->rank() == 0 ? 1 : 0), "one call, on rank 0");
  });
}

BOOST_AUTO_TEST_CASE(a_collective_on_root_throws) {
  const Environment env;
  on_ranks([&] {
    const Comm part = world()->split(world()->rank() % 2);
    for (const auto& [name, call] : collectives()) {
      for (const Comm& comm : {world(), part}) {
        const std::string text = said_by(env, [&, &f = call] { f(*comm); });
        if (world()->rank() > 0) expect(text.empty(), name + ": other ranks are unaffected");
        else expect(text == "on_root: " + name + " is a collective, and the other ranks are not here to take part: call it on every rank, before or after on_root", name + ": " + text);
      }
      call(*world());   // afterwards all ranks meet again
      env.on_root([&f = call] { f(*self()); });   // alone with itself nobody waits
    }
  });
}

BOOST_AUTO_TEST_CASE(on_root_within_on_root) {
  const Environment env;
  on_ranks([&] {
    const std::string text = said_by(env, [&] {
      env.on_root([] {});
      world()->barrier();
    });
    expect(text.empty() == (world()->rank() > 0), "the guard outlives an inner one");
  });
}

BOOST_AUTO_TEST_CASE(errors_of_on_root_end_a_simulation) {
  if (world()->size() > 1) return;
  const Environment env;
  BOOST_CHECK_EXCEPTION(simulate(3, [&] {
    env.on_root([] { world()->barrier(); });
    world()->barrier();
  }), std::logic_error, [](const std::logic_error& error) { return std::string(error.what()).starts_with("on_root: barrier"); });
}

BOOST_AUTO_TEST_SUITE_END()
