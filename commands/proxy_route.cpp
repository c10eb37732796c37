// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "envoy/chain_match.hpp"
#include "envoy/request_match.hpp"
#include "envoy/route_walk.hpp"
#include "proxy_config_outcome.hpp"
#include "proxy_source.hpp"
#include "report/style.hpp"

namespace aksmesh::commands {
namespace {

using envoy::RouteAnswer;
using envoy::RouteEnd;
using envoy::RouteRequest;
using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> words{};
  ProxyOptions proxy{};
  std::string method{};
  std::vector<std::string> headers{};
  std::string address{};
  std::string server_name{};
  std::string listener_port{};
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.words, "[[TYPE/]POD[.NAMESPACE]] URL")
      .once()
      .help("The pod that sends the request, or a gateway; then where it goes");
  set.value("--method", o.method, "METHOD").preset("GET").help("The method of the request");
  set.values("--header", o.headers, "NAME=VALUE").help("A header of the request");
  set.value("--resolve", o.address, "ADDRESS").help("The IP address that the host stands for");
  set.value("--sni", o.server_name, "NAME")
      .preset("the host")
      .help("The name of the server that TLS tells");
  set.value("--listener-port", o.listener_port, "PORT")
      .preset("that of the URL")
      .help("Where the proxy takes the request");
  declare_proxy_search(set, o.proxy);
}

/// `NAME=VALUE`, or `NAME: VALUE` as curl has it.
Status add_header(const std::string& typed, RouteRequest& out) {
  const auto sign = typed.find_first_of("=:", typed.starts_with(':') ? 1 : 0);
  if (sign == std::string::npos || sign == 0)
    return Error{.kind = ErrorKind::usage,
                 .what = "--header does not take '" + typed + '\'',
                 .why = "a header is NAME=VALUE"};
  const auto name = to_lower(trim(std::string_view(typed).substr(0, sign)));
  const auto value = std::string(trim(std::string_view(typed).substr(sign + 1)));
  if (name == "host" || name == ":authority")
    out.authority = value;
  else
    out.headers.emplace_back(name, value);
  return Done{};
}

Status add_port(const std::string& typed, RouteRequest& out) {
  if (typed.empty()) return Done{};
  const bool number =
      typed.size() < 6 && typed.find_first_not_of("0123456789") == std::string::npos;
  if (number) out.listener_port = std::stoi(typed);
  if (out.listener_port > 0 && out.listener_port < 65536) return Done{};
  return Error{.kind = ErrorKind::usage,
               .what = "--listener-port does not take '" + typed + '\'',
               .why = "a port is a number from 1 to 65535"};
}

Result<RouteRequest> request_of(const Options& o, const std::string& url) {
  AK_TRY(auto out, envoy::parse_request_url(url));
  if (!o.method.empty()) out.method = o.method;
  for (const auto& one : o.headers) AK_CHECK(add_header(one, out));
  AK_CHECK(add_port(o.listener_port, out));
  if (!o.address.empty() && !envoy::is_in_range(o.address, o.address, 0))
    return Error{.kind = ErrorKind::usage,
                 .what = "--resolve does not take '" + o.address + '\'',
                 .why = "it is no IP address"};
  out.address = o.address;
  if (!o.server_name.empty()) out.server_name = o.server_name;
  return out;
}

/// `VirtualService reviews.shop` of a path as istiod notes it.
std::string object_text(const std::string& origin) {
  const auto parts = split(std::string_view(origin), '/');
  constexpr std::size_t kParts = 8;  // an empty one first
  if (parts.size() != kParts) return origin;
  std::string kind;
  bool upper = true;
  for (const char c : parts[6]) {
    if (c != '-')
      kind += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = c == '-';
  }
  return kind + ' ' + std::string(parts[7]) + '.' + std::string(parts[5]);
}

std::string_view word_of(RouteEnd::Sort sort) {
  switch (sort) {
    case RouteEnd::Sort::forwarded: return "forwarded";
    case RouteEnd::Sort::answered: return "answered";
    case RouteEnd::Sort::refused: return "refused";
    case RouteEnd::Sort::unknown: break;
  }
  return "unknown";
}

