// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mesh/label_index.hpp"
#include "mesh/model.hpp"

// Which access logs, traces and metrics proxies make (istio.io, "Telemetry" and "Global Mesh
// Options" references; 1.28).
namespace aksmesh::mesh {

enum class Signal : std::uint8_t { access_logging, tracing, metrics };
/// As the field of Telemetry: `accessLogging`.
std::string_view signal_name(Signal signal);

/// Which of its traffic: what comes in, or what goes out; gateways are clients.
enum class TrafficSide : std::uint8_t { client, server };

/// What has a say, from the widest to the narrowest.
enum class TelemetryScope : std::uint8_t {
  mesh_config,  ///< a mesh configuration
  mesh,         ///< a Telemetry of the root namespace
  name_space,
  workload
};
std::string_view word_of(TelemetryScope scope);

struct TelemetrySource {
  TelemetryScope scope = TelemetryScope::mesh_config;
  const Object* object = nullptr;
  std::string field{};  ///< of it, such as `accessLogFile`
  bool operator==(const TelemetrySource&) const = default;
};

struct TelemetryProvider {
  std::string name{};
  std::string type{};  ///< `envoyFileAccessLog`, ...; empty: the mesh has no such provider
  bool fits = true;    ///< false: its type does not take this signal
};

/// One signal of one side.
struct SignalPlan {
  bool is_on = false;
  std::vector<TelemetryProvider> providers{};  ///< by name; those that get something
  /// What else is told of it: `sampling` `10`, `filter` ..., `REQUEST_COUNT` `disabled`.
  std::vector<std::pair<std::string, std::string>> details{};
  std::vector<TelemetrySource> sources{};  ///< from the widest; empty: nothing says anything
  bool operator==(const SignalPlan& other) const;
};

/// One workload and how it is told apart.
struct TelemetrySubject {
  std::string_view name_space{};
  Labels labels{};
};

/// Views live as long as the model.
class Telemetries {
 public:
  /// Of the mesh configurations those of the revision count; empty: all of them.
  Telemetries(const Model& model, std::string_view revision);

  [[nodiscard]] SignalPlan plan(const TelemetrySubject& subject, Signal signal,
                                TrafficSide side) const;
  /// Those for the whole mesh or namespace that are left aside, for an older one counts.
  [[nodiscard]] std::vector<const Object*> overshadowed(const TelemetrySubject& subject) const;

 private:
  struct Level {
    TelemetryScope scope = TelemetryScope::mesh;
    const Object* object = nullptr;
  };
  /// The latest value of a field of the mesh configuration.
  struct Setting {
    data::Node value{};
    const Object* object = nullptr;
    std::string field{};
  };
  struct Defaults {
    std::vector<std::string> names{};
    Setting from{};
  };

  [[nodiscard]] std::vector<Level> levels(const TelemetrySubject& subject) const;
  [[nodiscard]] Setting setting(std::string_view name, std::string_view proto_name) const;
  [[nodiscard]] Defaults defaults(std::string_view signal, std::string_view proto_name) const;
  [[nodiscard]] SignalPlan access_logging(const std::vector<Level>& levels, TrafficSide side) const;
  [[nodiscard]] SignalPlan legacy_access_logging() const;
  [[nodiscard]] SignalPlan with_legacy_access_logging(SignalPlan plan) const;
  [[nodiscard]] SignalPlan tracing(const std::vector<Level>& levels, TrafficSide side) const;
  [[nodiscard]] SignalPlan legacy_tracing() const;
  [[nodiscard]] SignalPlan metrics(const std::vector<Level>& levels, TrafficSide side) const;
  [[nodiscard]] TelemetryProvider provider(const std::string& name, Signal signal) const;

  std::string root_namespace_;
  std::unordered_map<std::string_view, std::vector<const Object*>> by_namespace_;  ///< oldest first
  std::vector<const MeshConfigDocument*> configs_;
  std::map<std::string, std::string> providers_;  ///< types by name in small letters
};

}  // namespace aksmesh::mesh
