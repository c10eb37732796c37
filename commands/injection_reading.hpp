// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "kube_session.hpp"
#include "mesh/injection.hpp"
#include "mesh/model.hpp"
#include "report/style.hpp"
#include "report/table.hpp"

// What the commands about injection and revision tags have in common.
namespace aksmesh::commands {

/// One namespace or all.
struct NamespaceOptions {
  std::string name_space{};
  bool all_namespaces = false;
};
void declare_namespace_options(OptionSet& set, NamespaceOptions& options);
/// The namespace that is meant; empty for all. Kind usage when both were typed.
Result<std::string> chosen_namespace(const NamespaceOptions& options, const Context& context);

/// What is read of a cluster besides its namespaces and webhooks.
struct InjectionReading {
  kube::KindSet more{};      ///< further kinds
  std::string name_space{};  ///< where those are asked for; empty: everywhere
};
/// Namespaces, webhooks, and the services and ConfigMaps of the add-on. `files` go over the
/// cluster's objects.
Result<std::unique_ptr<mesh::Model>> read_injection(KubeSession& session,
                                                    const InjectionReading& reading,
                                                    const std::vector<std::string>& files,
                                                    const Context& context);

/// That the cluster has the namespace, as far as namespaces could be listed.
Status require_namespace(const mesh::Model& model, const std::string& name);
/// That the webhooks of the cluster could be seen, which a change rests on. `goal` completes
/// "cannot ...".
Status require_webhooks(const mesh::Model& model, const std::string& goal);
/// A revision or tag that nothing in the cluster answers to.
Error unknown_revision(const mesh::Model& model, const mesh::Injectors& injectors,
                       const std::string& name, const std::string& goal);

/// The names of the revision tags, sorted.
std::vector<std::string> tag_names(const mesh::Injectors& injectors);

/// The members verdict, cause, reason, revision and tag.
nlohmann::ordered_json injection_document(const mesh::Injection& injection);
nlohmann::ordered_json unavailable_document(const mesh::Model& model);
/// A table, nothing when it has no rows, and below it what could not be read.
std::string listing_text(const report::Table& table, const mesh::Model& model,
                         const report::Style& style, report::Headers headers);
/// A line for each part that could not be read; empty when all was.
std::string unavailable_text(const mesh::Model& model, const report::Style& style);

}  // namespace aksmesh::commands
