// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "built_in_policy.hpp"
#include "checks/made_pods.hpp"
#include "checks/proxies.hpp"
#include "checks/runner.hpp"
#include "checks/sidecars.hpp"
#include "command.hpp"
#include "mesh/injection.hpp"
#include "mesh/telemetry.hpp"
#include "mesh/unread.hpp"
#include "report/table.hpp"
#include "workload_choice.hpp"

namespace aksmesh::commands {
namespace {

using kube::Kind;
using kube::Object;
using mesh::Signal;
using mesh::SignalPlan;
using mesh::TelemetrySource;
using mesh::TrafficSide;
using Json = nlohmann::ordered_json;

constexpr std::array kSignals{Signal::access_logging, Signal::tracing, Signal::metrics};

/// What the rules of the add-on and of Istio have to say of the objects that count.
constexpr std::array<std::string_view, 8> kRules{"cr-telemetry",
                                                 "cr-telemetry-field",
                                                 "meshconfig-blocked-field",
                                                 "meshconfig-allowed-field",
                                                 "meshconfig-value",
                                                 "invalid-telemetry-provider",
                                                 "conflicting-telemetry-workload-selectors",
                                                 "multiple-telemetries-without-workload-selectors"};
/// Of those about a mesh configuration, these fields concern telemetry.
constexpr std::array<std::string_view, 7> kFields{
    "accessLog",        "AccessLog", "racing", "extensionProviders",
    "defaultProviders", "elemetry",  "zipkin"};

constexpr checks::KindSet kKinds =
    checks::kPodKinds | checks::kMeshConfigKinds |
    checks::KindSet{Kind::name_space, Kind::telemetry, Kind::mutating_webhook_configuration,
                    Kind::service};

struct Side {
  std::string_view word{};  ///< both, client or server
  SignalPlan plan{};
};

struct Row {
  Signal signal = Signal::metrics;
  std::vector<Side> sides{};  ///< one, when both do the same
};

struct Shown {
  const Object* object = nullptr;
  std::string revision{};
  bool is_gateway = false;
  bool has_proxy = true;  ///< false: nothing makes any telemetry
  bool is_known = true;   ///< false: something that may count could not be read
  std::vector<Row> rows{};
  std::vector<const Object*> overshadowed{};
};

std::string source_text(const TelemetrySource& source) {
  return printable(source.object->kind_name) + ' ' + printable(checks::full_name(*source.object)) +
         (source.scope == mesh::TelemetryScope::mesh_config ? " (" + source.field + ')' : "");
}

std::string plan_text(const SignalPlan& plan) {
  std::vector<std::string> parts{plan.is_on ? "on" : "off"};
  for (const auto& one : plan.providers) {
    auto text = printable(one.name);
    if (one.type.empty())
      text += " (no such provider)";
    else if (!one.fits)
      text += " (" + printable(one.type) + ", which takes none)";
    else if (one.type != one.name)
      text += " (" + printable(one.type) + ')';
    parts.push_back(std::move(text));
  }
  for (const auto& [name, value] : plan.details)
    parts.push_back(printable(name) + ' ' + printable(value));
  return join(parts, ", ");
}

class TelemetryOutcome final : public Outcome {
 public:
  TelemetryOutcome(WorkloadInput input, report::FindingSet findings, const Context& context)
      : input_(std::move(input)),
        findings_(std::move(findings)),
        facts_(*input_.model, nullptr, kKinds),
        injectors_(*input_.model),
        headers_(!context.global.no_headers) {
    for (const auto* object : input_.objects) items_.push_back(show(*object));
    keep_findings();
    if (!input_.model->manifests().complete) verdict = Verdict::could_not_look;
    if (items_.empty()) notes.emplace_back("no workloads to show");
    if (!facts_.settings().known)
      notes.emplace_back("no mesh configuration was seen: Istio's own defaults are shown");
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    report::Table table{.columns = {{"NAMESPACE"},
                                    {"WORKLOAD"},
                                    {"REVISION", 2},
                                    {"SIGNAL"},
                                    {"TRAFFIC"},
                                    {"EFFECT"},
                                    {"FROM", 1}},
                        .rows = {}};
    for (const auto& one : items_)
      for (const auto& row : one.rows)
        for (const auto& side : row.sides) table.rows.push_back(cells(one, row, side));
    const auto out = listing_text(table, *input_.model, style,
                                  headers_ ? report::Headers::shown : report::Headers::hidden);
    const auto said = remarks(style);
    return out + (out.empty() || said.empty() ? "" : "\n") + said;
  }

