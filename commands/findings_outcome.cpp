// SPDX-License-Identifier: Apache-2.0
#include "findings_outcome.hpp"

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "version.hpp"

namespace aksmesh::commands {
namespace {

/// The page's first part, as one paragraph.
std::string meaning_of(std::string_view page) {
  constexpr std::string_view kHeading = "## Meaning";
  const auto at = page.find(kHeading);
  if (at == std::string_view::npos) return {};
  const auto body = trim(page.substr(at + kHeading.size()));
  return replace_all(trim(body.substr(0, body.find("\n\n"))), "\n", " ");
}

}  // namespace

FindingsOutcome::FindingsOutcome(report::FindingSet set, const mesh::Policy& policy,
                                 const Context& context, std::string command, Layout layout)
    : set_(std::move(set)),
      context_{.program = context.program,
               .version = std::string(kVersion),
               .command = std::move(command),
               .policy = policy.id() + " as of " + policy.as_of(),
               .timestamp = context.clock.today().text() + "T00:00:00",
               .workspace = context.env.get("BUILD_SOURCESDIRECTORY").value_or("")},
      details_(context.global.verbose > 0 ? report::Details::all : report::Details::folded) {
  if (layout == Layout::brief) details_ = report::Details::brief;
  if (layout == Layout::by_category) context_.headings = checks::category_headings();
  for (const auto& code : checks::codes()) {
    const auto* limitation = policy.find(code.slug);
    ratings_.push_back({std::string(limitation == nullptr ? code.title : limitation->title),
                        std::string(limitation == nullptr ? code.severity_for(policy.flavour())
                                                          : limitation->severity)});
  }
}

std::string FindingsOutcome::text(const report::Style& style) const {
  return report::render_text(set_, style, context_, details_);
}

nlohmann::ordered_json FindingsOutcome::document() const {
  return report::findings_document(set_);
}

report::RenderContext FindingsOutcome::render_context() const {
  auto out = context_;
  for (std::size_t i = 0; i < ratings_.size(); ++i) {
    const auto& code = checks::codes()[i];
    const auto page = checks::page_of(code);
    report::RuleInfo rule{
        .code = std::string(code.code),
        .slug = std::string(code.slug),
        .title = ratings_[i].title,
        .category = std::string(checks::category_of(code.code)),
        .severity =
            report::parse_severity(ratings_[i].severity).value_or(report::Severity::warning),
        .description = meaning_of(page),
        .help = std::string(page)};
    out.rules.push_back(std::move(rule));
  }
  return out;
}

}  // namespace aksmesh::commands
