// SPDX-License-Identifier: Apache-2.0
#include "envoy/route_match.hpp"

#include <string_view>
#include <vector>

#include "base/strings.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

std::string text_of(const Value& value) {
  return std::string(value.text());
}

/// A StringMatcher behind the name of what it looks at; empty for one that is not known.
std::string string_condition(const std::string& name, const Value& matcher) {
  if (matcher["exact"].is_there()) return name + '=' + text_of(matcher["exact"]);
  if (matcher["prefix"].is_there()) return name + '=' + text_of(matcher["prefix"]) + '*';
  if (matcher["suffix"].is_there()) return name + "=*" + text_of(matcher["suffix"]);
  if (matcher["contains"].is_there()) return name + "=*" + text_of(matcher["contains"]) + '*';
  if (matcher["safe_regex"].is_there()) return name + '~' + text_of(matcher["safe_regex"]["regex"]);
  return {};
}

/// The members of older configurations, which stand for a StringMatcher.
std::string old_condition(const std::string& name, const Value& header) {
  if (header["exact_match"].is_there()) return name + '=' + text_of(header["exact_match"]);
  if (header["prefix_match"].is_there()) return name + '=' + text_of(header["prefix_match"]) + '*';
  if (header["suffix_match"].is_there()) return name + "=*" + text_of(header["suffix_match"]);
  if (header["contains_match"].is_there())
    return name + "=*" + text_of(header["contains_match"]) + '*';
  if (header["safe_regex_match"].is_there())
    return name + '~' + text_of(header["safe_regex_match"]["regex"]);
  return {};
}

std::string range_condition(const std::string& name, const Value& range) {
  const auto bound = [](const Value& one) { return std::to_string(one.number().value_or(0)); };
  return name + " from " + bound(range["start"]) + " below " + bound(range["end"]);
}

/// A HeaderMatcher or QueryParameterMatcher. One that says no more than the name wants it present.
std::string condition(std::string_view mark, const Value& one) {
  const auto name = std::string(mark) + text_of(one["name"]);
  auto out = string_condition(name, one["string_match"]);
  if (out.empty()) out = old_condition(name, one);
  if (out.empty() && one["range_match"].is_there()) out = range_condition(name, one["range_match"]);
  const auto present = one["present_match"];
  if (out.empty()) out = present.is_there() && !present.is_true() ? "no " + name : "has " + name;
  return one["invert_match"].is_true() ? "not " + out : out;
}

/// A FractionalPercent.
std::string share_text(const Value& share) {
  const auto of = share["denominator"].text();
  return std::to_string(share["numerator"].number().value_or(0)) +
         (of == "MILLION"        ? "/1000000"
          : of == "TEN_THOUSAND" ? "/10000"
                                 : "/100") +
         " of requests";
}

/// Ways to match other than by the path.
void add_kinds(std::vector<std::string>& out, const Value& match) {
  if (match["connect_matcher"].is_there()) out.emplace_back("CONNECT");
  if (const auto policy = match["path_match_policy"]; policy.is_there())
    out.push_back("path by " + text_of(policy["name"]));
  if (const auto sensitive = match["case_sensitive"]; sensitive.is_there() && !sensitive.is_true())
    out.emplace_back("any case");
  if (match["grpc"].is_there()) out.emplace_back("gRPC");
}

}  // namespace

std::string match_text(const Value& match) {
  std::vector<std::string> parts;
  if (const auto prefix = match["prefix"].text(); !prefix.empty())
    parts.push_back(std::string(prefix) + '*');
  if (const auto prefix = match["path_separated_prefix"].text(); !prefix.empty())
    parts.push_back("PathPrefix:" + std::string(prefix));
  if (const auto path = match["path"].text(); !path.empty()) parts.emplace_back(path);
  if (match["safe_regex"].is_there())
    parts.push_back("regex " + text_of(match["safe_regex"]["regex"]));
  return join(parts, " ");
}

std::string conditions_text(const Value& match) {
  std::vector<std::string> parts;
  add_kinds(parts, match);
  for (const auto header : match["headers"].items()) parts.push_back(condition("", header));
  for (const auto parameter : match["query_parameters"].items())
    parts.push_back(condition("?", parameter));
  for (const auto cookie : match["cookies"].items()) parts.push_back(condition("cookie ", cookie));
  if (!match["dynamic_metadata"].items().empty()) parts.emplace_back("dynamic metadata");
  if (!match["filter_state"].items().empty()) parts.emplace_back("filter state");
  if (match["tls_context"].is_there()) parts.emplace_back("client certificate");
  if (const auto share = match["runtime_fraction"]["default_value"]; share.is_there())
    parts.push_back(share_text(share));
  return join(parts, ", ");
}

}  // namespace aksmesh::envoy
