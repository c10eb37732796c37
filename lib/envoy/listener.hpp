// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aksmesh::envoy {

struct DumpEntry;
class Value;

/// One chain of filters of a listener: which connections it takes, and where they go.
struct FilterChain {
  std::string name{};
  std::string match{};        ///< `SNI: a; Trans: tls`, `ALL`: in the neighbour's form
  std::string sources{};      ///< what it wants of the caller, which the neighbour leaves out
  std::string destination{};  ///< `Route: 80`, `Cluster: outbound|80||a`: in the neighbour's form
  std::string weights{};  ///< of several clusters (envoy/route.hpp); empty: there is at most one
  bool is_http = false;
  bool is_tcp = false;
};

/// One listener of a proxy, in one of its states.
struct ListenerRow {
  /// One that was refused has never been in any other state.
  enum class State : std::uint8_t { fixed, active, warming, draining, refused };
  std::string name{};
  std::vector<std::string> addresses{};  ///< none of an internal one
  std::int64_t port = 0;                 ///< of the first address; 0: it has none
  std::string type{};                    ///< HTTP, TCP, HTTP+TCP or UNKNOWN
  std::string direction{};               ///< INBOUND or OUTBOUND; empty: not told
  std::vector<FilterChain> chains{};     ///< in the neighbour's order
  State state = State::active;
  std::string updated{};  ///< RFC 3339; empty: not told
  std::string error{};    ///< why the last update was refused, in Envoy's words
  std::string config{};   ///< for who wants it as Envoy gives it: JSON without blanks
  std::size_t section = 0;
  /// Whether the neighbour shows it.
  [[nodiscard]] bool serves() const { return state == State::fixed || state == State::active; }
};

inline constexpr std::array<std::string_view, 2> kListenerLists{"static_listeners",
                                                                "dynamic_listeners"};
inline constexpr std::string_view kListenerSection = "ListenersConfigDump";

/// A dynamic one may be there in several states at once, of which each is a row. The configuration
/// is filled in where it is wanted.
enum class WithConfig : std::uint8_t { no, yes };
std::vector<ListenerRow> listener_rows(const DumpEntry& entry, WithConfig config);
/// `STATIC`, `ACTIVE`, `WARMING`, `DRAINING` or `REFUSED`.
std::string_view word_of(ListenerRow::State state);
/// By port, address and type, as the neighbour has them; then by name and state.
bool comes_before(const ListenerRow& a, const ListenerRow& b);

}  // namespace aksmesh::envoy
