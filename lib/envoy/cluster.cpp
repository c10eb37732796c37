// SPDX-License-Identifier: Apache-2.0
#include "envoy/cluster.hpp"

#include <array>
#include <charconv>

#include "envoy/dump.hpp"
#include "envoy/origin.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {

std::optional<ClusterName> parse_cluster_name(std::string_view name) {
  std::array<std::string_view, 4> parts{};
  std::size_t count = 0;
  for (auto rest = name;; ++count) {
    const auto bar = rest.find('|');
    if (count < parts.size()) parts[count] = rest.substr(0, bar);
    if (bar == std::string_view::npos) break;
    rest.remove_prefix(bar + 1);
  }
  if (count + 1 < parts.size()) return std::nullopt;
  ClusterName out{.direction = parts[0], .subset = parts[2], .host = parts[3]};
  std::int64_t port = 0;
  const auto* end = parts[1].data() + parts[1].size();
  const auto read = std::from_chars(parts[1].data(), end, port);
  if (!parts[1].empty() && read.ec == std::errc() && read.ptr == end) out.port = port;
  return out;
}

ClusterRow cluster_row(const DumpEntry& entry) {
  const auto cluster = entry.value["cluster"];
  ClusterRow out{.name = std::string(cluster["name"].text()),
                 .type = std::string(cluster["type"].text()),
                 .origin = origin_of(cluster),
                 .updated = std::string(entry.value["last_updated"].text()),
                 .version = std::string(entry.value["version_info"].text()),
                 .policy = std::string(cluster["lb_policy"].text()),
                 .error = std::string(entry.value["error_state"]["details"].text()),
                 .section = entry.section};
  const auto name = parse_cluster_name(out.name).value_or(ClusterName{.host = out.name});
  out.host = name.host;
  out.port = name.port;
  out.subset = name.subset;
  out.direction = name.direction;
  if (out.type.empty()) out.type = "STATIC";  // Envoy leaves out what is the default
  if (out.policy.empty()) out.policy = "ROUND_ROBIN";
  if (entry.list == "static_clusters") out.state = ClusterRow::State::fixed;
  if (entry.list == "dynamic_warming_clusters") out.state = ClusterRow::State::warming;
  return out;
}

std::string_view word_of(ClusterRow::State state) {
  switch (state) {
    case ClusterRow::State::fixed: return "STATIC";
    case ClusterRow::State::warming: return "WARMING";
    case ClusterRow::State::active: break;
  }
  return "ACTIVE";
}

}  // namespace aksmesh::envoy
