// SPDX-License-Identifier: Apache-2.0
#include "kube/kubeconfig_merge.hpp"

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "data/reader.hpp"
#include "kube/json_of.hpp"
#include "report/render.hpp"

namespace aksmesh::kube {
namespace {

using Json = nlohmann::ordered_json;

Result<Json> parse(std::string_view text, const char* which) {
  const auto read = data::read_documents(std::string(text), data::Limits{});
  const Error odd{.kind = ErrorKind::bad_data,
                  .what = std::string("cannot read the ") + which + " kubeconfig",
                  .why = "it is not one YAML mapping"};
  if (!read.problems.empty()) {
    auto error = odd;
    error.why =
        read.problems.front().what + ", line " + std::to_string(read.problems.front().mark.line);
    return error;
  }
  if (read.tree->document_count() == 0) return Json::object();
  if (read.tree->document_count() > 1 || !read.tree->document(0).is_mapping()) return odd;
  return json_of(read.tree->document(0));
}

/// The entry of a list by its name; null when there is none.
Json* entry(Json& list, const std::string& name) {
  if (!list.is_array()) return nullptr;
  for (auto& one : list)
    if (one.is_object() && one.value("name", Json()) == name) return &one;
  return nullptr;
}

Status merge_list(Json& into, const Json& from, const char* list, Overwrite overwrite) {
  if (!from.contains(list) || !from[list].is_array()) return Done{};
  auto& target = into[list];
  if (!target.is_array()) target = Json::array();
  for (const auto& one : from[list]) {
    if (!one.is_object() || !one.value("name", Json()).is_string()) continue;
    const auto name = one["name"].get<std::string>();
    auto* present = entry(target, name);
    if (present == nullptr) {
      target.push_back(one);
    } else if (*present != one) {
      if (overwrite == Overwrite::no)
        return Error{
            .kind = ErrorKind::conflict,
            .what = "the kubeconfig has another entry '" + name + "' among its " + list,
            .next = {"--overwrite-existing   (replaces it)", "--kubeconfig FILE   (another file)"}};
      *present = one;
    }
  }
  return Done{};
}

}  // namespace

Result<std::string> merge_kubeconfig(std::string_view existing, std::string_view added,
                                     Overwrite overwrite) {
  AK_TRY(auto into, parse(existing, "existing"));
  AK_TRY(const auto from, parse(added, "new"));
  if (into.empty()) return std::string(added);
  for (const char* list : {"clusters", "contexts", "users"})
    AK_CHECK(merge_list(into, from, list, overwrite));
  if (from.contains("current-context")) into["current-context"] = from["current-context"];
  return report::to_yaml_text(into);
}

Result<std::string> with_context_name(std::string_view kubeconfig, std::string_view name) {
  AK_TRY(auto config, parse(kubeconfig, "new"));
  const auto current = config.value("current-context", std::string());
  if (config.contains("contexts"))
    if (auto* context = entry(config["contexts"], current)) (*context)["name"] = name;
  config["current-context"] = name;
  return report::to_yaml_text(config);
}

bool uses_program(std::string_view kubeconfig, std::string_view program) {
  const auto read = data::read_documents(std::string(kubeconfig), data::Limits{});
  if (read.tree->document_count() == 0) return false;
  for (const auto& user : read.tree->document(0)["users"].items())
    if (user.at("user", "exec", "command").text() == program) return true;
  return false;
}

}  // namespace aksmesh::kube
