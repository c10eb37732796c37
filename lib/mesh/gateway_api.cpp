// SPDX-License-Identifier: Apache-2.0
#include "mesh/gateway_api.hpp"

#include <algorithm>
#include <array>

#include "istio/host.hpp"
#include "mesh/names.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;

struct Served {
  std::string_view protocol;
  std::string_view route;
};
// The kinds of routes that a listener takes by its protocol; TLS passes through or ends.
constexpr std::array kServed{Served{"HTTP", "HTTPRoute"},  Served{"HTTP", "GRPCRoute"},
                             Served{"HTTPS", "HTTPRoute"}, Served{"HTTPS", "GRPCRoute"},
                             Served{"TLS", "TLSRoute"},    Served{"TLS", "TCPRoute"},
                             Served{"TCP", "TCPRoute"},    Served{"UDP", "UDPRoute"}};

std::string_view text_or(const Node& value, std::string_view otherwise) {
  return value && !value.is_null() ? value.text() : otherwise;
}

Reference read_reference(const Node& node, std::string_view own_namespace, std::string_view group,
                         std::string_view kind) {
  return {.node = node,
          .group = text_or(node["group"], group),
          .kind = text_or(node["kind"], kind),
          .name_space = text_or(node["namespace"], own_namespace),
          .name = node["name"].text(),
          .section = node["sectionName"].text(),
          .port = node["port"].as_int()};
}

bool is_named(const Node& listener, const Reference& parent) {
  return (parent.section.empty() || listener["name"].text() == parent.section) &&
         (!parent.port || listener["port"].as_int() == parent.port);
}

bool takes_kind(const Node& listener, const kube::Object& route) {
  const auto kinds = listener.at("allowedRoutes", "kinds");
  const auto items = kinds.items();
  const bool listed =
      kinds.size() == 0 || std::any_of(items.begin(), items.end(), [&](const Node& item) {
        return item["kind"].text() == route.kind_name &&
               text_or(item["group"], names::kGatewayApiGroup) == route.group;
      });
  const auto protocol = listener["protocol"].text();
  // A protocol that the API does not know is the implementation's own.
  bool known = false;
  for (const auto& row : kServed) {
    known = known || row.protocol == protocol;
    if (row.protocol == protocol && row.route == route.kind_name) return listed;
  }
  return listed && !known;
}

LabelMatch takes_namespace(const Node& listener, const kube::Object& gateway,
                           const kube::Object& route, const kube::Object* route_namespace) {
  const auto namespaces = listener.at("allowedRoutes", "namespaces");
  const auto from = text_or(namespaces["from"], "Same");
  if (from == "All") return LabelMatch::yes;
  if (from == "Same")
    return gateway.name_space == route.name_space ? LabelMatch::yes : LabelMatch::no;
  if (from != "Selector") return LabelMatch::no;
  return match_labels(
      namespaces["selector"],
      {.labels = route_namespace == nullptr ? Node{} : route_namespace->metadata()["labels"],
       .sure_key = names::kNamespaceNameLabel,
       .sure_value = route.name_space,
       .complete = route_namespace != nullptr});
}

bool takes_hostname(const Node& listener, const kube::Object& route) {
  const auto own = listener["hostname"].text();
  const auto hostnames = route.spec()["hostnames"];
  if (own.empty() || hostnames.size() == 0) return true;
  const auto items = hostnames.items();
  return std::any_of(items.begin(), items.end(), [&](const Node& hostname) {
    return istio::hosts_overlap(own, hostname.text());
  });
}

void add_mirrors(std::vector<Reference>& out, const Node& filters, std::string_view name_space) {
  for (const auto filter : filters.items())
    if (const auto mirror = filter.at("requestMirror", "backendRef"))
      out.push_back(read_reference(mirror, name_space, "", "Service"));
}

std::string names_key(std::string_view one, std::string_view other) {
  return std::string(one).append("/").append(other);
}

bool lists(const Node& entries, std::string_view group, std::string_view kind, std::string_view key,
           std::string_view value) {
  const auto items = entries.items();
  return std::any_of(items.begin(), items.end(), [&](const Node& item) {
    return item["group"].text() == group && item["kind"].text() == kind &&
           (!item[key] || item[key].text() == value);
  });
}

}  // namespace

bool is_of_istio(const kube::Object& gateway) {
  return gateway.spec()["gatewayClassName"].text().starts_with(names::kGatewayClass);
}

bool Reference::is_gateway() const {
  return is(names::kGatewayApiGroup, "Gateway");
}

std::vector<Reference> parent_refs(const kube::Object& route) {
  std::vector<Reference> out;
  for (const auto item : route.spec()["parentRefs"].items())
    out.push_back(read_reference(item, route.name_space, names::kGatewayApiGroup, "Gateway"));
  return out;
}

std::vector<Reference> backend_refs(const kube::Object& route) {
  std::vector<Reference> out;
  for (const auto rule : route.spec()["rules"].items()) {
    for (const auto backend : rule["backendRefs"].items()) {
      out.push_back(read_reference(backend, route.name_space, "", "Service"));
      add_mirrors(out, backend["filters"], route.name_space);
    }
    add_mirrors(out, rule["filters"], route.name_space);
  }
  return out;
}

std::vector<Reference> certificate_refs(const kube::Object& gateway) {
  std::vector<Reference> out;
  for (const auto listener : gateway.spec()["listeners"].items()) {
    const auto tls = listener["tls"];
    if (tls["mode"].text() == "Passthrough") continue;
    for (const auto item : tls["certificateRefs"].items())
      out.push_back(read_reference(item, gateway.name_space, "", "Secret"));
  }
  return out;
}

Attachment attach(const kube::Object& route, const Reference& parent, const kube::Object& gateway,
                  const kube::Object* route_namespace) {
  // How far the best listener goes with the route.
  auto best = Attachment::no_listener;
  const auto rank = [](Attachment attachment) {
    constexpr std::array kOrder{Attachment::no_listener,     Attachment::wrong_kind,
                                Attachment::wrong_namespace, Attachment::no_hostname,
                                Attachment::undecided,       Attachment::attached};
    return std::find(kOrder.begin(), kOrder.end(), attachment) - kOrder.begin();
  };
  for (const auto listener : gateway.spec()["listeners"].items()) {
    if (!is_named(listener, parent)) continue;
    auto found = Attachment::attached;
    const auto namespace_match = takes_namespace(listener, gateway, route, route_namespace);
    if (!takes_kind(listener, route))
      found = Attachment::wrong_kind;
    else if (namespace_match == LabelMatch::no)
      found = Attachment::wrong_namespace;
    else if (!takes_hostname(listener, route))
      found = Attachment::no_hostname;
    else if (namespace_match == LabelMatch::undecided)
      found = Attachment::undecided;
    if (rank(found) > rank(best)) best = found;
  }
  return best;
}

ReferenceGrants::ReferenceGrants(const std::vector<const kube::Object*>& grants) {
  for (const auto* grant : grants)
    for (const auto from : grant->spec()["from"].items())
      by_namespaces_[names_key(grant->name_space, from["namespace"].text())].push_back(grant);
}

bool ReferenceGrants::permits(const kube::Object& from, const Reference& to) const {
  if (from.name_space == to.name_space) return true;
  const auto found = by_namespaces_.find(names_key(to.name_space, from.name_space));
  if (found == by_namespaces_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const kube::Object* grant) {
    const auto spec = grant->spec();
    return lists(spec["from"], from.group, from.kind_name, "namespace", from.name_space) &&
           lists(spec["to"], to.group, to.kind, "name", to.name);
  });
}

}  // namespace aksmesh::mesh
