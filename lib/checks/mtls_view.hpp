// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "checks/mutual_tls.hpp"

// What is encrypted on the way to workloads: what they demand, and what their callers do.
namespace aksmesh::checks {

/// What becomes of calls from a proxy with a certain setting.
enum class TlsFit : std::uint8_t {
  encrypted,   ///< mutual TLS of the mesh
  plain,       ///< in plain text, and that is taken
  other,       ///< TLS that is not the mesh's: whether the application takes it is not known
  refused,     ///< the workload demands mutual TLS and gets none
  unanswered,  ///< the caller speaks mutual TLS, and nobody at the workload does
  unknown      ///< whether the workload has a sidecar, or what it demands, is not known
};
std::string_view word_of(TlsFit fit);
/// Whether calls fail.
bool is_conflict(TlsFit fit);

/// What callers send to one port of a Service that leads to a workload.
struct CallerTls {
  const Object* service = nullptr;  ///< null: the workload is called without any
  std::int64_t service_port = 0;
  std::string_view mode{};        ///< of the DestinationRule; empty: nothing says anything
  const Object* rule = nullptr;   ///< null: auto mutual TLS decides
  std::string_view callers_in{};  ///< only those of this namespace; empty: everybody
  std::string callers_with{};     ///< only those with these labels; empty: all
  std::string subset{};           ///< labels that the rule's subset asks for; empty: no subset
  TlsFit fit = TlsFit::unknown;
};

struct PortTls {
  std::int64_t port = 0;
  bool is_own = false;    ///< the port has a setting of its own
  bool bypasses = false;  ///< what comes here goes past the sidecar
  mesh::MutualTlsSetting accepts{};
  std::vector<CallerTls> callers{};
};

struct WorkloadTls {
  const Object* object = nullptr;
  Meshed sidecar = Meshed::unknown;
  std::size_t pods = 0;     ///< that run, of what makes pods
  std::size_t without = 0;  ///< of these, those without a sidecar
  bool is_gateway = false;
  bool is_known = true;  ///< false: PeerAuthentications that may count could not be read
  mesh::MutualTlsSetting accepts{};
  std::vector<PortTls> ports{};  ///< by number: those of its containers, Services and policies
};

/// Where a setting applies: `port`, `workload`, `namespace`, `mesh` or `default`.
std::string_view scope_of(const mesh::MutualTlsSetting& setting, std::string_view root_namespace);

/// Declare kMutualTlsKinds.
class MtlsView {
 public:
  /// The facts are those of the model.
  MtlsView(const Facts& facts, const mesh::Model& model);
  [[nodiscard]] WorkloadTls of(const Object& workload) const;

 private:
  void count_pods(WorkloadTls& out) const;
  [[nodiscard]] std::vector<const Object*> services_of(std::string_view name_space,
                                                       const mesh::Labels& labels) const;
  void add_port(WorkloadTls& out, std::int64_t number, const mesh::Labels& labels) const;
  void add_callers(WorkloadTls& out, const Object& service, const mesh::Labels& labels) const;
  [[nodiscard]] std::vector<CallerTls> callers(const Object& service, std::int64_t port,
                                               const Server& server,
                                               const mesh::Labels& labels) const;
  /// What is found for one port of a Service.
  struct CallersOfPort {
    const Object* service = nullptr;
    std::int64_t port = 0;
    std::vector<CallerTls> all{};
    /// Those whose own rule leaves mutual TLS to their proxies, which others' rules do not.
    std::vector<CallerTls> left_to_itself{};
    /// Namespaces whose callers look no further than rules that are told by themselves.
    std::set<std::string_view> decided{};
    bool of_all = false;  ///< a rule says what everybody else sends
  };
  /// The rules of a namespace that its own callers have, and those that others have.
  struct Nearest {
    std::string_view name_space{};
    const mesh::HostRules* own = nullptr;
    const mesh::HostRules* exported = nullptr;
  };
  /// For which of its callers a group is the nearest one.
  enum class Reach : std::uint8_t { own, others, all };
  /// Whose proxies a DestinationRule is for, of those.
  struct Audience {
    bool everybody = false;
    std::set<std::string_view> namespaces{};  ///< where not everybody
    mesh::Labels workloads{};                 ///< only those with these labels; empty: all
  };
  [[nodiscard]] bool is_for_own(const Object& rule) const;
  [[nodiscard]] bool is_exported(const Object& rule) const;
  [[nodiscard]] std::vector<Nearest> nearest(const Object& service) const;
  [[nodiscard]] Audience audience_of(const Object& rule, Reach reach,
                                     const CallersOfPort& known) const;
  bool add_rules(CallersOfPort& out, const mesh::HostRules& group, Reach reach,
                 const Server& server, const mesh::Labels& labels) const;
  [[nodiscard]] TlsFit fit(std::string_view mode, const Server& server) const;

  [[nodiscard]] bool may_lack_policies(std::string_view name_space) const;

  const Facts& facts_;
  const mesh::Model& model_;
  mesh::PeerAuthentications policies_;
  mesh::DestinationRules rules_;
  bool rules_are_private_ = false;  ///< those without exportTo
};

}  // namespace aksmesh::checks
