// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/check.hpp"
#include "mesh/namespaces.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::int64_t kProxyUser = 1337;
constexpr std::string_view kOperatorContainer = "istio-operator";

/// Reports a security context that names the proxy's user.
void check_context(const Object& object, const Node& context, Findings& out) {
  const auto user = context["runAsUser"];
  if (user.as_int() == kProxyUser) out.report("IST0144", object, user);
}

void check_pod(const Object& object, const Node& spec, Findings& out) {
  if (mesh::is_control_plane(object)) return;
  check_context(object, spec["securityContext"], out);
  for (const auto container : spec["containers"].items()) {
    const auto name = container["name"].text();
    if (name != kProxyContainer && name != kOperatorContainer)
      check_context(object, container["securityContext"], out);
  }
}

void run(const Facts& facts, Findings& out) {
  if (facts.is_upstream()) {
    for (const auto kind : {Kind::pod, Kind::deployment})
      for (const auto* object : facts.all(kind))
        check_pod(*object, mesh::pod_parts(*object).spec, out);
    return;
  }
  for (const auto& workload : facts.workloads())
    if (!mesh::is_platform_namespace(workload.object->name_space))
      check_pod(*workload.object, workload.pod_spec, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0144"};

}  // namespace

extern const Check application_uid_analyzer;
constinit const Check application_uid_analyzer{.slug = "application-uid-analyzer",
                                               .reads = kPodKinds,
                                               .run = run,
                                               .codes = kCodes,
                                               .analyzer = "applicationUID.Analyzer"};

}  // namespace aksmesh::checks
