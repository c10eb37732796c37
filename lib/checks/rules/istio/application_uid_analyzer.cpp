// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/injection.hpp"

namespace aksmesh::checks {
namespace {

// The user of Istio's proxy, whose traffic is not redirected (istio.io, "Application
// Requirements").
constexpr std::int64_t kProxyUser = 1337;
constexpr std::string_view kOperatorContainer = "istio-operator";

Node user_of(const Node& holder) {
  return holder.at("securityContext", "runAsUser");
}

bool is_proxy_user(const Node& user) {
  return user.as_int() == kProxyUser;
}

bool is_application(const Node& container) {
  const auto name = container["name"].text();
  return name != kProxyContainer && name != kOperatorContainer;
}

/// As istioctl sees it: the pod's user counts even when every container has one of its own.
void check_upstream(const Object& object, Findings& out) {
  const auto spec = mesh::pod_parts(object).spec;
  bool found = is_proxy_user(user_of(spec));
  for (const auto container : spec["containers"].items())
    found = found || (is_application(container) && is_proxy_user(user_of(container)));
  if (found) out.report("IST0144", object);
}

void check(const Object& object, const Node& pod_spec, Findings& out) {
  const auto of_pod = user_of(pod_spec);
  bool inherited = false;
  for (const auto container : pod_spec["containers"].items()) {
    if (!is_application(container)) continue;
    const auto own = user_of(container);
    inherited = inherited || !own.as_int();
    if (is_proxy_user(own)) out.report("IST0144", object, own);
  }
  if (inherited && is_proxy_user(of_pod)) out.report("IST0144", object, of_pod);
}

void run(const Facts& facts, Findings& out) {
  if (facts.is_upstream()) {
    for (const auto kind : {Kind::pod, Kind::deployment})
      for (const auto* object : facts.all(kind))
        if (!mesh::is_control_plane(*object)) check_upstream(*object, out);
    return;
  }
  for (const auto& workload : facts.workloads())
    if (!mesh::is_control_plane(*workload.object) && in_mesh(facts, workload) != Meshed::no)
      check(*workload.object, workload.pod_spec, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0144"};

}  // namespace

extern const Check application_uid_analyzer;
constinit const Check application_uid_analyzer{.slug = "application-uid-analyzer",
                                               .reads = kPodKinds | KindSet{Kind::name_space},
                                               .run = run,
                                               .codes = kCodes,
                                               .analyzer = "applicationUID.Analyzer"};

}  // namespace aksmesh::checks
