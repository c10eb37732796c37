// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <unordered_set>

#include "istio/validation/common.hpp"

namespace aksmesh::istio::validation {
namespace {

using kube::Kind;

constexpr std::string_view kAll = "*";
constexpr std::string_view kNone = "~";
constexpr std::string_view kOwn = ".";

/// Group and kind that a policy may be attached to.
struct Target {
  std::string_view group;
  std::string_view kind;
};
constexpr std::array<Target, 5> kTargets{{{"", "Service"},
                                          {"core", "Service"},
                                          {"networking.istio.io", "ServiceEntry"},
                                          {"gateway.networking.k8s.io", "Gateway"},
                                          {"gateway.networking.k8s.io", "GatewayClass"}}};

void check_target(const Node& target, Problems& out) {
  constexpr std::string_view kRule = "SEL-05";
  if (!has(target, "name")) out.error(kRule, {target, "name"}, "the target's name is required");
  if (has(target, "namespace"))
    out.error(kRule, {target, "namespace"}, "a target must be in the policy's own namespace");
  const auto group = field(target, "group").text();
  const auto kind = field(target, "kind").text();
  const bool known = std::any_of(kTargets.begin(), kTargets.end(), [&](const Target& one) {
    return one.group == group && one.kind == kind;
  });
  if (!known)
    out.error(kRule, {target, "kind"},
              "a policy attaches to Service (core), ServiceEntry (networking.istio.io), Gateway or "
              "GatewayClass (gateway.networking.k8s.io), not to " +
                  (kind.empty() ? std::string("a target without kind")
                                : std::string(kind) + " of group \"" + std::string(group) + '"'));
}

void check_export_entry(const kube::Object& object, const Node& entry, Problems& out) {
  const auto text = entry.text();
  const bool service_entry = object.kind == Kind::service_entry;
  if (text == kAll || text == kOwn || (service_entry && text == kNone) || is_label(text)) return;
  out.error("EXP-02", entry,
            shown(text) + (service_entry ? " is neither a namespace nor one of . * ~"
                                         : " is neither a namespace nor one of . *"));
}

}  // namespace

bool check_selector(const Node& spec, std::string_view name, Problems& out) {
  const auto selector = field(spec, name);
  if (!selector) return true;
  const auto labels =
      field(selector, "labels") ? selector["labels"] : field(selector, "matchLabels");
  const auto before = out.errors();
  for (const auto& [key, value] : labels.entries()) {
    if (key.text().empty()) out.error("SEL-01", value, "a selector's key must not be empty");
    if (key.text().find('*') != std::string_view::npos ||
        value.text().find('*') != std::string_view::npos)
      out.error("SEL-02", value,
                shown(key.text()) + '=' + shown(value.text()) +
                    ": a selector compares whole texts; * is not allowed");
  }
  if (labels.size() == 0)
    out.warning("SEL-03", selector,
                "a selector without labels picks every workload of the namespace");
  return out.errors() == before;
}

void check_targets(const Node& spec, Problems& out) {
  constexpr std::array<std::string_view, 3> kWays{"selector", "targetRef", "targetRefs"};
  const auto given =
      std::count_if(kWays.begin(), kWays.end(), [&](auto way) { return has(spec, way); });
  if (given > 1)
    out.error("SEL-04", spec, "only one of selector, targetRef and targetRefs is allowed");
  if (const auto target = field(spec, "targetRef")) check_target(target, out);
  for (const auto target : spec["targetRefs"].items()) check_target(target, out);
}

void check_export_to(const kube::Object& object, Problems& out) {
  const auto list = object.spec()["exportTo"];
  std::unordered_set<std::string_view> seen;
  for (const auto entry : list.items()) {
    const auto text = entry.text();
    if (!seen.insert(text == kOwn ? object.name_space : text).second)
      out.error("EXP-01", entry, shown(text) + " names a namespace that is already in the list");
    check_export_entry(object, entry, out);
  }
  const bool selects = object.kind == Kind::destination_rule &&
                       static_cast<bool>(field(object.spec(), "workloadSelector"));
  if (selects && !seen.empty() && (seen.size() > 1 || !seen.contains(object.name_space)))
    out.error("EXP-05", list,
              "a DestinationRule with a workloadSelector can only be exported to its own namespace "
              "(.)");
  if (seen.contains(kAll) && list.size() > 1)
    out.error("EXP-03", list, "* means every namespace; nothing else may stand beside it");
  if (seen.contains(kNone) && list.size() > 1)
    out.error("EXP-04", list, "~ means no namespace; nothing else may stand beside it");
}

void check_destination(const Node& destination, Problems& out) {
  constexpr std::string_view kRule = "VS-40";
  const Place host{destination, "host"};
  if (host.text() == kAll)
    out.error(kRule, host, "* names no destination");
  else
    check_wildcard_domain(kRule, host, out);
  if (has(destination, "subset")) check_label(kRule, {destination, "subset"}, out);
  if (const auto port = field(destination, "port")) check_port(kRule, {port, "number"}, out);
}

void check_endpoint(const Node& endpoint, EndpointAddress address, Problems& out) {
  const Place place{endpoint, "address"};
  const auto text = place.text();
  if (text.empty() && !has(endpoint, "network"))
    return out.error("WE-01", place, "an address or a network is required");
  if (text.empty())
    out.warning("WE-01", place, "only a network is given; the endpoint has no address there");
  const auto ports = field(endpoint, "ports");
  if (text.starts_with(kUnixPrefix)) {
    const auto fault = unix_address_fault(text);
    if (!fault.empty()) out.error("WE-02", place, shown(text) + ": " + fault);
    if (ports.size() > 0) out.error("WE-02", ports, "a Unix domain socket has no ports");
  } else if (!text.empty() && !is_ip(text)) {
    if (address == EndpointAddress::no_domain)
      check_ip("WE-03", place, out);
    else if (!domain_fault(text).empty())
      out.error("WE-03", place, shown(text) + " is neither an IP address nor a DNS name");
  }
  for (const auto& [name, number] : ports.entries()) {
    if (!is_label(name.text())) check_label("WE-04", name, out);
    check_port("WE-04", number, out);
  }
  check_labels("WE-05", field(endpoint, "labels"), out);
}

}  // namespace aksmesh::istio::validation
