// SPDX-License-Identifier: Apache-2.0
#include "workload_choice.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "analyze_options.hpp"
#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "checks/sidecars.hpp"
#include "mesh/istio_view.hpp"
#include "mesh/names.hpp"
#include "mesh/namespaces.hpp"

namespace aksmesh::commands {

using kube::Kind;
using kube::Object;

namespace {

/// Services and gateways only lead to pods.
bool makes_pods(Kind kind) {
  return kind != Kind::service && kind != Kind::kube_gateway;
}

bool is_asked_about(const Object& object, const WorkloadChoice::Where& where) {
  return object.file->live != where.of_files &&
         (where.name_space.empty() || object.name_space == where.name_space);
}

}  // namespace

void declare_workload_options(OptionSet& set, WorkloadOptions& o) {
  set.operands(o.names, "[TYPE/]NAME[.NAMESPACE]")
      .may_lack()
      .help("Workload or pod; default: every one of the namespace");
  declare_files(set, o.files);
  declare_namespace_options(set, o.where);
  set.flag("--live", o.live)
      .group("Kubernetes")
      .help(
          "Also the objects of the cluster, under those of the files; alone, this is the default");
  declare_cluster_source(set, o.kube);
}

Result<WorkloadChoice> WorkloadChoice::of(const std::vector<std::string>& typed,
                                          std::string command) {
  WorkloadChoice out;
  out.command_ = std::move(command);
  std::set<std::string> places;
  for (const auto& word : typed) {
    // A type may have one, too: deployments.apps/web.
    const auto slash = word.find('/');
    const auto dot = word.find('.', slash == std::string::npos ? 0 : slash);
    places.insert(dot == std::string::npos ? "" : word.substr(dot + 1));
    AK_TRY(auto target, target_of(word.substr(0, dot)));
    out.targets_.push_back(std::move(target));
  }
  if (places.size() > 1)
    return Error{.kind = ErrorKind::usage,
                 .what = "the workloads are not all named with the same namespace",
                 .why = "those of one namespace can be looked at, or all of them",
                 .next = {"-n NAMESPACE", "-A"}};
  if (!places.empty()) out.name_space_ = *places.begin();
  return out;
}

Result<WorkloadChoice::Target> WorkloadChoice::target_of(const std::string& typed) {
  const auto slash = typed.find('/');
  if (slash == std::string::npos) return Target{.name = typed};
  const auto word = typed.substr(0, slash);
  const auto* type = kube::find_workload_type(word);
  if (type != nullptr && makes_pods(type->kind))
    return Target{.kind = type->kind, .name = typed.substr(slash + 1)};
  std::vector<std::string> known;
  for (const auto& one : kube::workload_types())
    if (makes_pods(one.kind)) known.emplace_back(one.name);
  const auto near = suggestions(word, known);
  return Error{.kind = ErrorKind::usage,
               .what = "'" + word + "' is no kind of workload",
               .why = near.empty() ? "" : "did you mean " + join(near, " or ") + '?',
               .next = {"one of " + join(known, ", ")}};
}

bool WorkloadChoice::is_target(const Object& object, const Target& target) {
  const auto parts = mesh::pod_parts(object);
  return object.name == target.name && (parts.metadata || parts.spec) &&
         (target.kind == Kind::other || target.kind == object.kind);
}

Result<std::vector<const Object*>> WorkloadChoice::among(const mesh::Model& model,
                                                         const Where& where) const {
  std::vector<const Object*> out;
  if (targets_.empty()) {
    for (const auto& one : model.workloads())
      if (is_asked_about(*one.object, where)) out.push_back(one.object);
  }
  for (const auto& target : targets_) {
    const auto before = out.size();
    for (const auto& object : model.manifests().objects)
      if (is_asked_about(object, where) && is_target(object, target)) out.push_back(&object);
    if (out.size() == before) return not_found(model, where, target);
  }
  std::sort(out.begin(), out.end(), [](const Object* a, const Object* b) {
    return std::tie(a->name_space, a->kind_name, a->name) <
           std::tie(b->name_space, b->kind_name, b->name);
  });
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Error WorkloadChoice::not_found(const mesh::Model& model, const Where& where,
                                const Target& target) const {
  std::vector<std::string> names;
  for (const auto& one : model.workloads())
    if (is_asked_about(*one.object, where)) names.emplace_back(one.object->name);
  const auto near = suggestions(target.name, names);
  const auto place = where.name_space.empty() ? "" : " in namespace " + where.name_space;
  const bool unread = !model.manifests().unavailable.empty();
  return {.kind = unread ? ErrorKind::could_not_look : ErrorKind::not_found,
          .what = "there is no workload '" + target.name + "'" + place,
          .why = unread
                     ? "not everything could be read: " + model.manifests().unavailable.front().why
                 : near.empty() ? ""
                                : "did you mean " + join(near, " or ") + '?',
          .next = {"aksmesh " + command_ + " -A   (every workload)"}};
}

namespace {

Result<std::unique_ptr<mesh::Model>> read_cluster(KubeSession& session,
                                                  const WorkloadReading& reading,
                                                  const std::string& name_space,
                                                  const WorkloadOptions& o,
                                                  const Context& context) {
  const std::string system(mesh::names::kSystemNamespace);
  std::map<Kind, std::string> only_in{{Kind::config_map, system}};
  kube::for_each_kind(reading.system, [&](Kind kind) { only_in[kind] = system; });
  if (!name_space.empty())
    kube::for_each_kind(reading.local, [&](Kind kind) { only_in[kind] = name_space; });
  const kube::KindSet base{Kind::name_space, Kind::config_map};
  AK_TRY(auto live, session.read({.kinds = base | reading.local | reading.more | reading.system,
                                  .only_in = only_in}));
  kube::ReadOptions how;
  if (!name_space.empty()) how.default_namespace = name_space;
  return std::make_unique<mesh::Model>(
      kube::read_manifests(context.files, o.files, how, std::move(live)),
      mesh::Model::Options{.today = context.clock.today()});
}

}  // namespace

Result<WorkloadInput> read_workloads(const WorkloadOptions& o, const WorkloadReading& reading,
                                     std::string command, const Context& context) {
  AK_TRY(auto name_space, chosen_namespace(o.where, context));
  AK_TRY(const auto choice, WorkloadChoice::of(o.names, std::move(command)));
  name_space = choice.name_space_or(name_space);
  WorkloadInput out;
  const bool of_files = !o.files.empty();
  if (of_files && !o.live) {
    kube::ReadOptions how;
    if (!name_space.empty()) how.default_namespace = name_space;
    out.model = std::make_unique<mesh::Model>(kube::read_manifests(context.files, o.files, how),
                                              mesh::Model::Options{.today = context.clock.today()});
  } else {
    AK_TRY(auto session, KubeSession::open(o.kube, context));
    out.place = session.name();
    if (name_space.empty() && !o.where.all_namespaces && !of_files)
      name_space = session.name_space();
    AK_TRY(out.model, read_cluster(session, reading, name_space, o, context));
    if (!name_space.empty() && !of_files) AK_CHECK(require_namespace(*out.model, name_space));
  }
  AK_TRY(out.objects, choice.among(*out.model, {.name_space = name_space, .of_files = of_files}));
  return out;
}

void leave_out_platform(WorkloadInput& input) {
  std::erase_if(input.objects, [](const Object* object) {
    return mesh::is_platform_namespace(object->name_space) && !checks::is_gateway_pod(*object);
  });
}

}  // namespace aksmesh::commands