  [[nodiscard]] Json document() const override {
    auto items = Json::array();
    for (const auto& one : items_) items.push_back(json_of(one));
    Json out{{"schema", "aksmesh/telemetry/v1"}};
    if (!input_.place.empty()) out["place"] = input_.place;
    out["items"] = std::move(items);
    out["remarks"] = Json::array();
    for (const auto& one : findings_.findings)
      out["remarks"].push_back({{"code", one.code},
                                {"severity", report::severity_name(one.severity)},
                                {"object", to_valid_utf8(one.object.text())},
                                {"path", to_valid_utf8(one.where.path)},
                                {"message", to_valid_utf8(one.message)}});
    out["complete"] = input_.model->manifests().complete;
    out["unavailable"] = unavailable_document(*input_.model);
    return out;
  }

 private:
  /// That of the sidecars that run, else of those that would be injected.
  [[nodiscard]] std::string revision_of(const Object& workload,
                                        const std::vector<const Object*>& pods) const {
    for (const auto* pod : pods)
      if (const auto found = checks::proxy_revision(facts_, *pod); !found.name.empty())
        return std::string(found.name);
    return injectors_.judge(mesh::new_pod(*input_.model, workload)).revision;
  }

  [[nodiscard]] bool may_lack(Kind kind, std::string_view name_space) const {
    return mesh::may_lack(*input_.model, kind, name_space);
  }

  const mesh::Telemetries& telemetries_of(const std::string& revision) {
    return telemetries_.try_emplace(revision, *input_.model, revision).first->second;
  }

  [[nodiscard]] Shown show(const Object& workload) {
    const auto pods = checks::running_pods(facts_, workload);
    Shown out{.object = &workload, .is_gateway = checks::is_gateway_pod(workload)};
    out.has_proxy = pods.empty() ? checks::has_sidecar(facts_, workload) != checks::Meshed::no
                                 : std::any_of(pods.begin(), pods.end(), [](const Object* pod) {
                                     return checks::has_proxy_container(*pod);
                                   });
    if (!out.has_proxy) return out;
    out.is_known = !may_lack(Kind::telemetry, workload.name_space) &&
                   !may_lack(Kind::telemetry, facts_.root_namespace()) &&
                   !may_lack(Kind::config_map, facts_.control_plane_namespace());
    out.revision = revision_of(workload, pods);
    const auto& telemetries = telemetries_of(out.revision);
    // A pod carries labels that its template does not.
    const auto& labelled = pods.empty() ? workload : *pods.front();
    const mesh::TelemetrySubject subject{
        .name_space = workload.name_space,
        .labels = mesh::labels_of(mesh::pod_parts(labelled).metadata["labels"])};
    for (const auto signal : kSignals) {
      Row row{.signal = signal};
      auto client = telemetries.plan(subject, signal, TrafficSide::client);
      auto server = telemetries.plan(subject, signal, TrafficSide::server);
      if (out.is_gateway) {
        row.sides.push_back({"client", std::move(client)});
      } else if (client == server) {
        row.sides.push_back({"both", std::move(client)});
      } else {
        row.sides.push_back({"client", std::move(client)});
        row.sides.push_back({"server", std::move(server)});
      }
      out.rows.push_back(std::move(row));
    }
    out.overshadowed = telemetries.overshadowed(subject);
    return out;
  }

  /// Those about objects that count for something shown.
  void keep_findings() {
    std::set<std::pair<std::string_view, std::string_view>> used;
    for (const auto& item : items_) {
      for (const auto* object : item.overshadowed) used.emplace(object->name_space, object->name);
      for (const auto& row : item.rows)
        for (const auto& side : row.sides)
          for (const auto& source : side.plan.sources)
            used.emplace(source.object->name_space, source.object->name);
    }
    std::erase_if(findings_.findings, [&](const report::Finding& one) {
      const bool of_telemetry =
          one.object.kind == "Telemetry" ||
          std::any_of(kFields.begin(), kFields.end(), [&](std::string_view field) {
            return one.where.path.find(field) != std::string::npos ||
                   one.message.find(field) != std::string::npos;
          });
      return !of_telemetry || !used.contains({one.object.name_space, one.object.name});
    });
  }

  [[nodiscard]] static std::vector<std::string> cells(const Shown& one, const Row& row,
                                                      const Side& side) {
    std::vector<std::string> from;
    for (const auto& source : side.plan.sources) from.push_back(source_text(source));
    return {printable(one.object->name_space),
            printable(std::string(one.object->kind_name) + '/' + std::string(one.object->name)),
            one.revision.empty() ? "-" : printable(one.revision),
            std::string(mesh::signal_name(row.signal)),
            std::string(side.word),
            one.is_known ? plan_text(side.plan) : "not known",
            !one.is_known  ? "not all could be read"
            : from.empty() ? "default"
                           : join(from, ", ")};
  }

