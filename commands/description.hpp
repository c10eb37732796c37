// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "command.hpp"
#include "envoy/held_objects.hpp"
#include "mesh/described_policies.hpp"
#include "mesh/described_service.hpp"
#include "mesh/model.hpp"

namespace aksmesh::commands {

/// A pod in a few facts.
struct DescribedPod {
  struct Port {
    std::int64_t number = 0;
    std::string protocol{};
    std::string container{};
  };
  enum class Proxy : std::uint8_t { none, sidecar, native };
  const mesh::Object* object = nullptr;
  std::string phase{};     ///< empty: not told
  std::string revision{};  ///< empty: not told
  Proxy proxy = Proxy::none;
  std::vector<Port> ports{};
  std::vector<std::string> warnings{};
};

/// What is told of a pod or service.
struct Description {
  std::string place{};  ///< the cluster, for people
  std::unique_ptr<mesh::Model> model{};
  const mesh::Object* subject = nullptr;
  std::vector<DescribedPod> pods{};  ///< of a service those behind it
  std::vector<mesh::DescribedService> services{};
  std::optional<mesh::PodPolicies> policies{};  ///< nothing: there is no pod with a sidecar
  std::string policies_of{};                    ///< `NAMESPACE/POD`, that pod

  // What the proxy of one of the pods has of it.
  std::string proxy{};  ///< `NAMESPACE/POD`; empty: none was asked
  std::vector<envoy::AccessFilter> filters{};
  bool knows_filters = false;  ///< its listeners could be read
  /// Objects that count and are not in its configuration, and those in it that are gone: `KIND
  /// NAME.NAMESPACE`.
  std::set<std::string> missing{};
  std::set<std::string> stale{};
  std::vector<Error> lost{};  ///< what of it could not be read
  std::string not_asked{};    ///< why there is none to ask; empty: there is
};

/// Whether an object is one of those, or one that was looked for among them.
std::string marked_name(const mesh::Object& object);

/// Only what `pod` itself tells.
DescribedPod describe_pod(const mesh::Object& pod);

/// Completes a description with what the proxy holds.
void compare(const envoy::HeldObjects& held, Description& out);

OutcomePtr description_outcome(Description description);

}  // namespace aksmesh::commands
