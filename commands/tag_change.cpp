// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "checks/injection_inventory.hpp"
#include "command.hpp"
#include "injection_advice.hpp"
#include "injection_reading.hpp"
#include "live_change.hpp"
#include "mesh/names.hpp"
#include "mesh/revision_tags.hpp"

namespace aksmesh::commands {
namespace {

using kube::Kind;
using kube::Object;
using mesh::RevisionTag;
using Json = nlohmann::ordered_json;

const kube::ApiResource kConfigurations{.group = "admissionregistration.k8s.io",
                                        .version = "v1",
                                        .plural = "mutatingwebhookconfigurations",
                                        .kind = "MutatingWebhookConfiguration"};
const kube::ApiResource kServices{
    .version = "v1", .plural = "services", .kind = "Service", .namespaced = true};

struct Options {
  std::vector<std::string> names{};
  std::string revision{};
  bool overwrite = false;
  LiveChangeOptions change{};
  KubeOptions kube{};
};

void declare_remove(OptionSet& set, Options& o) {
  set.operands(o.names, "TAG").help("Name of the revision tag").once();
  declare_live_change_options(set, o.change);
  declare_kube_options(set, o.kube);
}

void declare_set(OptionSet& set, Options& o) {
  set.value("--revision", o.revision, "REV")
      .help("Revision that is installed or planned, such as asm-1-29")
      .complete(Complete::revisions);
  set.flag("--overwrite", o.overwrite).hide().help("Moving a tag is asked about; -y answers");
  declare_remove(set, o);
}

/// An object that is not in the cluster, or not as it is there.
struct PlannedObject {
  std::unique_ptr<data::Tree> tree{};
  kube::InputFile file{};
  Object object{};
};

std::unique_ptr<PlannedObject> planned(const std::string& json) {
  auto out = std::make_unique<PlannedObject>();
  out->tree = data::read_documents(json, data::Limits{}, data::Format::json).tree;
  const auto root = out->tree->document(0);
  out->object = {.kind = Kind::mutating_webhook_configuration,
                 .root = root,
                 .kind_name = root["kind"].text(),
                 .name = root.at("metadata", "name").text(),
                 .file = &out->file};
  return out;
}

/// One run of `tag set` or `tag remove`.
class TagChange {
 public:
  TagChange(const Options& options, const Context& context) : o_(options), context_(context) {}

  Result<OutcomePtr> set() {
    if (o_.revision.empty() || o_.names.size() != 1)
      return usage(o_.names.size() == 1 ? "it is not said which revision the tag shall lead to"
                                        : "it takes the name of one tag",
                   " tag set TAG --revision REVISION");
    goal_ = "set tag " + name() + " to revision " + o_.revision;
    AK_CHECK(mesh::check_tag_name(name()));
    AK_TRY(auto session, open());
    if (mesh::revision_configuration(*model_, name()) != nullptr)
      return Error{.kind = ErrorKind::conflict,
                   .what = "cannot " + goal_,
                   .why = "a revision of the name '" + name() + "' is installed"};
    const auto* of_revision = mesh::revision_configuration(*model_, o_.revision);
    const mesh::Injectors now(*model_);
    if (of_revision == nullptr) return wrong_revision_of(now);
    const auto tag = find_tag();
    if (tag.configurations.size() > 1)
      return Error{.kind = ErrorKind::conflict,
                   .what = "cannot " + goal_,
                   .why = tag.why,
                   .next = {"aksmesh tag remove " + name() + "   (removes all of them)"}};
    const auto plan = planned(mesh::tag_configuration(*of_revision, name()));
    auto configurations = others_than(tag);
    configurations.push_back(&plan->object);
    AK_CHECK(check_overlap(configurations, plan->object));
    LiveChange change{
        .goal = goal_,
        .done = "tag " + name() + " leads to revision " + o_.revision,
        .already = "tag " + name() + " leads to revision " + o_.revision + " already"};
    plan_service(tag, change);
    plan_configuration(tag, *plan, change);
    if (!change.writes.empty()) add_effects(tag, configurations, change);
    if (tag.configurations.empty() && tag.namespaces.empty())
      change.next.push_back("aksmesh injection set NAMESPACE --revision " + name());
    if (tag.configurations.empty())
      change.undo.push_back("aksmesh tag remove " + name());
    else if (tag.revision != o_.revision &&
             mesh::revision_configuration(*model_, tag.revision) != nullptr)
      change.undo.push_back("aksmesh tag set " + name() + " --revision " + tag.revision);
    return run_live_change(std::move(change), o_.change, session, context_);
  }

