// SPDX-License-Identifier: Apache-2.0
#include "describe_text.hpp"

#include <algorithm>

#include "base/printable.hpp"
#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

constexpr const char* kLine = "--------------------\n";

std::string joined(const std::vector<std::string>& list, std::string_view separator = ",") {
  return printable(join(list, separator));
}

/// One description while it is written.
class Writer {
 public:
  Writer(const Description& description, const report::Style& style)
      : all_(description), style_(style) {}

  std::string run() {
    write_head();
    for (const auto& service : all_.services) write_service(service);
    write_filters();
    write_policies();
    for (const auto& service : all_.services) write_gateways(service);
    write_stale();
    write_lost();
    return std::move(out_);
  }

 private:
  void line(std::string_view text) { out_ += std::string(text) + '\n'; }
  void warn(std::string_view indent, const std::string& text) {
    line(std::string(indent) + style_.paint(report::Tone::attention, "WARNING: ") +
         printable(text));
  }
  static std::string name_of(const mesh::Object& object) {
    return printable(mesh::dotted_name(object));
  }
  /// Behind an object that a proxy does not have yet.
  std::string mark(const mesh::Object& object) const {
    return all_.missing.contains(marked_name(object))
               ? ' ' + style_.paint(report::Tone::attention, "(not in the proxy yet)")
               : std::string();
  }

  void write_head() {
    if (all_.subject->kind == mesh::Kind::pod) return write_pod(all_.pods.front());
    std::size_t meshed = 0;
    for (const auto& pod : all_.pods)
      if (pod.proxy != DescribedPod::Proxy::none) ++meshed;
    line("Pods: " + std::to_string(meshed) + " of " + std::to_string(all_.pods.size()) +
         " with a sidecar");
    for (const auto& pod : all_.pods) {
      const bool is_meshed = pod.proxy != DescribedPod::Proxy::none;
      std::string facts = is_meshed ? pod.revision : "no sidecar";
      if (!pod.phase.empty() && pod.phase != "Running") facts += ", " + pod.phase;
      line("   " + name_of(*pod.object) + " (" + printable(facts) + ')');
      for (const auto& warning : pod.warnings) warn("      ", warning);
    }
  }

  void write_pod(const DescribedPod& pod) {
    line("Pod: " + name_of(*pod.object));
    if (!pod.revision.empty()) line("   Pod Revision: " + printable(pod.revision));
    if (pod.proxy == DescribedPod::Proxy::native) line("   Sidecar: native");
    std::vector<std::string> ports;
    for (const auto& port : pod.ports)
      ports.push_back(std::to_string(port.number) +
                      (port.protocol == "TCP" ? "" : '/' + port.protocol) + " (" + port.container +
                      ')');
    line(ports.empty() ? "   Pod does not expose ports" : "   Pod Ports: " + joined(ports, ", "));
    if (!pod.phase.empty() && pod.phase != "Running")
      line("   Pod is not Running (" + printable(pod.phase) + ')');
    if (pod.proxy == DescribedPod::Proxy::none)
      warn("   ", "it is not part of the mesh: no sidecar");
    for (const auto& warning : pod.warnings) warn("   ", warning);
    if (mesh::has_ended(*pod.object))
      line("   It has ended, so no Service sends it anything");
    else if (all_.services.empty())
      warn("   ", "no Service selects it");
  }

  void write_service(const mesh::DescribedService& service) {
    out_ += kLine;
    line("Service: " + name_of(*service.object));
    if (!service.external_name.empty())
      line("   ExternalName: another name for " + printable(service.external_name));
    if (service.is_headless) line("   Headless: its name stands for the addresses of its pods");
    for (const auto& port : service.ports)
      line("   Port: " + printable(port.name) + (port.name.empty() ? "" : " ") +
           std::to_string(port.number) + '/' + printable(port.protocol) +
           target_text(service, port));
    if (all_.subject->kind == mesh::Kind::service)
      for (const auto& warning : service.warnings) warn("   ", warning);
    for (const auto& rule : service.rules) write_rule(rule);
    for (const auto& routes : service.routes) write_routes(routes);
    for (const auto& route : service.api_routes) line(printable(route));
  }

  std::string target_text(const mesh::DescribedService& service,
                          const mesh::DescribedPort& port) const {
    if (!service.external_name.empty()) return {};
    if (port.target) return " targets pod port " + std::to_string(*port.target);
    if (all_.pods.empty()) return " targets pod port " + printable(port.target_name);
    return " targets port " + printable(port.target_name) + ", which " +
           (all_.subject->kind == mesh::Kind::pod ? "this pod does not have" : "no pod has");
  }

  void write_rule(const mesh::DescribedRule& rule) {
    line("DestinationRule: " + name_of(*rule.object) + " for \"" + printable(rule.host) + '"' +
         (rule.for_own_clients ? ", for callers in " + printable(rule.object->name_space) + " alone"
                               : "") +
         mark(*rule.object));
    const auto others = joined(rule.others);
    if (!rule.matching.empty()) {
      line("   Matching subsets: " + joined(rule.matching));
      if (!rule.others.empty()) line("      (Non-matching subsets " + others + ')');
    } else if (!rule.others.empty()) {
      warn("   ", "the labels match none of the subsets " + join(rule.others, ","));
    }
    write_policy("   ", rule.policy, rule.ports.empty());
    if (!rule.ports.empty()) line("   Port Level Settings:");
    for (const auto& [port, policy] : rule.ports) {
      line("      " + std::to_string(port) + ':');
      write_policy("         ", policy, true);
    }
  }

