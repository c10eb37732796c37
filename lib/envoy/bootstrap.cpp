// SPDX-License-Identifier: Apache-2.0
#include "envoy/bootstrap.hpp"

#include "base/printable.hpp"
#include "envoy/address.hpp"
#include "envoy/dump.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

/// `MAJOR.MINOR.PATCH-LABEL/STATUS/TYPE/LIBRARY` of a message BuildVersion.
std::string version_of(const Value& build) {
  std::string out;
  for (const char* part : {"major_number", "minor_number", "patch"})
    out += (out.empty() ? "" : ".") + std::to_string(build["version"][part].number().value_or(0));
  const auto facts = build["metadata"];
  const auto label = facts["build.label"].text();
  if (!label.empty()) out += '-' + std::string(label);
  for (const char* part : {"revision.status", "build.type", "ssl.version"})
    if (const auto text = facts[part].text(); !text.empty()) out += '/' + std::string(text);
  return out;
}

/// Older ones tell only the commit, without the word before the colon.
std::string behind_colon(std::string_view text) {
  const auto colon = text.find(':');
  return std::string(colon == text.npos ? text : text.substr(colon + 1));
}

BootstrapRow row_of(const Value& bootstrap) {
  const auto node = bootstrap["node"];
  const auto facts = node["metadata"];
  return {.istio_version = std::string(facts["ISTIO_VERSION"].text()),
          .proxy_build = behind_colon(facts["ISTIO_PROXY_SHA"].text()),
          .envoy_version = version_of(node["user_agent_build_version"]),
          .node = std::string(node["id"].text()),
          .cluster = std::string(node["cluster"].text()),
          .workload = std::string(facts["WORKLOAD_NAME"].text()),
          .name_space = std::string(facts["NAMESPACE"].text()),
          .locality = locality_text(node["locality"]),
          .mesh = std::string(facts["MESH_ID"].text()),
          .istiod = std::string(facts["PROXY_CONFIG"]["discoveryAddress"].text())};
}

}  // namespace

void add_bootstrap(const DumpEntry& entry, std::optional<BootstrapRow>& row) {
  if (entry.list == "bootstrap") {
    row = row_of(entry.value);
    row->section = entry.section;
  } else if (row && row->section == entry.section) {
    row->updated = entry.value.text();
  }
}

report::Table bootstrap_table(const BootstrapRow& row, Columns columns) {
  report::Table out{.columns = {{""}, {""}}, .rows = {}};
  const auto line = [&](const char* what, const std::string& value) {
    if (!value.empty()) out.rows.push_back({what, printable(value)});
  };
  line("Istio Version:", row.istio_version);
  line("Istio Proxy Version:", row.proxy_build);
  line("Envoy Version:", row.envoy_version);
  if (columns == Columns::usual) return out;
  line("Node:", row.node);
  line("Cluster:", row.cluster);
  line("Workload:", row.workload);
  line("Namespace:", row.name_space);
  line("Locality:", row.locality);
  line("Mesh:", row.mesh);
  line("Istiod:", row.istiod);
  line("Updated:", row.updated);
  return out;
}

}  // namespace aksmesh::envoy
