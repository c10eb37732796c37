// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "checks/check.hpp"
#include "mesh/label_index.hpp"
#include "mesh/peer_authentication.hpp"

namespace aksmesh::checks {
namespace {

void report(const std::vector<const Object*>& rivals, const std::string& scope, Findings& out) {
  std::vector<std::string> names;
  for (const auto* object : rivals) names.push_back(full_name(*object));
  for (const auto* object : rivals)
    out.add(*object, object->metadata()["name"],
            "PeerAuthentications {names} are all for {scope}; only the oldest of them counts",
            {{"names", list_text(names)}, {"scope", scope}});
}

void run(const Facts& facts, Findings& out) {
  const auto root = facts.root_namespace();
  // By namespace and selector.
  std::map<std::pair<std::string_view, std::string>, std::vector<const Object*>> scopes;
  for (const auto* object : facts.all(Kind::peer_authentication)) {
    const auto labels = mesh::labels_of(object->spec().at("selector", "matchLabels"));
    if (labels.empty() || object->name_space != root)
      scopes[{object->name_space, mesh::selector_text(labels)}].push_back(object);
  }
  for (const auto& [scope, rivals] : scopes) {
    if (rivals.size() < 2) continue;
    const auto& [name_space, selector] = scope;
    if (!selector.empty())
      report(rivals, "the workloads " + selector + " of namespace " + std::string(name_space), out);
    else if (name_space == root)
      report(rivals, "the whole mesh", out);
    else
      report(rivals, "namespace " + std::string(name_space), out);
  }
}

}  // namespace

extern const Check peer_authentication_rivals;
constinit const Check peer_authentication_rivals{
    .slug = "peer-authentication-rivals",
    .reads = kMeshConfigKinds | KindSet{Kind::peer_authentication},
    .run = run};

}  // namespace aksmesh::checks
