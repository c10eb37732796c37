// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/injectors.hpp"
#include "checks/live_pods.hpp"
#include "checks/present_revisions.hpp"
#include "checks/proxies.hpp"

namespace aksmesh::checks {
namespace {

std::string_view revision_of(const Facts& facts, const Object& pod) {
  const auto injected = proxy_revision(facts, pod);
  if (!injected.name.empty()) return injected.name;
  const auto* name_space = facts.find(Kind::name_space, {}, pod.name_space);
  return name_space == nullptr ? std::string_view{} : name_space->label(kRevisionLabel).text();
}

void check_proxy(const Facts& facts, const Object& pod, const Node& proxy,
                 std::string_view revision, std::string_view wanted, Findings& out) {
  const auto image = proxy["image"];
  const auto tag = image_tag(image.text());
  if (wanted.empty()) {
    out.unknown(pod, facts.of_cluster()
                         ? "which proxy image new pods get: the cluster has no ConfigMap "
                           "istio-sidecar-injector-<revision> that names one"
                         : "which proxy image new pods get; a ConfigMap "
                           "istio-sidecar-injector-<revision> that names one tells");
  } else if (tag.empty()) {
    out.unknown(pod, "which patch its proxy is, for the image names no tag");
  } else if (!is_same_patch(tag, wanted)) {
    out.add(pod, image,
            "the sidecar of Pod {name} is {tag}, while new pods of {revision} get {wanted}",
            {{"name", std::string(pod.name)},
             {"tag", std::string(tag)},
             {"revision", std::string(revision)},
             {"wanted", std::string(wanted)}});
  }
}

void run(const Facts& facts, Findings& out) {
  const auto& pods = facts.all(Kind::pod);
  if (pods.empty()) return;
  const auto revisions = present_revisions(facts);
  InjectedTags tags(facts);
  for (const auto* pod : pods) {
    if (!is_live_pod(*pod) || is_addon_namespace(pod->name_space)) continue;
    const auto proxy = find_container(pod->spec(), kProxyContainer);
    if (!proxy) continue;
    const auto name = revision_of(facts, *pod);
    const auto revision = parse_revision(name);
    if (name.empty())
      out.unknown(
          *pod,
          "the revision of its sidecar; annotation sidecar.istio.io/status or the Namespace tells");
    if (!revision || (revisions.known && !revisions.has(*revision))) continue;
    check_proxy(facts, *pod, proxy, name, tags.of(name), out);
  }
}

}  // namespace

extern const Check proxy_behind_control_plane;
constinit const Check proxy_behind_control_plane{
    .slug = "proxy-behind-control-plane",
    .reads = kRevisionKinds | KindSet{Kind::pod, Kind::config_map, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
