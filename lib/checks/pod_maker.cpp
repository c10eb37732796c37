// SPDX-License-Identifier: Apache-2.0
#include "checks/pod_maker.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kTemplateHash = "pod-template-hash";

}  // namespace

PodMaker maker_of(const Object& pod) {
  for (const auto owner : pod.metadata()["ownerReferences"].items()) {
    if (!owner["controller"].as_bool().value_or(false)) continue;
    PodMaker out{.kind = std::string(owner["kind"].text()),
                 .name = std::string(owner["name"].text())};
    const auto hash = pod.label(kTemplateHash).text();
    const auto ending = "-" + std::string(hash);
    if (out.kind == "ReplicaSet" && !hash.empty() && out.name.ends_with(ending)) {
      out.kind = "Deployment";
      out.name.resize(out.name.size() - ending.size());
    }
    return out;
  }
  return {.kind = "Pod", .name = std::string(pod.name)};
}

}  // namespace aksmesh::checks
