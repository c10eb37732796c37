// SPDX-License-Identifier: Apache-2.0
#include "envoy/route_listener.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "envoy/address.hpp"
#include "envoy/chain_match.hpp"
#include "envoy/cluster.hpp"
#include "envoy/filter_chain.hpp"
#include "envoy/listener.hpp"
#include "envoy/origin.hpp"

namespace aksmesh::envoy {
namespace {

constexpr std::string_view kHttp = "http_connection_manager";
constexpr std::string_view kTcp = "envoy.filters.network.tcp_proxy";

std::vector<Address> addresses_of(const Value& listener) {
  std::vector<Address> out{address_of(listener["address"])};
  for (const auto more : listener["additional_addresses"].items())
    out.push_back(address_of(more["address"]));
  return out;
}

bool listens_at(const Value& listener, std::int64_t port) {
  const auto all = addresses_of(listener);
  return std::any_of(all.begin(), all.end(), [&](const Address& one) { return one.port == port; });
}

bool is_any(std::string_view host) {
  return host == "0.0.0.0" || host == "::";
}

bool listens_at_any(const Value& listener) {
  const auto all = addresses_of(listener);
  return std::any_of(all.begin(), all.end(), [](const Address& one) { return is_any(one.host); });
}

bool listens_at(const Value& listener, std::string_view host) {
  const auto all = addresses_of(listener);
  return std::any_of(all.begin(), all.end(), [&](const Address& one) { return one.host == host; });
}

bool has_filter(const Value& listener, std::string_view name) {
  for (const auto filter : listener["listener_filters"].items())
    if (filter["name"].text().ends_with(name)) return true;
  return false;
}

/// The hosts whose connections a chain is made for, as the names of its clusters and routes tell.
std::vector<std::string> hosts_of(const Value& chain) {
  std::vector<std::string> out;
  const auto add_cluster = [&](std::string_view cluster) {
    if (const auto name = parse_cluster_name(cluster)) out.emplace_back(name->host);
  };
  for (const auto filter : chain["filters"].items()) {
    const auto config = filter["typed_config"];
    add_cluster(config["cluster"].text());
    for (const auto one : config["weighted_clusters"]["clusters"].items())
      add_cluster(one["name"].text());
    const auto routes = config["rds"]["route_config_name"].text();
    if (routes.find('.') != std::string_view::npos)
      out.emplace_back(routes.substr(0, routes.rfind(':')));
  }
  return out;
}

/// What a listener says of a host by the clusters that it sends to. A VirtualService may send the
/// connections of one host to another.
enum class Claim : std::uint8_t { none, unclear, perhaps, sure };

Claim claim_of(const Value& listener, std::string_view name, std::string_view name_space) {
  auto out = Claim::none;
  for (const auto chain : listener["filter_chains"].items()) {
    const bool direct = origin_of(chain).empty();
    if (!direct) out = std::max(out, Claim::unclear);
    for (const auto& host : hosts_of(chain))
      if (stands_for(name, host, name_space))
        out = std::max(out, direct ? Claim::sure : Claim::perhaps);
  }
  return out;
}

bool is_address(std::string_view host) {
  return is_in_range(host, host, 0);
}

struct Choice {
  Value listener{};
  std::string address{};
  std::string why{};
  bool is_sure = true;
};

/// The listener of an address of its own; of a host whose address is not known that which sends to
/// it.
Choice own_listener(const std::vector<Value>& listeners, const RouteRequest& request,
                    std::string_view name_space) {
  Choice out{.address = request.address};
  if (out.address.empty() && is_address(request.host)) out.address = request.host;
  auto best = Claim::none;
  for (const auto& one : listeners) {
    if (!listens_at(one, request.at_port()) || listens_at_any(one)) continue;
    const auto own = listens_at(one, out.address) ? Claim::sure : Claim::none;
    const auto claim = out.address.empty() ? claim_of(one, request.host, name_space) : own;
    if (claim <= best) continue;
    best = claim;
    if (claim > Claim::unclear) out.listener = one;
  }
  out.is_sure = best == Claim::none || best == Claim::sure;
  if (!out.listener.is_there()) return out;
  out.why =
      out.address.empty() ? "it sends to " + request.host : "the address and the port are its own";
  if (best == Claim::sure) out.address = address_of(out.listener["address"]).host;
  return out;
}

/// As Envoy: the address itself, then any, then what takes all that was redirected.
Choice listener_for(const std::vector<Value>& listeners, const RouteRequest& request,
                    std::string_view name_space) {
  const auto port = request.at_port();
  auto out = own_listener(listeners, request, name_space);
  for (const auto& one : listeners) {
    if (out.listener.is_there()) break;
    if (!listens_at(one, port) || !listens_at_any(one)) continue;
    out.listener = one;
    out.why = "it takes what goes to port " + std::to_string(port);
  }
  for (const auto& one : listeners) {
    if (out.listener.is_there()) break;
    if (!one["use_original_dst"].is_true()) continue;
    out.listener = one;
    out.why = "no listener is for port " + std::to_string(port) + " of " + request.host +
              ", so what was redirected stays here";
  }
  return out;
}

Connection connection_of(const Value& listener, const RouteRequest& request,
                         const std::string& address) {
  using Sort = RouteRequest::Sort;
  Connection out{.address = address, .port = request.at_port()};
  if (request.is_tls() && has_filter(listener, "tls_inspector")) {
    out.transport = "tls";
    out.server_name = request.server_name;
    if (request.sort == Sort::https) out.protocols = {"h2", "http/1.1"};
  }
  if (request.sort == Sort::http && has_filter(listener, "http_inspector"))
    out.protocols = {request.version};
  return out;
}

/// Filters of a chain that neither refuse nor lead elsewhere.
bool is_harmless(std::string_view name) {
  constexpr std::array<std::string_view, 8> kKnown{"istio.metadata_exchange",
                                                   "envoy.filters.network.metadata_exchange",
                                                   "istio.stats",
                                                   "envoy.filters.network.sni_cluster",
                                                   "envoy.filters.network.tcp_cluster_rewrite",
                                                   "istio_authn",
                                                   "istio.connect_authority",
                                                   "envoy.filters.network.set_filter_state"};
  return std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
}

void tell_listener(const Choice& choice, const RouteRequest& request, RouteAnswer& answer) {
  RouteStep taken{.kind = "listener",
                  .result = std::string(choice.listener["name"].text()),
                  .notes = {choice.why},
                  .origin = origin_of(choice.listener),
                  .decided = choice.is_sure};
  if (!choice.is_sure) {
    answer.is_decided = false;
    taken.notes.push_back("the address of " + request.host +
                          " is not known here, and others listen at the port; --resolve tells it");
  }
  answer.steps.push_back(std::move(taken));
}

void end(RouteAnswer& answer, std::string why) {
  answer.end = {.sort = RouteEnd::Sort::refused, .why = std::move(why)};
}

/// What the chain does with TLS; false when the client speaks otherwise.
bool speaks_alike(const Value& chain, const RouteRequest& request, RouteStep& step) {
  const auto socket = chain["transport_socket"];
  const bool ends_tls = socket["name"].text().ends_with(".tls");
  if (ends_tls) {
    const auto context = socket["typed_config"];
    std::string note = "TLS ends here";
    for (const auto one :
         context["common_tls_context"]["tls_certificate_sds_secret_configs"].items())
      note += ", with the certificate " + std::string(one["name"].text());
    if (context["require_client_certificate"].is_true())
      note += ", and the client must show a certificate";
    step.notes.push_back(note);
  }
  return ends_tls == request.is_tls();
}

/// Finds what the filters of a chain come to.
void walk_filters(const Value& chain, const RouteRequest& request, ListenerChoice& out,
                  RouteAnswer& answer) {
  bool by_name = false;
  for (const auto filter : chain["filters"].items()) {
    const auto name = filter["name"].text();
    if (name.ends_with(kHttp)) {
      out.manager = filter["typed_config"];
      return;
    }
    if (name.ends_with("sni_cluster")) by_name = true;
    if (name == kTcp) {
      out.tcp = filter["typed_config"];
      if (by_name) out.cluster = request.server_name;
      return;
    }
    if (is_harmless(name)) continue;
    answer.steps.push_back({.kind = "filter",
                            .result = std::string(name),
                            .notes = {"it may close the connection, which a dump cannot tell"},
                            .decided = false});
  }
  end(answer, "the chain neither reads HTTP nor passes anything on");
}

}  // namespace

bool may_take(const Value& listener, std::int64_t port) {
  if (listener["traffic_direction"].text() == "INBOUND") return false;
  return listener["use_original_dst"].is_true() || listens_at(listener, port);
}

std::optional<std::int64_t> port_for_requests(const Value& listener) {
  const auto port = address_of(listener["address"]).port;
  if (port == 0 || listener["traffic_direction"].text() == "INBOUND") return std::nullopt;
  return port;
}

bool stands_for(std::string_view name, std::string_view host, std::string_view name_space) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name == host) return true;
  if (!host.starts_with(name) || host.size() <= name.size() || host[name.size()] != '.')
    return false;
  const auto rest = host.substr(name.size() + 1);
  if (name.ends_with(".svc")) return true;
  const auto dot = rest.find('.');
  if (dot == std::string_view::npos) return false;
  if (name.find('.') != std::string_view::npos) return rest.substr(0, dot) == "svc";
  return rest.substr(dot + 1).starts_with("svc.") &&
         (name_space.empty() || rest.substr(0, dot) == name_space);
}

