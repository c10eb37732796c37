// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "data/reader.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"

// Kubeconfig files as kubectl resolves them:
// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ and, field
// by field, https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
namespace aksmesh::kube {

/// A program that signs in, by the protocol client.authentication.k8s.io.
struct ExecPlugin {
  std::string api_version{};
  std::string command{};  ///< absolute when the file gave a path
  std::vector<std::string> arguments{};
  std::vector<std::pair<std::string, std::string>> environment{};
  std::string install_hint{};
  std::string interactive_mode{};  ///< Never, IfAvailable or Always
  bool wants_cluster = false;      ///< provideClusterInfo
  std::string cluster_config{};    ///< JSON of what the cluster's entry holds for the program
};

/// How an API server is reached, and as whom.
struct Access {
  std::string context{};  ///< empty inside a cluster
  std::string server{};   ///< https://HOST[:PORT][/PATH], without a slash at the end
  std::string name_space = "default";
  std::string ca{};  ///< PEM; empty: those that the system trusts
  std::string tls_server_name{};
  bool trusts_anybody = false;  ///< insecure-skip-tls-verify
  std::string proxy{};

  Secret token{};
  std::string token_file{};          ///< read for each run, and instead of `token`
  std::string client_certificate{};  ///< PEM
  Secret client_key{};               ///< PEM
  std::string user_name{};
  Secret password{};
  std::optional<ExecPlugin> exec{};
  std::string impersonated_user{};
  std::string impersonated_uid{};
  std::vector<std::string> impersonated_groups{};
  std::vector<std::pair<std::string, std::string>> impersonated_extra{};
};

/// The files that kubectl reads: those that KUBECONFIG lists, else ~/.kube/config; none without a
/// home. What is written goes into the first.
std::vector<std::string> kubeconfig_files(const sys::Environment& env);

class Kubeconfig {
 public:
  /// From `file`, which must be there; when it is empty, from the files that kubectl reads, where a
  /// missing one is passed over and the first to say a thing counts. Kind usage when a file cannot
  /// be read or understood.
  static Result<Kubeconfig> load(sys::Files& files, const sys::Environment& env,
                                 const std::string& file);
  /// From a text that came over the network.
  static Result<Kubeconfig> parse(std::string text);

  [[nodiscard]] const std::string& current_context() const { return current_; }
  /// In the order of the files.
  [[nodiscard]] std::vector<std::string> contexts() const;
  /// Of a context's cluster; empty when that leads nowhere.
  [[nodiscard]] std::string server(std::string_view context) const;
  /// What a context says; empty means the current one. Files that it names are read now. Without
  /// any context the service account of the pod that this runs in counts. Kind usage when the
  /// context cannot be used, with those that exist, and when there is neither context nor pod.
  [[nodiscard]] Result<Access> access(sys::Files& files, const sys::Environment& env,
                                      std::string_view context) const;

 private:
  struct Source {
    std::string file;
    data::ReadResult read;
    [[nodiscard]] data::Node root() const;
  };
  struct Entry {
    const Source* source = nullptr;
    data::Node value{};
  };
  Status add(std::string file, std::string text);
  /// The first of that name in one of the lists `clusters`, `users`, `contexts`.
  [[nodiscard]] Entry find(std::string_view list, std::string_view name) const;

  std::vector<std::unique_ptr<Source>> sources_;
  std::string current_;
};

/// The host of an address such as https://HOST:443/path, in lower case.
std::string host_of(std::string_view address);

}  // namespace aksmesh::kube
