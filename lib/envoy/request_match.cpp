// SPDX-License-Identifier: Apache-2.0
#include "envoy/request_match.hpp"

#include <array>
#include <charconv>
#include <cstdio>

#include "base/regular_expression.hpp"
#include "base/strings.hpp"
#include "envoy/route_match.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

Match match_of(bool matches) {
  return matches ? Match::yes : Match::no;
}

/// RE2 of an expression that this program does not know is left undecided.
Match expression_matches(const Value& expression, std::string_view text) {
  const auto known = aksmesh::matches_whole(expression["regex"].text(), text);
  return known ? match_of(*known) : Match::undecided;
}

std::string cased(std::string_view text, bool ignores_case) {
  return ignores_case ? to_lower(std::string(text)) : std::string(text);
}

/// What a header is compared with; the older members say the same as the newer message.
Match value_matches(const Value& matcher, std::string_view text) {
  if (matcher["string_match"].is_there()) return string_matches(matcher["string_match"], text);
  if (matcher["exact_match"].is_there()) return match_of(text == matcher["exact_match"].text());
  if (matcher["prefix_match"].is_there())
    return match_of(text.starts_with(matcher["prefix_match"].text()));
  if (matcher["suffix_match"].is_there())
    return match_of(text.ends_with(matcher["suffix_match"].text()));
  if (matcher["contains_match"].is_there())
    return match_of(text.find(matcher["contains_match"].text()) != std::string_view::npos);
  if (matcher["safe_regex_match"].is_there())
    return expression_matches(matcher["safe_regex_match"], text);
  if (const auto range = matcher["range_match"]; range.is_there()) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return match_of(read.ec == std::errc() && read.ptr == end && !text.empty() &&
                    number >= range["start"].number().value_or(0) &&
                    number < range["end"].number().value_or(0));
  }
  return Match::yes;
}

/// Whether the matcher asks only whether the header is there; so does one without any comparison.
bool asks_presence(const Value& matcher) {
  if (matcher["present_match"].is_there()) return true;
  for (const char* member : {"string_match", "exact_match", "prefix_match", "suffix_match",
                             "contains_match", "safe_regex_match", "range_match"})
    if (matcher[member].is_there()) return false;
  return true;
}

Match inverted(Match match, bool really) {
  if (!really || match == Match::undecided) return match;
  return match == Match::yes ? Match::no : Match::yes;
}

/// Older Envoys compare several values of a header joined with commas, newer ones each: seen in
/// 1.40, where one that matches is enough. Where that makes a difference it is left undecided.
Match values_match(const Value& matcher, const std::vector<std::string>& values) {
  const auto joined = value_matches(matcher, join(values, ","));
  if (values.size() < 2) return joined;
  auto each = Match::no;
  for (const auto& one : values)
    if (value_matches(matcher, one) != Match::no) each = value_matches(matcher, one);
  return each == joined ? joined : Match::undecided;
}

Match header_match(const Value& matcher, const std::vector<std::string>& values) {
  const bool invert = matcher["invert_match"].is_true();
  if (asks_presence(matcher)) {
    const auto wanted = !matcher["present_match"].is_there() || matcher["present_match"].is_true();
    const bool there = !values.empty() || matcher["treat_missing_header_as_empty"].is_true();
    return inverted(match_of(there == wanted), invert);
  }
  if (values.empty() && !matcher["treat_missing_header_as_empty"].is_true()) return Match::no;
  return inverted(values_match(matcher, values), invert);
}

MatchResult parameter_matches(const Value& matcher, const RouteRequest& request) {
  const std::string name(matcher["name"].text());
  const auto value = request.parameter(name);
  Match match = match_of(value.has_value());
  if (matcher["string_match"].is_there())
    match = value ? string_matches(matcher["string_match"], *value) : Match::no;
  else if (matcher["present_match"].is_there())
    match = match_of(value.has_value() == matcher["present_match"].is_true());
  return {match, "the parameter " + name + (value ? " is '" + *value + '\'' : " is not there")};
}

/// Whether one that is missing fulfils an inverted match is not known here.
MatchResult cookie_matches(const Value& matcher, const RouteRequest& request) {
  const std::string name(matcher["name"].text());
  const auto value = request.cookie(name);
  const auto why = "the cookie " + name + (value ? " is '" + *value + '\'' : " is not there");
  const bool invert = matcher["invert_match"].is_true();
  if (!value) return {invert ? Match::undecided : Match::no, why};
  return {inverted(string_matches(matcher["string_match"], *value), invert), why};
}

