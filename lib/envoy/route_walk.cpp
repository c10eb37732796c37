// SPDX-License-Identifier: Apache-2.0
#include "envoy/route_walk.hpp"

#include <array>
#include <deque>

#include "base/strings.hpp"
#include "envoy/chain_match.hpp"
#include "envoy/host_match.hpp"
#include "envoy/name_regex.hpp"
#include "envoy/origin.hpp"
#include "envoy/route.hpp"
#include "envoy/route_action.hpp"
#include "envoy/route_choice.hpp"

namespace aksmesh::envoy {
namespace {

constexpr std::array<std::string_view, 3> kFirst{"static_listeners", "dynamic_listeners",
                                                 "bootstrap"};

std::string_view text_at(const Value& value, std::string_view member) {
  return value[member].text();
}

/// The address that a virtual host has among its domains, as istiod writes that of its service.
std::string address_in(const Value& host) {
  for (const auto domain : host["domains"].items())
    if (is_in_range(domain.text(), domain.text(), 0)) return std::string(domain.text());
  return {};
}

}  // namespace

struct RouteWalk::Parsers {
  std::deque<simdjson::dom::parser> all{};
};

RouteWalk::RouteWalk(RouteRequest request, std::string name_space)
    : request_(std::move(request)),
      name_space_(std::move(name_space)),
      parsers_(std::make_unique<Parsers>()) {}

RouteWalk::~RouteWalk() = default;

std::span<const std::string_view> RouteWalk::wanted() const {
  switch (stage_) {
    case Stage::listeners: return kFirst;
    case Stage::routes: return kRouteLists;
    case Stage::clusters: return kEndpointLists;
    case Stage::over: break;
  }
  return {};
}

std::string RouteWalk::names() const {
  return stage_ == Stage::routes ? quoted_name(routes_) : std::string();
}

void RouteWalk::take(const DumpEntry& entry) {
  if (stage_ == Stage::clusters) return upstreams_.take(entry);
  if (stage_ == Stage::routes) return take_routes(entry);
  if (stage_ != Stage::listeners) return;
  if (entry.list == "bootstrap") return add_bootstrap(entry, bootstrap_);
  const auto active = entry.value["active_state"];
  const auto listener = (active.is_there() ? active : entry.value)["listener"];
  if (!listener.is_there()) return;
  if (const auto port = port_for_requests(listener)) ports_.insert(*port);
  if (may_take(listener, request_.at_port())) kept_.push_back({listener.json(), entry.section});
}

void RouteWalk::take_routes(const DumpEntry& entry) {
  const auto routes = entry.value["route_config"];
  if (text_at(routes, "name") == routes_) kept_.push_back({routes.json(), entry.section});
}

void RouteWalk::next(const DumpFacts& facts) {
  switch (stage_) {
    case Stage::listeners: walk_listeners(facts); break;
    case Stage::routes: walk_route_configuration(facts); break;
    case Stage::clusters:
      upstreams_.finish(facts, address_, request_, answer_);
      stage_ = Stage::over;
      break;
    case Stage::over: break;
  }
}

std::vector<Value> RouteWalk::parsed(const DumpFacts& facts) {
  std::vector<Value> out;
  for (const auto& one : kept_) {
    if (facts.is_replaced(one.section)) continue;
    simdjson::dom::element element;
    if (parsers_->all.emplace_back().parse(one.text).get(element) == simdjson::SUCCESS)
      out.emplace_back(element);
  }
  kept_.clear();
  return out;
}

void RouteWalk::walk_listeners(const DumpFacts& facts) {
  if (name_space_.empty() && bootstrap_) name_space_ = bootstrap_->name_space;
  stage_ = Stage::over;
  const auto choice = choose_listener(parsed(facts), request_, name_space_, answer_);
  address_ = choice.address;
  if (answer_.steps.size() == 1 && answer_.end.sort == RouteEnd::Sort::refused) note_ports();
  if (choice.manager.is_there()) return walk_manager_of(choice);
  if (choice.tcp.is_there()) walk_tcp(choice);
}

void RouteWalk::note_ports() {
  constexpr std::size_t kMost = 20;
  if (ports_.empty() || ports_.size() > kMost) return;
  std::vector<std::string> all;
  for (const auto port : ports_) all.push_back(std::to_string(port));
  answer_.steps.front().notes.push_back("it listens at " + join(all, ", ") +
                                        "; --listener-port names one");
}

void RouteWalk::walk_manager_of(const ListenerChoice& choice) {
  request_ = walk_manager(choice.manager, std::move(request_), answer_);
  if (const auto routes = choice.manager["route_config"]; routes.is_there()) {
    answer_.steps.push_back(
        {.kind = "route configuration", .result = "that of the listener itself"});
    walk_routes(routes, request_, answer_);
    return to_clusters();
  }
  routes_ = text_at(choice.manager["rds"], "route_config_name");
  stage_ = Stage::routes;
}

void RouteWalk::walk_route_configuration(const DumpFacts& facts) {
  stage_ = Stage::over;
  const auto found = parsed(facts);
  RouteStep step{.kind = "route configuration", .result = routes_};
  if (found.empty() && !facts.has(kRouteSection)) {
    answer_.end = {.why = "the route configurations of the proxy could not be looked at"};
    step.notes.push_back(answer_.end.why);
    step.decided = answer_.is_decided = false;
    answer_.steps.push_back(std::move(step));
    return;
  }
  if (found.empty()) {
    step.notes.emplace_back("the proxy has none of this name, and answers 404");
    answer_.end = {.sort = RouteEnd::Sort::answered,
                   .status = 404,
                   .why = "the route configuration is missing"};
    answer_.steps.push_back(std::move(step));
    return;
  }
  step.origin = origin_of(found.back());
  answer_.steps.push_back(std::move(step));
  if (const auto host = choose_host(found.back(), request_.authority); host && address_.empty())
    address_ = address_in(host->host);
  walk_routes(found.back(), request_, answer_);
  to_clusters();
}

void RouteWalk::walk_tcp(const ListenerChoice& choice) {
  answer_.targets = targets_of(choice.tcp, request_);
  if (!choice.cluster.empty()) answer_.targets = {{.cluster = choice.cluster}};
  RouteStep step{.kind = "tcp", .result = "passed on as bytes", .origin = origin_of(choice.tcp)};
  if (request_.is_http() && !request_.is_tls())
    step.notes.emplace_back("nothing of HTTP is looked at, neither hosts nor paths");
  if (request_.is_tls()) step.notes.emplace_back("TLS of the application is not opened");
  answer_.steps.push_back(std::move(step));
  answer_.end = {.sort = RouteEnd::Sort::forwarded};
  if (answer_.targets.empty())
    answer_.end = {.sort = RouteEnd::Sort::unknown, .why = "the chain names no cluster"};
  const bool black_hole =
      answer_.targets.size() == 1 && answer_.targets.front().cluster == "BlackHoleCluster";
  if (black_hole)
    answer_.end = {.sort = RouteEnd::Sort::refused, .why = "the proxy closes such connections"};
  to_clusters();
}

void RouteWalk::to_clusters() {
  upstreams_.want(answer_.targets);
  stage_ = upstreams_.wants_any() ? Stage::clusters : Stage::over;
}

}  // namespace aksmesh::envoy
