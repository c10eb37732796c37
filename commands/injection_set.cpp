// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "checks/injection_inventory.hpp"
#include "command.hpp"
#include "field_owners.hpp"
#include "injection_advice.hpp"
#include "injection_reading.hpp"
#include "live_change.hpp"
#include "mesh/names.hpp"
#include "mesh/namespaces.hpp"

namespace aksmesh::commands {
namespace {

using kube::Kind;
using kube::Object;
using mesh::InjectionVerdict;
using mesh::names::kInjectionLabel;
using mesh::names::kRevisionLabel;
using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> namespaces{};
  std::string revision{};
  bool off = false;
  LiveChangeOptions change{};
  KubeOptions kube{};
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.namespaces, "NAMESPACE").help("Namespaces to change");
  set.value("--revision", o.revision, "REV")
      .help("Revision that is installed or planned, such as asm-1-29")
      .complete(Complete::revisions);
  set.flag("--off", o.off).help("Inject no more");
  declare_live_change_options(set, o.change);
  declare_kube_options(set, o.kube);
}

/// The labels of one namespace as they are and as they become.
struct Relabelling {
  const Object* object = nullptr;
  std::string_view revision{};   ///< value before; empty: none
  std::string_view injection{};  ///< likewise
  bool drops_injection = false;
  bool changes = false;
  mesh::Labels after{};
  checks::NamespaceInjection outcome{};
};

class Setting {
 public:
  Setting(const Options& options, const Context& context) : o_(options), context_(context) {
    const auto names = join(o_.namespaces, ", ");
    const auto which = (o_.namespaces.size() == 1 ? "namespace " : "namespaces ") + names;
    goal_ = o_.off ? "stop injection into " + which
                   : "inject sidecars of " + o_.revision + " into " + which;
    const std::string is = o_.namespaces.size() == 1 ? " is " : " are ";
    state_ = which + is + (o_.off ? "not injected any more" : "injected from " + o_.revision);
    already_ = which + is + (o_.off ? "not injected" : "injected from " + o_.revision + " already");
  }

  Result<OutcomePtr> run() {
    AK_CHECK(check_options());
    AK_TRY(auto session, KubeSession::open(o_.kube, context_));
    const bool one = o_.namespaces.size() == 1;
    AK_TRY(model_, read_injection(
                       session,
                       {.more = {Kind::pod, Kind::deployment, Kind::stateful_set, Kind::daemon_set},
                        .name_space = one ? o_.namespaces.front() : std::string()},
                       {}, context_));
    AK_CHECK(require_webhooks(*model_, goal_));
    const mesh::Injectors injectors(*model_);
    AK_CHECK(check_names(injectors));
    checks::InjectionInventory inventory(*model_, injectors);
    LiveChange change{.goal = goal_, .done = state_, .already = already_};
    for (const auto& name : o_.namespaces) {
      AK_TRY(auto plan, relabel(name, injectors, inventory));
      add(plan, injectors, change);
    }
    finish(injectors, change);
    return run_live_change(std::move(change), o_.change, session, context_);
  }

 private:
  Status check_options() const {
    const auto usage = [&](std::string what) {
      return Error{.kind = ErrorKind::usage,
                   .what = std::move(what),
                   .next = {context_.program + " injection set NAMESPACE --revision REVISION",
                            context_.program + " injection set NAMESPACE --off"}};
    };
    if (o_.namespaces.empty()) return usage("it is not said which namespace is meant");
    if (o_.off && !o_.revision.empty()) return usage("--revision and --off exclude each other");
    if (!o_.off && o_.revision.empty()) return usage("neither --revision nor --off is given");
    for (const auto& name : o_.namespaces)
      if (mesh::is_platform_namespace(name))
        return Error{.kind = ErrorKind::usage,
                     .what = "cannot " + goal_,
                     .why = "namespace " + name + " is one of the platform, not of applications"};
    return Done{};
  }

  Status check_names(const mesh::Injectors& injectors) const {
    for (const auto& name : o_.namespaces) AK_CHECK(require_namespace(*model_, name));
    if (o_.off || injectors.has_revision(o_.revision)) return Done{};
    if (!injectors.revision_of_tag(o_.revision).empty()) return Done{};
    return unknown_revision(*model_, injectors, o_.revision, goal_);
  }