  Result<OutcomePtr> remove() {
    if (o_.names.size() != 1) return usage("it takes the name of one tag", " tag remove TAG");
    goal_ = "remove tag " + name();
    AK_TRY(auto session, open());
    const auto tag = find_tag();
    if (tag.configurations.empty() && tag.services.empty()) return no_such_tag();
    LiveChange change{.goal = goal_, .done = "tag " + name() + " is removed"};
    for (const auto* one : tag.configurations) erase(kConfigurations, *one, change);
    for (const auto* one : tag.services) erase(kServices, *one, change);
    if (!tag.namespaces.empty())
      change.warnings.push_back(plural(tag.namespaces.size(), "namespace") +
                                " still labelled with it: " + join(tag.namespaces, ", "));
    add_effects(tag, others_than(tag), change);
    change.next.clear();  // to restart is what must not be done now
    const bool installed = mesh::revision_configuration(*model_, tag.revision) != nullptr;
    const auto revisions = mesh::Injectors(*model_).revisions();
    const auto instead = installed           ? tag.revision
                         : revisions.empty() ? std::string("REVISION")
                                             : revisions.back();
    for (const auto& name_space : tag.namespaces)
      change.next.push_back("aksmesh injection set " + name_space + " --revision " + instead);
    if (installed)
      change.undo.push_back("aksmesh tag set " + name() + " --revision " + tag.revision);
    return run_live_change(std::move(change), o_.change, session, context_);
  }

 private:
  [[nodiscard]] const std::string& name() const { return o_.names.front(); }

  [[nodiscard]] Error usage(std::string what, const char* next) const {
    return {.kind = ErrorKind::usage, .what = std::move(what), .next = {context_.program + next}};
  }

  Result<KubeSession> open() {
    AK_TRY(auto session, KubeSession::open(o_.kube, context_));
    AK_TRY(model_, read_injection(session, {.more = {Kind::pod}}, {}, context_));
    AK_CHECK(require_webhooks(*model_, goal_));
    const bool sees_services = model_->covers(Kind::service, mesh::names::kSystemNamespace);
    if (!sees_services)
      return Error{.kind = ErrorKind::could_not_look,
                   .what = "cannot " + goal_,
                   .why = "the services of aks-istio-system could not be listed",
                   .next = {"ask for the right to list services in namespace aks-istio-system"}};
    return session;
  }

  [[nodiscard]] Error wrong_revision_of(const mesh::Injectors& now) const {
    const auto leads_to = now.revision_of_tag(o_.revision);
    if (leads_to.empty()) return unknown_revision(*model_, now, o_.revision, goal_);
    return {.kind = ErrorKind::usage,
            .what = "cannot " + goal_,
            .why = "'" + o_.revision + "' is a tag itself; it leads to revision " + leads_to,
            .next = {"aksmesh tag set " + name() + " --revision " + leads_to}};
  }

  /// The tag as the cluster has it; without configurations and services where it has none.
  [[nodiscard]] RevisionTag find_tag() const {
    for (auto& one : mesh::revision_tags(*model_))
      if (one.name == name()) return one;
    RevisionTag none{.name = name()};
    // Before there is a tag, namespaces may be labelled with its name.
    for (const auto* one : model_->all(Kind::name_space))
      if (one->label(mesh::names::kRevisionLabel).text() == name())
        none.namespaces.emplace_back(one->name);
    return none;
  }

