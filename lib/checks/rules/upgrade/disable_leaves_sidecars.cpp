// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "base/strings.hpp"
#include "checks/live_pods.hpp"
#include "checks/proxies.hpp"

namespace aksmesh::checks {
namespace {

struct InNamespace {
  const Object* first = nullptr;
  std::size_t pods = 0;
};

void run(const Facts& facts, Findings& out) {
  std::map<std::string_view, InNamespace> meshed;
  for (const auto* pod : facts.all(Kind::pod)) {
    if (!is_live_pod(*pod) || is_addon_namespace(pod->name_space) ||
        is_gateway_part(pod->metadata()) || !has_proxy_container(*pod))
      continue;
    auto& in = meshed[pod->name_space];
    if (in.first == nullptr) in.first = pod;
    ++in.pods;
  }
  for (const auto& [name, in] : meshed)
    out.add(*in.first, "sidecars stay in {pods} of namespace {namespace}, this one among them",
            {{"pods", plural(in.pods, "pod")}, {"namespace", std::string(name)}});
  for (const auto* one : facts.all(Kind::name_space))
    if (const auto label = one->label(kRevisionLabel); label && !meshed.contains(one->name))
      out.add(*one, label, "namespace {namespace} keeps its label, which then names nothing",
              {{"namespace", std::string(one->name)}});
}

}  // namespace

extern const Check disable_leaves_sidecars;
constinit const Check disable_leaves_sidecars{.slug = "disable-leaves-sidecars",
                                              .reads = {Kind::pod, Kind::name_space},
                                              .run = run,
                                              .runs = Runs::when_asked};

}  // namespace aksmesh::checks