  /// With the labels that the namespace is to have.
  static InjectionVerdict verdict_of(const Relabelling& plan, const mesh::Labels& labels,
                                     const mesh::Injectors& injectors) {
    return injectors.judge({.name_space = plan.object->name, .namespace_labels = labels}).verdict;
  }

  Result<Relabelling> relabel(const std::string& name, const mesh::Injectors& injectors,
                              checks::InjectionInventory& inventory) {
    const auto* object = model_->find(Kind::name_space, {}, name);
    if (object == nullptr)
      return Error{.kind = ErrorKind::could_not_look,
                   .what = "cannot " + goal_,
                   .why = "namespace " + name + " could not be read",
                   .next = {"ask for the right to list namespaces"}};
    Relabelling plan{.object = object,
                     .revision = object->label(kRevisionLabel).text(),
                     .injection = object->label(kInjectionLabel).text()};
    const auto before = mesh::labels_of(object->metadata()["labels"]);
    plan.after = before;
    std::erase_if(plan.after, [](const auto& one) { return one.first == kRevisionLabel; });
    if (!o_.off) plan.after.emplace_back(kRevisionLabel, o_.revision);
    // The label istio-injection goes where the wish cannot be had with it, and else stays.
    auto clean = plan.after;
    std::erase_if(clean, [](const auto& one) { return one.first == kInjectionLabel; });
    const auto as_wanted = [&](const mesh::Labels& labels) {
      const auto verdict = verdict_of(plan, labels, injectors);
      return (verdict == InjectionVerdict::not_injected) == o_.off;
    };
    if (clean.size() < plan.after.size() && !as_wanted(plan.after) && as_wanted(clean)) {
      plan.drops_injection = true;
      plan.after = std::move(clean);
    }
    std::sort(plan.after.begin(), plan.after.end());
    plan.changes = plan.after != before;
    plan.outcome = inventory.of(object->name, plan.after);
    return check_outcome(std::move(plan));
  }

  /// A label that brings no sidecars is not set.
  Result<Relabelling> check_outcome(Relabelling plan) const {
    const auto& fate = plan.outcome.plain;
    const auto refused = [&](std::vector<std::string> next) {
      return Error{.kind = ErrorKind::conflict,
                   .what = "cannot " + goal_,
                   .why = fate.reason,
                   .next = std::move(next)};
    };
    if (fate.verdict == InjectionVerdict::unknown)
      return Error{
          .kind = ErrorKind::could_not_look, .what = "cannot " + goal_, .why = fate.reason};
    if (o_.off && fate.verdict == InjectionVerdict::not_injected) return plan;
    // What takes the namespace all the same would go on taking it without the label.
    if (o_.off) return refused({"aksmesh injection explain -n " + shell_word(plan.object->name)});
    if (fate.verdict == InjectionVerdict::refused)
      return refused({"aksmesh tag list", "aksmesh status"});
    if (fate.verdict == InjectionVerdict::several) return refused({"aksmesh tag list"});
    if (fate.verdict == InjectionVerdict::not_injected) return refused({});
    return plan;
  }

  void add(const Relabelling& plan, const mesh::Injectors& injectors, LiveChange& change) {
    const std::string name(plan.object->name);
    for (const auto& need : plan.outcome.restarts)
      change.restarts.push_back({.name_space = name, .need = need});
    if (!plan.outcome.restarts_known)
      change.warnings.push_back("what has to restart in namespace " + name +
                                " could not be seen in full");
    if (!plan.changes) return;
    const auto path = [](std::string_view key) {
      return "metadata.labels[\"" + std::string(key) + "\"]";
    };
    Json labels = Json::object();
    const std::string wanted = o_.off ? std::string() : o_.revision;
    if (plan.revision != wanted) {
      change.changes.push_back({.kind = "Namespace",
                                .name = name,
                                .path = path(kRevisionLabel),
                                .before = std::string(plan.revision),
                                .after = wanted});
      labels[std::string(kRevisionLabel)] = wanted.empty() ? Json() : Json(wanted);
      warn_of_owner(plan, kRevisionLabel, change);
    }
    if (plan.drops_injection) {
      change.changes.push_back({.kind = "Namespace",
                                .name = name,
                                .path = path(kInjectionLabel),
                                .before = std::string(plan.injection)});
      labels[std::string(kInjectionLabel)] = nullptr;
      warn_of_owner(plan, kInjectionLabel, change);
      change.effects.push_back("namespace " + name + ": the label istio-injection goes, because " +
                               (o_.off ? "for it a webhook takes the namespace"
                                       : "beside it no webhook of the add-on takes the namespace"));
    }
    change.writes.push_back(
        {.verb = kube::Write::Verb::merge,
         .resource = {.version = "v1", .plural = "namespaces", .kind = "Namespace"},
         .name = name,
         .body = Json{{"metadata", {{"labels", labels}}}}.dump(),
         .resource_version = std::string(plan.object->metadata()["resourceVersion"].text())});
    add_undo(plan, injectors, change);
  }

