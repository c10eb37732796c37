// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "injection_reading.hpp"
#include "kube/workload_type.hpp"
#include "mesh/model.hpp"

// Which workloads a command is about, in a cluster, a snapshot or files.
namespace aksmesh::commands {

struct WorkloadOptions {
  std::vector<std::string> names{};
  std::vector<std::string> files{};
  NamespaceOptions where{};
  bool live = false;
  KubeOptions kube{};
};
void declare_workload_options(OptionSet& set, WorkloadOptions& options);

/// What is asked about: kinds, if some were named, and names.
class WorkloadChoice {
 public:
  /// `[TYPE/]NAME[.NAMESPACE]`. Kind usage for a type that makes no pods, and for several
  /// namespaces. `command` lists all of them.
  static Result<WorkloadChoice> of(const std::vector<std::string>& typed, std::string command);

  /// That of the names, where they tell it, else `other`.
  [[nodiscard]] const std::string& name_space_or(const std::string& other) const {
    return name_space_.empty() ? other : name_space_;
  }

  struct Where {
    std::string name_space{};  ///< empty: everywhere
    bool of_files = false;     ///< of files, if there are any, what they hold; else the cluster
  };
  /// By namespace, kind and name; every workload when none was named. Kind not_found for one that
  /// is not there, could_not_look when it may be.
  [[nodiscard]] Result<std::vector<const kube::Object*>> among(const mesh::Model& model,
                                                               const Where& where) const;

 private:
  struct Target {
    kube::Kind kind = kube::Kind::other;
    std::string name{};
  };
  static Result<Target> target_of(const std::string& typed);
  [[nodiscard]] static bool is_target(const kube::Object& object, const Target& target);
  [[nodiscard]] Error not_found(const mesh::Model& model, const Where& where,
                                const Target& target) const;

  std::vector<Target> targets_;
  std::string name_space_;
  std::string command_;
};

/// What such a command has read.
struct WorkloadInput {
  std::string place{};  ///< `context prod`; empty for files
  std::unique_ptr<mesh::Model> model{};
  std::vector<const kube::Object*> objects{};  ///< those that are meant
};
/// Reads the cluster, the snapshot or the files. Of the `local` kinds only those in the namespace
/// that is meant, of the `more` those in all, of the `system` ones and ConfigMaps those in the
/// add-on's own namespace.
struct WorkloadReading {
  kube::KindSet local{};
  kube::KindSet more{};
  kube::KindSet system{};
};
Result<WorkloadInput> read_workloads(const WorkloadOptions& options, const WorkloadReading& reading,
                                     std::string command, const Context& context);
/// Of all workloads those that are not the platform's; gateways stay.
void leave_out_platform(WorkloadInput& input);

}  // namespace aksmesh::commands
