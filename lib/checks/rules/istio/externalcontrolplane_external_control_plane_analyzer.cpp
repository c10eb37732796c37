// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>

#include "checks/check.hpp"
#include "istio/validation/syntax.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kDefaultValidator = "istiod-default-validator";
constexpr std::string_view kValidator = "istio-validator";
constexpr std::string_view kInjector = "istio-sidecar-injector";

bool is_name_of_scheme(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
         });
}

bool has_forbidden_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < ' ' || c == 0x7F; });
}

/// False when a `%` begins no two hexadecimal digits.
bool has_whole_escapes(std::string_view text) {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (at + 2 >= text.size() || std::isxdigit(static_cast<unsigned char>(text[at + 1])) == 0 ||
        std::isxdigit(static_cast<unsigned char>(text[at + 2])) == 0)
      return false;
  return true;
}

/// The host of `host:port`, brackets of an IPv6 address taken off; nothing when it is malformed.
std::optional<std::string_view> host_of(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  if (authority.find_first_of(" <>\"") != std::string_view::npos) return std::nullopt;
  const bool bracketed = authority.starts_with('[');
  const auto closing = authority.find(']');
  if (bracketed && closing == std::string_view::npos) return std::nullopt;
  auto host =
      bracketed ? authority.substr(1, closing - 1) : authority.substr(0, authority.rfind(':'));
  const auto rest = bracketed ? authority.substr(closing + 1) : authority.substr(host.size());
  const bool port =
      rest.empty() ||
      (rest.front() == ':' && rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
  if (!port || (!bracketed && host.find(':') != std::string_view::npos)) return std::nullopt;
  return host;
}

/// The host of a URL, empty when it names none; nothing for a text that is no URL.
std::optional<std::string_view> host_of_url(std::string_view url) {
  if (has_forbidden_characters(url)) return std::nullopt;
  url = url.substr(0, url.find('#'));
  const auto colon = url.find_first_of(":/?");
  const bool has_scheme = colon != std::string_view::npos && url[colon] == ':';
  if (has_scheme && !is_name_of_scheme(url.substr(0, colon))) return std::nullopt;
  auto rest = has_scheme ? url.substr(colon + 1) : url;
  rest = rest.substr(0, rest.find('?'));
  if (!has_whole_escapes(rest)) return std::nullopt;
  if (!rest.starts_with("//")) return std::string_view{};
  rest.remove_prefix(2);
  return host_of(rest.substr(0, rest.find('/')));
}

void check_address(const Object& configuration, const Node& webhook, Findings& out) {
  const std::string name(webhook["name"].text());
  const auto client = webhook["clientConfig"];
  const auto url = client["url"];
  if (url.text().empty()) {
    if (!client["service"]) out.report("IST0163", configuration, webhook, {"", name, "is blank"});
    return;
  }
  const auto host = host_of_url(url.text());
  if (!host)
    out.report("IST0163", configuration, url,
               {std::string(url.text()), name, "was provided in an invalid format"});
  else if (istio::validation::is_ip(*host))
    out.report("IST0164", configuration, url, {std::string(url.text()), name});
}

void check_addresses(const Object& configuration, Findings& out) {
  for (const auto webhook : configuration.root["webhooks"].items())
    check_address(configuration, webhook, out);
}

void run(const Facts& facts, Findings& out) {
  for (const auto* configuration : facts.all(Kind::validating_webhook_configuration))
    if (configuration->name == kDefaultValidator || configuration->name.starts_with(kValidator))
      check_addresses(*configuration, out);
  for (const auto* configuration : facts.all(Kind::mutating_webhook_configuration))
    if (configuration->name.starts_with(kInjector)) check_addresses(*configuration, out);
}

constexpr std::array<std::string_view, 2> kCodes{"IST0163", "IST0164"};

}  // namespace

extern const Check externalcontrolplane_external_control_plane_analyzer;
constinit const Check externalcontrolplane_external_control_plane_analyzer{
    .slug = "externalcontrolplane-external-control-plane-analyzer",
    .reads = {Kind::validating_webhook_configuration, Kind::mutating_webhook_configuration},
    .run = run,
    .codes = kCodes,
    .analyzer = "externalcontrolplane.ExternalControlPlaneAnalyzer"};

}  // namespace aksmesh::checks
