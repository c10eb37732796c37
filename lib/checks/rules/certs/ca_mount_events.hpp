// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

namespace aksmesh::checks {

inline constexpr std::string_view kQuotedCaVolume = "\"cacerts\"";
inline constexpr std::string_view kCaVolume = kQuotedCaVolume.substr(1, kQuotedCaVolume.size() - 2);

inline bool mentions(const Node& message, std::string_view words) {
  return message.text().find(words) != std::string_view::npos;
}

/// What an Event says when a pod of aks-istio-system could not mount the volume of the plug-in CA;
/// absent for any other Event. events.k8s.io has another word for it.
inline Node failed_ca_mount(const Object& event) {
  if (event.name_space != kSystemNamespace || event.root["reason"].text() != "FailedMount")
    return {};
  const auto message = event.root["message"] ? event.root["message"] : event.root["note"];
  return mentions(message, kQuotedCaVolume) ? message : Node{};
}

}  // namespace aksmesh::checks
