// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/edit_distance.hpp"
#include "built_in_policy.hpp"
#include "checks/check.hpp"
#include "checks/teller.hpp"
#include "command.hpp"
#include "data/resources.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  std::string policy = "current";
  std::vector<std::string> categories;
  std::string severity;
  std::string state;
  std::vector<std::string> phases;
  bool print_policy = false;
};

const std::vector<std::string>& category_names() {
  static const std::vector<std::string> names{"compat",   "limits", "injection", "upgrade",
                                              "gateway",  "certs",  "traffic",   "config",
                                              "platform", "istio"};
  return names;
}

void declare(OptionSet& set, Options& o) {
  const std::string group = "Filters";
  set.values("--category", o.categories, "NAME")
      .group(group)
      .choices(category_names())
      .help("Only checks of this category");
  set.value("--severity", o.severity, "SEVERITY")
      .group(group)
      .choices({"error", "warning", "info"})
      .help("Only checks of this severity under the policy");
  set.value("--state", o.state, "STATE")
      .group(group)
      .choices({"built", "documented", "planned", "retired"})
      .help("Only checks that are built, or only reserved codes");
  set.values("--phase", o.phases, "PHASE")
      .group(group)
      .choices({"check", "disable", "enable", "gateway", "migrate", "upgrade"})
      .help("Only checks that belong to this phase");
  set.value("--policy", o.policy, "NAME")
      .env("AKSMESH_POLICY")
      .preset("current")
      .complete(Complete::policies)
      .help("Policy that gives severities and titles");
  set.flag("--print-policy", o.print_policy)
      .help("Print the built-in table of limitations, as a start for --policy-file");
}

struct Row {
  std::string code, slug, category, severity, state, title;
};

class ChecksOutcome final : public Outcome {
 public:
  ChecksOutcome(std::vector<Row> rows, report::Headers headers)
      : rows_(std::move(rows)), headers_(headers) {}
  [[nodiscard]] std::string text(const report::Style& style) const override {
    report::Table table{
        .columns = {{"CODE"}, {"SEVERITY"}, {"CATEGORY", 2}, {"STATE", 3}, {"SLUG"}, {"TITLE", 1}},
        .rows = {}};
    for (const auto& row : rows_)
      table.rows.push_back({row.code, row.severity, row.category, row.state, row.slug, row.title});
    return report::render_table(table, style, headers_);
  }
  [[nodiscard]] nlohmann::ordered_json document() const override {
    nlohmann::ordered_json out{{"schema", "aksmesh/checks/v1"},
                               {"items", nlohmann::ordered_json::array()}};
    for (const auto& row : rows_) {
      nlohmann::ordered_json item{
          {"code", row.code}, {"slug", row.slug}, {"category", row.category}};
      if (row.severity != "-") item["severity"] = row.severity;
      item["state"] = row.state;
      item["title"] = row.title;
      out["items"].push_back(std::move(item));
    }
    return out;
  }

 private:
  std::vector<Row> rows_;
  report::Headers headers_;
};

bool has(const std::vector<std::string>& list, std::string_view word) {
  return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(const auto policy, built_in_policy(o.policy, context));
  if (o.print_policy) {
    class TableText final : public Outcome {
     public:
      [[nodiscard]] std::string text(const report::Style&) const override {
        return std::string(data::resource("lib/mesh/tables/limitations.json"));
      }
      [[nodiscard]] nlohmann::ordered_json document() const override {
        nlohmann::ordered_json out{{"schema", "aksmesh/limitations/v1"}};
        out.update(nlohmann::ordered_json::parse(text({})));
        // In the table the policy in force ends with null; in documents absent means that.
        for (auto& policy : out["policies"])
          if (policy.contains("to") && policy["to"].is_null()) policy.erase("to");
        return out;
      }
    };
    return OutcomePtr(std::make_unique<TableText>());
  }
  std::vector<Row> rows;
  for (const auto& code : checks::codes()) {
    const auto* limitation = policy.find(code.slug);
    if (policy.is_upstream() && limitation != nullptr) continue;
    const auto teller = checks::teller_of(code);
    Row row{.code = std::string(code.code),
            .slug = std::string(code.slug),
            .category = std::string(checks::category_of(code.code)),
            .severity = std::string(limitation == nullptr ? code.severity_for(policy.flavour())
                                                          : limitation->severity),
            .state = code.retired                       ? "retired"
                     : teller == checks::Teller::nobody ? "planned"
                     : teller == checks::Teller::page   ? "documented"
                                                        : "built",
            .title = std::string(limitation == nullptr ? code.title : limitation->title)};
    if (row.severity.empty()) row.severity = "-";
    const auto& phases = limitation == nullptr ? code.phases : limitation->phases;
    const bool phase_fits =
        o.phases.empty() || std::any_of(phases.begin(), phases.end(), [&](std::string_view phase) {
          return has(o.phases, phase);
        });
    if (!phase_fits || !has(o.categories, row.category)) continue;
    if ((!o.severity.empty() && row.severity != o.severity) ||
        (!o.state.empty() && row.state != o.state))
      continue;
    rows.push_back(std::move(row));
  }
  auto outcome = std::make_unique<ChecksOutcome>(std::move(rows), context.global.no_headers
                                                                      ? report::Headers::hidden
                                                                      : report::Headers::shown);
  return OutcomePtr(std::move(outcome));
}

constexpr std::array kExamples{
    Example{"aksmesh checks --category limits", "What does the add-on block?"},
    Example{"aksmesh checks --state built --severity error -o json", "For a dashboard of rules"},
};

}  // namespace

extern const Command checks_command;
constinit const Command checks_command =
    command<declare, run>({.path = "checks",
                           .summary = "List the checks with their codes",
                           .page = "commands/checks.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
