// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "context.hpp"
#include "network.hpp"
#include "option_set.hpp"

namespace aksmesh::commands {

/// How Azure is talked to.
struct AzureOptions {
  std::string subscription{};
  std::string auth = "auto";
  std::string identity{};
  std::string cloud{};
  std::string arm_endpoint{};
  std::string api_version{};
  NetworkOptions network{};
};
void declare_azure_options(OptionSet& set, AzureOptions& options);

/// Which managed cluster.
struct ClusterOptions {
  AzureOptions azure{};
  std::string resource_group{};
  std::string cluster{};
  std::string cluster_id{};
};
void declare_cluster_options(OptionSet& set, ClusterOptions& options);
/// The same where `-n` is a namespace.
void declare_cluster_beside_namespaces(OptionSet& set, ClusterOptions& options);

/// Kind usage when an option that is about Azure alone was typed: nothing there is asked, for the
/// reason `why`. What a variable or the settings file says of the target is no mistake.
Status refuse_azure_options(const ClusterOptions& options, const Error& why,
                            const Context& context);

/// What every changing command has.
struct ChangeOptions {
  bool dry_run = false;
  bool yes = false;
  bool no_input = false;
  bool no_wait = false;
  std::string confirm{};
  std::vector<std::string> skip_checks{};
};
enum class Confirmation { yes_or_no, name };
void declare_change_options(OptionSet& set, ChangeOptions& options, Confirmation confirmation);

/// A revision that is none.
Error wrong_revision(const std::string& text);

}  // namespace aksmesh::commands
