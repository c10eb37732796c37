// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "checks/injection_inventory.hpp"
#include "command.hpp"
#include "hints.hpp"
#include "injection_advice.hpp"
#include "injection_reading.hpp"
#include "live_change.hpp"
#include "report/style.hpp"
#include "workload_choice.hpp"

namespace aksmesh::commands {
namespace {

using kube::Kind;
using kube::Object;
using mesh::InjectionVerdict;
using mesh::LabelMatch;
using Json = nlohmann::ordered_json;

/// One workload and what becomes of its pods.
struct Explained {
  const Object* object = nullptr;
  mesh::Injection injection{};
  std::vector<std::string> advice{};
};

/// The object whose template a pod is made of, if the input has it; else the pod.
const Object& made_of(const mesh::Model& model, const Object& object) {
  if (object.kind != Kind::pod) return object;
  for (const auto owner : object.metadata()["ownerReferences"].items())
    for (const auto kind :
         {Kind::replica_set, Kind::stateful_set, Kind::daemon_set, Kind::job, Kind::deployment}) {
      const auto* found = model.find(kind, object.name_space, owner["name"].text());
      if (found != nullptr && found->kind_name == owner["kind"].text()) return *found;
    }
  return object;
}

class ExplainOutcome final : public Outcome {
 public:
  ExplainOutcome(std::string place, std::unique_ptr<mesh::Model> model,
                 std::unique_ptr<mesh::Injectors> injectors, std::vector<Explained> items)
      : place_(std::move(place)),
        model_(std::move(model)),
        injectors_(std::move(injectors)),
        items_(std::move(items)) {
    const bool unknown = std::any_of(items_.begin(), items_.end(), [](const Explained& one) {
      return one.injection.verdict == InjectionVerdict::unknown;
    });
    if (unknown || !model_->manifests().complete) verdict = Verdict::could_not_look;
    if (items_.empty()) notes.emplace_back("no workloads to explain");
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    std::string out;
    const auto steps = items_.size() == 1 ? Steps::all : Steps::deciding;
    for (const auto& one : items_) out += (out.empty() ? "" : "\n") + item_text(one, steps, style);
    const auto unread = unavailable_text(*model_, style);
    return out + (out.empty() || unread.empty() ? "" : "\n") + unread;
  }

  [[nodiscard]] Json document() const override {
    auto items = Json::array();
    for (const auto& one : items_) items.push_back(json_of(one));
    Json out{{"schema", "aksmesh/injection-explain/v1"}};
    if (!place_.empty()) out["place"] = place_;
    out["items"] = std::move(items);
    out["complete"] = model_->manifests().complete;
    out["unavailable"] = unavailable_document(*model_);
    return out;
  }

 private:
  static std::string headline(const mesh::Injection& one) {
    const auto by = one.tag.empty() ? one.revision : one.revision + " (tag " + one.tag + ')';
    switch (one.verdict) {
      case InjectionVerdict::injected: return "injected by revision " + by;
      case InjectionVerdict::refused: return "refused: new pods cannot be made";
      case InjectionVerdict::several: return "injected more than once";
      case InjectionVerdict::unknown: return "unknown";
      case InjectionVerdict::not_injected: break;
    }
    return "not injected";
  }

  static report::Tone tone_of(InjectionVerdict verdict) {
    switch (verdict) {
      case InjectionVerdict::injected: return report::Tone::done;
      case InjectionVerdict::refused:
      case InjectionVerdict::several: return report::Tone::broken;
      case InjectionVerdict::unknown: return report::Tone::attention;
      case InjectionVerdict::not_injected: break;
    }
    return report::Tone::name;
  }

  static std::string_view mark(LabelMatch match, const report::Style& style) {
    if (match == LabelMatch::undecided) return style.unknown_mark();
    return match == LabelMatch::yes ? style.pass_mark() : style.ascii ? "-" : "·";
  }

  /// Of one workload every webhook is told, of many those that have a say.
  enum class Steps { all, deciding };

  static std::string webhooks_text(const mesh::Injection& fate, Steps steps,
                                   const report::Style& style) {
    std::string out;
    std::size_t folded = 0;
    for (const auto& step : fate.webhooks) {
      if (steps == Steps::deciding && step.match == LabelMatch::no)
        ++folded;
      else
        out += "    " + std::string(mark(step.match, style)) + ' ' + printable(step.webhook->name) +
               ": " + printable(step.because) + '\n';
    }
    if (folded > 0)
      out += "    " + std::string(mark(LabelMatch::no, style)) + ' ' + std::to_string(folded) +
             (out.empty() ? "" : " more") + (folded == 1 ? " does" : " do") + " not match\n";
    return (out.empty() ? "" : "  webhooks:\n") + out;
  }

  static std::string item_text(const Explained& one, Steps steps, const report::Style& style) {
    const auto& fate = one.injection;
    std::string out = checks::full_name(*one.object) + " (" + std::string(one.object->kind_name) +
                      "): " + style.paint(tone_of(fate.verdict), headline(fate)) + '\n';
    out += "  because " + printable(fate.reason) + '\n';
    out += webhooks_text(fate, steps, style);
    const bool asked = std::any_of(fate.webhooks.begin(), fate.webhooks.end(),
                                   [](const auto& each) { return each.match == LabelMatch::yes; });
    if (asked && fate.verdict != InjectionVerdict::refused) {
      out += "  istiod:\n";
      for (const auto& step : fate.istiod) out += "    " + printable(step) + '\n';
    }
    for (const auto& each : fate.assumed) out += "  assumed: " + printable(each) + '\n';
    for (const auto& each : one.advice) out += "  do: " + each + '\n';
    return out;
  }

