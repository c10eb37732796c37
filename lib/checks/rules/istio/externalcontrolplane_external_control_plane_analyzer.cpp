// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "checks/check.hpp"
#include "istio/validation/syntax.hpp"
#include "istio/validation/url_syntax.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kDefaultValidator = "istiod-default-validator";
constexpr std::string_view kValidator = "istio-validator";
constexpr std::string_view kInjector = "istio-sidecar-injector";

/// The host of a URL that is well-formed; empty when it names none.
std::string_view host_of(std::string_view url) {
  const auto slashes = url.find("//");
  if (slashes == std::string_view::npos) return {};
  auto authority = url.substr(slashes + 2);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

void check_address(const Object& configuration, const Node& webhook, Findings& out) {
  const std::string name(webhook["name"].text());
  const auto client = webhook["clientConfig"];
  const auto url = client["url"];
  if (url.text().empty()) {
    if (!client["service"]) out.report("IST0163", configuration, webhook, {"", name, "is blank"});
    return;
  }
  if (!istio::validation::parse_url(url.text(), istio::validation::UrlForm::reference)
           .fault.empty())
    out.report("IST0163", configuration, url,
               {std::string(url.text()), name, "was provided in an invalid format"});
  else if (istio::validation::is_ip(host_of(url.text())))
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
