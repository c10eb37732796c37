// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "checks/live_pods.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kVariable = "BLOCKED_CIDRS_IN_JWKS_URIS";
constexpr std::size_t kMostNames = 5;

bool restricts_fetches(const Object& istiod) {
  const auto containers = mesh::pod_parts(istiod).spec["containers"].items();
  return std::any_of(containers.begin(), containers.end(), [](const Node& container) {
    return !item_named(container["env"], kVariable)["value"].text().empty();
  });
}

std::string names_of(const std::vector<const Object*>& objects) {
  std::vector<std::string> names;
  for (const auto* object : objects) names.push_back(full_name(*object));
  std::sort(names.begin(), names.end());
  const auto more = names.size() > kMostNames ? names.size() - kMostNames : 0;
  names.resize(names.size() - more);
  return join(names, ", ") + (more == 0 ? "" : ", and " + std::to_string(more) + " more");
}

void run(const Facts& facts, Findings& out) {
  const auto& authentications = facts.all(Kind::request_authentication);
  if (authentications.empty()) return;
  for (const auto* deployment : facts.all(Kind::deployment))
    if (deployment->label("app").text() == kIstiod && !restricts_fetches(*deployment))
      out.report("IST0175", *deployment,
                 {std::to_string(authentications.size()), names_of(authentications)});
}

constexpr std::array<std::string_view, 1> kCodes{"IST0175"};

}  // namespace

extern const Check authn_blocked_cidrs_analyzer;
constinit const Check authn_blocked_cidrs_analyzer{
    .slug = "authn-blocked-cidrs-analyzer",
    .reads = {Kind::request_authentication, Kind::deployment},
    .run = run,
    .codes = kCodes,
    .analyzer = "authn.BlockedCIDRsAnalyzer"};

}  // namespace aksmesh::checks
