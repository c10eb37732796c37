// SPDX-License-Identifier: Apache-2.0
#include "proxy_reader.hpp"

#include <algorithm>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "injection_reading.hpp"
#include "kube/pod_lookup.hpp"
#include "mesh/names.hpp"
#include "mesh/revision_tags.hpp"

namespace aksmesh::commands {
namespace {

using kube::Kind;
using mesh::names::kSystemNamespace;

// What the istiods say changes without any object.
constexpr std::int64_t kAskAgain = 10'000;

/// What of the pods could not be seen, apart from lists that failed.
void add_unseen(const mesh::Model& model, const std::string& name_space,
                std::vector<report::UnavailablePart>& out) {
  const auto& read = model.manifests();
  for (const auto& part : read.unavailable) out.push_back({part.what, part.why});
  if (read.whole.has(Kind::pod) || read.not_listed.contains(Kind::pod) || !name_space.empty())
    return;
  out.push_back({"the pods of other namespaces than " + std::string(kSystemNamespace),
                 "which sidecars are disconnected is not known: no right to list pods there"});
}

Error no_revision(const std::string& name, const std::vector<std::string>& names) {
  const auto near = suggestions(name, names);
  return {.kind = ErrorKind::not_found,
          .what = "there is no revision or tag '" + name + "'",
          .why = near.empty() ? "" : "did you mean " + join(near, " or ") + '?',
          .next = {"aksmesh status   (the revisions of the cluster)", "aksmesh tag list"}};
}

/// The revisions that an istiod runs of.
std::vector<std::string> running_revisions(const mesh::Model& model) {
  std::vector<std::string> out;
  for (const auto& one : checks::running_istiods(model)) out.push_back(one.revision);
  return out;
}

}  // namespace

Result<std::string> revision_named(const mesh::Model& model, const std::string& name) {
  auto names = running_revisions(model);
  // Proxies of a revision that is gone are looked for, too.
  if (name.empty() || parse_revision(name) ||
      std::find(names.begin(), names.end(), name) != names.end())
    return name;
  AK_CHECK(require_webhooks(model, "tell what the tag '" + name + "' leads to"));
  for (const auto& tag : mesh::revision_tags(model)) {
    if (tag.name == name && !tag.revision.empty()) return tag.revision;
    names.push_back(tag.name);
  }
  return no_revision(name, names);
}

ProxyReader::ProxyReader(LiveSource source, LiveSource::How how, ProxyScope scope,
                         std::int64_t patience, const Context& context)
    : source_(std::move(source)),
      how_(how),
      scope_(std::move(scope)),
      context_(context),
      asker_(source_.session(), patience, context) {}

/// Pods alone; what a tag leads to is looked up when one may have been named.
Result<kube::LiveObjects> ProxyReader::objects() {
  kube::KindSet kinds{Kind::pod};
  if (!scope_.revision.empty() && !parse_revision(scope_.revision))
    kinds.add(Kind::mutating_webhook_configuration);
  const std::string system(kSystemNamespace);
  const bool narrow = !scope_.name_space.empty() && how_ == LiveSource::How::read_anew;
  if (!narrow || source_.session().snapshot() != nullptr) return source_.objects(kinds, system, {});
  std::vector<std::string> namespaces{system};
  if (scope_.name_space != system) namespaces.push_back(scope_.name_space);
  return source_.session().read_in(namespaces, kinds);
}

Result<ProxyReading> ProxyReader::read() {
  AK_TRY(auto live, objects());
  ProxyReading out{.place = source_.session().name()};
  out.model =
      std::make_unique<mesh::Model>(kube::read_manifests(context_.files, {}, {}, std::move(live)),
                                    mesh::Model::Options{.today = context_.clock.today()});
  AK_TRY(const auto wanted, revision_named(*out.model, scope_.revision));
  add_unseen(*out.model, scope_.name_space, out.unavailable);
  AK_TRY(out.view, asker_.view(*out.model, out.unavailable, wanted));
  out.now_ms = asker_.now_ms();
  out.rows = checks::proxy_rows(*out.model, *out.view);
  std::erase_if(out.rows, [&](const checks::ProxyRow& row) {
    return (!wanted.empty() && row.revision != wanted) ||
           (!scope_.name_space.empty() && row.name_space != scope_.name_space);
  });
  if (out.rows.empty() && !scope_.name_space.empty()) {
    auto* client = source_.session().client();
    if (client == nullptr) {
      AK_TRY(auto spaces, source_.session().read({.kinds = {Kind::name_space}}));
      const mesh::Model model(kube::read_manifests(context_.files, {}, {}, std::move(spaces)),
                              {.today = context_.clock.today()});
      AK_CHECK(require_namespace(model, scope_.name_space));
    } else if (auto missing = kube::missing_namespace(*client, scope_.name_space)) {
      return std::move(*missing);
    }
  }
  const bool is_known = wanted.empty() || out.view->has_any() || !out.rows.empty();
  if (!is_known && scope_.name_space.empty() && out.unavailable.empty())
    return no_revision(scope_.revision, running_revisions(*out.model));
  return out;
}

Status ProxyReader::wait() {
  return source_.wait(context_.clock.steady() + kAskAgain);
}

}  // namespace aksmesh::commands
