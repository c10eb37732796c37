// SPDX-License-Identifier: Apache-2.0
#include "envoy/route_action.hpp"

#include <array>

#include "base/strings.hpp"
#include "envoy/host_match.hpp"
#include "envoy/origin.hpp"
#include "envoy/request_match.hpp"

namespace aksmesh::envoy {
namespace {

constexpr const char* kFault = "envoy.filters.http.fault";
constexpr const char* kCors = "envoy.filters.http.cors";

std::string text_of(const Value& value) {
  return std::string(value.text());
}

/// A number as Envoy writes it for people, or the text of a duration.
std::string number_text(const Value& value) {
  return value.text().empty() ? value.json() : text_of(value);
}

int status_of_redirect(const Value& redirect) {
  constexpr std::array<std::pair<std::string_view, int>, 5> kStatus{{{"MOVED_PERMANENTLY", 301},
                                                                     {"FOUND", 302},
                                                                     {"SEE_OTHER", 303},
                                                                     {"TEMPORARY_REDIRECT", 307},
                                                                     {"PERMANENT_REDIRECT", 308}}};
  for (const auto& [word, status] : kStatus)
    if (redirect["response_code"].text() == word) return status;
  return 301;
}

int status_without_cluster(const Value& action) {
  const auto word = action["cluster_not_found_response_code"].text();
  return word == "NOT_FOUND" ? 404 : word == "INTERNAL_SERVER_ERROR" ? 500 : 503;
}

/// A path with the part that a route has matched replaced; nothing where the route does not do it
/// in a way that is known here.
std::optional<std::string> rewritten(const Value& action, const Value& match,
                                     const RouteRequest& request) {
  const auto query = request.path.substr(request.bare_path().size());
  const auto path = std::string(request.bare_path());
  if (action["regex_rewrite"].is_there()) return std::nullopt;
  const auto prefix = action["prefix_rewrite"];
  if (prefix.text().empty()) return request.path;
  std::size_t taken = path.size();
  for (const char* member : {"prefix", "path_separated_prefix"})
    if (match[member].is_there()) taken = match[member].text().size();
  return text_of(prefix) + path.substr(std::min(taken, path.size())) + query;
}

/// A filter as it is set for this route; nothing when it does nothing here.
Value filter_of(const Value& route, const std::vector<Value>& around, const char* filter) {
  const auto own = route["typed_per_filter_config"][filter];
  if (own.is_there()) return own;
  for (const auto& one : around)
    if (const auto outer = one["typed_per_filter_config"][filter]; outer.is_there()) return outer;
  return {};
}

/// What a percentage comes to: nothing when it never happens.
std::string chance_text(const Value& percentage) {
  const auto percent = percent_of(percentage);
  return percent <= 0 ? "" : percent >= 100 ? "always" : "for " + percent_text(percent);
}

/// True when the proxy answers every such request itself.
bool walk_fault(const Value& fault, const RouteRequest& request, RouteAnswer& answer) {
  if (!fault.is_there()) return false;
  RouteStep step{.kind = "fault"};
  for (const auto header : fault["headers"].items()) {
    const auto result = header_matches(header, request);
    if (result.match == Match::no) return false;
    if (result.match == Match::undecided) step.decided = false;
  }
  const auto delay = fault["delay"];
  const auto abort = fault["abort"];
  if (const auto when = chance_text(delay["percentage"]); !when.empty())
    step.notes.push_back(when + " a delay of " + text_of(delay["fixed_delay"]));
  const auto when = chance_text(abort["percentage"]);
  const auto status = abort["http_status"].number();
  if (!when.empty())
    step.notes.push_back(
        when + " the answer " +
        (status ? std::to_string(*status) : "gRPC status " + abort["grpc_status"].json()));
  if (step.notes.empty()) return false;
  const bool ends = when == "always" && step.decided;
  step.result = ends ? "the proxy answers itself" : "the request goes on";
  if (!when.empty() && !ends) step.decided = answer.is_decided = false;
  answer.steps.push_back(std::move(step));
  if (ends)
    answer.end = {.sort = RouteEnd::Sort::answered,
                  .status = static_cast<int>(status.value_or(200)),
                  .why = "a fault is injected"};
  return ends;
}

/// What a route, or one of its clusters, does with headers.
void note_headers(const Value& holder, const std::string& where, RouteStep& step) {
  for (const char* member : {"request_headers_to_add", "response_headers_to_add"})
    for (const auto one : holder[member].items())
      step.notes.push_back((member[2] == 'q' ? "header " : "header of the answer ") +
                           text_of(one["header"]["key"]) + ": " + text_of(one["header"]["value"]) +
                           where);
  for (const auto one : holder["request_headers_to_remove"].items())
    step.notes.push_back("without the header " + text_of(one) + where);
  for (const auto one : holder["response_headers_to_remove"].items())
    step.notes.push_back("the answer without the header " + text_of(one) + where);
}

void note_rewrites(const Value& route, const RouteRequest& request, RouteAnswer& answer) {
  const auto action = route["route"];
  RouteStep step{.kind = "rewrite"};
  const auto path = rewritten(action, route["match"], request);
  if (!path) {
    const auto& rewrite = action["regex_rewrite"];
    step.notes.push_back("the path by the expression " + text_of(rewrite["pattern"]["regex"]) +
                         ", to " + text_of(rewrite["substitution"]));
  } else if (*path != request.path) {
    step.notes.push_back("the path becomes " + *path);
  }
  if (const auto host = text_of(action["host_rewrite_literal"]); !host.empty())
    step.notes.push_back("the host becomes " + host);
  if (action["auto_host_rewrite"].is_true())
    step.notes.emplace_back("the host becomes the name of the endpoint");
  if (const auto name = text_of(action["host_rewrite_header"]); !name.empty())
    step.notes.push_back("the host becomes what the header " + name + " says");
  if (const auto regex = action["host_rewrite_path_regex"]; regex.is_there())
    step.notes.push_back("the host is made of the path by the expression " +
                         text_of(regex["pattern"]["regex"]) + ", to " +
                         text_of(regex["substitution"]));
  if (action["path_rewrite_policy"].is_there())
    step.notes.push_back("the path by " + text_of(action["path_rewrite_policy"]["name"]));
  note_headers(route, {}, step);
  for (const auto one : action["weighted_clusters"]["clusters"].items()) {
    const auto where = ", for " + text_of(one["name"]);
    if (const auto host = text_of(one["host_rewrite_literal"]); !host.empty())
      step.notes.push_back("the host becomes " + host + where);
    note_headers(one, where, step);
  }
  if (step.notes.empty()) return;
  step.result = step.notes.front();
  step.notes.erase(step.notes.begin());
  answer.steps.push_back(std::move(step));
}

void note_limits(const Value& action, const std::vector<Value>& around, RouteAnswer& answer) {
  const auto timeout = text_of(action["timeout"]);
  answer.steps.push_back({.kind = "timeout",
                          .result = timeout.empty()   ? "15s, Envoy's default"
                                    : timeout == "0s" ? "none"
                                                      : timeout});
  auto retry = action["retry_policy"];
  for (const auto& one : around)
    if (!retry.is_there()) retry = one["retry_policy"];
  if (!retry.is_there()) return;
  RouteStep step{.kind = "retries"};
  const auto count = retry["num_retries"].number().value_or(1);
  step.result = count == 0 ? "none" : plural(static_cast<std::size_t>(count), "retry", "retries");
  if (const auto causes = text_of(retry["retry_on"]); count > 0 && !causes.empty())
    step.notes.push_back("on " + causes);
  if (const auto each = retry["per_try_timeout"]; each.is_there())
    step.notes.push_back("each try has " + number_text(each));
  answer.steps.push_back(std::move(step));
}

void note_mirrors(const Value& action, RouteAnswer& answer) {
  for (const auto mirror : action["request_mirror_policies"].items()) {
    const auto fraction = mirror["runtime_fraction"]["default_value"];
    const auto percent = fraction.is_there() ? percent_of(fraction) : 100;
    if (percent <= 0) continue;
    answer.steps.push_back({.kind = "mirror",
                            .result = text_of(mirror["cluster"]),
                            .notes = {"a copy of " + percent_text(percent) +
                                      " of the requests, whose answers count for nothing"}});
  }
}

/// The host of a redirect with its port.
std::string authority_of(const Value& redirect, const RouteRequest& request, bool changes_scheme,
                         bool to_https) {
  const auto number = redirect["port_redirect"].number().value_or(0);
  const auto port = number == 0 ? std::string() : ':' + std::to_string(number);
  if (const auto host = redirect["host_redirect"].text(); !host.empty())
    return std::string(host) + port;
  const std::string_view authority = request.authority;
  const auto host = without_port(authority);
  const auto own = authority.substr(host.size());
  // The usual port of the old scheme would be wrong for the new one.
  const bool is_old = changes_scheme && own == (to_https ? ":80" : ":443");
  return number != 0 || is_old ? std::string(host) + port : std::string(authority);
}

}  // namespace

std::string redirect_location(const Value& route, const RouteRequest& request) {
  const auto redirect = route["redirect"];
  const std::string scheme = request.sort == RouteRequest::Sort::https ? "https" : "http";
  auto new_scheme = redirect["https_redirect"].is_true() ? std::string("https")
                                                         : text_of(redirect["scheme_redirect"]);
  if (new_scheme.empty()) new_scheme = scheme;
  const auto host = authority_of(redirect, request, new_scheme != scheme, new_scheme == "https");
  std::string path = request.path;
  const auto query = request.path.substr(request.bare_path().size());
  const auto whole = text_of(redirect["path_redirect"]);
  // The query of the redirect itself takes the place of the other, and is never left out.
  if (whole.find('?') != std::string::npos) return new_scheme + "://" + host + whole;
  if (!whole.empty())
    path = whole + query;
  else if (const auto changed = rewritten(redirect, route["match"], request))
    path = *changed;
  else
    path = "...";
  if (redirect["strip_query"].is_true()) path.erase(std::min(path.find('?'), path.size()));
  return new_scheme + "://" + host + path;
}

std::vector<RouteTarget> targets_of(const Value& action, const RouteRequest& request) {
  std::vector<RouteTarget> out;
  if (const auto name = action["cluster"]; !name.text().empty()) {
    out.push_back({.cluster = text_of(name)});
  } else if (const auto header = action["cluster_header"]; header.is_there()) {
    out.push_back({.cluster = request.header(header.text()).value_or("")});
  }
  double total = 0;
  for (const auto one : action["weighted_clusters"]["clusters"].items())
    total += static_cast<double>(one["weight"].number().value_or(0));
  for (const auto one : action["weighted_clusters"]["clusters"].items()) {
    const auto weight = static_cast<double>(one["weight"].number().value_or(0));
    if (weight > 0) out.push_back({.cluster = text_of(one["name"]), .share = 100 * weight / total});
  }
  return out;
}

namespace {

/// True when the proxy answers a preflight request of CORS itself, which never gets further.
bool walk_preflight(const Value& policy, const RouteRequest& request, RouteAnswer& answer) {
  const auto origin = request.header("origin");
  if (!policy.is_there() || !origin || request.method != "OPTIONS" ||
      !request.header("access-control-request-method"))
    return false;
  auto allowed = Match::no;
  for (const auto one : policy["allow_origin_string_match"].items())
    if (const auto match = string_matches(one, *origin);
        allowed != Match::yes && match != Match::no)
      allowed = match;
  const auto forwards = policy["forward_not_matching_preflights"];
  const bool stays = forwards.is_there() && !forwards.is_true();
  if (allowed == Match::no && !stays) return false;
  RouteStep step{.kind = "cors", .result = "the proxy answers itself"};
  step.notes.push_back("a preflight request, whose origin is " +
                       std::string(allowed == Match::yes ? "allowed" : "not allowed"));
  if (allowed == Match::undecided && !stays) {
    step.result = "the proxy may answer itself";
    step.notes = {"a preflight request; whether its origin is allowed is not known here"};
    step.decided = answer.is_decided = false;
    answer.steps.push_back(std::move(step));
    return false;
  }
  answer.steps.push_back(std::move(step));
  answer.end = {.sort = RouteEnd::Sort::answered,
                .status = 200,
                .why = "a preflight request of CORS goes no further"};
  return true;
}

}  // namespace

void walk_action(const Value& route, const std::vector<Value>& around, const RouteRequest& request,
                 RouteAnswer& answer) {
  using Sort = RouteEnd::Sort;
  if (walk_fault(filter_of(route, around, kFault), request, answer)) return;
  if (walk_preflight(filter_of(route, around, kCors), request, answer)) return;
  if (const auto redirect = route["redirect"]; redirect.is_there()) {
    answer.end = {.sort = Sort::answered,
                  .status = status_of_redirect(redirect),
                  .location = redirect_location(route, request),
                  .why = "the route redirects"};
    answer.steps.push_back(
        {.kind = "redirect",
         .result = std::to_string(answer.end.status) + " to " + answer.end.location});
    return;
  }
  if (const auto direct = route["direct_response"]; direct.is_there()) {
    answer.end = {.sort = Sort::answered,
                  .status = static_cast<int>(direct["status"].number().value_or(0)),
                  .why = "the route answers by itself"};
    answer.steps.push_back(
        {.kind = "direct response", .result = std::to_string(answer.end.status)});
    return;
  }
  const auto action = route["route"];
  note_rewrites(route, request, answer);
  note_limits(action, around, answer);
  note_mirrors(action, answer);
  answer.targets = targets_of(action, request);
  for (auto& one : answer.targets) one.status_without = status_without_cluster(action);
  if (!answer.targets.empty()) {
    answer.end = {.sort = Sort::forwarded};
    return;
  }
  answer.is_decided = false;
  answer.end = {.sort = Sort::unknown, .why = "the route chooses its cluster while it runs"};
}

}  // namespace aksmesh::envoy
