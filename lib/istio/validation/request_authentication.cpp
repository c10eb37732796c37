// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "istio/validation/common.hpp"
#include "istio/validation/jwks.hpp"
#include "istio/validation/kinds.hpp"
#include "istio/validation/url_syntax.hpp"

namespace aksmesh::istio::validation {
namespace {

void check_jwks_uri(const Node& uri, Problems& out) {
  constexpr std::string_view kRule = "RA-04";
  const auto url = parse_url(uri.text(), UrlForm::reference);
  if (!url.fault.empty())
    out.error(kRule, uri, shown(uri.text()) + " is no URL: " + url.fault);
  else if (url.scheme != "http" && url.scheme != "https")
    out.error(kRule, uri, shown(uri.text()) + ": keys are fetched by http:// or https:// only");
}

/// RA-02 and RA-06: lists of texts.
void check_texts(std::string_view rule, const Node& list, std::string_view what, Problems& out) {
  for (const auto value : list.items())
    if (value.is_null() || (value.is_scalar() && value.text().empty()))
      out.error(rule, value, std::string(what) + " must not be empty");
}

bool is_header(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c == '-' || c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
}

void check_claim(const Node& entry, Problems& out) {
  constexpr std::string_view kRule = "RA-07";
  if (entry.is_null()) return out.error(kRule, entry, "the entry is null");
  const Place header{entry, "header"};
  if (header.text().empty()) out.error(kRule, header, "the header's name is required");
  if (!has(entry, "claim")) out.error(kRule, {entry, "claim"}, "the claim's name is required");
  if (!is_header(header.text()))
    out.error(
        kRule, header,
        shown(header.text()) + " is no name for this header; allowed are letters, digits, - and _");
}

void check_jwt_rule(const Node& rule, Problems& out) {
  check_texts("RA-02", rule["audiences"], "an audience", out);
  const auto uri = rule[has(rule, "jwks_uri") ? "jwks_uri" : "jwksUri"];
  const auto uri_text = Place(uri).text();
  if (!has(rule, "issuer") && uri_text.empty())
    out.error("RA-03", {rule, "issuer"}, "an issuer or a jwksUri is required");
  if (!uri_text.empty()) check_jwks_uri(uri, out);
  if (const auto keys = field(rule, "jwks"); !keys.text().empty()) {
    const auto fault = jwks_fault(keys.text());
    if (!fault.empty()) out.error("RA-05", keys, "this is no JSON Web Key Set: " + fault);
  }
  for (const auto header : rule["fromHeaders"].items()) {
    if (header.is_null())
      out.error("RA-06", header, "the entry is null");
    else if (!has(header, "name"))
      out.error("RA-06", {header, "name"}, "the header's name is required");
  }
  check_texts("RA-06", rule["fromParams"], "a parameter's name", out);
  check_texts("RA-06", rule["fromCookies"], "a cookie's name", out);
  for (const auto entry : rule["outputClaimToHeaders"].items()) check_claim(entry, out);
  check_duration("RA-08", {rule, "timeout"}, out);
}

}  // namespace

void validate_request_authentication(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  check_selector(spec, "selector", out);
  check_targets(spec, out);
  for (const auto rule : spec["jwtRules"].items()) check_jwt_rule(rule, out);
}

}  // namespace aksmesh::istio::validation
