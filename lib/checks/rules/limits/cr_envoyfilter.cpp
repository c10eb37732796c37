// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

/// Under the policies of 2024 only some filter types were let through; the webhook looked at every
/// patch.
void check_types(const Object& filter, const mesh::Limitation& policy, Findings& out) {
  bool all_allowed = true;
  for (const auto& patch : filter.spec()["configPatches"].items()) {
    const auto type = patch.at("patch", "value", "typed_config", "@type");
    if (!type) {
      out.unknown(filter, "a patch without typed_config: the policy names filter types only");
      all_allowed = false;
    } else if (std::find(policy.allowed_types.begin(), policy.allowed_types.end(), type.text()) ==
               policy.allowed_types.end()) {
      out.add(filter, type, "the admission webhook denies an EnvoyFilter of type {type}",
              {{"type", std::string(type.text())}});
      all_allowed = false;
    }
  }
  if (all_allowed)
    out.add_rated(
        policy.allowed_severity, filter, {},
        "EnvoyFilter {name} is accepted, but trouble that it causes is outside Azure support",
        {{"name", std::string(filter.name)}});
}

void run(const Facts& facts, Findings& out) {
  const auto& policy = facts.limitation();
  for (const auto* filter : facts.all(Kind::envoy_filter)) {
    if (!policy.allowed_types.empty()) {
      check_types(*filter, policy, out);
    } else if (policy.stance == mesh::Stance::forbidden) {
      out.add(*filter, "the admission webhook of the add-on denies EnvoyFilter {name}",
              {{"name", std::string(filter->name)}});
    } else {
      out.add(*filter,
              "EnvoyFilter {name} is accepted, but trouble that it causes is outside Azure support",
              {{"name", std::string(filter->name)}});
    }
  }
}

}  // namespace

extern const Check cr_envoyfilter;
constinit const Check cr_envoyfilter{
    .slug = "cr-envoyfilter", .reads = {Kind::envoy_filter}, .run = run};

}  // namespace aksmesh::checks
