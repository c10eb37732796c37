// SPDX-License-Identifier: Apache-2.0
#include "checks/gateway_api.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kTable = "gateway-api-bundles.json";

/// The bundle for a version of Kubernetes, empty where none is documented.
std::string_view bundle_for(const VersionNumber& version) {
  for (const auto row : mesh::table(kTable)["bundles"].items()) {
    const auto from = parse_version(row["from"].text());
    const auto to = parse_version(row["to"].text());
    if (from && *from <= version && (!to || version <= *to)) return row["bundle"].text();
  }
  return {};
}

bool is_of_any_version(std::string_view bundle) {
  for (const auto row : mesh::table(kTable)["bundles"].items())
    if (row["bundle"].text() == bundle) return true;
  return false;
}

void check_bundle(const Facts& facts, const Object& crd, const Node& bundle, Findings& out) {
  const auto version = facts.kubernetes_version();
  const auto wanted = version ? bundle_for(*version) : std::string_view{};
  if (wanted == bundle.text()) return;
  if (!wanted.empty())
    out.add(crd, bundle,
            "CRD {name} is of bundle {bundle}, and AKS wants {wanted} on Kubernetes {version}",
            {{"name", std::string(crd.name)},
             {"bundle", std::string(bundle.text())},
             {"wanted", std::string(wanted)},
             {"version", version->text()}});
  else if (!is_of_any_version(bundle.text()))
    out.add(crd, bundle,
            "CRD {name} is of bundle {bundle}, which AKS takes on no version of Kubernetes",
            {{"name", std::string(crd.name)}, {"bundle", std::string(bundle.text())}});
  else if (!version)
    out.unknown(crd, "the version of Kubernetes; --kubernetes-version tells");
  else
    out.unknown(crd,
                "which bundle AKS wants on Kubernetes " + version->text() + " is not documented");
}

void check_crd(const Facts& facts, const Object& crd, Findings& out) {
  const auto bundle = crd.annotation(kBundleAnnotation);
  const auto channel = crd.annotation(kChannelAnnotation);
  const auto only_channel = mesh::table(kTable)["channel"].text();
  if (bundle.text().empty() || channel.text().empty())
    out.add(crd, bundle.text().empty() ? bundle : channel,
            "CRD {name} does not tell its {what}: annotation {annotation} is missing or empty",
            {{"name", std::string(crd.name)},
             {"what", bundle.text().empty() ? "bundle" : "channel"},
             {"annotation",
              std::string(bundle.text().empty() ? kBundleAnnotation : kChannelAnnotation)}});
  else if (channel.text() != only_channel)
    out.add(crd, channel, "CRD {name} is of the channel {channel}, and AKS takes {wanted} only",
            {{"name", std::string(crd.name)},
             {"channel", std::string(channel.text())},
             {"wanted", std::string(only_channel)}});
  else
    check_bundle(facts, crd, bundle, out);
}

void run(const Facts& facts, Findings& out) {
  for (const auto* crd : facts.all(Kind::custom_resource_definition))
    if (is_gateway_api_crd(*crd) && !is_managed_by_aks(*crd)) check_crd(facts, *crd, out);
}

}  // namespace

extern const Check gateway_api_crd_channel;
constinit const Check gateway_api_crd_channel{
    .slug = "gateway-api-crd-channel", .reads = {Kind::custom_resource_definition}, .run = run};

}  // namespace aksmesh::checks
