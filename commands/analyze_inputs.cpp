// SPDX-License-Identifier: Apache-2.0
#include "analyze_inputs.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

/// Adds `NAME=FILES` of --cluster; a name that is given again gets more files.
Status add_cluster(const std::string& text, std::vector<AnalyzeInput>& inputs) {
  const auto equals = text.find('=');
  const std::string name(trim(text.substr(0, equals)));
  std::vector<std::string> paths;
  if (equals != std::string::npos)
    for (const auto part : split(std::string_view(text).substr(equals + 1), ','))
      if (!trim(part).empty()) paths.emplace_back(trim(part));
  if (name.empty() || paths.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "--cluster " + text + " is not understood",
                 .why = "analyze takes --cluster NAME=FILES, with commas between several files",
                 .next = {"--cluster " + (name.empty() ? "east" : name) + "=manifests/"}};
  auto same = std::find_if(inputs.begin(), inputs.end(),
                           [&](const AnalyzeInput& input) { return input.cluster == name; });
  if (same == inputs.end()) same = inputs.insert(inputs.end(), AnalyzeInput{.cluster = name});
  same->paths.insert(same->paths.end(), paths.begin(), paths.end());
  return Done{};
}

}  // namespace

Result<std::vector<AnalyzeInput>> analyze_inputs(const AnalyzeOptions& o,
                                                 const std::string& command,
                                                 const std::string& program) {
  AnalyzeInput own{.paths = o.operands, .live = o.live};
  own.paths.insert(own.paths.end(), o.files.begin(), o.files.end());
  std::vector<AnalyzeInput> out;
  const bool only_options =
      o.clusters.empty() && !(o.mesh_config_files.empty() && o.mesh_network_files.empty());
  const bool nothing_named = own.paths.empty() && o.clusters.empty() && !only_options;
  if (nothing_named && o.reads_clusters && !o.offline) own.live = true;
  // Whoever names a snapshot wants it read.
  if (!o.kube.snapshot.empty()) own.live = true;
  if (!own.paths.empty() || own.live || only_options || (nothing_named && o.may_be_empty))
    out.push_back(std::move(own));
  for (const auto& text : o.clusters) AK_CHECK(add_cluster(text, out));
  if (!out.empty()) return out;
  const auto line = program + ' ' + command;
  return Error{.kind = ErrorKind::usage,
               .what = "nothing to " + command,
               .why = "give files, directories or - for standard input",
               .next = {line + " manifests/", "helm template shop ./chart | " + line + " -"}};
}

}  // namespace aksmesh::commands
