// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_set>

#include "istio/validation/common.hpp"
#include "istio/validation/kinds.hpp"
#include "istio/validation/tables.hpp"
#include "istio/validation/url_syntax.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::size_t kDigestLength = 64;  // of SHA-256 in hexadecimal

void check_length(std::string_view rule, const Place& place, std::string_view name_of_limit,
                  Problems& out) {
  const auto most = limit(name_of_limit);
  if (static_cast<std::int64_t>(place.text().size()) > most)
    out.error(rule, place,
              shown(place.text()) + " is too long; up to " + std::to_string(most) +
                  " characters are allowed");
}

void check_url(const Node& spec, Problems& out) {
  constexpr std::string_view kRule = "WP-02";
  const Place place{spec, "url"};
  const auto text = place.text();
  if (text.empty()) return out.error(kRule, place, "the URL of the module is required");
  auto url = parse_url(text, UrlForm::request);
  if (url.fault.empty()) {
    url.fault = parse_url(text, UrlForm::reference).fault;
  } else if (const auto http = "http://" + std::string(text);
             parse_url(http, UrlForm::request).fault.empty()) {
    url = parse_url(http, UrlForm::reference);  // an image without oci://
  }
  if (!url.fault.empty())
    out.error(kRule, place, shown(text) + " is no URL: " + url.fault);
  else if (!is_listed("wasmSchemes", url.scheme))
    out.error(kRule, place,
              shown(text) + " has the scheme " + url.scheme +
                  "; allowed are oci, https, http and file. An image on a port, such as "
                  "registry:5000/image, needs oci:// before it");
}

void check_digest(const Node& spec, Problems& out) {
  const Place place{spec, "sha256"};
  const auto text = place.text();
  if (!text.empty() && (text.size() != kDigestLength ||
                        text.find_first_not_of("0123456789abcdef") != std::string_view::npos))
    out.error("WP-03", place,
              shown(text) + " is no SHA-256 digest: 64 of the characters 0-9 and a-f are needed");
}

void check_environment(const Node& list, Problems& out) {
  constexpr std::string_view kRule = "WP-05";
  std::unordered_set<std::string_view> names;
  for (const auto variable : list.items()) {
    const Place name{variable, "name"};
    if (name.text().empty())
      out.error(kRule, name, "the variable's name is required");
    else if (!names.insert(name.text()).second)
      out.error(kRule, name, shown(name.text()) + " is set twice");
    check_length(kRule, name, "environmentNameBytes", out);
    if (field(variable, "valueFrom").text() == "HOST" && has(variable, "value"))
      out.error(kRule, variable["value"],
                "a variable whose value is that of the proxy (valueFrom: HOST) takes no value");
  }
}

}  // namespace

void validate_wasm_plugin(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  check_selector(spec, "selector", out);
  check_targets(spec, out);
  check_url(spec, out);
  check_digest(spec, out);
  check_length("WP-04", {spec, "imagePullSecret"}, "imagePullSecretBytes", out);
  check_length("WP-04", {spec, "pluginName"}, "pluginNameBytes", out);
  check_environment(spec.at("vmConfig", "env"), out);
  for (const auto match : spec["match"].items())
    for (const auto port : match["ports"].items()) check_port("WP-06", {port, "number"}, out);
}

}  // namespace aksmesh::istio::validation
