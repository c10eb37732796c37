// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/injection/revision_names.hpp"

namespace aksmesh::checks {

RevisionNames::RevisionNames(const Facts& facts) : revisions_(present_revisions(facts)) {
  for (const auto* webhook : facts.all(Kind::mutating_webhook_configuration)) {
    any_webhook_ = true;
    const auto tag = webhook->label(kTagLabel);
    const auto name = (tag ? tag : webhook->label(kRevisionLabel)).text();
    if (!name.empty()) names_.insert(name);
  }
}

RevisionNames::Standing RevisionNames::of(std::string_view name) const {
  if (const auto revision = parse_revision(name)) {
    if (revisions_.has(*revision)) return Standing::present;
    return revisions_.known ? Standing::missing : Standing::revisions_unknown;
  }
  if (names_.contains(name)) return Standing::present;
  return any_webhook_ ? Standing::missing : Standing::tags_unknown;
}

}  // namespace aksmesh::checks
