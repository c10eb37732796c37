// SPDX-License-Identifier: Apache-2.0
#include "injection_advice.hpp"

#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

using Cause = mesh::InjectionCause;

std::string set_command(const kube::Object& workload, const mesh::Injectors& injectors) {
  const auto& revisions = injectors.revisions();
  return "aksmesh injection set " + std::string(workload.name_space) + " --revision " +
         (revisions.empty() ? "REVISION" : revisions.back());
}

std::string set_advice(const kube::Object& workload, const mesh::Injectors& injectors) {
  const auto& revisions = injectors.revisions();
  std::string remark;
  if (revisions.size() > 1) remark = "   (installed: " + join(revisions, ", ") + ')';
  return set_command(workload, injectors) + remark;
}

std::vector<std::string> on_silence(const mesh::Injection& injection,
                                    const mesh::Injectors& injectors) {
  std::vector<std::string> out{"aksmesh status   (whether istiod runs)"};
  const auto& revisions = injectors.revisions();
  if (!injection.tag.empty() && !injectors.has_revision(injection.revision) && !revisions.empty())
    out.insert(out.begin(), "aksmesh tag set " + injection.tag + " --revision " + revisions.back() +
                                "   (the tag leads to a revision that is gone)");
  return out;
}

}  // namespace

std::string_view renewal_text(checks::Renewal renewal) {
  switch (renewal) {
    case checks::Renewal::joins: return "would get a sidecar";
    case checks::Renewal::leaves: return "would lose the sidecar";
    case checks::Renewal::other_revision: return "would get a sidecar of another revision";
    case checks::Renewal::other_image: return "would get a sidecar of another image";
    case checks::Renewal::refused: return "could not be made anew";
    default: return "would stay as they are";
  }
}

std::vector<std::string> advice_on(const mesh::Injection& injection, const kube::Object& workload,
                                   const mesh::Injectors& injectors) {
  switch (injection.cause) {
    case Cause::host_network:
      return {"set hostNetwork: false, if the pod can do without the network of its node"};
    case Cause::ignored_namespace: return {"run the workload in a namespace of its own"};
    case Cause::pod_label:
      return {"remove the label sidecar.istio.io/inject from the pod template, if it shall join"};
    case Cause::pod_annotation:
      return {
          "remove the annotation sidecar.istio.io/inject from the pod template, if it shall join"};
    case Cause::no_webhook: return {"aksmesh status   (whether the mesh is on)"};
    case Cause::namespace_unlabelled:
    case Cause::pod_label_alone:
    case Cause::no_default_revision:
    case Cause::injection_label:
    case Cause::unknown_revision: return {set_advice(workload, injectors)};
    case Cause::pod_names_unknown_revision:
      return {set_advice(workload, injectors),
              "remove the label istio.io/rev from the pod template; the namespace tells"};
    case Cause::service_missing:
    case Cause::istiod_not_ready: return on_silence(injection, injectors);
    case Cause::several_webhooks:
      return {"aksmesh tag list", "remove all but one of the webhooks that take it"};
    case Cause::namespace_unseen:
    case Cause::webhooks_unseen: return {"--live   (asks the cluster)"};
    default: return {};
  }
}

}  // namespace aksmesh::commands
