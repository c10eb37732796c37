// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/live_pods.hpp"

namespace aksmesh::checks {

/// How the traffic of pods gets to their proxies, as far as the input's DaemonSets tell; the
/// setting is a fact of ARM.
enum class Redirection { chained_plugin, init_containers, unknown };

/// Reads DaemonSet.
inline Redirection redirection(const Facts& facts) {
  if (facts.find(Kind::daemon_set, kSystemNamespace, kCniDaemonSet) != nullptr)
    return Redirection::chained_plugin;
  return facts.covers(Kind::daemon_set, kSystemNamespace) ? Redirection::init_containers
                                                          : Redirection::unknown;
}

/// What to say when the DaemonSets of the add-on are not known.
inline std::string mechanism_unknown(const Facts& facts, std::string_view what) {
  return std::string(what) + (facts.of_cluster()
                                  ? ": the DaemonSets of aks-istio-system could not be listed"
                                  : "; add the DaemonSets of aks-istio-system");
}

/// The first live Pod that was made for Istio CNI; null when there is none. Reads Pod.
inline const Object* first_validated_pod(const Facts& facts) {
  for (const auto* pod : facts.all(Kind::pod))
    if (is_live_pod(*pod) && item_named(pod->spec()["initContainers"], kValidatingInitContainer))
      return pod;
  return nullptr;
}

}  // namespace aksmesh::checks