/// What is left of a match besides path, headers, parameters and cookies.
MatchResult rest_matches(const Value& match, const RouteRequest& request) {
  if (match["grpc"].is_there() &&
      !request.header("content-type").value_or("").starts_with("application/grpc"))
    return {Match::no, "it is no gRPC"};
  if (const auto tls = match["tls_context"]; tls.is_there())
    return {Match::undecided, "it depends on the certificate of the caller"};
  for (const char* member : {"dynamic_metadata", "filter_state"})
    if (match[member].is_there())
      return {Match::undecided, "it depends on what filters have found out"};
  const auto fraction = match["runtime_fraction"];
  if (!fraction.is_there()) return {};
  const auto percent = percent_of(fraction["default_value"]);
  if (!fraction["runtime_key"].text().empty() || (percent > 0 && percent < 100))
    return {Match::undecided, "it takes " + percent_text(percent) + " of such requests"};
  return {match_of(percent > 0), "it takes " + percent_text(percent) + " of such requests"};
}

}  // namespace

Match string_matches(const Value& matcher, std::string_view text) {
  const bool ignores_case = matcher["ignore_case"].is_true();
  const auto value = cased(text, ignores_case);
  const auto wanted = [&](const char* member) {
    return cased(matcher[member].text(), ignores_case);
  };
  if (matcher["exact"].is_there()) return match_of(value == wanted("exact"));
  if (matcher["prefix"].is_there()) return match_of(value.starts_with(wanted("prefix")));
  if (matcher["suffix"].is_there()) return match_of(value.ends_with(wanted("suffix")));
  if (matcher["contains"].is_there())
    return match_of(value.find(wanted("contains")) != std::string::npos);
  if (matcher["safe_regex"].is_there()) return expression_matches(matcher["safe_regex"], text);
  return Match::undecided;
}

MatchResult header_matches(const Value& matcher, const RouteRequest& request) {
  const std::string name(matcher["name"].text());
  const auto value = request.header(name);
  return {header_match(matcher, request.values(name)),
          (name.starts_with(':') ? name.substr(1) : "the header " + name) +
              (value ? " is '" + *value + '\'' : " is not there")};
}

MatchResult path_matches(const Value& match, const RouteRequest& request) {
  const auto sensitive = match["case_sensitive"];
  const bool ignores_case = sensitive.is_there() && !sensitive.is_true();
  const auto path = cased(request.bare_path(), ignores_case);
  const auto wanted = [&](const char* member) { return cased(match[member].text(), ignores_case); };
  const auto why = "the path is " + std::string(request.bare_path());
  if (match["prefix"].is_there()) return {match_of(path.starts_with(wanted("prefix"))), why};
  if (match["path"].is_there()) return {match_of(path == wanted("path")), why};
  if (match["path_separated_prefix"].is_there()) {
    const auto prefix = wanted("path_separated_prefix");
    return {match_of(path == prefix || path.starts_with(prefix + '/')), why};
  }
  if (match["safe_regex"].is_there()) {
    const auto matches = expression_matches(match["safe_regex"], request.bare_path());
    if (matches == Match::undecided)
      return {matches, "the expression " + std::string(match["safe_regex"]["regex"].text()) +
                           " is not known here"};
    return {matches, why};
  }
  if (match["connect_matcher"].is_there())
    return {match_of(request.method == "CONNECT"), "the method is " + request.method};
  return {Match::undecided, "the path is matched in a way that is not known here"};
}

MatchResult route_matches(const Value& match, const RouteRequest& request) {
  auto out = path_matches(match, request);
  const auto also = [&](MatchResult one) {
    if (one.match == Match::no || (one.match == Match::undecided && out.match == Match::yes))
      out = std::move(one);
  };
  for (const auto header : match["headers"].items())
    if (out.match != Match::no) also(header_matches(header, request));
  for (const auto parameter : match["query_parameters"].items())
    if (out.match != Match::no) also(parameter_matches(parameter, request));
  for (const auto cookie : match["cookies"].items())
    if (out.match != Match::no) also(cookie_matches(cookie, request));
  if (out.match != Match::no) also(rest_matches(match, request));
  if (out.match != Match::yes) return out;
  const auto conditions = conditions_text(match);
  return {Match::yes, match_text(match) + (conditions.empty() ? "" : ", " + conditions)};
}

double percent_of(const Value& fraction) {
  const auto numerator = static_cast<double>(fraction["numerator"].number().value_or(0));
  const auto of = fraction["denominator"].text();
  if (of == "TEN_THOUSAND") return numerator / 100;
  return of == "MILLION" ? numerator / 10'000 : numerator;
}

std::string percent_text(double percent) {
  std::array<char, 40> room{};
  std::snprintf(room.data(), room.size(), "%.4g %%", percent);
  return room.data();
}

}  // namespace aksmesh::envoy
