// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "checks/istiods.hpp"
#include "checks/mesh_roots.hpp"
#include "checks/rules/upgrade/validators.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kBadBundle = "AKM3011";
constexpr std::string_view kMissing = "AKM3012";
constexpr std::array kCodes{kBadBundle, kMissing};

using Roots = std::vector<data::Certificate>;

/// What is wrong with the certificates that the API server trusts istiod by; empty when nothing.
std::string flaw_of(const std::string& pem, const Roots& roots, const sys::Date& today) {
  const auto bundle = data::read_bundle(pem);
  if (bundle.empty()) return "holds no certificate";
  if (std::none_of(bundle.begin(), bundle.end(),
                   [&](const auto& one) { return today <= one.until; }))
    return "ended on " + bundle.front().until.text();
  const bool known =
      roots.empty() || std::any_of(bundle.begin(), bundle.end(), [&](const auto& one) {
        return std::any_of(roots.begin(), roots.end(),
                           [&](const auto& root) { return root.fingerprint == one.fingerprint; });
      });
  return known ? "" : "is not of the roots of the mesh";
}

void check_bundles(const Object& configuration, const Roots& roots, const sys::Date& today,
                   Findings& out) {
  for (const auto webhook : configuration.root["webhooks"].items()) {
    const auto client = webhook["clientConfig"];
    // Only istiod's own certificate is of the mesh.
    const auto service = client.at("service", "name").text();
    if (!service.starts_with(kIstiod) && !client["url"]) continue;
    const auto bundle = client["caBundle"];
    const auto pem = decode_base64(bundle.text()).value_or(std::string());
    const auto flaw = bundle.text().empty() ? "is empty" : flaw_of(pem, roots, today);
    if (flaw.empty()) continue;
    out.report(kBadBundle, configuration, bundle ? bundle : webhook["name"],
               {std::string(configuration.name), flaw});
    return;  // the others are copies of it
  }
}

bool is_injector(const Object& configuration) {
  return configuration.label("app").text() == kInjectorApp &&
         (configuration.label(kTagLabel) ||
          parse_revision(configuration.label(kRevisionLabel).text()));
}

void run(const Facts& facts, Findings& out) {
  Roots roots;
  for (const auto* one : facts.as_read(Kind::config_map))
    if (one->name == kRootConfigMap && one->name_space == kSystemNamespace) roots = roots_of(*one);
  const auto& injectors = facts.as_read(Kind::mutating_webhook_configuration);
  for (const auto* one : injectors)
    if (is_injector(*one)) check_bundles(*one, roots, facts.today(), out);
  for (const auto* one : facts.as_read(Kind::validating_webhook_configuration))
    if (validator_revision(*one)) check_bundles(*one, roots, facts.today(), out);
  if (injectors.empty() && !facts.covers(Kind::mutating_webhook_configuration, {})) return;
  for (const auto& [revision, istiod] : istiods(facts)) {
    const auto name = revision_name(revision);
    const bool there = std::any_of(injectors.begin(), injectors.end(), [&](const Object* one) {
      return one->label(kRevisionLabel).text() == name && !one->label(kTagLabel);
    });
    if (!there) out.report(kMissing, *istiod, istiod->metadata()["name"], {name});
  }
}

bool has_parts_of_istiod(const Facts& facts) {
  return has_istiods(facts) || facts.holds(Kind::mutating_webhook_configuration, is_injector) ||
         facts.holds(Kind::validating_webhook_configuration,
                     [](const Object& one) { return validator_revision(one).has_value(); });
}

}  // namespace

extern const Check injection_webhooks;
constinit const Check injection_webhooks{
    .slug = "injection-webhooks",
    .reads = {Kind::deployment, Kind::config_map, Kind::mutating_webhook_configuration,
              Kind::validating_webhook_configuration},
    .run = run,
    .codes = kCodes,
    .concerns = has_parts_of_istiod};

}  // namespace aksmesh::checks
