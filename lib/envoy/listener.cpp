// SPDX-License-Identifier: Apache-2.0
#include "envoy/listener.hpp"

#include <algorithm>
#include <tuple>

#include "envoy/address.hpp"
#include "envoy/dump.hpp"
#include "envoy/filter_chain.hpp"
#include "envoy/redaction.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

using State = ListenerRow::State;

/// The address, or the path of a pipe; empty for one inside the proxy.
std::string address_text(const Address& address) {
  return address.kind == Address::Kind::internal ? std::string() : address.host;
}

std::string type_of(const std::vector<FilterChain>& chains) {
  const auto any = [&](bool FilterChain::*kind) {
    return std::any_of(chains.begin(), chains.end(),
                       [&](const auto& chain) { return chain.*kind; });
  };
  const bool http = any(&FilterChain::is_http);
  const bool tcp = any(&FilterChain::is_tcp);
  if (http) return tcp ? "HTTP+TCP" : "HTTP";
  return tcp ? "TCP" : "UNKNOWN";
}

/// Of a listener and what stands beside it in its state.
ListenerRow row_of(const Value& listener, const Value& around) {
  const auto address = address_of(listener["address"]);
  ListenerRow out{.name = std::string(listener["name"].text()),
                  .port = address.port,
                  .direction = std::string(listener["traffic_direction"].text()),
                  .updated = std::string(around["last_updated"].text())};
  if (out.updated.empty()) out.updated = around["last_update_attempt"].text();  // a refused one
  if (auto first = address_text(address); !first.empty()) out.addresses.push_back(std::move(first));
  for (const auto more : listener["additional_addresses"].items())
    out.addresses.push_back(address_text(address_of(more["address"])));
  for (const auto chain : listener["filter_chains"].items())
    out.chains.push_back(filter_chain(chain));
  if (const auto chain = listener["default_filter_chain"]; chain.is_there())
    out.chains.push_back(filter_chain(chain));
  out.type = type_of(out.chains);
  std::stable_sort(out.chains.begin(), out.chains.end(),
                   [](const auto& a, const auto& b) { return a.destination > b.destination; });
  return out;
}

}  // namespace

std::vector<ListenerRow> listener_rows(const DumpEntry& entry, WithConfig config) {
  std::vector<ListenerRow> out;
  const auto error = entry.value["error_state"];
  const auto add = [&](const Value& listener, const Value& around, State state) {
    auto row = row_of(listener, around);
    if (row.name.empty()) row.name = entry.value["name"].text();
    row.state = state;
    row.error = error["details"].text();
    row.section = entry.section;
    if (config == WithConfig::yes) row.config = json_without_secrets(listener);
    out.push_back(std::move(row));
  };
  if (entry.list == "static_listeners") {
    add(entry.value["listener"], entry.value, State::fixed);
    return out;
  }
  for (const auto& [key, state] :
       {std::pair<std::string_view, State>{"active_state", State::active},
        {"warming_state", State::warming},
        {"draining_state", State::draining}})
    if (const auto held = entry.value[key]; held.is_there()) add(held["listener"], held, state);
  if (out.empty() && error.is_there()) add(error["failed_configuration"], error, State::refused);
  return out;
}

std::string_view word_of(State state) {
  switch (state) {
    case State::fixed: return "STATIC";
    case State::warming: return "WARMING";
    case State::draining: return "DRAINING";
    case State::refused: return "REFUSED";
    case State::active: break;
  }
  return "ACTIVE";
}

bool comes_before(const ListenerRow& a, const ListenerRow& b) {
  static const std::string none;
  const auto key = [](const ListenerRow& row) {
    const auto& address = row.addresses.empty() ? none : row.addresses.front();
    return std::tie(row.port, address, row.type, row.name, row.state);
  };
  return key(a) < key(b);
}

}  // namespace aksmesh::envoy
