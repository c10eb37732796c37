// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

/// The filter that a patch is about: by its own name, else by that of its match.
std::string_view filter_of(const Node& patch) {
  const auto value = patch.at("patch", "value");
  if (const auto name = value["name"]) return name.text();
  const auto chain = patch.at("match", "listener", "filterChain");
  return value && chain ? chain.at("filter", "name").text() : std::string_view{};
}

/// The code of an operation that is wrong for what it applies to; empty when it is right.
std::string_view misuse_of(std::string_view operation, std::string_view target, bool upstream) {
  const bool of_routes = target == "ROUTE_CONFIGURATION" || target == "HTTP_ROUTE";
  const bool of_filters = target == "NETWORK_FILTER" || target == "HTTP_FILTER";
  if (operation == "ADD" && of_routes) return "IST0153";
  if (operation == "REMOVE" && of_routes) return "IST0154";
  // Envoy's virtual hosts can be replaced; istioctl does not know (istio/istio#59495).
  const bool of_virtual_hosts = target == "VIRTUAL_HOST" && !upstream;
  if (operation == "REPLACE" && !of_filters && !of_virtual_hosts) return "IST0152";
  return {};
}

bool is_relative(std::string_view operation) {
  return operation == "REMOVE" || operation == "REPLACE" || operation == "INSERT_BEFORE" ||
         operation == "INSERT_AFTER";
}

bool has_priority(const Object& filter) {
  const auto priority = filter.spec()["priority"];
  return priority && !priority.is_null() && priority.text() != "0";
}

/// Looks at one EnvoyFilter after another, because a patch may lean on a filter of an earlier one.
class Patches {
 public:
  Patches(const Facts& facts, Findings& out)
      : upstream_(facts.is_upstream()), root_(facts.root_namespace()), out_(out) {}

  void check(const Object& filter) {
    for (const auto entry : filter.spec()["configPatches"].items()) {
      const auto patch = entry["patch"];
      if (!patch || patch.is_null()) return;  // istioctl leaves the rest of the object then
      const auto operation = patch["operation"];
      const auto place = operation ? operation : patch;
      const auto name = filter_of(entry);
      const auto misuse = misuse_of(operation.text(), entry["applyTo"].text(), upstream_);
      if (!misuse.empty())
        out_.report(misuse, filter, place);
      else if (is_relative(operation.text()) && !has_priority(filter))
        out_.report(is_of_one_version(filter, name) ? "IST0155" : "IST0151", filter, place);
      if (!entry.at("match", "proxy", "proxyVersion").text().empty())
        of_one_version_[upstream_ ? std::string_view{} : filter.name_space].insert(name);
    }
  }

 private:
  /// Whether an earlier patch that meets the same proxies binds the filter to a version of them.
  /// istioctl asks for the name alone, and takes nameless filters for one.
  bool is_of_one_version(const Object& filter, std::string_view name) {
    if (upstream_) return of_one_version_[{}].contains(name);
    return !name.empty() && (of_one_version_[filter.name_space].contains(name) ||
                             of_one_version_[root_].contains(name));
  }

  bool upstream_;
  std::string_view root_;
  Findings& out_;
  /// Filters that are bound to a version of the proxy, by namespace.
  std::unordered_map<std::string_view, std::unordered_set<std::string_view>> of_one_version_;
};

void run(const Facts& facts, Findings& out) {
  auto filters = facts.all(Kind::envoy_filter);
  const auto root = facts.is_upstream() ? std::string_view{} : facts.root_namespace();
  // Those of the root namespace are applied first. istioctl's order changes from run to run.
  const auto rank = [&](const Object* filter) {
    return std::tuple(filter->name_space != root, filter->name_space, filter->name);
  };
  std::sort(filters.begin(), filters.end(),
            [&](const Object* one, const Object* other) { return rank(one) < rank(other); });
  Patches patches(facts, out);
  for (const auto* filter : filters) patches.check(*filter);
}

constexpr std::array<std::string_view, 5> kCodes{"IST0151", "IST0152", "IST0153", "IST0154",
                                                 "IST0155"};

}  // namespace

extern const Check envoyfilter_envoy_patch_analyzer;
constinit const Check envoyfilter_envoy_patch_analyzer{
    .slug = "envoyfilter-envoy-patch-analyzer",
    .reads = kMeshConfigKinds | KindSet{Kind::envoy_filter},
    .run = run,
    .codes = kCodes,
    .analyzer = "envoyfilter.EnvoyPatchAnalyzer"};

}  // namespace aksmesh::checks