class RouteOutcome final : public Outcome {
 public:
  RouteOutcome(std::string proxy, std::string url, RouteRequest request, RouteAnswer answer,
               std::vector<Error> lost)
      : proxy_(std::move(proxy)),
        url_(std::move(url)),
        request_(std::move(request)),
        answer_(std::move(answer)),
        lost_(std::move(lost)) {
    notes = notes_of(lost_, proxy_);
    if (!lost_.empty() || !answer_.is_decided) verdict = Verdict::could_not_look;
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    auto out = (request_.is_http() ? printable(request_.method) + ' ' : "") + printable(url_) +
               " through " + printable(proxy_) + "\n\n";
    for (const auto& step : answer_.steps) out += step_text(step, style);
    return out + '\n' + end_text(style);
  }

  [[nodiscard]] Json document() const override {
    Json out{{"schema", "aksmesh/proxy-route/v1"},
             {"proxy", to_valid_utf8(proxy_)},
             {"request", request_document()},
             {"decided", answer_.is_decided},
             {"end", end_document()},
             {"targets", Json::array()},
             {"steps", Json::array()},
             {"complete", lost_.empty()},
             {"unavailable", unavailable_of(lost_)}};
    if (answer_.end.sort == RouteEnd::Sort::forwarded)
      for (const auto& one : answer_.targets) out["targets"].push_back(target_document(one));
    for (const auto& step : answer_.steps) out["steps"].push_back(step_document(step));
    return out;
  }

 private:
  static constexpr std::size_t kWidth = 21;  // of the kinds of steps

  static std::string step_text(const envoy::RouteStep& step, const report::Style& style) {
    std::string out = step.kind + std::string(kWidth - std::min(kWidth, step.kind.size()), ' ');
    const std::string indent(kWidth, ' ');
    out += style.paint(report::Tone::name, printable(step.result));
    if (!step.decided)
      out += ' ' + style.paint(report::Tone::attention, std::string(style.unknown_mark()));
    out += '\n';
    if (!step.origin.empty()) out += indent + "by " + printable(object_text(step.origin)) + '\n';
    for (const auto& note : step.notes)
      out += indent + report::wrap(printable(note), style.width, indent) + '\n';
    return out;
  }

  static std::string used_text(const envoy::RouteTarget& target) {
    std::vector<std::string> out;
    for (const auto& one : target.endpoints)
      if (one.is_used) out.push_back(printable(one.address));
    if (!target.is_known.value_or(true)) return ": the proxy does not have it";
    return out.empty() ? "" : ": " + join(out, ", ");
  }

  [[nodiscard]] std::string end_text(const report::Style& style) const {
    const auto& end = answer_.end;
    const std::string perhaps = answer_.is_decided ? "" : "unless a marked step leads elsewhere, ";
    if (end.sort == RouteEnd::Sort::forwarded) {
      std::string out;
      for (const auto& one : answer_.targets) {
        const auto share = envoy::percent_text(one.share);
        out += perhaps + (one.share < 100 ? share + " goes to " : "it goes to ") +
               style.paint(report::Tone::done, printable(one.cluster)) + used_text(one) + '\n';
      }
      return out;
    }
    const auto why = end.why.empty() ? "" : ": " + printable(end.why);
    if (end.sort == RouteEnd::Sort::answered)
      return perhaps + "the proxy answers " +
             style.paint(report::Tone::attention, std::to_string(end.status)) +
             (end.location.empty() ? "" : " to " + printable(end.location)) + why + '\n';
    if (end.sort == RouteEnd::Sort::refused)
      return perhaps + style.paint(report::Tone::broken, "it is refused") + why + '\n';
    return style.paint(report::Tone::attention, "it cannot be told where it goes") + why + '\n';
  }

  [[nodiscard]] Json request_document() const {
    Json out{{"url", to_valid_utf8(url_)}};
    if (!request_.is_http()) return out;
    out["method"] = to_valid_utf8(request_.method);
    out["authority"] = to_valid_utf8(request_.authority);
    out["path"] = to_valid_utf8(request_.path);
    out["headers"] = Json::array();
    for (const auto& [name, value] : request_.headers)
      out["headers"].push_back({{"name", to_valid_utf8(name)}, {"value", to_valid_utf8(value)}});
    return out;
  }

