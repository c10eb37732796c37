// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/strings.hpp"
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

bool is_on(const mesh::MeshSettings& settings, std::string_view variable) {
  const auto found = settings.proxy_metadata.find(variable);
  return found != settings.proxy_metadata.end() && found->second == "true";
}

/// True when proxies get addresses for entries that have none.
bool allocates_addresses(const mesh::MeshSettings& settings) {
  return is_on(settings, "ISTIO_META_DNS_CAPTURE") &&
         (is_on(settings, "ISTIO_META_DNS_AUTO_ALLOCATE") ||
          is_on(settings, "PILOT_ENABLE_IP_AUTOALLOCATE"));
}

bool is_tcp(const Node& port) {
  const auto protocol = port["protocol"].text();
  return protocol.empty() || to_lower(protocol) == "tcp";
}

void check(const Facts& facts, const Object& entry, Findings& out) {
  if (entry.spec()["addresses"].size() > 0 || entry.status()["addresses"].size() > 0) return;
  for (const auto port : entry.spec()["ports"].items()) {
    if (!is_tcp(port)) continue;
    if (facts.is_upstream() || facts.settings().known) {
      out.report("IST0134", entry, port["name"]);
      continue;
    }
    out.unknown("IST0134", entry,
                "the input holds no mesh configuration, which tells whether proxies get addresses "
                "for entries without them");
    return;
  }
}

void run(const Facts& facts, Findings& out) {
  const auto& entries = facts.all(Kind::service_entry);
  if (entries.empty() || allocates_addresses(facts.settings())) return;
  for (const auto* entry : entries) check(facts, *entry, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0134"};

}  // namespace

extern const Check serviceentry_analyzer;
constinit const Check serviceentry_analyzer{
    .slug = "serviceentry-analyzer",
    .reads = kMeshConfigKinds | KindSet{Kind::service_entry},
    .run = run,
    .codes = kCodes,
    .analyzer = "serviceentry.Analyzer"};

}  // namespace aksmesh::checks