  [[nodiscard]] Error no_such_tag() const {
    const auto names = tag_names(mesh::Injectors(*model_));
    const auto near = suggestions(name(), names);
    return {.kind = ErrorKind::not_found,
            .what = "cannot " + goal_,
            .why = "there is no such tag" +
                   (names.empty() ? std::string() : "; there are " + join(names, ", ")) +
                   (near.empty() ? "" : "; did you mean " + join(near, " or ") + '?'),
            .next = {"aksmesh tag list"}};
  }

  [[nodiscard]] std::vector<const Object*> others_than(const RevisionTag& tag) const {
    std::vector<const Object*> out;
    for (const auto* one : model_->all(Kind::mutating_webhook_configuration))
      if (std::find(tag.configurations.begin(), tag.configurations.end(), one) ==
          tag.configurations.end())
        out.push_back(one);
    return out;
  }

  /// That no combination of labels would bring a pod before the tag and another webhook too.
  Status check_overlap(const std::vector<const Object*>& configurations, const Object& plan) const {
    const auto found = mesh::find_injection_webhooks(configurations);
    for (const auto& group : mesh::overlaps_of(found)) {
      std::vector<std::string> others;
      bool ours = false;
      for (const auto one : group) {
        const auto& hook = found.hooks[one];
        if (hook.configuration == &plan)
          ours = true;
        else if (mesh::injects(hook))
          others.push_back(hook.name);
      }
      if (!ours || others.empty()) continue;
      return Error{
          .kind = ErrorKind::conflict,
          .what = "cannot " + goal_,
          .why = "some pods would be injected twice, through the tag and through " +
                 join(others, ", "),
          .next = {"choose another name, or remove that webhook", "aksmesh explain IST0139"}};
    }
    return Done{};
  }

  void plan_service(const RevisionTag& tag, LiveChange& change) const {
    const std::string system(mesh::names::kSystemNamespace);
    const auto full = mesh::tag_service_name(name());
    const auto* present = model_->find(Kind::service, system, full);
    kube::Write write{.resource = kServices, .name_space = system, .name = full};
    ObjectChange line{.kind = "Service", .name_space = system, .name = full};
    if (present == nullptr) {
      write.verb = kube::Write::Verb::apply;
      write.body = mesh::tag_service(o_.revision, name());
      line.after = full;
    } else {
      const auto selected = present->spec().at("selector", mesh::names::kRevisionLabel).text();
      if (selected == o_.revision && tag.revision == o_.revision) return;
      const Json revision{{std::string(mesh::names::kRevisionLabel), o_.revision}};
      write.body =
          Json{{"metadata", {{"labels", revision}}}, {"spec", {{"selector", revision}}}}.dump();
      write.resource_version = present->metadata()["resourceVersion"].text();
      line.path = "spec.selector[\"istio.io/rev\"]";
      line.before = selected;
      line.after = o_.revision;
    }
    change.writes.push_back(std::move(write));
    change.changes.push_back(std::move(line));
  }

  void plan_configuration(const RevisionTag& tag, const PlannedObject& plan,
                          LiveChange& change) const {
    const auto json = plan.tree->source();
    if (tag.configurations.empty()) {
      const auto full = std::string(plan.object.name);
      change.writes.push_back({.verb = kube::Write::Verb::apply,
                               .resource = kConfigurations,
                               .name = full,
                               .body = std::string(json)});
      change.changes.push_back(
          {.kind = "MutatingWebhookConfiguration", .name = full, .after = full});
      return;
    }
    if (tag.revision == o_.revision && tag.state == mesh::TagState::ok) return;
    const auto& present = *tag.configurations.front();
    const auto wanted = Json::parse(json);
    change.writes.push_back(
        {.verb = kube::Write::Verb::merge,
         .resource = kConfigurations,
         .name = std::string(present.name),
         .body = Json{{"metadata",
                       {{"labels", {{std::string(mesh::names::kRevisionLabel), o_.revision}}}}},
                      {"webhooks", wanted["webhooks"]}}
                     .dump(),
         .resource_version = std::string(present.metadata()["resourceVersion"].text())});
    ObjectChange line{.kind = "MutatingWebhookConfiguration", .name = std::string(present.name)};
    if (tag.revision == o_.revision) {
      line.path = "webhooks";
      line.before = tag.why;
      line.after = "as those of " + o_.revision;
    } else {
      line.path = "metadata.labels[\"istio.io/rev\"]";
      line.before = tag.revision;
      line.after = o_.revision;
    }
    change.changes.push_back(std::move(line));
  }