  [[nodiscard]] Json end_document() const {
    const auto& end = answer_.end;
    Json out{{"kind", word_of(end.sort)}};
    if (end.status != 0) out["status"] = end.status;
    if (!end.location.empty()) out["location"] = to_valid_utf8(end.location);
    if (!end.why.empty()) out["why"] = to_valid_utf8(end.why);
    return out;
  }

  static void put(Json& out, const char* key, const std::string& text) {
    if (!text.empty()) out[key] = to_valid_utf8(text);
  }

  static Json target_document(const envoy::RouteTarget& target) {
    Json out{{"cluster", to_valid_utf8(target.cluster)}, {"sharePercent", target.share}};
    if (target.is_known) out["known"] = *target.is_known;
    put(out, "type", target.type);
    put(out, "tls", target.tls);
    put(out, "serverName", target.server_name);
    out["endpoints"] = Json::array();
    for (const auto& one : target.endpoints) {
      Json row{{"address", to_valid_utf8(one.address)}, {"used", one.is_used}};
      put(row, "health", one.health);
      put(row, "workload", one.workload);
      put(row, "locality", one.locality);
      row["priority"] = one.priority;
      row["weight"] = one.weight;
      out["endpoints"].push_back(std::move(row));
    }
    return out;
  }

  static Json step_document(const envoy::RouteStep& step) {
    Json out{{"kind", step.kind}, {"result", to_valid_utf8(step.result)}};
    out["notes"] = Json::array();
    for (const auto& note : step.notes) out["notes"].push_back(to_valid_utf8(note));
    put(out, "origin", step.origin);
    out["decided"] = step.decided;
    return out;
  }

  std::string proxy_;
  std::string url_;
  RouteRequest request_;
  RouteAnswer answer_;
  std::vector<Error> lost_;
};

/// The last word is the URL, those before it name the pod.
Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.words.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "no request is given",
                 .next = {"aksmesh proxy route POD.NAMESPACE http://HOST:PORT/PATH"}};
  if (o.words.size() == 1 && o.proxy.file.empty() && o.proxy.pods.selector.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "a pod and a URL are wanted, and '" + o.words.front() + "' is one of them",
                 .next = {"aksmesh proxy route POD.NAMESPACE http://HOST:PORT/PATH",
                          "aksmesh proxy route -f FILE URL   (in a saved dump)"}};
  const auto& url = o.words.back();
  AK_TRY(auto request, request_of(o, url));
  auto options = o.proxy;
  options.pods.pods.assign(o.words.begin(), o.words.end() - 1);
  AK_TRY(auto proxy, ProxySource::open(options, context));
  proxy.keep_input();
  if (request.address.empty()) request.address = proxy.service_address(request.host);
  envoy::RouteWalk walk(std::move(request), proxy.name_space());
  std::vector<Error> lost;
  for (bool first = true; !walk.wanted().empty(); first = false) {
    AK_TRY(auto facts, proxy.read(
                           walk.wanted(), [&](const envoy::DumpEntry& entry) { walk.take(entry); },
                           walk.names()));
    if (first) AK_CHECK(require_section(facts, "ListenersConfigDump", "listeners", proxy));
    if (lost.empty()) lost = facts.lost;
    walk.next(facts);
  }
  return OutcomePtr(std::make_unique<RouteOutcome>(proxy.name(), url, walk.request(), walk.answer(),
                                                   std::move(lost)));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy route web-1.shop http://reviews:9080/ratings --header end-user=jason",
            "Where a pod's request goes"},
    Example{"aksmesh proxy route -f dump.json tcp://mongodb.data:27017",
            "A connection of another kind, in a saved dump"},
    Example{"aksmesh proxy route deployment/aks-istio-ingressgateway-external-asm-1-28 "
            "-n aks-istio-ingress "
            "http://shop.example.com/catalog",
            "What comes in at a gateway"}};

}  // namespace

extern const Command proxy_route_command;
constinit const Command proxy_route_command =
    command<declare, run>({.path = "proxy route",
                           .summary = "Show where a proxy would send a request",
                           .page = "commands/proxy_route.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