  static Json json_of(const Explained& one) {
    const auto& fate = one.injection;
    Json out{{"namespace", one.object->name_space},
             {"kind", one.object->kind_name},
             {"name", one.object->name}};
    if (!one.object->file->live) {
      const auto where = checks::where_of(*one.object, {});
      out["where"] = {{"file", where.file}, {"line", where.line}};
    }
    out.update(injection_document(fate));
    out["webhooks"] = Json::array();
    for (const auto& step : fate.webhooks) {
      Json row{{"webhook", to_valid_utf8(step.webhook->name)}};
      if (!step.webhook->revision().empty())
        row["revision"] = to_valid_utf8(step.webhook->revision());
      if (!step.webhook->tag().empty()) row["tag"] = to_valid_utf8(step.webhook->tag());
      row["matches"] = step.match == LabelMatch::yes  ? "yes"
                       : step.match == LabelMatch::no ? "no"
                                                      : "unknown";
      row["because"] = to_valid_utf8(step.because);
      out["webhooks"].push_back(std::move(row));
    }
    out["istiod"] = Json::array();
    for (const auto& each : fate.istiod) out["istiod"].push_back(to_valid_utf8(each));
    out["assumed"] = Json::array();
    for (const auto& each : fate.assumed) out["assumed"].push_back(to_valid_utf8(each));
    out["advice"] = one.advice;
    return out;
  }

  std::string place_;
  std::unique_ptr<mesh::Model> model_;
  std::unique_ptr<mesh::Injectors> injectors_;
  std::vector<Explained> items_;
};

/// One run: what is explained, in which namespace, from where.
class Explaining {
 public:
  Explaining(const WorkloadOptions& options, std::string name_space, const Context& context)
      : o_(options), name_space_(std::move(name_space)), context_(context) {}

  Result<OutcomePtr> run() {
    AK_TRY(const auto choice, WorkloadChoice::of(o_.names, "injection explain"));
    name_space_ = choice.name_space_or(name_space_);
    if (o_.files.empty() || o_.live) {
      AK_CHECK(read_cluster());
    } else {
      read_files();
    }
    injectors_ = std::make_unique<mesh::Injectors>(*model_);
    AK_TRY(const auto objects,
           choice.among(*model_, {.name_space = name_space_, .of_files = !o_.files.empty()}));
    return OutcomePtr(std::make_unique<ExplainOutcome>(place_, std::move(model_),
                                                       std::move(injectors_), judge(objects)));
  }

 private:
  Status read_cluster() {
    AK_TRY(auto session, KubeSession::open(o_.kube, context_));
    place_ = session.name();
    const bool of_files = !o_.files.empty();
    if (name_space_.empty() && !o_.where.all_namespaces && !of_files)
      name_space_ = session.name_space();
    InjectionReading reading{.name_space = name_space_};
    // Of files only the cluster's part in the answer is read.
    if (!of_files) reading.more = checks::kPodKinds;
    AK_TRY(model_, read_injection(session, reading, o_.files, context_));
    if (!name_space_.empty() && !of_files) AK_CHECK(require_namespace(*model_, name_space_));
    return Done{};
  }

  void read_files() {
    kube::ReadOptions how;
    if (!name_space_.empty()) how.default_namespace = name_space_;
    model_ = std::make_unique<mesh::Model>(kube::read_manifests(context_.files, o_.files, how),
                                           mesh::Model::Options{.today = context_.clock.today()});
  }

  std::vector<Explained> judge(const std::vector<const Object*>& objects) {
    checks::InjectionInventory inventory(*model_, *injectors_);
    std::map<std::string, checks::NamespaceInjection> running;
    std::vector<Explained> out;
    for (const auto* object : objects) {
      Explained one{
          .object = object,
          .injection = injectors_->judge(mesh::new_pod(*model_, made_of(*model_, *object)))};
      one.advice = advice_on(one.injection, *object, *injectors_);
      if (o_.files.empty()) {
        const std::string place(object->name_space);
        if (!running.contains(place)) running.emplace(place, inventory.of(place));
        add_restart(running.at(place), *object, one);
      }
      one.advice = aimed(std::move(one.advice), context_.program, context_.aim);
      out.push_back(std::move(one));
    }
    return out;
  }

  /// Where the pods that run are not what new ones would be.
  static void add_restart(const checks::NamespaceInjection& running, const Object& object,
                          Explained& out) {
    for (const auto& need : running.restarts) {
      if (need.kind != object.kind_name || need.name != object.name) continue;
      const auto lines = restart_commands({{.name_space = running.name, .need = need}});
      for (const auto& line : lines)
        out.advice.push_back(line + "   (" + plural(need.pods, "pod") + ' ' +
                             std::string(renewal_text(need.renewal)) + ')');
    }
  }

  const WorkloadOptions& o_;
  std::string name_space_;
  const Context& context_;
  std::string place_;
  std::unique_ptr<mesh::Model> model_;
  std::unique_ptr<mesh::Injectors> injectors_;
};

Result<OutcomePtr> run(const WorkloadOptions& o, const Context& context) {
  AK_TRY(auto name_space, chosen_namespace(o.where, context));
  return Explaining(o, std::move(name_space), context).run();
}

constexpr std::array kExamples{
    Example{"aksmesh injection explain deploy/web -n shop", "Why its pods have no sidecar"},
    Example{"aksmesh injection explain -n shop", "Every workload of a namespace"},
    Example{"aksmesh injection explain -f deploy.yaml --live",
            "What would become of manifests in the cluster, before they are applied"}};

}  // namespace

extern const Command injection_explain_command;
constinit const Command injection_explain_command = command<declare_workload_options, run>(
    {.path = "injection explain",
     .summary = "Explain whether pods get a sidecar, and why",
     .page = "commands/injection_explain.md",
     .examples = kExamples});

}  // namespace aksmesh::commands
