// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/authorization_parts.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/strings.hpp"
#include "istio/validation/tables.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::string_view kAnySegment = "{*}";
constexpr std::string_view kAnySegments = "{**}";
// RFC 3986, "pchar".
constexpr std::string_view kSegmentForm =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%!$&'()+,;:@=";

void check_service_account(const Node& value, Problems& out) {
  constexpr std::string_view kRule = "AP-13";
  const auto text = Place(value).text();
  const auto slash = text.find('/');
  if (static_cast<std::int64_t>(text.size()) > limit("serviceAccountBytes"))
    out.error(kRule, value,
              shown(text) + " is too long; a service account has up to " +
                  std::to_string(limit("serviceAccountBytes")) + " characters");
  else if (text.find('*') != std::string_view::npos)
    out.error(kRule, value,
              shown(text) + ": service accounts are compared as a whole; * is not allowed");
  else if (slash != std::string_view::npos &&
           (slash == 0 || slash + 1 == text.size() || slash != text.rfind('/')))
    out.error(kRule, value,
              shown(text) + " is neither a service account nor NAMESPACE/SERVICEACCOUNT");
}

/// Why a path is none that a proxy could match, empty when it is one.
std::string path_fault(std::string_view path) {
  const bool is_template = path.find(kAnySegment) != std::string_view::npos ||
                           path.find(kAnySegments) != std::string_view::npos;
  const auto first = path.find_first_not_of('/');
  if (first == std::string_view::npos) return {};
  path = path.substr(first, path.find_last_not_of('/') + 1 - first);
  bool ended = false;
  for (const auto segment : split(path, '/')) {
    if (segment == kAnySegment || segment == kAnySegments) {
      if (ended) return "{**} matches the rest of a path, so no other {*} or {**} can follow it";
      ended = segment == kAnySegments;
    } else if (segment.find_first_of("{}") != std::string_view::npos) {
      return "braces are only allowed as {*} or {**}, each between two slashes";
    } else if (is_template && (segment.empty() ||
                               segment.find_first_not_of(kSegmentForm) != std::string_view::npos)) {
      return "beside {*} and {**} a segment has letters, digits and -._~%!$&'()+,;:@= only, not "
             "\"" +
             shown(segment) + '"';
    }
  }
  return {};
}

bool is_port_text(std::string_view text) {
  std::uint32_t number = 0;
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc{} && result.ptr == end && number <= 65535;
}

bool begins_like_one_of(std::string_view list, std::string_view key) {
  const auto prefixes = words(list);
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const Node& prefix) { return key.starts_with(prefix.text()); });
}

/// `a[b]`
bool has_brackets(std::string_view key) {
  const auto open = key.find('[');
  return open != std::string_view::npos && open > 0 && key.ends_with(']') && open + 2 < key.size();
}

/// What is wrong with a condition's key, empty when nothing is.
std::string key_fault(std::string_view key) {
  if (begins_like_one_of("conditionMaps", key))
    return has_brackets(key) ? "" : "a name in brackets is missing, as in request.headers[x-name]";
  if (is_listed("conditions", key)) return {};
  if (key == "destination.namespace")
    return "Istio removed the condition; a policy applies to the namespace that it is in";
  if (key.starts_with("destination.labels"))
    return "Istio removed the condition; use the policy's selector";
  if (is_listed("removedConditions", key)) return "Istio removed the condition";
  auto out = "Istio knows no such condition; allowed are " + words_of("conditions");
  for (const auto prefix : words("conditionMaps"))
    out.append(", ").append(prefix.text()).append(prefix.text().ends_with('.') ? "*[x]" : "[x]");
  return out;
}

void check_condition_values(std::string_view key, const Node& list, Problems& out) {
  if (key == "source.ip" || key == "remote.ip" || key == "destination.ip")
    check_addresses(list, out);
  else if (key == "destination.port")
    check_port_texts(list, out);
  else if (key == "source.serviceAccount")
    check_service_accounts(list, out);
}

}  // namespace

void check_entries(const Node& list, Problems& out) {
  for (const auto value : list.items())
    if (Place(value).text().empty() && !value.is_mapping() && !value.is_sequence())
      out.error("AP-11", value, "an entry must not be empty");
}

void check_addresses(const Node& list, Problems& out) {
  for (const auto value : list.items())
    if (!Place(value).text().empty()) check_ip_or_cidr("AP-12", value, out);
}

void check_service_accounts(const Node& list, Problems& out) {
  const auto most = limit("serviceAccounts");
  if (static_cast<std::int64_t>(list.size()) > most)
    out.error("AP-13", list,
              std::to_string(list.size()) + " service accounts are too many; up to " +
                  std::to_string(most) + " are allowed");
  for (const auto value : list.items()) check_service_account(value, out);
}

void check_port_texts(const Node& list, Problems& out) {
  for (const auto value : list.items()) {
    const auto text = Place(value).text();
    if (!text.empty() && !is_port_text(text))
      out.error("AP-14", value, shown(text) + " is no port; allowed are 0 to 65535");
  }
}

void check_paths(const Node& list, Problems& out) {
  for (const auto value : list.items()) {
    const auto fault = path_fault(Place(value).text());
    if (!fault.empty()) out.error("AP-14", value, shown(value.text()) + ": " + fault);
  }
}

void check_condition(const Node& condition, Problems& out) {
  constexpr std::string_view kRule = "AP-15";
  constexpr std::array<std::string_view, 2> kLists{"values", "notValues"};
  const Place place{condition, "key"};
  const auto key = place.text();
  if (key.empty()) return out.error(kRule, place, "the condition's key is required");
  if (!has(condition, "values") && !has(condition, "notValues"))
    return out.error(kRule, {condition, "values"},
                     "values or notValues to compare " + shown(key) + " with are required");
  const auto fault = key_fault(key);
  if (!fault.empty()) out.error(kRule, place, shown(key) + ": " + fault);
  for (const auto name : kLists) {
    check_entries(condition[name], out);
    check_condition_values(key, condition[name], out);
  }
}

}  // namespace aksmesh::istio::validation