  static void warn_of_owner(const Relabelling& plan, std::string_view label, LiveChange& change) {
    const auto owner = applied_by(*plan.object, label);
    if (!owner.empty())
      change.warnings.push_back("namespace " + std::string(plan.object->name) + ": label " +
                                std::string(label) + " is applied by " + owner +
                                ", which may set it back; change it there too");
  }

  void add_undo(const Relabelling& plan, const mesh::Injectors& injectors,
                LiveChange& change) const {
    const auto name = shell_word(plan.object->name);
    if (plan.revision.empty() && !o_.off)
      change.undo.push_back("aksmesh injection set " + name + " --off");
    else if (!plan.revision.empty() && plan.revision != o_.revision &&
             (injectors.has_revision(plan.revision) ||
              !injectors.revision_of_tag(plan.revision).empty()))
      change.undo.push_back("aksmesh injection set " + name + " --revision " +
                            shell_word(plan.revision));
    else if (!plan.revision.empty() && plan.revision != o_.revision)
      // Not by this command, which refuses a revision that is gone.
      change.undo.push_back("kubectl label namespace " + name +
                            " --overwrite istio.io/rev=" + shell_word(plan.revision));
    if (plan.drops_injection)
      change.undo.push_back("kubectl label namespace " + name +
                            " istio-injection=" + shell_word(plan.injection));
  }

  void finish(const mesh::Injectors& injectors, LiveChange& change) const {
    const auto leads_to = injectors.revision_of_tag(o_.revision);
    if (!leads_to.empty())
      change.effects.insert(change.effects.begin(),
                            "tag " + o_.revision + " leads to revision " + leads_to);
    std::size_t pods = 0;
    for (const auto& one : change.restarts) {
      pods += one.need.pods;
      change.effects.push_back(one.name_space + '/' + one.need.name + " (" + one.need.kind +
                               "): " + plural(one.need.pods, "pod") + ' ' +
                               std::string(renewal_text(one.need.renewal)));
    }
    if (pods > 0)
      change.effects.push_back("nothing changes for pods that run until they are restarted");
    change.next = restart_commands(change.restarts);
  }

  const Options& o_;
  const Context& context_;
  std::string goal_;
  std::string state_;
  std::string already_;
  std::unique_ptr<mesh::Model> model_;
};

Result<OutcomePtr> run(const Options& o, const Context& context) {
  auto options = o;
  std::sort(options.namespaces.begin(), options.namespaces.end());
  options.namespaces.erase(std::unique(options.namespaces.begin(), options.namespaces.end()),
                           options.namespaces.end());
  return Setting(options, context).run();
}

constexpr std::array kExamples{
    Example{"aksmesh injection set shop --revision asm-1-29", "Move a namespace to a revision"},
    Example{"aksmesh injection set shop cart --revision prod --yes",
            "Two of them to what a tag leads to, without being asked"},
    Example{"aksmesh injection set shop --off --dry-run", "What it would take to leave the mesh"}};

}  // namespace

extern const Command injection_set_command;
constinit const Command injection_set_command =
    command<declare, run>({.path = "injection set",
                           .summary = "Label namespaces for a revision or tag, or for none",
                           .page = "commands/injection_set.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
