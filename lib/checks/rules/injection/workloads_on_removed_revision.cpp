// SPDX-License-Identifier: Apache-2.0
#include "base/strings.hpp"
#include "checks/istiods.hpp"
#include "checks/proxies.hpp"

namespace aksmesh::checks {
namespace {

/// The revision that goes: the one that was named, else the older of two. Nothing when no upgrade
/// is under way.
std::optional<VersionNumber> leaving_revision(const Facts& facts) {
  if (const auto named = facts.leaving()) return named;
  const auto all = istiods(facts);
  return all.size() < 2 ? std::nullopt : std::optional(all.begin()->first);
}

void run(const Facts& facts, Findings& out) {
  const auto leaving = leaving_revision(facts);
  if (!leaving) return;
  const auto revision = revision_name(*leaving);
  const auto bound = meshed_pods(
      facts, [&](const Object& pod) { return proxy_revision(facts, pod).name == revision; });
  for (const auto& [name, in] : bound)
    out.add(*in.first,
            "{revision} still serves {pods} of namespace {namespace}, this one among them",
            {{"pods", plural(in.count, "pod")},
             {"namespace", std::string(name)},
             {"revision", revision}});
  for (const auto* one : facts.all(Kind::name_space))
    if (const auto label = one->label(kRevisionLabel); label.text() == revision)
      out.add(*one, label, "new pods of namespace {namespace} get sidecars of {revision}",
              {{"namespace", std::string(one->name)}, {"revision", revision}});
  for (const auto* tag : facts.all(Kind::mutating_webhook_configuration))
    if (tag->label(kTagLabel) && tag->label(kRevisionLabel).text() == revision)
      out.add(*tag, tag->label(kRevisionLabel), "revision tag {tag} leads to {revision}",
              {{"tag", std::string(tag->label(kTagLabel).text())}, {"revision", revision}});
}

}  // namespace

extern const Check workloads_on_removed_revision;
constinit const Check workloads_on_removed_revision{
    .slug = "workloads-on-removed-revision",
    .reads = kRevisionKinds | KindSet{Kind::pod, Kind::name_space},
    .run = run,
    .runs = Runs::when_asked};

}  // namespace aksmesh::checks
