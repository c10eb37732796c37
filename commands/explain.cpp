// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "built_in_policy.hpp"
#include "checks/code_lookup.hpp"
#include "checks/teller.hpp"
#include "command.hpp"
#include "data/resources.hpp"
#include "docgen/markdown.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  std::vector<std::string> names;
  std::string policy = "current";
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.names, "CODE")
      .complete(Complete::codes)
      .help("Code or slug of a check, such as AKM2001 or cr-envoyfilter");
  set.value("--policy", o.policy, "NAME")
      .env("AKSMESH_POLICY")
      .preset("current")
      .complete(Complete::policies)
      .help("Policy that gives the severity");
}

struct Explanation {
  std::string code, slug, category, title, severity, stance, policy, remedy, page;
  std::vector<std::string> sources;
};

class ExplainOutcome final : public Outcome {
 public:
  explicit ExplainOutcome(std::vector<Explanation> items) : items_(std::move(items)) {}
  [[nodiscard]] std::string text(const report::Style& style) const override {
    std::string out;
    for (const auto& item : items_) {
      if (!out.empty()) out += '\n';
      out +=
          style.paint(report::Tone::name, item.code + ' ' + item.slug) + '\n' + item.title + '\n';
      if (!item.severity.empty())
        out += "severity " + item.severity + (item.stance.empty() ? "" : ", " + item.stance) +
               " under policy " + item.policy + '\n';
      else if (!item.stance.empty())
        out += item.stance + " under policy " + item.policy + "; nothing is reported\n";
      out += '\n' + docgen::markdown_to_text(item.page, style);
    }
    return out;
  }
  [[nodiscard]] nlohmann::ordered_json document() const override {
    nlohmann::ordered_json out{{"schema", "aksmesh/explain/v1"},
                               {"items", nlohmann::ordered_json::array()}};
    for (const auto& item : items_) {
      nlohmann::ordered_json one{{"code", item.code},
                                 {"slug", item.slug},
                                 {"category", item.category},
                                 {"title", item.title},
                                 {"policy", item.policy}};
      if (!item.severity.empty()) one["severity"] = item.severity;
      if (!item.stance.empty()) one["status"] = item.stance;
      if (!item.remedy.empty()) one["remedy"] = nlohmann::ordered_json::array({item.remedy});
      if (!item.sources.empty()) one["sources"] = item.sources;
      one["page"] = item.page;
      out["items"].push_back(std::move(one));
    }
    return out;
  }

 private:
  std::vector<Explanation> items_;
};

enum class Built { no, yes };

/// A code may wait for its page, or for its check; what the tables know is still worth telling.
std::string page_from_table(const Explanation& known, std::string_view note, Built built) {
  std::string out = "## Meaning\n\n" + known.title + '.';
  if (built == Built::no) out += " This check is planned: the program does not look at it yet.";
  out += '\n';
  if (!known.remedy.empty()) out += "\n## How to fix\n\n" + known.remedy + '\n';
  if (!note.empty()) out.append("\n").append(note).append("\n");
  if (!known.sources.empty()) out += "\n## Source\n\n";
  for (const auto& source : known.sources) out += "- " + source + '\n';
  return out;
}

/// What files cannot show is told elsewhere, and a reader wants to know where.
void add_teller(checks::Teller teller, std::string& page) {
  if (page.empty()) return;
  if (teller == checks::Teller::commands)
    page +=
        "\n## Who looks\n\nThe commands that change the mesh look at it in Azure before they send "
        "anything; files do not show it.\n";
  if (teller == checks::Teller::istiods)
    page +=
        "\n## Who looks\n\n`aksmesh check` of a live cluster or a snapshot, which asks the "
        "istiods for their proxies.\n";
  if (teller == checks::Teller::service)
    page += "\n## Who looks\n\nAzure tells it when it refuses; no check looks for it.\n";
  if (teller == checks::Teller::page)
    page += "\n## Who looks\n\nNobody: no check and no command looks for it, this page is all.\n";
}

Explanation explain(const checks::Code& code, const mesh::Policy& policy) {
  Explanation out{.code = std::string(code.code),
                  .slug = std::string(code.slug),
                  .category = std::string(checks::category_of(code.code)),
                  .title = std::string(code.title),
                  .severity = std::string(code.severity_for(policy.flavour())),
                  .stance = {},
                  .policy = policy.id(),
                  .remedy = {},
                  .page = std::string(checks::page_of(code)),
                  .sources = {}};
  // The page's own title repeats what stands above it.
  if (const auto first = out.page.find("## "); first != std::string::npos) out.page.erase(0, first);
  const auto teller = checks::teller_of(code);
  const auto built = teller == checks::Teller::nobody ? Built::no : Built::yes;
  add_teller(teller, out.page);
  const auto* limitation = policy.find(code.slug);
  if (limitation == nullptr) {
    out.remedy = code.remedy;
    if (out.page.empty()) out.page = page_from_table(out, {}, built);
    return out;
  }
  out.title = limitation->title;
  out.severity = limitation->severity;
  out.stance = mesh::stance_name(limitation->stance);
  out.remedy = limitation->remedy;
  for (const auto source : limitation->sources) out.sources.emplace_back(source);
  if (out.page.empty())
    out.page = page_from_table(out, limitation->note, built);
  else if (built == Built::no)
    out.title += " (planned: the program does not look at it yet)";
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.names.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "explain needs a code",
                 .next = {context.program + " explain AKM2001",
                          context.program + " checks   (lists all codes)"}};
  AK_TRY(const auto policy, built_in_policy(o.policy, context));
  AK_TRY(const auto codes,
         checks::find_codes(o.names, {.what = "unknown code",
                                      .list = context.program + " checks   (lists all codes)",
                                      .retry = [&](const std::string&, const std::string& near) {
                                        return context.program + " explain " + near;
                                      }}));
  std::vector<Explanation> items;
  for (const auto* code : codes) items.push_back(explain(*code, policy));
  return OutcomePtr(std::make_unique<ExplainOutcome>(std::move(items)));
}

constexpr std::array kExamples{
    Example{"aksmesh explain AKM2001", "What does this code mean, and what to do?"},
    Example{"aksmesh explain injection-default-label -o json", "By slug, for a script"},
};

}  // namespace

extern const Command explain_command;
constinit const Command explain_command =
    command<declare, run>({.path = "explain",
                           .summary = "Explain a code: meaning, reason, fix, example, source",
                           .page = "commands/explain.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
