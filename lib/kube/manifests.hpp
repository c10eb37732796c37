// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/limits.hpp"
#include "data/reader.hpp"
#include "kube/kind.hpp"
#include "sys/files.hpp"

namespace aksmesh::kube {

/// What a file is taken for.
enum class Role : std::uint8_t {
  manifests,     ///< objects; a mesh configuration only when it looks like one
  mesh_config,   ///< a bare mesh configuration, whatever its fields, or an object that holds one
  mesh_networks  ///< bare mesh networks
};

/// One file or stream that was read. Its name is as given on the command line.
struct InputFile {
  std::string name;
  Role role = Role::manifests;
  std::string cluster{};       ///< whose objects these are, where several clusters are read
  bool walked = false;         ///< found in a directory, not named
  bool live = false;           ///< no file: an answer of the cluster's API server
  Kind list_of = Kind::other;  ///< of such an answer: the kind of its items
  /// The apiVersion of the items where only their metadata was asked for: they tell neither that
  /// nor their kind. Empty for whole objects.
  std::string listed_version{};
  std::unique_ptr<data::Tree> tree{};
  std::vector<data::Problem> problems{};
};

/// A Kubernetes object (or a bare mesh configuration file) of the input. Views point into its
/// file's tree.
struct Object {
  Kind kind = Kind::other;
  data::Node root{};
  std::string_view api_version{};
  std::string_view group{};
  std::string_view version{};
  std::string_view kind_name{};
  std::string_view name_space{};  ///< empty for cluster-scoped kinds
  std::string_view name{};
  const InputFile* file = nullptr;

  /// Only its metadata was asked for: what else it holds is not known.
  [[nodiscard]] bool is_metadata_only() const { return !file->listed_version.empty(); }
  [[nodiscard]] data::Node spec() const { return root["spec"]; }
  [[nodiscard]] data::Node status() const { return root["status"]; }
  [[nodiscard]] data::Node metadata() const { return root["metadata"]; }
  [[nodiscard]] data::Node label(std::string_view key) const {
    return root.at("metadata", "labels", key);
  }
  [[nodiscard]] data::Node annotation(std::string_view key) const {
    return root.at("metadata", "annotations", key);
  }
};

/// Something that was asked for and could not be read.
struct Unavailable {
  std::string what;
  std::string why;
  Kind kind = Kind::other;  ///< of a list that could not be had
};

/// A document or item that is not what Kubernetes objects must be.
struct Misfit {
  const InputFile* file = nullptr;
  data::Node node{};
  std::string what;
};

struct Manifests {
  std::deque<InputFile> files;                // a deque, so that objects may point at files
  std::deque<Object> objects;                 // in the order of the input
  std::deque<std::string> default_namespace;  // one element, at an address that survives a move
  std::vector<Misfit> misfits;
  std::vector<Unavailable> unavailable;
  std::map<Kind, std::string>
      not_listed;  ///< kinds of a cluster of which nothing is known, and why
  KindSet whole;   ///< kinds of which all objects of a cluster are here
  std::set<std::pair<Kind, std::string>> whole_in{};  ///< likewise, of one namespace
  std::vector<std::string> skipped;  ///< documents that are no Kubernetes objects, as file:line
  bool complete = true;              ///< false when a part of the input could not be read or parsed
};

/// Objects as a cluster has them (live_objects.hpp).
struct LiveObjects {
  std::deque<InputFile> answers{};
  std::vector<Unavailable> unavailable{};             ///< what could not be listed, and why
  std::map<Kind, std::string> not_listed{};           ///< kinds of which nothing is known, and why
  KindSet whole{};                                    ///< kinds that were listed in all namespaces
  std::set<std::pair<Kind, std::string>> whole_in{};  ///< those that were listed in one
  std::string version{};  ///< of the API server: `v1.34.2`; empty: not told
};

/// Which files of a directory are read: those of .yaml, .yml and .json in any case outside of
/// hidden directories, or as istioctl does it: lower case only, hidden ones too.
enum class Walk : std::uint8_t { usual, as_istioctl };

struct ReadOptions {
  Walk walk = Walk::usual;
  std::vector<std::string> ignore;  ///< patterns of file or directory names or paths, `*` allowed
  std::string default_namespace = "default";  ///< for namespaced objects that name none
  std::string cluster{};  ///< the cluster that all this input describes; empty: unnamed
  std::vector<std::string> mesh_config_files{};    ///< read besides, in the role mesh_config
  std::vector<std::string> mesh_networks_files{};  ///< likewise, in the role mesh_networks
  data::Limits limits;
  unsigned workers = 0;  ///< threads that parse, 0 for one a core
  /// Tells a mesh configuration (a mapping without apiVersion and kind) from any other file.
  std::function<bool(const data::Node&)> is_mesh_config;
};

/// Reads files, directories (recursively: .yaml, .yml, .json) and `-`. Never fails as a whole: what
/// could not be read is told in the result. `live` was read from a cluster before; of two objects
/// of one name that of a file counts.
Manifests read_manifests(sys::Files& files, const std::vector<std::string>& operands,
                         const ReadOptions& options, LiveObjects live = {});

}  // namespace aksmesh::kube
