// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/strings.hpp"
#include "checks/gateway_api.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_dns_label(std::string_view text) {
  return !text.empty() && is_lower_or_digit(text.front()) && is_lower_or_digit(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '-' || is_lower_or_digit(c); });
}

bool is_dns_name(std::string_view text) {
  const auto labels = split(text, '.');
  return std::all_of(labels.begin(), labels.end(), is_dns_label);
}

void run(const Facts& facts, Findings& out) {
  const auto limit =
      mesh::table("ingress-annotations.json").at("gatewayApi", "nameMaxLengthExclusive");
  const auto too_long = limit.as_int().value_or(0);
  for (const auto* gateway : facts.all(Kind::kube_gateway)) {
    if (gateway->name.empty() || !is_of_addon_class(*gateway) || !is_automated(*gateway)) continue;
    const auto name = generated_name(*gateway);
    if (static_cast<std::int64_t>(name.text.size()) >= too_long)
      out.add(*gateway, name.source,
              "what is made for Gateway {name} would be called {generated}, whose {length} "
              "characters are not fewer than {limit}",
              {{"name", std::string(gateway->name)},
               {"generated", name.text},
               {"length", std::to_string(name.text.size())},
               {"limit", std::string(limit.text())}});
    else if (!is_dns_name(name.text))
      out.add(*gateway, name.source,
              "what is made for Gateway {name} would be called {generated}, which is no DNS name",
              {{"name", std::string(gateway->name)}, {"generated", name.text}});
  }
}

}  // namespace

extern const Check gateway_name_too_long;
constinit const Check gateway_name_too_long{
    .slug = "gateway-name-too-long", .reads = {Kind::kube_gateway}, .run = run};

}  // namespace aksmesh::checks
