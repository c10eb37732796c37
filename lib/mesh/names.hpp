// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

// Names that the add-on and Istio fix for their objects (istio-deploy-addon.md,
// istio-deploy-ingress.md, istio-deploy-egress.md, istio-meshconfig.md, istio-upgrade.md,
// istio-metrics-managed-prometheus.md; istio-cni.md for the DaemonSet and the init containers;
// istio-plugin-ca.md for istiod's container; field observations of asm-1-17 and asm-1-21 for the
// validating webhooks; Istio's API for the labels).
namespace aksmesh::mesh::names {

inline constexpr std::string_view kSystemNamespace = "aks-istio-system";
inline constexpr std::string_view kIngressNamespace = "aks-istio-ingress";
inline constexpr std::string_view kEgressNamespace = "aks-istio-egress";
inline constexpr std::string_view kUpstreamNamespace = "istio-system";

inline constexpr std::string_view kRevisionLabel = "istio.io/rev";
inline constexpr std::string_view kTagLabel = "istio.io/tag";
inline constexpr std::string_view kInjectionLabel = "istio-injection";
inline constexpr std::string_view kPodInjectionLabel = "sidecar.istio.io/inject";
inline constexpr std::string_view kGatewayNameLabel = "gateway.networking.k8s.io/gateway-name";
inline constexpr std::string_view kComponentLabel = "azureservicemesh/istio.component";
inline constexpr std::string_view kProxyStatusAnnotation = "sidecar.istio.io/status";
inline constexpr std::string_view kStaticGatewayAnnotation =
    "kubernetes.azure.com/static-gateway-configuration";
inline constexpr std::string_view kEgressComponent = "egress-gateway";

// Neighbours on the cluster (open-service-mesh-istio-migration-guidance.md;
// application-network/architecture.md; app-routing-gateway-api.md; the virtual-kubelet project for
// virtual nodes; istio-upgrade.md for the proxy's repository; Istio's API for the labels; the other
// meshes' own names for their sidecars).
inline constexpr std::string_view kNamespaceNameLabel = "kubernetes.io/metadata.name";
inline constexpr std::string_view kKubeSystemNamespace = "kube-system";
inline constexpr std::string_view kOsmController = "osm-controller";
inline constexpr std::string_view kOsmInitContainer = "osm-init";
inline constexpr std::string_view kOsmSidecar = "envoy";
inline constexpr std::string_view kOsmNamespaceLabel = "openservicemesh.io/monitored-by";
inline constexpr std::string_view kOsmNamespaceAnnotation = "openservicemesh.io/sidecar-injection";
inline constexpr std::string_view kApplicationNetworkNamespace = "applink-system";
inline constexpr std::string_view kAmbientProxy = "ztunnel";
inline constexpr std::string_view kDataplaneModeLabel = "istio.io/dataplane-mode";
inline constexpr std::string_view kWaypointLabel = "istio.io/use-waypoint";
inline constexpr std::string_view kWaypointGatewayClass = "istio-waypoint";
inline constexpr std::string_view kAppRoutingGatewayClass = "approuting-istio";
inline constexpr std::string_view kMultiClusterLabel = "istio/multiCluster";
inline constexpr std::string_view kNetworkLabel = "topology.istio.io/network";
inline constexpr std::string_view kInjectorConfigMapPrefix = "istio-sidecar-injector-";
inline constexpr std::string_view kInjectorApp = "sidecar-injector";
inline constexpr std::string_view kProxyImageAnnotation = "sidecar.istio.io/proxyImage";
inline constexpr std::string_view kProxyRepositoryPath = "/oss/istio/proxyv2";
inline constexpr std::string_view kPodSecurityLabel = "pod-security.kubernetes.io/enforce";
inline constexpr std::string_view kOsLabel = "kubernetes.io/os";
inline constexpr std::string_view kWindows = "windows";
inline constexpr std::string_view kNodeTypeLabel = "type";
inline constexpr std::string_view kVirtualNodeType = "virtual-kubelet";
inline constexpr std::string_view kVirtualNodeToleration = "virtual-kubelet.io/provider";
inline constexpr std::array<std::string_view, 3> kOtherMeshSidecars{
    "linkerd-proxy", "consul-dataplane", "kuma-sidecar"};

inline constexpr std::string_view kExternalGateway = "aks-istio-ingressgateway-external";
inline constexpr std::string_view kInternalGateway = "aks-istio-ingressgateway-internal";
inline constexpr std::string_view kSharedConfigMapPrefix = "istio-shared-configmap-";
inline constexpr std::string_view kStandardConfigMapPrefix = "istio-";
inline constexpr std::string_view kIstiodPrefix = "istiod-";
inline constexpr std::string_view kSystemSuffix = "-aks-istio-system";
inline constexpr std::string_view kProxyContainer = "istio-proxy";
inline constexpr std::string_view kGatewayClass = "istio";

// The Kubernetes Gateway API on the add-on (istio-gateway-api.md, managed-gateway-api.md; release
// notes v2025-03-16 for the label that went; Istio's API for the kind Hostname).
inline constexpr std::string_view kGatewayApiGroup = "gateway.networking.k8s.io";
inline constexpr std::string_view kIstioNetworkingGroup = "networking.istio.io";
inline constexpr std::string_view kHostnameKind = "Hostname";
inline constexpr std::string_view kNameOverrideAnnotation = "gateway.istio.io/name-override";
inline constexpr std::string_view kManagedLabel = "gateway.istio.io/managed";
inline constexpr std::string_view kWaypointController = "istio.io-mesh-controller";
inline constexpr std::string_view kRemovedGatewayNameLabel = "istio.io/gateway-name";
inline constexpr std::string_view kClassDefaultsLabel = "gateway.istio.io/defaults-for-class";
inline constexpr std::string_view kClassDefaultsConfigMap = "istio-gateway-class-defaults";
inline constexpr std::string_view kBundleAnnotation = "gateway.networking.k8s.io/bundle-version";
inline constexpr std::string_view kChannelAnnotation = "gateway.networking.k8s.io/channel";
inline constexpr std::string_view kManagedByAnnotation = "app.kubernetes.io/managed-by";
inline constexpr std::string_view kManagedByAks = "aks";
inline constexpr std::string_view kProbePortAnnotation =
    "service.beta.kubernetes.io/port_80_health-probe_port";

inline constexpr std::string_view kIstiod = "istiod";
inline constexpr std::string_view kIstiodContainer = "discovery";
inline constexpr std::string_view kIngressGatewayPrefix = "aks-istio-ingressgateway-";
inline constexpr std::string_view kCniDaemonSet = "azure-service-mesh-istio-cni-addon-node";
inline constexpr std::string_view kRedirectingInitContainer = "istio-init";
inline constexpr std::string_view kValidatingInitContainer = "istio-validation";
inline constexpr std::string_view kBlockingWebhook = "azure-service-mesh-ccp-validating-webhook";
inline constexpr std::string_view kValidatorPrefix = "istio-validator-";
inline constexpr std::string_view kScrapeConfigMap = "ama-metrics-prometheus-config";
inline constexpr std::string_view kScrapeSettingsConfigMap = "ama-metrics-settings-configmap";

}  // namespace aksmesh::mesh::names
