// SPDX-License-Identifier: Apache-2.0
#include "injection_reading.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/edit_distance.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "mesh/names.hpp"

namespace aksmesh::commands {

using kube::Kind;
using Json = nlohmann::ordered_json;

void declare_namespace_options(OptionSet& set, NamespaceOptions& options) {
  set.value("-n,--namespace", options.name_space, "NAME")
      .env("AKSMESH_NAMESPACE")
      .help("Only this namespace; also the namespace of objects that name none");
  set.flag("-A,--all-namespaces", options.all_namespaces).help("All namespaces");
}

Result<std::string> chosen_namespace(const NamespaceOptions& options, const Context& context) {
  if (!options.all_namespaces || options.name_space.empty()) return options.name_space;
  if (outranks("--all-namespaces", "--namespace", context)) return std::string();
  return Error{.kind = ErrorKind::usage,
               .what = "--namespace and --all-namespaces exclude each other"};
}

Result<std::unique_ptr<mesh::Model>> read_injection(KubeSession& session,
                                                    const InjectionReading& reading,
                                                    const std::vector<std::string>& files,
                                                    const Context& context) {
  const kube::KindSet base{Kind::name_space, Kind::mutating_webhook_configuration, Kind::service,
                           Kind::config_map};
  const std::string system(mesh::names::kSystemNamespace);
  std::map<Kind, std::string> only_in{{Kind::service, system}, {Kind::config_map, system}};
  for (const auto kind : {Kind::pod, Kind::deployment, Kind::stateful_set, Kind::daemon_set,
                          Kind::replica_set, Kind::job, Kind::cron_job})
    if (reading.more.has(kind) && !reading.name_space.empty()) only_in[kind] = reading.name_space;
  AK_TRY(auto live, session.read({.kinds = base | reading.more, .only_in = only_in}));
  kube::ReadOptions how;
  if (!reading.name_space.empty()) how.default_namespace = reading.name_space;
  return std::make_unique<mesh::Model>(
      kube::read_manifests(context.files, files, how, std::move(live)),
      mesh::Model::Options{.today = context.clock.today()});
}

Status require_namespace(const mesh::Model& model, const std::string& name) {
  if (model.find(Kind::name_space, {}, name) != nullptr) return Done{};
  if (!model.manifests().whole.has(Kind::name_space)) return Done{};
  std::vector<std::string> names;
  for (const auto* one : model.all(Kind::name_space)) names.emplace_back(one->name);
  const auto near = suggestions(name, names);
  return Error{.kind = ErrorKind::not_found,
               .what = "there is no namespace '" + name + "'",
               .why = near.empty() ? "" : "did you mean " + join(near, " or ") + '?',
               .next = {"kubectl get namespaces"}};
}

Status require_webhooks(const mesh::Model& model, const std::string& goal) {
  if (model.manifests().whole.has(Kind::mutating_webhook_configuration)) return Done{};
  std::string why = "the injection webhooks of the cluster could not be listed";
  for (const auto& one : model.manifests().unavailable)
    if (one.what.starts_with("mutatingwebhookconfigurations")) why += ": " + one.why;
  return Error{.kind = ErrorKind::could_not_look,
               .what = "cannot " + goal,
               .why = std::move(why),
               .next = {"ask for the right to list "
                        "mutatingwebhookconfigurations.admissionregistration.k8s.io"}};
}

std::vector<std::string> tag_names(const mesh::Injectors& injectors) {
  std::set<std::string> out;
  for (const auto& one : injectors.webhooks())
    if (!one.tag().empty()) out.emplace(one.tag());
  return {out.begin(), out.end()};
}

Error unknown_revision(const mesh::Model& model, const mesh::Injectors& injectors,
                       const std::string& name, const std::string& goal) {
  auto names = injectors.revisions();
  const auto tags = tag_names(injectors);
  names.insert(names.end(), tags.begin(), tags.end());
  const auto near = suggestions(name, names);
  std::string why = "no revision or tag of the name '" + name + "' is there; ";
  why += injectors.revisions().empty() ? "none is installed"
                                       : "installed: " + join(injectors.revisions(), ", ");
  if (!tags.empty()) why += "; tags: " + join(tags, ", ");
  if (!near.empty()) why += "; did you mean " + join(near, " or ") + '?';
  if (!model.manifests().unavailable.empty()) why += " (not everything could be read)";
  return {.kind = ErrorKind::not_found,
          .what = "cannot " + goal,
          .why = std::move(why),
          .next = {"aksmesh status   (the revisions of the cluster)", "aksmesh tag list"}};
}

Json injection_document(const mesh::Injection& injection) {
  Json out{{"verdict", mesh::word_of(injection.verdict)},
           {"cause", mesh::word_of(injection.cause)},
           {"reason", to_valid_utf8(injection.reason)}};
  if (!injection.revision.empty()) out["revision"] = to_valid_utf8(injection.revision);
  if (!injection.tag.empty()) out["tag"] = to_valid_utf8(injection.tag);
  return out;
}

namespace {

/// What could not be read: lists of the cluster, files, and documents in them.
std::vector<kube::Unavailable> unread(const mesh::Model& model) {
  auto out = model.manifests().unavailable;
  for (const auto& file : model.manifests().files)
    for (const auto& problem : file.problems)
      if (problem.document_lost)
        out.push_back({file.name + ':' + std::to_string(problem.mark.line), problem.what});
  return out;
}

}  // namespace

Json unavailable_document(const mesh::Model& model) {
  auto out = Json::array();
  for (const auto& part : unread(model))
    out.push_back({{"what", to_valid_utf8(part.what)}, {"why", to_valid_utf8(part.why)}});
  return out;
}

std::string listing_text(const report::Table& table, const mesh::Model& model,
                         const report::Style& style, report::Headers headers) {
  const auto rows = table.rows.empty() ? "" : report::render_table(table, style, headers);
  return rows + unavailable_text(model, style);
}

std::string unavailable_text(const mesh::Model& model, const report::Style& style) {
  std::string out;
  for (const auto& part : unread(model))
    out += std::string(style.unknown_mark()) + " could not read " + printable(part.what) + ": " +
           printable(part.why) + '\n';
  return out;
}

}  // namespace aksmesh::commands
