// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "injection_reading.hpp"
#include "mesh/revision_tags.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {
namespace {

using kube::Kind;
using Json = nlohmann::ordered_json;

class TagsOutcome final : public Outcome {
 public:
  TagsOutcome(std::string place, std::unique_ptr<mesh::Model> model, const Context& context)
      : place_(std::move(place)),
        model_(std::move(model)),
        tags_(mesh::revision_tags(*model_)),
        sees_namespaces_(!model_->manifests().not_listed.contains(Kind::name_space)),
        headers_(!context.global.no_headers) {
    if (!model_->manifests().complete)
      verdict = Verdict::could_not_look;
    else if (tags_.empty())
      notes.emplace_back("there are no revision tags");
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    report::Table table{.columns = {{"TAG"}, {"REVISION"}, {"NAMESPACES"}, {"STATE"}, {"WHY", 1}},
                        .rows = {}};
    for (const auto& one : tags_)
      table.rows.push_back(
          {printable(one.name), one.revision.empty() ? "-" : printable(one.revision),
           !sees_namespaces_        ? "?"
           : one.namespaces.empty() ? "-"
                                    : join(one.namespaces, ","),
           std::string(mesh::word_of(one.state)), one.why.empty() ? "-" : printable(one.why)});
    return listing_text(table, *model_, style,
                        headers_ ? report::Headers::shown : report::Headers::hidden);
  }

  [[nodiscard]] Json document() const override {
    auto items = Json::array();
    for (const auto& one : tags_) {
      Json row{{"tag", to_valid_utf8(one.name)}};
      if (!one.revision.empty()) row["revision"] = to_valid_utf8(one.revision);
      if (sees_namespaces_) row["namespaces"] = one.namespaces;
      row["state"] = mesh::word_of(one.state);
      if (!one.why.empty()) row["why"] = to_valid_utf8(one.why);
      items.push_back(std::move(row));
    }
    return {{"schema", "aksmesh/tags/v1"},
            {"place", place_},
            {"items", std::move(items)},
            {"complete", model_->manifests().complete},
            {"unavailable", unavailable_document(*model_)}};
  }

 private:
  std::string place_;
  std::unique_ptr<mesh::Model> model_;
  std::vector<mesh::RevisionTag> tags_;
  bool sees_namespaces_;
  bool headers_;
};

Result<OutcomePtr> run(const KubeOptions& o, const Context& context) {
  AK_TRY(auto session, KubeSession::open(o, context));
  AK_TRY(auto model, read_injection(session, {}, {}, context));
  return OutcomePtr(std::make_unique<TagsOutcome>(session.name(), std::move(model), context));
}

constexpr std::array kExamples{
    Example{"aksmesh tag list", "The tags of the current context's cluster"},
    Example{"aksmesh tag list -o json", "The same for scripts"}};

}  // namespace

extern const Command tag_list_command;
constinit const Command tag_list_command = command<declare_cluster_source, run>(
    {.path = "tag list",
     .summary = "List the revision tags and whether they are sound",
     .page = "commands/tag_list.md",
     .examples = kExamples});

}  // namespace aksmesh::commands