ListenerChoice choose_listener(const std::vector<Value>& listeners, const RouteRequest& request,
                               std::string_view name_space, RouteAnswer& answer) {
  auto choice = listener_for(listeners, request, name_space);
  ListenerChoice out{.address = choice.address};
  const auto& listener = choice.listener;
  if (!listener.is_there()) {
    end(answer, "nothing listens at port " + std::to_string(request.at_port()));
    answer.steps.push_back({.kind = "listener", .result = "none", .notes = {answer.end.why}});
    return out;
  }
  tell_listener(choice, request, answer);
  const auto chosen = choose_chain(listener, connection_of(listener, request, choice.address));
  RouteStep step{.kind = "filter chain", .result = "none"};
  if (!chosen.undecided.empty()) {
    step.notes.push_back(chosen.undecided);
    step.decided = answer.is_decided = false;
  }
  if (!chosen.chain.is_there()) {
    end(answer, "no chain of filters takes such a connection");
    step.notes.push_back(answer.end.why);
    answer.steps.push_back(std::move(step));
    return out;
  }
  const auto row = filter_chain(chosen.chain);
  step.result = row.name.empty() ? row.match : row.name + " (" + row.match + ')';
  if (chosen.is_default)
    step.notes.emplace_back("the default: no other chain takes such a connection");
  step.origin = origin_of(chosen.chain);
  const bool alike = speaks_alike(chosen.chain, request, step);
  answer.steps.push_back(std::move(step));
  walk_filters(chosen.chain, request, out, answer);
  const bool ends_tls = chosen.chain["transport_socket"]["name"].text().ends_with(".tls");
  if ((ends_tls && !alike) || (out.manager.is_there() && !alike)) {
    end(answer, ends_tls ? "TLS is expected, and the request has none"
                         : "HTTP is expected, and the request has TLS");
    out.manager = out.tcp = {};
  } else if (out.manager.is_there() && !request.is_http()) {
    end(answer, "HTTP is expected, and the request is none");
    out.manager = {};
  }
  return out;
}

}  // namespace aksmesh::envoy