  static void erase(const kube::ApiResource& resource, const Object& object, LiveChange& change) {
    const auto metadata = object.metadata();
    change.writes.push_back({.verb = kube::Write::Verb::erase,
                             .resource = resource,
                             .name_space = std::string(object.name_space),
                             .name = std::string(object.name),
                             .resource_version = std::string(metadata["resourceVersion"].text()),
                             .uid = std::string(metadata["uid"].text())});
    change.changes.push_back({.kind = resource.kind,
                              .name_space = std::string(object.name_space),
                              .name = std::string(object.name),
                              .before = std::string(object.name)});
  }

  /// What the webhooks as planned make of the namespaces that bear the tag.
  void add_effects(const RevisionTag& tag, const std::vector<const Object*>& configurations,
                   LiveChange& change) {
    const mesh::Injectors injectors(*model_, configurations);
    checks::InjectionInventory inventory(*model_, injectors);
    for (const auto& name_space : tag.namespaces) {
      const auto outcome = inventory.of(name_space);
      std::size_t pods = 0;
      for (const auto& need : outcome.restarts) {
        pods += need.pods;
        change.restarts.push_back({.name_space = name_space, .need = need});
      }
      if (pods > 0)
        change.effects.push_back("namespace " + name_space + ": " + plural(pods, "pod") + ' ' +
                                 std::string(renewal_text(outcome.restarts.front().renewal)) +
                                 " when made anew, and stay as they are until then");
      else
        change.effects.push_back("namespace " + name_space + " is labelled with it");
      if (!outcome.restarts_known)
        change.warnings.push_back("what has to restart in namespace " + name_space +
                                  " could not be seen in full");
    }
    change.next = restart_commands(change.restarts);
  }

  const Options& o_;
  const Context& context_;
  std::string goal_;
  std::unique_ptr<mesh::Model> model_;
};

Result<OutcomePtr> run_set(const Options& o, const Context& context) {
  auto options = o;
  options.change.yes = o.change.yes || o.overwrite;
  return TagChange(options, context).set();
}

Result<OutcomePtr> run_remove(const Options& o, const Context& context) {
  return TagChange(o, context).remove();
}

constexpr std::array kSetExamples{
    Example{"aksmesh tag set prod --revision asm-1-28", "Make a tag, or move it"},
    Example{"aksmesh tag set prod --revision asm-1-29 --dry-run",
            "Which pods would have to restart"}};
constexpr std::array kRemoveExamples{
    Example{"aksmesh tag remove canary", "After an upgrade is complete"}};

}  // namespace

extern const Command tag_set_command;
constinit const Command tag_set_command =
    command<declare_set, run_set>({.path = "tag set",
                                   .summary = "Make a revision tag, or move it to a revision",
                                   .page = "commands/tag_set.md",
                                   .examples = kSetExamples});

extern const Command tag_remove_command;
constinit const Command tag_remove_command =
    command<declare_remove, run_remove>({.path = "tag remove",
                                         .summary = "Remove a revision tag",
                                         .page = "commands/tag_remove.md",
                                         .examples = kRemoveExamples});

}  // namespace aksmesh::commands
