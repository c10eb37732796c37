// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/tree.hpp"
#include "kube/manifests.hpp"
#include "mesh/label_selector.hpp"

// How objects of the Kubernetes Gateway API find each other (gateway-api.sigs.k8s.io, v1
// reference).
namespace aksmesh::mesh {

/// True for a Gateway that Istio serves.
bool is_of_istio(const kube::Object& gateway);

/// A reference to another object, with the API's defaults filled in.
struct Reference {
  data::Node node{};
  std::string_view group{};
  std::string_view kind{};
  std::string_view name_space{};
  std::string_view name{};
  std::string_view section{};          ///< of a route's parent
  std::optional<std::int64_t> port{};  ///< of a parent or backend

  [[nodiscard]] bool is(std::string_view wanted_group, std::string_view wanted_kind) const {
    return group == wanted_group && kind == wanted_kind;
  }
  [[nodiscard]] bool is_gateway() const;
  [[nodiscard]] bool is_service() const { return is("", "Service"); }
  [[nodiscard]] bool is_secret() const { return is("", "Secret"); }
};

/// What a route asks to be attached to.
std::vector<Reference> parent_refs(const kube::Object& route);
/// Where a route sends requests, copies of requests included.
std::vector<Reference> backend_refs(const kube::Object& route);
/// The certificates of a Gateway's listeners that end TLS.
std::vector<Reference> certificate_refs(const kube::Object& gateway);

/// Whether a Gateway takes a route as one of its parents asks.
enum class Attachment : std::uint8_t {
  attached,
  no_listener,      ///< none has the name or port
  wrong_kind,       ///< none takes routes of this kind
  wrong_namespace,  ///< none takes routes of this namespace
  undecided,        ///< labels of the route's Namespace decide, and it is not known
  no_hostname       ///< no host of the route is one of theirs
};

/// `route_namespace` is the Namespace object of the route, null when it is not known.
Attachment attach(const kube::Object& route, const Reference& parent, const kube::Object& gateway,
                  const kube::Object* route_namespace);

/// The ReferenceGrants, which allow references from one namespace into another.
class ReferenceGrants {
 public:
  explicit ReferenceGrants(const std::vector<const kube::Object*>& grants);
  [[nodiscard]] bool permits(const kube::Object& from, const Reference& to) const;

 private:
  /// By `namespace/other`, where objects of the other namespace may refer to some of the first.
  std::unordered_map<std::string, std::vector<const kube::Object*>> by_namespaces_;
};

}  // namespace aksmesh::mesh
