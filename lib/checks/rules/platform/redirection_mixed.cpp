// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <utility>

#include "base/strings.hpp"
#include "checks/pod_maker.hpp"
#include "checks/rules/platform/redirection.hpp"

namespace aksmesh::checks {
namespace {

bool has_proxies(const Facts& facts) {
  return facts.holds(Kind::pod, has_proxy_container);
}

bool has_redirection(const Object& pod) {
  const auto init = pod.spec()["initContainers"];
  return item_named(init, kRedirectingInitContainer) || item_named(init, kValidatingInitContainer);
}

/// Pods of one workload, which come right together when it is restarted.
struct Stale {
  const Object* first = nullptr;
  Node container{};
  std::size_t count = 0;
};
using Workload = std::pair<std::string_view, PodMaker>;  // with its namespace

/// `checkout-1 of Deployment checkout (and 2 others)`
std::string words_for(const PodMaker& maker, const Stale& stale) {
  std::string out(stale.first->name);
  if (maker.kind != "Pod") out += " of " + maker.kind + ' ' + maker.name;
  if (stale.count > 1) out += " (and " + plural(stale.count - 1, "other", "others") + ')';
  return out;
}

void run(const Facts& facts, Findings& out) {
  const auto mechanism = redirection(facts);
  const bool chained = mechanism == Redirection::chained_plugin;
  const auto wrong = chained ? kRedirectingInitContainer : kValidatingInitContainer;
  std::map<Workload, Stale> workloads;
  for (const auto* pod : facts.all(Kind::pod)) {
    if (!is_live_pod(*pod) || !has_proxy_container(*pod)) continue;
    if (mechanism == Redirection::unknown) {
      if (!has_redirection(*pod)) continue;
      return out.unknown(*pod, mechanism_unknown(facts, "the redirection mechanism does not show"));
    }
    const auto container = item_named(pod->spec()["initContainers"], wrong);
    if (!container) continue;
    auto& stale = workloads[{pod->name_space, maker_of(*pod)}];
    if (stale.count++ == 0) stale = {.first = pod, .container = container, .count = 1};
  }
  for (const auto& [workload, stale] : workloads)
    out.add(
        *stale.first, stale.container,
        chained
            ? "pod {pods} still redirects its traffic with {container}, although Istio CNI is on"
            : "pod {pods} still relies on Istio CNI with {container}, although its DaemonSet is "
              "gone",
        {{"pods", words_for(workload.second, stale)}, {"container", std::string(wrong)}});
}

}  // namespace

extern const Check redirection_mixed;
constinit const Check redirection_mixed{.slug = "redirection-mixed",
                                        .reads = {Kind::daemon_set, Kind::pod},
                                        .run = run,
                                        .concerns = has_proxies};

}  // namespace aksmesh::checks
