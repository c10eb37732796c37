// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// Names that the add-on and Istio fix for their objects (istio-deploy-addon.md, istio-deploy-ingress.md,
// istio-deploy-egress.md, istio-meshconfig.md, istio-gateway-api.md; Istio's API for the labels).
namespace aksmesh::checks {

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
inline constexpr std::string_view kEgressComponent = "egress-gateway";

inline constexpr std::string_view kExternalGateway = "aks-istio-ingressgateway-external";
inline constexpr std::string_view kInternalGateway = "aks-istio-ingressgateway-internal";
inline constexpr std::string_view kSharedConfigMapPrefix = "istio-shared-configmap-";
inline constexpr std::string_view kProxyContainer = "istio-proxy";
inline constexpr std::string_view kGatewayClass = "istio";

}  // namespace aksmesh::checks
