// SPDX-License-Identifier: Apache-2.0
#include "istio/sync_status.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/strings.hpp"
#include "data/reader.hpp"
#include "istio/age.hpp"

namespace aksmesh::istio {
namespace {

using data::Node;

constexpr int kMonitoringPort = 15014;
constexpr const char* kPath = "/debug/syncz";

/// The short names of xDS types. `old` is how syncz up to 1.22 calls it; empty: not at all.
struct KnownType {
  std::string_view url;  ///< behind type.googleapis.com/
  std::string_view name;
  std::string_view old;
};
constexpr std::size_t kAlways = 5;  // the first so many are told of each proxy
constexpr std::array kTypes{
    KnownType{"envoy.config.cluster.v3.Cluster", "CDS", "cluster"},
    KnownType{"envoy.config.listener.v3.Listener", "LDS", "listener"},
    KnownType{"envoy.config.endpoint.v3.ClusterLoadAssignment", "EDS", "endpoint"},
    KnownType{"envoy.config.route.v3.RouteConfiguration", "RDS", "route"},
    KnownType{"envoy.config.core.v3.TypedExtensionConfig", "ECDS", "extensionconfig"},
    KnownType{"envoy.extensions.transport_sockets.tls.v3.Secret", "SDS", ""},
    KnownType{"istio.networking.nds.v1.NameTable", "NDS", ""},
    KnownType{"istio.mesh.v1alpha1.ProxyConfig", "PCDS", ""},
    KnownType{"istio.workload.Address", "WDS", ""},
    KnownType{"istio.workload.Workload", "WDS", ""},
    KnownType{"istio.security.Authorization", "WADS", ""}};

std::string short_name(std::string_view url) {
  const auto type = url.substr(url.find('/') + 1);
  for (const auto& known : kTypes)
    if (known.url == type) return std::string(known.name);
  return std::string(url);
}

TypeSync read_type(const Node& value, std::string name) {
  using State = TypeSync::State;
  TypeSync out{.name = std::move(name), .error = std::string(value["lastError"].text())};
  const auto sent = value["sent"].text();
  out.state = !out.error.empty()              ? State::rejected
              : sent.empty()                  ? State::not_sent
              : sent == value["acked"].text() ? State::synced
                                              : State::stale;
  if (sent.empty()) return out;
  out.never_acknowledged = value["acked"].text().empty();
  out.sent_ms = moment_in_milliseconds(value["sentTime"].text());
  return out;
}

void read_types(const Node& resources, std::vector<TypeSync>& out) {
  std::vector<TypeSync> others;
  for (const auto& [key, value] : resources.entries()) {
    auto one = read_type(value, short_name(key.text()));
    const auto place = std::find_if(out.begin(), out.end(),
                                    [&](const TypeSync& each) { return each.name == one.name; });
    if (place == out.end())
      others.push_back(std::move(one));
    else
      *place = std::move(one);
  }
  std::sort(others.begin(), others.end(), [](const TypeSync& a, const TypeSync& b) {
    return type_url(a.name) < type_url(b.name);
  });
  std::move(others.begin(), others.end(), std::back_inserter(out));
}

void read_old_types(const Node& entry, std::vector<TypeSync>& out) {
  for (std::size_t i = 0; i < kAlways; ++i) {
    const auto sent = entry[std::string(kTypes[i].old) + "_sent"].text();
    const auto acked = entry[std::string(kTypes[i].old) + "_acked"].text();
    if (sent.empty()) continue;
    out[i].state = sent == acked ? TypeSync::State::synced : TypeSync::State::stale;
    out[i].never_acknowledged = acked.empty();
  }
}

/// istioctl talks to istiod as if it were a proxy.
bool is_session_of_istioctl(const Node& entry) {
  return entry["cluster_id"].text().empty() &&
         (entry["istio_version"].text() == "65536.65536.65536" ||
          entry["proxy"].text() == "test-1.default");
}

}  // namespace

std::string_view type_url(std::string_view name) {
  for (const auto& known : kTypes)
    if (known.name == name) return known.url;
  return name.substr(name.find('/') + 1);
}

const TypeSync* ProxySync::type_named(std::string_view short_name) const {
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const TypeSync& each) { return each.name == short_name; });
  return found == types.end() ? nullptr : &*found;
}

bool ProxySync::has(TypeSync::State state) const {
  return std::any_of(types.begin(), types.end(),
                     [&](const TypeSync& each) { return each.state == state; });
}

Result<std::vector<ProxySync>> read_sync_status(std::string json) {
  const auto read = data::read_answer(std::move(json));
  // Go writes an empty list as null in places.
  if (read.problems.empty() && trim(read.tree->source()) == "null") return std::vector<ProxySync>{};
  const auto root = read.only_document();
  if (!root.is_sequence())
    return Error{.kind = ErrorKind::bad_data,
                 .what = "cannot read what istiod tells of its proxies",
                 .why = "its answer is no list"};
  std::vector<ProxySync> out;
  for (const auto& entry : root.items()) {
    const auto id = entry["proxy"].text();
    const auto dot = id.rfind('.');
    if (dot == std::string_view::npos || is_session_of_istioctl(entry)) continue;
    ProxySync one{.name = std::string(id.substr(0, dot)),
                  .name_space = std::string(id.substr(dot + 1)),
                  .cluster = std::string(entry["cluster_id"].text()),
                  .type = std::string(entry["proxy_type"].text()),
                  .version = std::string(entry["istio_version"].text())};
    const auto resources = entry["resources"];
    for (std::size_t i = 0; i < kAlways; ++i)
      one.types.push_back(
          {.name = std::string(kTypes[i].name),
           .state = resources ? TypeSync::State::ignored : TypeSync::State::not_told});
    if (resources)
      read_types(resources, one.types);
    else
      read_old_types(entry, one.types);
    out.push_back(std::move(one));
  }
  return out;
}

kube::PodQuestion debug_question(std::string_view name_space, std::string_view pod,
                                 std::string_view port, const std::string& path) {
  int number = 0;
  const auto [at, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  const bool fits =
      error == std::errc{} && at == port.data() + port.size() && number > 0 && number < 65536;
  return {.name_space = std::string(name_space),
          .pod = std::string(pod),
          .port = fits ? number : kMonitoringPort,
          .path = path,
          .container = "discovery",
          .command = {"pilot-discovery", "request", "GET", path}};
}

kube::PodQuestion sync_question(std::string_view name_space, std::string_view pod,
                                std::string_view port) {
  return debug_question(name_space, pod, port, kPath);
}

}  // namespace aksmesh::istio
