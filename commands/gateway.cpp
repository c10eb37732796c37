// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "azure_session.hpp"
#include "base/strings.hpp"
#include "gateway_change.hpp"
#include "mesh_view.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {
namespace {

class GatewaysOutcome final : public Outcome {
 public:
  GatewaysOutcome(azure::ManagedCluster cluster, bool headers)
      : cluster_(std::move(cluster)), headers_(headers) {
    if (rows().empty())
      notes.push_back(cluster_.mesh.enabled ? "the mesh has no gateways" : "the mesh is off");
  }
  [[nodiscard]] std::string text(const report::Style& style) const override {
    auto all = rows();
    if (all.empty()) return {};
    const report::Table table{
        .columns = {{"KIND"}, {"NAMESPACE"}, {"NAME"}, {"ENABLED"}, {"CONFIGURATION", 1}},
        .rows = std::move(all)};
    return report::render_table(table, style,
                                headers_ ? report::Headers::shown : report::Headers::hidden);
  }
  [[nodiscard]] nlohmann::ordered_json document() const override {
    auto items = nlohmann::ordered_json::array();
    for (const auto& row : rows()) {
      items.push_back({{"kind", row[0]},
                       {"namespace", row[1]},
                       {"name", row[2]},
                       {"enabled", row[3] == "yes"}});
      if (row[4] != "-") items.back()["gatewayConfigurationName"] = row[4];
    }
    return {{"schema", "aksmesh/gateways/v1"},
            {"target", target_document(cluster_)},
            {"items", std::move(items)}};
  }

 private:
  [[nodiscard]] std::vector<std::vector<std::string>> rows() const {
    std::vector<std::vector<std::string>> out;
    for (const auto& one : cluster_.mesh.ingress) {
      const auto kind = to_lower(one.mode);
      out.push_back({kind, "aks-istio-ingress", "aks-istio-ingressgateway-" + kind,
                     one.enabled ? "yes" : "no", "-"});
    }
    for (const auto& one : cluster_.mesh.egress)
      out.push_back({"egress", one.name_space, one.name, one.enabled ? "yes" : "no",
                     one.configuration.empty() ? "-" : one.configuration});
    return out;
  }

  azure::ManagedCluster cluster_;
  bool headers_;
};

Result<OutcomePtr> list(const ClusterOptions& options, const Context& context) {
  AK_TRY(auto cluster, read_cluster(options, context));
  return OutcomePtr(
      std::make_unique<GatewaysOutcome>(std::move(cluster), !context.global.no_headers));
}

/// Options of `gateway enable`, `gateway disable` and of their spellings of az.
struct Options {
  ClusterOptions cluster{};
  ChangeOptions change{};
  std::vector<std::string> kinds{};
  GatewayWish wish{};
};

void declare_rest(OptionSet& set, Options& o) {
  declare_change_options(set, o.change, Confirmation::yes_or_no);
  declare_cluster_options(set, o.cluster);
}

void declare_egress(OptionSet& set, GatewayWish& wish) {
  set.value("--egress-name", wish.egress_name, "NAME")
      .alias("--istio-egressgateway-name")
      .alias("--istio-eg-gtw-name")
      .help("Name of the egress gateway");
  set.value("--egress-namespace", wish.egress_namespace, "NAMESPACE")
      .alias("--istio-egressgateway-namespace")
      .alias("--istio-eg-gtw-ns")
      .help("Namespace of the egress gateway")
      .preset("aks-istio-egress");
}

void declare_configuration(OptionSet& set, GatewayWish& wish) {
  set.value("--gateway-configuration-name", wish.egress_configuration, "NAME")
      .alias("--gtw-config-name")
      .help("StaticGatewayConfiguration that the egress gateway uses");
}

void declare_kind(OptionSet& set, Options& o) {
  set.operands(o.kinds, "KIND")
      .once()
      .help("external, internal or egress")
      .choices({"external", "internal", "egress"})
      .in_any_case();
}

void declare_az_disable_egress(OptionSet& set, Options& o) {
  declare_egress(set, o.wish);
  declare_rest(set, o);
}
void declare_az_enable_egress(OptionSet& set, Options& o) {
  declare_egress(set, o.wish);
  declare_configuration(set, o.wish);
  declare_rest(set, o);
}
void declare_enable(OptionSet& set, Options& o) {
  declare_kind(set, o);
  declare_az_enable_egress(set, o);
}
void declare_disable(OptionSet& set, Options& o) {
  declare_kind(set, o);
  declare_az_disable_egress(set, o);
}
void declare_az_ingress(OptionSet& set, Options& o) {
  set.value("--ingress-gateway-type", o.wish.kind, "TYPE")
      .help("External or Internal")
      .choices({"External", "Internal"})
      .in_any_case();
  declare_rest(set, o);
}

Result<OutcomePtr> change(const Options& o, GatewayWish wish, bool on, const Context& context) {
  wish.on = on;
  if (!o.kinds.empty()) wish.kind = o.kinds.front();
  if (wish.kind.empty() || o.kinds.size() > 1)
    return Error{
        .kind = ErrorKind::usage,
        .what = o.kinds.size() > 1 ? "only one gateway can be changed at a time"
                                   : "it is not said which gateway is meant",
        .why = "the kinds are external, internal and egress",
        .next = {context.program + (on ? " gateway enable" : " gateway disable") + " external"}};
  return change_gateway(wish, o.cluster, o.change, context);
}

Result<OutcomePtr> enable(const Options& o, const Context& context) {
  return change(o, o.wish, true, context);
}
Result<OutcomePtr> disable(const Options& o, const Context& context) {
  return change(o, o.wish, false, context);
}

GatewayWish egress(GatewayWish wish) {
  wish.kind = "egress";
  return wish;
}
Result<OutcomePtr> enable_egress(const Options& o, const Context& context) {
  return change(o, egress(o.wish), true, context);
}
Result<OutcomePtr> disable_egress(const Options& o, const Context& context) {
  return change(o, egress(o.wish), false, context);
}

constexpr std::array kListExamples{
    Example{"aksmesh gateway list -g shop --cluster prod", "The gateways of a cluster"}};
constexpr std::array kEnableExamples{
    Example{"aksmesh gateway enable external -g shop --cluster prod",
            "The external ingress gateway"},
    Example{"aksmesh gateway enable egress --egress-name out --gateway-configuration-name sgc -g "
            "shop --cluster prod",
            "An egress gateway"}};
constexpr std::array kDisableExamples{Example{
    "aksmesh gateway disable internal -g shop --cluster prod --yes", "Without being asked"}};
constexpr std::array kAzEnableIngress{
    Example{"aksmesh enable-ingress-gateway --ingress-gateway-type External -g shop -n prod",
            "As in az aks mesh"}};
constexpr std::array kAzDisableIngress{
    Example{"aksmesh disable-ingress-gateway --ingress-gateway-type External -g shop -n prod --yes",
            "As in az aks mesh"}};
constexpr std::array kAzEnableEgress{Example{
    "aksmesh enable-egress-gateway --istio-egressgateway-name out --gateway-configuration-name "
    "sgc -g shop -n prod",
    "As in az aks mesh"}};
constexpr std::array kAzDisableEgress{
    Example{"aksmesh disable-egress-gateway --istio-egressgateway-name out -g shop -n prod --yes",
            "As in az aks mesh"}};

}  // namespace

