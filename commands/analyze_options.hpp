// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kube_session.hpp"
#include "option_set.hpp"

namespace aksmesh::commands {

/// What was typed behind `analyze` or another command that runs checks.
struct AnalyzeOptions {
  std::vector<std::string> operands;
  std::vector<std::string> files;
  std::string policy = "current";
  std::string policy_file;
  std::vector<std::string> revisions;
  std::string kubernetes_version;
  std::string name_space;
  std::vector<std::string> only;
  std::vector<std::string> suppress;
  bool show_suppressed = false;
  std::string baseline;
  std::string write_baseline;
  std::string fail_on = "error";
  std::string show_from = "info";
  bool fail_on_unknown = false;
  std::vector<std::string> ignore;
  std::vector<std::string> limits;
  std::vector<std::string> clusters;  ///< NAME=FILES
  std::vector<std::string> mesh_config_files;
  std::vector<std::string> mesh_network_files;
  std::string istio_namespace;
  bool fix = false;
  bool dry_run = false;
  bool all_namespaces = false;
  bool recursive = false;
  bool live = false;
  bool offline = false;         ///< --use-kube=false
  bool may_be_empty = false;    ///< something else than objects is looked at
  std::string horizon;          ///< days; empty: the usual ones
  bool reads_clusters = false;  ///< without any input it is the kubeconfig's cluster that is meant
  KubeOptions kube{};
};
void declare_analyze(OptionSet& set, AnalyzeOptions& options);

// The groups of options that commands share.
void declare_namespace(OptionSet& set, std::string& target);
void declare_files(OptionSet& set, std::vector<std::string>& target);
/// Whether a command works without any path.
enum class Paths { needed, optional };
void declare_paths(OptionSet& set, AnalyzeOptions& options, Paths need);
void declare_input(OptionSet& set, AnalyzeOptions& options, Paths need);
void declare_horizon(OptionSet& set, std::string& target);
void declare_fail_on(OptionSet& set, std::string& target);
void declare_only(OptionSet& set, AnalyzeOptions& options);
void declare_policy(OptionSet& set, AnalyzeOptions& options);
void declare_result(OptionSet& set, AnalyzeOptions& options);

/// The days of --expires-within; the usual ones when it is empty. Kind usage for anything else.
Result<int> horizon_days(const std::string& typed, const Context& context);

}  // namespace aksmesh::commands
