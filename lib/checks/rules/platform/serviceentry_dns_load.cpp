// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* entry : facts.all(Kind::service_entry)) {
    const auto resolution = entry->spec()["resolution"];
    if (resolution.text() != "DNS" || entry->spec()["exportTo"]) continue;
    out.add(*entry, resolution,
            "every proxy of the mesh resolves the hosts of ServiceEntry {name} by itself",
            {{"name", std::string(entry->name)}});
  }
}

}  // namespace

extern const Check serviceentry_dns_load;
constinit const Check serviceentry_dns_load{
    .slug = "serviceentry-dns-load", .reads = {Kind::service_entry}, .run = run};

}  // namespace aksmesh::checks