extern const Command gateway_list_command;
constinit const Command gateway_list_command =
    command<declare_cluster_options, list>({.path = "gateway list",
                                            .summary = "List the gateways of the mesh",
                                            .page = "commands/gateway_list.md",
                                            .examples = kListExamples});
extern const Command gateway_enable_command;
constinit const Command gateway_enable_command =
    command<declare_enable, enable>({.path = "gateway enable",
                                     .summary = "Enable an ingress or egress gateway",
                                     .page = "commands/gateway_enable.md",
                                     .examples = kEnableExamples});
extern const Command gateway_disable_command;
constinit const Command gateway_disable_command =
    command<declare_disable, disable>({.path = "gateway disable",
                                       .summary = "Disable an ingress or egress gateway",
                                       .page = "commands/gateway_disable.md",
                                       .examples = kDisableExamples});
extern const Command enable_ingress_gateway_command;
constinit const Command enable_ingress_gateway_command =
    command<declare_az_ingress, enable>({.path = "enable-ingress-gateway",
                                         .summary = "Enable an ingress gateway (as in az)",
                                         .page = "commands/gateway_enable.md",
                                         .examples = kAzEnableIngress,
                                         .hidden = true});
extern const Command disable_ingress_gateway_command;
constinit const Command disable_ingress_gateway_command =
    command<declare_az_ingress, disable>({.path = "disable-ingress-gateway",
                                          .summary = "Disable an ingress gateway (as in az)",
                                          .page = "commands/gateway_disable.md",
                                          .examples = kAzDisableIngress,
                                          .hidden = true});
extern const Command enable_egress_gateway_command;
constinit const Command enable_egress_gateway_command =
    command<declare_az_enable_egress, enable_egress>(
        {.path = "enable-egress-gateway",
         .summary = "Enable an egress gateway (as in az)",
         .page = "commands/gateway_enable.md",
         .examples = kAzEnableEgress,
         .hidden = true});
extern const Command disable_egress_gateway_command;
constinit const Command disable_egress_gateway_command =
    command<declare_az_disable_egress, disable_egress>(
        {.path = "disable-egress-gateway",
         .summary = "Disable an egress gateway (as in az)",
         .page = "commands/gateway_disable.md",
         .examples = kAzDisableEgress,
         .hidden = true});

}  // namespace aksmesh::commands
