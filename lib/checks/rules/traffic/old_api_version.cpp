// SPDX-License-Identifier: Apache-2.0
#include "checks/istio_kinds.hpp"
#include "checks/present_revisions.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

const Node& kinds_table() {
  static const auto kinds = mesh::table("istio-kinds.json");
  return kinds;
}

/// Whether every revision that is known to be there serves a version of the API.
bool is_served(std::string_view group, std::string_view version, const Revisions& revisions) {
  if (revisions.installed.empty()) return true;
  for (const auto row : kinds_table()["servedFrom"].items())
    if (row["version"].text() == version && group.ends_with(row["groups"].text()))
      return revisions.installed.front() >= parse_revision(row["revision"].text());
  return true;
}

/// The newest version that is served, if it is newer than that of the object; else empty.
std::string_view newer_version(const Object& object, const Revisions& revisions) {
  // The table lists the newest version first.
  for (const auto version : kinds_table().at("kinds", object.group, object.kind_name).items()) {
    if (version.text() == object.version) break;
    if (is_served(object.group, version.text(), revisions)) return version.text();
  }
  return {};
}

void check_object(const Object& object, std::string_view newest, Findings& out) {
  if (newest.empty()) return;
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
  const auto revisions = present_revisions(facts);
  for_each_kind(kIstioKinds, [&](Kind kind) {
    for (const auto* object : facts.each(kind))
      check_object(*object, newer_version(*object, revisions), out);
  });
}

}  // namespace

extern const Check old_api_version;
constinit const Check old_api_version{
    .slug = "old-api-version", .reads = kIstioKinds | kRevisionKinds, .run = run};

}  // namespace aksmesh::checks
