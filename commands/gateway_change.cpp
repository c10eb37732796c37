// SPDX-License-Identifier: Apache-2.0
#include "gateway_change.hpp"

#include "azure/profile_edit.hpp"
#include "base/strings.hpp"
#include "change_run.hpp"

namespace aksmesh::commands {
namespace {

constexpr const char* kEgressNamespace = "aks-istio-egress";

Result<azure::EgressGateway> egress_of(const GatewayWish& wish) {
  azure::EgressGateway out{.name = wish.egress_name,
                           .name_space = wish.egress_namespace,
                           .configuration = wish.egress_configuration,
                           .enabled = wish.on};
  if (out.name_space.empty()) out.name_space = kEgressNamespace;
  const Error error{.kind = ErrorKind::usage,
                    .what = "it is not said which egress gateway is meant"};
  if (out.name.empty()) {
    auto missing = error;
    missing.next = {"--egress-name NAME"};
    return missing;
  }
  if (wish.on && out.configuration.empty()) {
    auto missing = error;
    missing.what = "it is not said which StaticGatewayConfiguration the egress gateway uses";
    missing.next = {"--gateway-configuration-name NAME"};
    return missing;
  }
  return out;
}

/// An option that says nothing about an ingress gateway must not be passed over in silence.
Status without_egress_options(const GatewayWish& wish, const std::string& kind) {
  std::vector<std::string> given;
  if (!wish.egress_name.empty()) given.emplace_back("--egress-name");
  if (!wish.egress_namespace.empty()) given.emplace_back("--egress-namespace");
  if (!wish.egress_configuration.empty()) given.emplace_back("--gateway-configuration-name");
  if (given.empty()) return Done{};
  return Error{.kind = ErrorKind::usage,
               .what = "the " + kind + " ingress gateway does not take " + join(given, ", "),
               .why = "only egress gateways have names and configurations",
               .next = {"egress instead of " + kind + "   (if an egress gateway is meant)"}};
}

Change describe(const GatewayWish& wish, const std::string& name) {
  const std::string verb = wish.on ? "enable" : "disable";
  const std::string doing = wish.on ? "enabling" : "disabling";
  return {.goal = verb + " the " + name,
          .doing = doing + " the " + name,
          .done = "the " + name + " is " + verb + 'd',
          .already = "the " + name + " is " + verb + "d already"};
}

}  // namespace

Result<OutcomePtr> change_gateway(const GatewayWish& wish, const ClusterOptions& cluster,
                                  const ChangeOptions& change, const Context& context) {
  const auto kind = to_lower(wish.kind);
  if (kind == "egress") {
    AK_TRY(const auto gateway, egress_of(wish));
    AK_TRY(const auto session, AzureSession::open(cluster, context));
    auto plan = describe(wish, "egress gateway " + gateway.name_space + '/' + gateway.name);
    plan.edit = [&](const auto& of) { return azure::with_egress(of, gateway); };
    plan.obstacles = [&](const auto& of) -> Result<azure::Obstacles> {
      azure::Obstacles out;
      if (wish.on) azure::check_egress(of, gateway, out);
      return out;
    };
    return run_change(plan, cluster, change, *session, context);
  }
  AK_CHECK(without_egress_options(wish, kind));
  const std::string mode = kind == "internal" ? "Internal" : "External";
  AK_TRY(const auto session, AzureSession::open(cluster, context));
  auto plan = describe(wish, kind + " ingress gateway");
  plan.edit = [&](const auto& of) { return azure::with_ingress(of, mode, wish.on); };
  plan.obstacles = [&](const auto& of) -> Result<azure::Obstacles> {
    azure::Obstacles out;
    if (wish.on) azure::check_ingress(of, out);
    return out;
  };
  if (wish.on)
    plan.next = {"kubectl get service aks-istio-ingressgateway-" + kind + " -n aks-istio-ingress"};
  return run_change(plan, cluster, change, *session, context);
}

}  // namespace aksmesh::commands
