// SPDX-License-Identifier: Apache-2.0
#include "kube/kind.hpp"

#include <algorithm>
#include <array>

namespace aksmesh::kube {
namespace {

struct Row {
  std::string_view group;
  std::string_view name;
  Kind kind;
};

constexpr std::array kRows{
    Row{"", "Namespace", Kind::name_space},
    Row{"", "Pod", Kind::pod},
    Row{"", "Node", Kind::node},
    Row{"", "Service", Kind::service},
    Row{"", "Secret", Kind::secret},
    Row{"", "ConfigMap", Kind::config_map},
    Row{"", "Event", Kind::event},
    Row{"events.k8s.io", "Event", Kind::event},
    Row{"", "ServiceAccount", Kind::service_account},
    Row{"apps", "Deployment", Kind::deployment},
    Row{"apps", "StatefulSet", Kind::stateful_set},
    Row{"apps", "DaemonSet", Kind::daemon_set},
    Row{"apps", "ReplicaSet", Kind::replica_set},
    Row{"batch", "Job", Kind::job},
    Row{"batch", "CronJob", Kind::cron_job},
    Row{"autoscaling", "HorizontalPodAutoscaler", Kind::horizontal_pod_autoscaler},
    Row{"networking.k8s.io", "Ingress", Kind::ingress},
    Row{"networking.k8s.io", "IngressClass", Kind::ingress_class},
    Row{"networking.k8s.io", "NetworkPolicy", Kind::network_policy},
    Row{"admissionregistration.k8s.io", "MutatingWebhookConfiguration",
        Kind::mutating_webhook_configuration},
    Row{"admissionregistration.k8s.io", "ValidatingWebhookConfiguration",
        Kind::validating_webhook_configuration},
    Row{"apiextensions.k8s.io", "CustomResourceDefinition", Kind::custom_resource_definition},
    Row{"rbac.authorization.k8s.io", "ClusterRole", Kind::cluster_role},
    Row{"metrics.k8s.io", "PodMetrics", Kind::pod_metrics},
    Row{"gateway.networking.k8s.io", "GatewayClass", Kind::gateway_class},
    Row{"gateway.networking.k8s.io", "Gateway", Kind::kube_gateway},
    Row{"gateway.networking.k8s.io", "HTTPRoute", Kind::http_route},
    Row{"gateway.networking.k8s.io", "GRPCRoute", Kind::grpc_route},
    Row{"gateway.networking.k8s.io", "TCPRoute", Kind::tcp_route},
    Row{"gateway.networking.k8s.io", "TLSRoute", Kind::tls_route},
    Row{"gateway.networking.k8s.io", "UDPRoute", Kind::udp_route},
    Row{"gateway.networking.k8s.io", "ReferenceGrant", Kind::reference_grant},
    Row{"networking.istio.io", "Gateway", Kind::istio_gateway},
    Row{"networking.istio.io", "VirtualService", Kind::virtual_service},
    Row{"networking.istio.io", "DestinationRule", Kind::destination_rule},
    Row{"networking.istio.io", "ServiceEntry", Kind::service_entry},
    Row{"networking.istio.io", "Sidecar", Kind::sidecar},
    Row{"networking.istio.io", "EnvoyFilter", Kind::envoy_filter},
    Row{"networking.istio.io", "ProxyConfig", Kind::proxy_config},
    Row{"networking.istio.io", "WorkloadEntry", Kind::workload_entry},
    Row{"networking.istio.io", "WorkloadGroup", Kind::workload_group},
    Row{"security.istio.io", "AuthorizationPolicy", Kind::authorization_policy},
    Row{"security.istio.io", "PeerAuthentication", Kind::peer_authentication},
    Row{"security.istio.io", "RequestAuthentication", Kind::request_authentication},
    Row{"telemetry.istio.io", "Telemetry", Kind::telemetry},
    Row{"extensions.istio.io", "WasmPlugin", Kind::wasm_plugin},
    Row{"install.istio.io", "IstioOperator", Kind::istio_operator},
    Row{"egressgateway.kubernetes.azure.com", "StaticGatewayConfiguration",
        Kind::static_gateway_configuration},
    Row{"secrets-store.csi.x-k8s.io", "SecretProviderClass", Kind::secret_provider_class},
    Row{"cert-manager.io", "Certificate", Kind::certificate},
    Row{"cilium.io", "CiliumNetworkPolicy", Kind::cilium_network_policy},
    Row{"cilium.io", "CiliumClusterwideNetworkPolicy", Kind::cilium_clusterwide_network_policy},
};

// Kinds without a namespace, those that rules do not look at included.
constexpr std::array<std::string_view, 19> kClusterScoped{"APIService",
                                                          "CSIDriver",
                                                          "CertificateSigningRequest",
                                                          "CiliumClusterwideNetworkPolicy",
                                                          "ClusterRole",
                                                          "ClusterRoleBinding",
                                                          "ComponentStatus",
                                                          "CustomResourceDefinition",
                                                          "GatewayClass",
                                                          "IngressClass",
                                                          "MutatingWebhookConfiguration",
                                                          "Namespace",
                                                          "Node",
                                                          "PersistentVolume",
                                                          "PriorityClass",
                                                          "RuntimeClass",
                                                          "StorageClass",
                                                          "ValidatingAdmissionPolicy",
                                                          "ValidatingWebhookConfiguration"};

}  // namespace

Kind find_kind(std::string_view group, std::string_view kind) {
  const auto found = std::find_if(kRows.begin(), kRows.end(), [&](const Row& row) {
    return row.name == kind && row.group == group;
  });
  if (found != kRows.end()) return found->kind;
  if (group == "constraints.gatekeeper.sh") return Kind::gatekeeper_constraint;
  if (group.ends_with(".openservicemesh.io") || group.ends_with(".smi-spec.io"))
    return Kind::osm_resource;
  return Kind::other;
}

bool is_namespaced(Kind kind, std::string_view kind_name) {
  if (kind == Kind::gatekeeper_constraint || kind == Kind::mesh_config_file ||
      kind == Kind::mesh_networks_file)
    return false;
  return std::find(kClusterScoped.begin(), kClusterScoped.end(), kind_name) == kClusterScoped.end();
}

std::string_view kind_name(Kind kind) {
  if (kind == Kind::gatekeeper_constraint) return "Gatekeeper constraint";
  if (kind == Kind::osm_resource) return "OSMResource";
  if (kind == Kind::mesh_config_file) return "MeshConfig";
  if (kind == Kind::mesh_networks_file) return "MeshNetworks";
  const auto found =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& row) { return row.kind == kind; });
  return found == kRows.end() ? "object" : found->name;
}

std::string_view group_of(Kind kind) {
  if (kind == Kind::gatekeeper_constraint) return "constraints.gatekeeper.sh";
  if (kind == Kind::osm_resource) return "openservicemesh.io";
  const auto found =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& row) { return row.kind == kind; });
  return found == kRows.end() ? std::string_view{} : found->group;
}

}  // namespace aksmesh::kube
