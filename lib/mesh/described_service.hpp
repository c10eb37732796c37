// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mesh/label_index.hpp"
#include "mesh/model.hpp"

// What the objects of a mesh say of a service and the pods behind it (istio.io, references of
// DestinationRule and VirtualService; 1.28).
namespace aksmesh::mesh {

/// What a traffic policy sets.
struct TrafficPolicy {
  std::string tls_mode{};            ///< empty: it is silent
  std::vector<std::string> parts{};  ///< as in `connection pool`
  [[nodiscard]] bool empty() const { return tls_mode.empty() && parts.empty(); }
};

/// A DestinationRule that covers a host.
struct DescribedRule {
  const Object* object = nullptr;
  std::string host{};
  /// It counts for clients of its own namespace alone, which is not that of the service.
  bool for_own_clients = false;
  std::vector<std::string> matching{};  ///< subsets that some of the pods are in
  std::vector<std::string> others{};
  TrafficPolicy policy{};
  std::map<std::int64_t, TrafficPolicy> ports{};
};

/// Where a route leads to.
struct RouteTarget {
  std::string host{};  ///< as written
  std::string subset{};
  std::optional<std::int64_t> port{};
  std::int64_t weight = 100;  ///< percent
  bool reaches = false;       ///< some of the pods
  std::string why{};          ///< it does not
};

/// An entry of a VirtualService that has a target in the service.
struct DescribedRoute {
  std::string_view family{};           ///< http, tls or tcp
  std::string match{};                 ///< empty: everything
  std::vector<std::string> facts{};    ///< such as `fault injection`
  std::vector<RouteTarget> targets{};  ///< in the service
  [[nodiscard]] bool reaches() const;
};

struct DescribedRoutes {
  const Object* object = nullptr;
  bool for_sidecars = false;
  bool names_host = false;              ///< the service is among its hosts
  std::vector<std::string> gateways{};  ///< `namespace/name`
  std::vector<DescribedRoute> routes{};
  std::size_t elsewhere = 0;  ///< targets that are not in the service or reach no pod of those
};

struct DescribedPort {
  std::string name{};
  std::int64_t number = 0;
  std::string protocol{};  ///< as in `HTTP`, `auto-detect`
  /// Nothing: no pod has a port of that name, or nothing is behind the service.
  std::optional<std::int64_t> target{};
  std::string target_name{};
};

/// An Istio Gateway that lets requests in to a service.
struct DescribedGateway {
  std::string name{};                 ///< `namespace/name`
  const Object* object = nullptr;     ///< null: there is none
  std::vector<std::string> routes{};  ///< the VirtualServices, `NAME.NAMESPACE`
  std::vector<std::string> urls{};    ///< empty: no address is known
  std::vector<const Object*> pods{};
};

struct DescribedService {
  const Object* object = nullptr;
  std::string host{};
  std::string external_name{};  ///< the host that it is another name for; empty: it is none
  bool is_headless = false;     ///< its name stands for the addresses of its pods
  /// Why nothing is sent through it, or not what its selector says: sentences.
  std::vector<std::string> warnings{};
  std::vector<DescribedPort> ports{};
  std::vector<DescribedRule> rules{};
  std::vector<DescribedRoutes> routes{};
  std::vector<DescribedGateway> gateways{};
  /// `HTTPRoute NAME.NAMESPACE by Gateway NAMESPACE/NAME`, of the Gateway API.
  std::vector<std::string> api_routes{};
};

/// `pods` are those that are asked about: not all behind the service need be.
DescribedService describe_service(const Model& model, const Object& service,
                                  const std::vector<const Object*>& pods);
/// The services that select the pod, by name.
std::vector<const Object*> services_of(const Model& model, const Object& pod);
/// The pods that the service selects, by name; those that have ended are no longer behind it.
std::vector<const Object*> pods_behind(const Model& model, const Object& service);

/// Whether all of its containers are over, for good.
bool has_ended(const Object& pod);

/// `NAME.NAMESPACE`.
std::string dotted_name(const Object& object);

}  // namespace aksmesh::mesh
