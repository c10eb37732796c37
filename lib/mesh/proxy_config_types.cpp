// SPDX-License-Identifier: Apache-2.0
#include "mesh/proxy_config_types.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "base/strings.hpp"
#include "data/scalar.hpp"
#include "istio/validation/syntax.hpp"
#include "mesh/table.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;
using Fault = std::optional<ProxyConfigFault>;
namespace syntax = istio::validation;

constexpr std::string_view kHostVariable = "$(HOST_IP)";

Fault unless(bool right, const Node& place, std::string_view what) {
  if (right) return std::nullopt;
  return ProxyConfigFault{place, std::string(what)};
}

/// Protobuf takes whole numbers as strings too.
std::optional<std::int64_t> whole_number(const Node& value) {
  return value.is_string() ? data::parse_integer(value.text()) : value.as_int();
}

bool is_int32(const Node& value) {
  const auto number = whole_number(value);
  return number && *number >= std::numeric_limits<std::int32_t>::min() &&
         *number <= std::numeric_limits<std::int32_t>::max();
}

bool is_port(const Node& value) {
  const auto number = whole_number(value);
  return number && syntax::is_port(*number);
}

bool is_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  auto host = text.substr(0, colon);
  const auto port = data::parse_integer(text.substr(colon + 1));
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != std::string_view::npos) return false;
  return port && syntax::is_port(*port) &&
         (syntax::is_ip(host) || syntax::domain_fault(host).empty());
}

Fault check_address(const Node& value) {
  if (auto fault = unless(value.is_string(), value, "must be a string")) return fault;
  return unless(value.text().empty() || is_address(value.text()), value,
                "must be a host and a port, such as zipkin.monitoring:9411");
}

Fault check_duration(const Node& value) {
  return unless(value.is_string() && syntax::parse_duration(value.text()).has_value(), value,
                "must be a duration such as 5s");
}

Fault check_seconds(const Node& value) {
  if (auto fault = check_duration(value)) return fault;
  const auto span = *syntax::parse_duration(value.text());
  return unless(span > std::chrono::nanoseconds{0} && span % std::chrono::seconds{1} == span.zero(),
                value, "must be one second or more, in whole seconds");
}

Fault check_strings(const Node& value) {
  if (auto fault = unless(value.is_sequence(), value, "must be a list")) return fault;
  for (const auto item : value.items())
    if (auto fault = unless(item.is_string(), item, "must be a string")) return fault;
  return std::nullopt;
}

Fault check_strings_by_name(const Node& value) {
  if (auto fault = unless(value.is_mapping(), value, "must be a mapping")) return fault;
  for (const auto [name, item] : value.entries())
    if (auto fault = unless(item.is_string(), item, "must be a string (put it into quotes)"))
      return fault;
  return std::nullopt;
}

Fault check_remote_service(const Node& value) {
  if (auto fault = unless(value.is_mapping(), value, "must be a mapping")) return fault;
  const auto address = value["address"];
  return address ? check_address(address) : std::nullopt;
}

Fault check_tracing(const Node& value) {
  if (auto fault = unless(value.is_mapping(), value, "must be a mapping")) return fault;
  for (const std::string_view tracer : {"zipkin", "datadog"}) {
    if (!value[tracer]) continue;
    const auto address = value[tracer]["address"];
    const auto text = replace_all(address.text(), kHostVariable, "127.0.0.1");
    if (auto fault = unless(is_address(text), address ? address : value[tracer],
                            "must name a host and a port in address"))
      return fault;
  }
  return std::nullopt;
}

bool is_one_of(const Node& values, const Node& value) {
  if (!value.is_string()) return value.as_int().has_value();
  for (const auto known : values.items())
    if (known.text() == value.text()) return true;
  return false;
}

Fault check_value(const Node& field, const Node& value) {
  using Check = Fault (*)(const Node&);
  constexpr std::array<std::pair<std::string_view, Check>, 12> kChecks{
      {{"string",
        [](const Node& node) { return unless(node.is_string(), node, "must be a string"); }},
       {"boolean",
        [](const Node& node) {
          return unless(node.kind() == data::NodeKind::boolean, node, "must be true or false");
        }},
       {"int32",
        [](const Node& node) { return unless(is_int32(node), node, "must be a whole number"); }},
       {"port",
        [](const Node& node) {
          return unless(is_port(node), node, "must be a port between 1 and 65535");
        }},
       {"object",
        [](const Node& node) { return unless(node.is_mapping(), node, "must be a mapping"); }},
       {"address", check_address},
       {"duration", check_duration},
       {"seconds", check_seconds},
       {"strings", check_strings},
       {"strings-by-name", check_strings_by_name},
       {"remote-service", check_remote_service},
       {"tracing", check_tracing}}};
  const auto type = field["type"].text();
  if (type == "enum")
    return unless(is_one_of(field["values"], value), value, "is none of the words for it");
  const auto* check = std::find_if(kChecks.begin(), kChecks.end(),
                                   [&](const auto& each) { return each.first == type; });
  auto fault = check == kChecks.end() ? std::nullopt : check->second(value);
  if (!fault && field["required"].as_bool().value_or(false))
    fault = unless(!value.text().empty(), value, "must not be empty");
  return fault;
}

}  // namespace

std::optional<ProxyConfigFault> find_proxy_config_fault(const data::Node& config) {
  static const auto fields = table("proxy-config-types.json")["fields"];
  if (!config || config.is_null()) return std::nullopt;
  if (!config.is_mapping()) return ProxyConfigFault{config, "must be a mapping of fields"};
  for (const auto [key, value] : config.entries()) {
    if (value.is_null()) continue;
    for (const auto field : fields.items()) {
      if (key.text() != field["field"].text() && key.text() != field["protoName"].text()) continue;
      if (auto fault = check_value(field, value)) {
        fault->what.insert(0, std::string(key.text()) + ' ');
        return fault;
      }
    }
  }
  return std::nullopt;
}

}  // namespace aksmesh::mesh