  void write_policy(const std::string& indent, const mesh::TrafficPolicy& policy, bool is_all) {
    if (policy.empty() && is_all) return line(indent + "No Traffic Policy");
    if (!policy.tls_mode.empty())
      line(indent + "Traffic Policy TLS Mode: " + printable(policy.tls_mode));
    if (!policy.parts.empty()) line(indent + "Policies: " + joined(policy.parts, "/"));
  }

  void write_routes(const mesh::DescribedRoutes& routes) {
    line("VirtualService: " + name_of(*routes.object) +
         (routes.gateways.empty() ? ""
                                  : std::string(routes.for_sidecars ? ", also" : ", only") +
                                        " for gateways " + joined(routes.gateways, ", ")) +
         mark(*routes.object));
    for (const auto& route : routes.routes)
      if (route.reaches()) write_route(route);
    if (std::none_of(routes.routes.begin(), routes.routes.end(),
                     [](const auto& one) { return one.reaches(); })) {
      warn("   ", "none of its routes leads here");
      for (const auto& route : routes.routes)
        for (const auto& target : route.targets)
          line("      " + target_text(target) + ": " + printable(target.why));
    } else if (routes.elsewhere > 0) {
      line("   " + plural(routes.elsewhere, "additional destination") + " that will not reach " +
           (all_.subject->kind == mesh::Kind::pod ? "this pod" : "this service"));
    }
  }

  static std::string target_text(const mesh::RouteTarget& target) {
    return "Route to host \"" + printable(target.host) + '"' +
           (target.subset.empty() ? "" : " subset \"" + printable(target.subset) + '"') +
           (target.port ? " port " + std::to_string(*target.port) : "") + " with weight " +
           std::to_string(target.weight) + '%';
  }

  void write_route(const mesh::DescribedRoute& route) {
    for (const auto& target : route.targets)
      if (target.reaches) line("   " + target_text(target));
    if (!route.match.empty()) line("      Match: " + printable(route.match));
    if (!route.facts.empty()) line("      With: " + joined(route.facts, ", "));
  }

  void write_filters() {
    if (all_.proxy.empty() || all_.filters.empty()) return;
    out_ += kLine;
    line("Access control in the proxy of " + printable(all_.proxy) + ':');
    for (const auto& filter : all_.filters) {
      auto text = "   " + (filter.port ? "port " + std::to_string(*filter.port) : "other ports") +
                  (filter.is_http ? ", HTTP: " : ", TCP: ") + printable(filter.action);
      if (filter.is_dry_run) text += " (dry run)";
      text += filter.policies.empty() ? filter.action == "ALLOW" ? " nothing" : " without policies"
                                      : " by " + joined(filter.policies, ", ");
      line(text);
    }
  }

  static std::string setting_text(const mesh::MutualTlsSetting& setting) {
    return std::string(mesh::mutual_tls_name(setting.mode)) +
           (setting.source == nullptr ? " (default)" : " by " + name_of(*setting.source));
  }

  void write_policies() {
    if (!all_.policies) return;
    const auto& policies = *all_.policies;
    out_ += kLine;
    line("Effective PeerAuthentication:");
    line("   Workload mTLS mode: " + std::string(mesh::mutual_tls_name(policies.mutual_tls.mode)));
    if (!policies.ports.empty()) line("   Port Level mTLS mode:");
    for (const auto& [port, setting] : policies.ports)
      line("      " + std::to_string(port) + ": " + setting_text(setting));
    std::vector<std::string> names;
    for (const auto* one : policies.peer_authentications) names.push_back(mesh::dotted_name(*one));
    if (!names.empty()) line("Applied PeerAuthentication:\n   " + joined(names, ", "));
    if (policies.others.empty()) return;
    line("Applied policies:");
    for (const auto& one : policies.others)
      line("   " + printable(one.object->kind_name) + ' ' + name_of(*one.object) + " (" +
           std::string(mesh::word_of(one.scope)) + (one.note.empty() ? "" : ", " + one.note) + ')' +
           mark(*one.object));
  }

  void write_gateways(const mesh::DescribedService& service) {
    for (const auto& gateway : service.gateways) {
      out_ += kLine;
      line("Gateway: " + printable(gateway.name) + " by VirtualService " +
           joined(gateway.routes, ", ") + " to " + name_of(*service.object));
      if (gateway.object == nullptr) {
        warn("   ", "there is no such Gateway");
        continue;
      }
      for (const auto& url : gateway.urls) line("   Exposed at " + printable(url));
      if (gateway.pods.empty())
        warn("   ", "its selector matches no gateway pod that was read");
      else if (gateway.urls.empty())
        line("   " + plural(gateway.pods.size(), "gateway pod") + ", no external address");
    }
  }

  void write_stale() {
    for (const auto& one : all_.stale)
      warn("", "the proxy is stale: it has " + one + ", which is gone");
  }

  void write_lost() {
    for (const auto& one : all_.model->manifests().unavailable)
      line(std::string(style_.unknown_mark()) + " could not read " + printable(one.what) + ": " +
           printable(one.why));
    for (const auto& one : all_.lost)
      line(std::string(style_.unknown_mark()) + ' ' + printable(one.in_one_line()));
  }

  const Description& all_;
  const report::Style& style_;
  std::string out_{};
};

}  // namespace

std::string describe_text(const Description& description, const report::Style& style) {
  return Writer(description, style).run();
}

}  // namespace aksmesh::commands
