// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <doctest/doctest.h>

#include "istio/host.hpp"
#include "mesh/host_index.hpp"

namespace aksmesh::test {
namespace {

constexpr std::array<std::string_view, 12> kHosts{"*",         "a.com",  "b.a.com", "*.a.com",
                                                  "*.b.a.com", "*a.com", "xa.com",  ".a.com",
                                                  "",          "*.com",  "a.org",   "b.a.com"};

}  // namespace

TEST_CASE("host index: finds what overlaps, as comparing each with each does") {
  mesh::HostIndex index;
  for (std::uint32_t i = 0; i < kHosts.size(); ++i) index.add(kHosts[i], i);
  for (const auto asked : kHosts) {
    std::vector<std::uint32_t> wanted;
    for (std::uint32_t i = 0; i < kHosts.size(); ++i)
      if (istio::hosts_overlap(asked, kHosts[i])) wanted.push_back(i);
    std::vector<std::uint32_t> found;
    index.visit_overlapping(asked, [&](std::uint32_t id) {
      found.push_back(id);
      return true;
    });
    std::sort(found.begin(), found.end());
    CHECK_MESSAGE(found == wanted, asked);
  }
}

TEST_CASE("host index: finds the wildcards above a host, and stops when told") {
  mesh::HostIndex index;
  for (std::uint32_t i = 0; i < kHosts.size(); ++i) index.add(kHosts[i], i);
  std::vector<std::string_view> found;
  index.visit_covering("b.a.com", [&](std::uint32_t id) {
    found.push_back(kHosts[id]);
    return true;
  });
  CHECK(found == std::vector<std::string_view>{"*", "*.com", "*a.com", "*.a.com"});
  int calls = 0;
  index.visit_overlapping("*", [&](std::uint32_t) { return ++calls < 2; });
  CHECK(calls == 2);
}

}  // namespace aksmesh::test
