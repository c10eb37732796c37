// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

constexpr KindSet kKinds{Kind::istio_gateway,
                         Kind::virtual_service,
                         Kind::destination_rule,
                         Kind::service_entry,
                         Kind::sidecar,
                         Kind::workload_entry,
                         Kind::workload_group,
                         Kind::authorization_policy,
                         Kind::peer_authentication,
                         Kind::request_authentication,
                         Kind::telemetry};

void check_object(const Object& object, std::string_view newest, Findings& out) {
  if (newest.empty() || object.version == newest) return;
  const auto written = object.root["apiVersion"];
  out.add(object, written, "{kind} {name} is written as {version}; the newest version is {newest}",
          {{"kind", std::string(object.kind_name)},
           {"name", std::string(object.name)},
           {"version", std::string(object.version)},
           {"newest", std::string(newest)}});
  if (written)
    out.offer_fix(
        object, written,
        {data::replace_scalar(written, std::string(object.group) + '/' + std::string(newest))});
}

void run(const Facts& facts, Findings& out) {
  const auto kinds = mesh::table("istio-kinds.json")["kinds"];
  for (std::size_t i = 0; i < static_cast<std::size_t>(Kind::count_); ++i) {
    const auto kind = static_cast<Kind>(i);
    if (!kKinds.has(kind)) continue;
    for (const auto* object : facts.each(kind)) {
      // The table lists the newest version first.
      const auto versions = kinds.at(object->group, object->kind_name).items();
      if (versions.begin() != versions.end())
        check_object(*object, (*versions.begin()).text(), out);
    }
  }
}

}  // namespace

extern const Check old_api_version;
constinit const Check old_api_version{.slug = "old-api-version", .reads = kKinds, .run = run};

}  // namespace aksmesh::checks