  [[nodiscard]] std::string remarks(const report::Style& style) const {
    std::string out;
    std::set<std::string> told;
    for (const auto& item : items_) {
      if (!item.has_proxy) out += outside(item, style);
      for (const auto* object : item.overshadowed) {
        const auto line = printable(object->kind_name) + ' ' +
                          printable(checks::full_name(*object)) +
                          " is left aside: an older one of its scope counts\n";
        if (told.insert(line).second)
          out += std::string(style.mark(report::Severity::warning)) + ' ' + line;
      }
    }
    for (const auto& one : findings_.findings)
      out += std::string(style.mark(one.severity)) + ' ' + printable(one.object.text()) + ": " +
             printable(one.message) + " (" + one.code + ")\n";
    return out;
  }

  static std::string outside(const Shown& item, const report::Style& style) {
    return std::string(style.unknown_mark()) + ' ' + printable(item.object->kind_name) + ' ' +
           printable(checks::full_name(*item.object)) + " has no sidecar, which would tell\n";
  }

  static Json plan_document(const Side& side, bool is_known) {
    Json out{{"traffic", side.word}};
    if (is_known) out["enabled"] = side.plan.is_on;
    out["providers"] = Json::array();
    for (const auto& one : side.plan.providers) {
      Json row{{"name", to_valid_utf8(one.name)}};
      if (!one.type.empty()) row["type"] = to_valid_utf8(one.type);
      row["usable"] = one.fits;
      out["providers"].push_back(std::move(row));
    }
    out["details"] = Json::array();
    for (const auto& [name, value] : side.plan.details)
      out["details"].push_back({{"name", to_valid_utf8(name)}, {"value", to_valid_utf8(value)}});
    out["sources"] = Json::array();
    for (const auto& source : side.plan.sources)
      out["sources"].push_back({{"scope", mesh::word_of(source.scope)},
                                {"kind", source.object->kind_name},
                                {"namespace", source.object->name_space},
                                {"name", source.object->name},
                                {"field", source.field}});
    return out;
  }

  static Json json_of(const Shown& one) {
    Json out{{"namespace", one.object->name_space},
             {"kind", one.object->kind_name},
             {"name", one.object->name},
             {"proxy", one.has_proxy},
             {"gateway", one.is_gateway}};
    if (!one.revision.empty()) out["revision"] = to_valid_utf8(one.revision);
    for (const auto& row : one.rows) {
      auto sides = Json::array();
      for (const auto& side : row.sides) sides.push_back(plan_document(side, one.is_known));
      out[std::string(mesh::signal_name(row.signal))] = std::move(sides);
    }
    out["leftAside"] = Json::array();
    for (const auto* object : one.overshadowed)
      out["leftAside"].push_back({{"namespace", object->name_space}, {"name", object->name}});
    return out;
  }

  WorkloadInput input_;
  report::FindingSet findings_;
  checks::Facts facts_;
  mesh::Injectors injectors_;
  std::map<std::string, mesh::Telemetries> telemetries_{};  ///< by revision
  std::vector<Shown> items_;
  bool headers_;
};

Result<OutcomePtr> run(const WorkloadOptions& o, const Context& context) {
  const WorkloadReading reading{.local = checks::kPodKinds,
                                .more = {Kind::telemetry, Kind::mutating_webhook_configuration},
                                .system = {Kind::service}};
  AK_TRY(auto input, read_workloads(o, reading, "telemetry show", context));
  if (o.names.empty()) leave_out_platform(input);
  AK_TRY(const auto policy, built_in_policy("current", context));
  checks::Selection rules;
  for (const auto slug : kRules)
    if (const auto* code = checks::find_code(slug); code != nullptr)
      rules.codes.emplace_back(code->code);
  auto findings = checks::run_checks(*input.model, policy, rules);
  return OutcomePtr(
      std::make_unique<TelemetryOutcome>(std::move(input), std::move(findings), context));
}

constexpr std::array kExamples{
    Example{"aksmesh telemetry show -n shop", "Access logs, traces and metrics of a namespace"},
    Example{"aksmesh telemetry show deployment/web -n shop -o json",
            "Of one workload, for scripts"},
    Example{"aksmesh telemetry show -f manifests/ -A", "Of manifests, before they are applied"}};

}  // namespace

extern const Command telemetry_show_command;
constinit const Command telemetry_show_command = command<declare_workload_options, run>(
    {.path = "telemetry show",
     .summary = "Show which access logs, traces and metrics proxies make, and who says so",
     .page = "commands/telemetry_show.md",
     .examples = kExamples});

}  // namespace aksmesh::commands
