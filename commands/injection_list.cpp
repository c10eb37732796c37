// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "checks/injection_inventory.hpp"
#include "command.hpp"
#include "injection_reading.hpp"
#include "live_change.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {
namespace {

using checks::NamespaceInjection;
using kube::Kind;
using mesh::InjectionVerdict;
using Json = nlohmann::ordered_json;

/// The labels that decide, as they are typed; that of the revision alone where it is the only one.
std::string label_of(const NamespaceInjection& one) {
  std::string out = one.revision_label;
  if (!one.injection_label.empty())
    out += (out.empty() ? "" : ",") + std::string("istio-injection=") + one.injection_label;
  return out.empty() ? "-" : out;
}

std::string revision_of(const NamespaceInjection& one) {
  switch (one.plain.verdict) {
    case InjectionVerdict::injected: return one.plain.revision;
    case InjectionVerdict::refused: return "refused";
    case InjectionVerdict::several: return "several";
    case InjectionVerdict::unknown: return "?";
    case InjectionVerdict::not_injected: break;
  }
  return "-";
}

std::string sidecars_of(const NamespaceInjection& one) {
  std::vector<std::string> out;
  for (const auto& [revision, pods] : one.sidecars)
    out.push_back((revision.empty() ? "?" : revision) + ':' + std::to_string(pods));
  return out.empty() ? "-" : join(out, ",");
}

/// Worth a word where a label asks for sidecars and they do not come.
std::string why_of(const NamespaceInjection& one) {
  const bool asks = !one.revision_label.empty() || !one.injection_label.empty();
  const bool expected = one.plain.verdict == InjectionVerdict::injected ||
                        (one.plain.verdict == InjectionVerdict::not_injected && !asks);
  return expected ? "-" : one.plain.reason;
}

class ListOutcome final : public Outcome {
 public:
  ListOutcome(std::string place, std::unique_ptr<mesh::Model> model,
              std::vector<NamespaceInjection> rows, const Context& context)
      : place_(std::move(place)),
        model_(std::move(model)),
        rows_(std::move(rows)),
        sees_pods_(!model_->manifests().not_listed.contains(Kind::pod)),
        headers_(!context.global.no_headers) {
    if (!model_->manifests().complete) verdict = Verdict::could_not_look;
    if (rows_.empty()) notes.emplace_back("no namespaces of applications");
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    report::Table table{.columns = {{"NAMESPACE"},
                                    {"LABEL"},
                                    {"REVISION"},
                                    {"INJECTED"},
                                    {"NOT"},
                                    {"RESTART"},
                                    {"SIDECARS", 1},
                                    {"WHY", 2}},
                        .rows = {}};
    for (const auto& one : rows_)
      table.rows.push_back(
          {one.name, printable(label_of(one)), printable(revision_of(one)), count(one.injected),
           count(one.outside), one.restarts_known ? count(one.restart()) : "?",
           sees_pods_ ? printable(sidecars_of(one)) : "?", printable(why_of(one))});
    return listing_text(table, *model_, style,
                        headers_ ? report::Headers::shown : report::Headers::hidden);
  }

  [[nodiscard]] Json document() const override {
    auto items = Json::array();
    for (const auto& one : rows_) items.push_back(json_of(one));
    return {{"schema", "aksmesh/injection/v1"},
            {"place", place_},
            {"items", std::move(items)},
            {"complete", model_->manifests().complete},
            {"unavailable", unavailable_document(*model_)}};
  }

 private:
  [[nodiscard]] std::string count(std::size_t number) const {
    return sees_pods_ ? std::to_string(number) : "?";
  }

  [[nodiscard]] Json json_of(const NamespaceInjection& one) const {
    Json out{{"namespace", one.name}};
    if (!one.revision_label.empty()) out["revisionLabel"] = to_valid_utf8(one.revision_label);
    if (!one.injection_label.empty()) out["injectionLabel"] = to_valid_utf8(one.injection_label);
    out.update(injection_document(one.plain));
    if (!sees_pods_) return out;
    out["injected"] = one.injected;
    out["notInjected"] = one.outside;
    if (one.restarts_known) out["restart"] = one.restart();
    out["sidecars"] = Json::array();
    for (const auto& [revision, pods] : one.sidecars) {
      Json row = Json::object();
      if (!revision.empty()) row["revision"] = to_valid_utf8(revision);
      row["pods"] = pods;
      out["sidecars"].push_back(std::move(row));
    }
    if (one.restarts_known) out["restarts"] = restarts_document(one.restarts);
    return out;
  }

  std::string place_;
  std::unique_ptr<mesh::Model> model_;
  std::vector<NamespaceInjection> rows_;
  bool sees_pods_;
  bool headers_;
};

struct Options {
  NamespaceOptions where{};
  KubeOptions kube{};
};

void declare(OptionSet& set, Options& o) {
  declare_namespace_options(set, o.where);
  declare_cluster_source(set, o.kube);
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(const auto name_space, chosen_namespace(o.where, context));
  AK_TRY(auto session, KubeSession::open(o.kube, context));
  AK_TRY(auto model,
         read_injection(session, {.more = {Kind::pod}, .name_space = name_space}, {}, context));
  if (!name_space.empty()) AK_CHECK(require_namespace(*model, name_space));
  const mesh::Injectors injectors(*model);
  checks::InjectionInventory inventory(*model, injectors);
  std::vector<NamespaceInjection> rows;
  if (!name_space.empty()) {
    rows.push_back(inventory.of(name_space));
  } else {
    for (const auto& name : inventory.namespaces()) rows.push_back(inventory.of(name));
  }
  return OutcomePtr(
      std::make_unique<ListOutcome>(session.name(), std::move(model), std::move(rows), context));
}

constexpr std::array kExamples{
    Example{"aksmesh injection list", "Every namespace of the current context's cluster"},
    Example{"aksmesh injection list -n shop -o json", "One of them, for scripts"}};

}  // namespace

extern const Command injection_list_command;
constinit const Command injection_list_command =
    command<declare, run>({.path = "injection list",
                           .summary = "List which namespaces get sidecars, and what has to restart",
                           .page = "commands/injection_list.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
