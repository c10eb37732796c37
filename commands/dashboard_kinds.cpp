// SPDX-License-Identifier: Apache-2.0
#include "dashboard_kinds.hpp"

#include <algorithm>
#include <array>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

using Place = DashboardKind::Place;

// Ports: https://istio.io/latest/docs/ops/deployment/application-requirements/ (Envoy, istiod) and
// the add-ons in Istio's samples, whose labels these are (2026-11). That Prometheus and Grafana are
// managed on AKS: istio-metrics-managed-prometheus.md, istio-about.md.
constexpr std::array kKinds{
    DashboardKind{.name = "envoy",
                  .alias = "proxy",
                  .title = "Envoy's administration interface",
                  .place = Place::named,
                  .port = 15000,
                  .path = "/"},
    DashboardKind{.name = "istiod",
                  .alias = "istiod-debug",
                  .title = "istiod's debug pages",
                  .place = Place::istiod,
                  .selector = "app=istiod",
                  .port = 15014,
                  .path = "/debug"},
    DashboardKind{.name = "controlz",
                  .title = "ControlZ of istiod",
                  .place = Place::istiod,
                  .selector = "app=istiod",
                  .port = 9876,
                  .path = "/"},
    DashboardKind{
        .name = "grafana",
        .title = "Grafana",
        .selector = "app.kubernetes.io/name=grafana",
        .port = 3000,
        .path = "/",
        .instead = "Azure Managed Grafana runs outside of the cluster and has an address "
                   "of its own",
        .instead_by = "az grafana show --name NAME --query properties.endpoint --output tsv"},
    DashboardKind{.name = "prometheus",
                  .title = "Prometheus",
                  .selector = "app.kubernetes.io/name=prometheus",
                  .port = 9090,
                  .path = "/",
                  .instead = "with the managed service for Prometheus the metrics are in an Azure "
                             "Monitor workspace, which has an address of its own",
                  .instead_by = "az monitor account show --name WORKSPACE --resource-group GROUP "
                                "--query metrics.prometheusQueryEndpoint --output tsv"},
    DashboardKind{.name = "kiali",
                  .title = "Kiali",
                  .selector = "app=kiali",
                  .port = 20001,
                  .path = "/kiali",
                  .instead = "the add-on does not bring it; installed by hand, its pods have the "
                             "label app=kiali"},
    DashboardKind{
        .name = "jaeger", .title = "Jaeger", .selector = "app=jaeger", .port = 16686, .path = "/"},
    DashboardKind{
        .name = "zipkin", .title = "Zipkin", .selector = "app=zipkin", .port = 9411, .path = "/"}};

}  // namespace

std::span<const DashboardKind> dashboard_kinds() {
  return kKinds;
}

Result<const DashboardKind*> find_dashboard(const std::string& word) {
  std::vector<std::string> names;
  for (const auto& kind : kKinds) {
    if (word == kind.name || (!kind.alias.empty() && word == kind.alias)) return &kind;
    names.emplace_back(kind.name);
  }
  const auto near = suggestions(word, names);
  return Error{.kind = ErrorKind::usage,
               .what = "there is no dashboard '" + word + '\'',
               .why = near.empty() ? "" : "did you mean " + join(near, " or ") + '?',
               .next = {"one of " + join(names, ", ")}};
}

}  // namespace aksmesh::commands
