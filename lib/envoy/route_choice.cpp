// SPDX-License-Identifier: Apache-2.0
#include "envoy/route_choice.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "envoy/host_match.hpp"
#include "envoy/origin.hpp"
#include "envoy/request_match.hpp"
#include "envoy/route_action.hpp"
#include "envoy/route_match.hpp"

namespace aksmesh::envoy {
namespace {

constexpr std::size_t kNamed = 5;  // routes that were passed; the others are counted

/// Filters that neither answer nor change where a request goes, or are followed here.
bool is_harmless(std::string_view name) {
  constexpr std::array<std::string_view, 16> kKnown{"router",
                                                    "fault",
                                                    "cors",
                                                    "grpc_stats",
                                                    "grpc_web",
                                                    "istio.alpn",
                                                    "istio.stats",
                                                    "istio.metadata_exchange",
                                                    "peer_metadata",
                                                    "istio_authn",
                                                    "stats",
                                                    "alpn",
                                                    "compressor",
                                                    "header_mutation",
                                                    "set_filter_state",
                                                    "tcp_stats"};
  const auto last = name.substr(
      name.rfind("filters.http.") == std::string_view::npos ? 0 : name.rfind("filters.http.") + 13);
  return std::find(kKnown.begin(), kKnown.end(), last) != kKnown.end();
}

std::string title_of(const Value& route) {
  const auto name = std::string(route["name"].text());
  auto match = match_text(route["match"]);
  const auto conditions = conditions_text(route["match"]);
  if (!match.empty() && !conditions.empty()) match += ", ";
  return (name.empty() ? "" : name + ": ") + match + conditions;
}

std::string host_for_routes(const Value& manager, const RouteRequest& request) {
  std::string_view out = request.authority;
  const bool own = out.ends_with(':' + std::to_string(request.at_port()));
  if (manager["strip_any_host_port"].is_true() ||
      (manager["strip_matching_host_port"].is_true() && own))
    out = without_port(out);
  if (manager["strip_trailing_host_dot"].is_true() && out.ends_with('.')) out.remove_suffix(1);
  return std::string(out);
}

void answer_404(RouteAnswer& answer, std::string why) {
  answer.end = {.sort = RouteEnd::Sort::answered, .status = 404, .why = std::move(why)};
}

/// The first route that takes the request. Of those before it tells why not; one that only a
/// running proxy can decide leaves the answer undecided.
Value choose_route(const Value& host, const RouteRequest& request, RouteAnswer& answer,
                   RouteStep& step) {
  std::size_t passed = 0;
  for (const auto route : host["routes"].items()) {
    const auto result = route_matches(route["match"], request);
    if (result.match == Match::yes) {
      if (passed > kNamed)
        step.notes.push_back("and not " + std::to_string(passed - kNamed) + " more");
      step.notes.insert(step.notes.begin(), "it takes " + result.why);
      return route;
    }
    if (result.match == Match::undecided) {
      answer.is_decided = step.decided = false;
      step.notes.push_back("perhaps " + title_of(route) + ": " + result.why);
    } else if (++passed <= kNamed) {
      step.notes.push_back("not " + title_of(route) + ": " + result.why);
    }
  }
  return {};
}

bool wants_tls(const Value& host, const RouteRequest& request) {
  const auto wanted = host["require_tls"].text();
  return request.sort == RouteRequest::Sort::http && (wanted == "ALL" || wanted == "EXTERNAL_ONLY");
}

void redirect_to_tls(const RouteRequest& request, RouteAnswer& answer) {
  answer.end = {.sort = RouteEnd::Sort::answered,
                .status = 301,
                .location = "https://" + request.authority + request.path,
                .why = "the virtual host wants TLS"};
  answer.steps.push_back({.kind = "redirect", .result = "301 to " + answer.end.location});
}

}  // namespace

RouteRequest walk_manager(const Value& manager, RouteRequest request, RouteAnswer& answer) {
  RouteStep step{.kind = "http", .result = "read as HTTP"};
  const auto before = request.path;
  const auto escapes = manager["path_with_escaped_slashes_action"].text();
  const auto plain = with_unescaped_slashes(request.path);
  if (escapes == "UNESCAPE_AND_FORWARD") {
    request.path = plain;
  } else if (plain != request.path && !escapes.empty() && escapes != "KEEP_UNCHANGED" &&
             escapes != "IMPLEMENTATION_SPECIFIC_DEFAULT") {
    step.notes.push_back("a path with escaped slashes is refused or redirected: " +
                         std::string(escapes));
    step.decided = answer.is_decided = false;
  }
  if (manager["normalize_path"].is_true()) request.path = normalized_path(request.path);
  if (manager["merge_slashes"].is_true()) request.path = with_merged_slashes(request.path);
  if (request.path != before) step.notes.push_back("the path becomes " + request.path);
  request.authority = host_for_routes(manager, request);
  answer.steps.push_back(std::move(step));
  for (const auto filter : manager["http_filters"].items()) {
    const auto name = filter["name"].text();
    if (is_harmless(name) || filter["disabled"].is_true()) continue;
    answer.steps.push_back(
        {.kind = "filter",
         .result = std::string(name),
         .notes = {"it may answer or change the request, which a dump cannot tell"},
         .decided = false});
  }
  return request;
}

void walk_routes(const Value& routes, const RouteRequest& request, RouteAnswer& answer) {
  const auto choice = choose_host(routes, request.authority);
  if (!choice) {
    answer_404(answer, "no virtual host is for " + request.authority);
    answer.steps.push_back({.kind = "virtual host", .result = "none", .notes = {answer.end.why}});
    return;
  }
  answer.steps.push_back({.kind = "virtual host",
                          .result = std::string(choice->host["name"].text()),
                          .notes = {request.authority + " is in its domain " + choice->domain},
                          .origin = origin_of(choice->host)});
  if (wants_tls(choice->host, request)) return redirect_to_tls(request, answer);
  RouteStep step{.kind = "route", .result = "none"};
  const auto route = choose_route(choice->host, request, answer, step);
  if (!route.is_there()) {
    answer_404(answer, "no route takes the request");
    answer.steps.push_back(std::move(step));
    return;
  }
  step.origin = origin_of(route);
  const auto name = route["name"].text();
  step.result = name.empty() ? match_text(route["match"]) : std::string(name);
  answer.steps.push_back(std::move(step));
  walk_action(route, {choice->host, routes}, request, answer);
}

}  // namespace aksmesh::envoy
