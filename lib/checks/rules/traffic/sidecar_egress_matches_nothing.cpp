// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include "base/edit_distance.hpp"
#include "checks/check.hpp"
#include "istio/host.hpp"
#include "mesh/namespaces.hpp"
#include "mesh/sidecar_egress.hpp"

namespace aksmesh::checks {
namespace {

class Namespaces {
 public:
  explicit Namespaces(const Facts& facts) : facts_(facts) {
    for (const auto* object : facts.all(Kind::name_space)) names_.emplace_back(object->name);
  }

  /// True when it is sure that there is no such namespace: the input holds those of the whole
  /// cluster, or one that is spelled nearly alike.
  [[nodiscard]] bool is_missing(const std::string& name) {
    const auto [at, is_new] = known_.try_emplace(name, false);
    if (is_new) at->second = look_for(name);
    return at->second;
  }

 private:
  [[nodiscard]] bool look_for(std::string_view name) const {
    if (mesh::surely_exists(name) || name == kUpstreamNamespace || exists(name)) return false;
    const bool whole =
        exists(facts_.control_plane_namespace()) || (facts_.is_upstream() && !names_.empty());
    return whole || !suggestions(name, names_).empty();
  }
  [[nodiscard]] bool exists(std::string_view name) const {
    return facts_.find(Kind::name_space, {}, name) != nullptr ||
           (!facts_.is_upstream() && facts_.covers(Kind::service, name));
  }

  const Facts& facts_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, bool> known_;  ///< names that were asked for
};

/// Why no host is meant by an entry; empty when some may be.
std::string reason(const Facts& facts, Namespaces& namespaces, const Object& sidecar,
                   const mesh::EgressHost& entry) {
  if (entry.name_space == "~" || entry.host.empty()) return {};
  const std::string name_space(entry.name_space);
  if (name_space != "*" && namespaces.is_missing(name_space))
    return "there is no namespace " + name_space;
  if (istio::is_wildcard(entry.host)) return {};
  const auto* host = facts.hosts().resolve(entry.host, entry.name_space, {});
  if (entry.host.find('.') == std::string_view::npos) {
    const bool is_entry = host != nullptr && !host->is_service();
    return is_entry ? std::string{} : "the host must be written in full";
  }
  if (!entry.host.ends_with(istio::kServiceSuffix)) return {};
  const auto service = istio::service_name(entry.host, sidecar.name_space);
  if (name_space != "*" && service.name_space != name_space)
    return "the host is one of namespace " + std::string(service.name_space);
  if (host == nullptr && facts.find(Kind::service, service.name_space, service.name) == nullptr &&
      facts.covers(Kind::service, service.name_space))
    return "namespace " + std::string(service.name_space) + " has no Service " +
           std::string(service.name);
  return {};
}

void run(const Facts& facts, Findings& out) {
  Namespaces namespaces(facts);
  for (const auto* sidecar : facts.all(Kind::sidecar))
    mesh::visit_egress_hosts(*sidecar, [&](const mesh::EgressHost& entry) {
      const auto why = reason(facts, namespaces, *sidecar, entry);
      if (!why.empty())
        out.add(*sidecar, entry.node, "{host} lets proxies learn of nothing: {reason}",
                {{"host", std::string(entry.node.text())}, {"reason", why}});
    });
}

}  // namespace

extern const Check sidecar_egress_matches_nothing;
constinit const Check sidecar_egress_matches_nothing{
    .slug = "sidecar-egress-matches-nothing",
    .reads = kHostKinds | KindSet{Kind::sidecar, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
