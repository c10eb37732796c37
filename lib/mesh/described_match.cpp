// SPDX-License-Identifier: Apache-2.0
#include "mesh/described_match.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "base/strings.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;

/// A StringMatch: `a`, `a*`, `regex a`, and `present` for an empty one.
std::string string_match(const Node& match) {
  if (const auto exact = match["exact"]) return std::string(exact.text());
  if (const auto prefix = match["prefix"]) return std::string(prefix.text()) + '*';
  if (const auto regex = match["regex"]) return "regex " + std::string(regex.text());
  return {};
}

std::string map_text(const Node& map) {
  std::vector<std::string> out;
  for (const auto& [key, value] : map.entries()) {
    const auto text = value.is_mapping() ? string_match(value) : std::string(value.text());
    out.push_back(std::string(key.text()) + (text.empty() ? " present" : '=' + text));
  }
  return join(out, ", ");
}

std::string list_text(const Node& list) {
  std::vector<std::string> out;
  for (const auto one : list.items()) out.emplace_back(one.text());
  return join(out, ", ");
}

std::string one_match(const Node& match) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTexts{
      {{"uri", "path "}, {"scheme", "scheme "}, {"method", "method "}, {"authority", "host "}}};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kMaps{
      {{"headers", "headers are "},
       {"withoutHeaders", "headers are not "},
       {"queryParams", "query is "},
       {"sourceLabels", "the caller has "}}};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kLists{
      {{"sniHosts", "SNI "}, {"destinationSubnets", "address in "}, {"gateways", "gateway "}}};
  std::vector<std::string> first;
  for (const auto& [field, words] : kTexts)
    if (const auto value = match[field])
      first.push_back(
          std::string(words) + string_match(value) +
          (field == "uri" && match["ignoreUriCase"].as_bool().value_or(false) ? " uncased" : ""));
  for (const auto& [field, words] : kLists)
    if (const auto value = match[field]) first.push_back(std::string(words) + list_text(value));
  if (const auto port = match["port"]) first.push_back("port " + std::string(port.text()));
  if (const auto source = match["sourceNamespace"])
    first.push_back("caller in " + std::string(source.text()));
  std::vector<std::string> when;
  for (const auto& [field, words] : kMaps)
    if (const auto value = match[field]) when.push_back(std::string(words) + map_text(value));
  auto out = join(first, ", ");
  if (when.empty()) return out;
  return out + (out.empty() ? "when " : " when ") + join(when, " and ");
}

}  // namespace

std::string match_text(const Node& matches) {
  std::vector<std::string> out;
  for (const auto match : matches.items()) {
    auto text = one_match(match);
    if (text.empty()) return {};  // one that wants nothing lets everything in
    out.push_back(std::move(text));
  }
  return join(out, "; or ");
}

std::vector<std::string> route_facts(const Node& route) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kFields{
      {{"redirect", "redirect"},
       {"directResponse", "direct response"},
       {"delegate", "delegate"},
       {"rewrite", "rewrite"},
       {"mirror", "mirror"},
       {"mirrors", "mirror"},
       {"retries", "retries"},
       {"corsPolicy", "CORS policy"}}};
  std::vector<std::string> out;
  const auto fault = route["fault"];
  const auto percent = [](const Node& part) {
    const auto value = part.at("percentage", "value");
    return value ? ' ' + std::string(value.text()) + '%' : std::string();
  };
  if (const auto delay = fault["delay"])
    out.push_back("fault injection: delay " + std::string(delay["fixedDelay"].text()) +
                  percent(delay));
  if (const auto abort = fault["abort"]) {
    const auto status =
        abort["httpStatus"] ? abort["httpStatus"].text() : abort["grpcStatus"].text();
    out.push_back("fault injection: abort " + std::string(status) + percent(abort));
  }
  if (const auto timeout = route["timeout"])
    out.push_back("timeout " + std::string(timeout.text()));
  for (const auto& [field, words] : kFields)
    if (route[field]) out.emplace_back(words);
  return out;
}

}  // namespace aksmesh::mesh
