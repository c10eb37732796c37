// SPDX-License-Identifier: Apache-2.0
#include "contexts.hpp"

#include <algorithm>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Error without_names(std::string why, const Context& context) {
  return {.kind = ErrorKind::usage,
          .what = "it is not said which contexts are meant",
          .why = std::move(why),
          .next = {"--contexts NAME,NAME   (kubectl config get-contexts lists them)",
                   context.program + " credentials -g GROUP --cluster NAME   (adds one)"}};
}

Error unknown_names(const std::vector<std::string>& unknown,
                    const std::vector<std::string>& known) {
  Error out{.kind = ErrorKind::usage,
            .what = "no kubeconfig has the context " + join(unknown, ", nor "),
            .why = known.empty() ? "none has any context" : "there are " + join(known, ", ")};
  for (const auto& name : unknown)
    for (const auto& near : suggestions(name, known))
      out.next.push_back("did you mean " + near + "?");
  return out;
}

}  // namespace

void declare_contexts(OptionSet& set, ContextOptions& options) {
  constexpr const char* kGroup = "Kubernetes";
  set.values("--contexts", options.lists, "NAME,NAME")
      .help("Several clusters in one table, by contexts of the kubeconfig")
      .complete(Complete::contexts)
      .group(kGroup);
  set.flag("--all-contexts", options.all)
      .help("The same with every context of the kubeconfig")
      .group(kGroup);
}

Result<std::vector<std::string>> chosen_contexts(const ContextOptions& options,
                                                 const kube::Kubeconfig& config,
                                                 const Context& context) {
  auto known = config.contexts();
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  std::erase(known, "");
  if (options.all) {
    if (known.empty()) return without_names("no kubeconfig has any context", context);
    return known;
  }
  std::vector<std::string> out;
  std::vector<std::string> unknown;
  for (const auto& list : options.lists) {
    const auto parts = split(list, ',');
    // A variable that is not set would make it another list than the one that is meant.
    if (parts.empty() || std::any_of(parts.begin(), parts.end(),
                                     [](std::string_view part) { return trim(part).empty(); }))
      return without_names("--contexts '" + list + "' has an empty name", context);
    for (const auto part : parts) {
      const std::string name(trim(part));
      auto& names = has(known, name) ? out : unknown;
      if (!has(names, name)) names.push_back(name);
    }
  }
  if (!unknown.empty()) return unknown_names(unknown, known);
  return out;
}

}  // namespace aksmesh::commands
